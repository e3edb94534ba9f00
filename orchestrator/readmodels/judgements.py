"""Judgements: the decisions that can be undone, who made them, and which of them are in force."""

from typing import Final

from domain.core.event import Event, Recorded
from domain.core.ids import IdParts
from domain.status.undo import DecisionUndone
from domain.takes.midi_takes import MidiPlayed
from orchestrator.log.database.connection import Connection
from orchestrator.readmodels.base.read_model import ReadModel
from orchestrator.readmodels.base.record_walk import RecordWriter, WalkStep
from orchestrator.readmodels.compiled import JUDGEMENTS as TABLE
from orchestrator.readmodels.compiled import JudgementRow

NEITHER, DECISION, UNDO = range(3)
"""Values of ``last``: neither command applies; ``undo`` can take the decision back; ``redo`` can take the undo back."""


class JudgementsWriter:
    """Writer of the model of judgements for one record."""

    def __init__(self, connection: Connection, record: str) -> None:
        self._connection, self._record = connection, record
        self._rows: dict[int, tuple[object, ...]] = {}

    def observe(self, step: WalkStep) -> None:
        """Observe a new judgement, or the undo or redo of judgements."""
        if step.recorded.event.traits.undoable:
            self._rows[step.position] = self._row(step.recorded, step)
        for recorded in step.changed:
            if recorded is not step.recorded and recorded.event.traits.undoable:
                self._rows[recorded.position] = self._row(recorded, step)

    def _row(self, recorded: Recorded[Event], step: WalkStep) -> tuple[object, ...]:
        event = recorded.event
        place = IdParts.of(event.address)
        return (
            recorded.position, recorded.stored_id, recorded.actor, self._record, place.song, place.part, event.kind,
            int(step.fold.counts(recorded)), _last(recorded, step), _command(recorded),
        )  # fmt: skip

    def write(self) -> None:
        """Write what changed."""
        if self._rows:
            self._connection.executemany(TABLE.put, list(self._rows.values()))


def _last(recorded: Recorded[Event], step: WalkStep) -> int:
    event = recorded.event
    if isinstance(event, DecisionUndone):
        return UNDO if step.fold.has_decision(event.decision) else NEITHER
    came_with_take = isinstance(event, MidiPlayed) and step.fold.first_played[event.take] == recorded.position
    return NEITHER if came_with_take else DECISION


def _command(recorded: Recorded[Event]) -> str:
    return f"{(recorded.stored_correlation or b'').hex()} {recorded.recorded_us}"


class _Judgements:
    def writer(self, connection: Connection, record: str) -> RecordWriter:
        return JudgementsWriter(connection, record)


JUDGEMENTS: Final = ReadModel("judgements", TABLE, _Judgements(), by_record=True)


def last_of(connection: Connection, actor: str, sort: int = DECISION) -> JudgementRow | None:
    """Return the last decision, or the last undo, of *actor* that is in force; None if there is none.

    Args:
        connection: to the model's tables.
        actor: person.
        sort: ``DECISION`` or ``UNDO``.
    """
    rest = "WHERE actor = ? AND stands = 1 AND last = ? ORDER BY position DESC LIMIT 1"
    found = TABLE.rows(connection, rest, (actor, sort))
    return JudgementRow.of(found[0]) if found else None


def records_of(connection: Connection, row: JudgementRow) -> list[str]:
    """Return the records with a judgement of the same command as *row*."""
    found = TABLE.rows(connection, "WHERE actor = ? AND command = ? ORDER BY position", (row.actor, row.command))
    return list(dict.fromkeys(JudgementRow.of(values).record for values in found))
