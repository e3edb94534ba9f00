"""Judgements: decisions that can be taken back, by whom, and which of them stand (are not taken back)."""

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


class JudgementsWriter:
    """Moves the model of judgements along the events of one record."""

    def __init__(self, connection: Connection, record: str) -> None:
        self._connection, self._record = connection, record
        self._rows: dict[int, tuple[object, ...]] = {}

    def observe(self, step: WalkStep) -> None:
        """Take in a new judgement, and those that are taken back or stand again."""
        if step.recorded.event.traits.undoable:
            self._rows[step.position] = self._row(step.recorded, step)
        for recorded in step.changed:
            if recorded is not step.recorded and recorded.event.traits.undoable:
                self._rows[recorded.position] = self._row(recorded, step)

    def _row(self, recorded: Recorded[Event], step: WalkStep) -> tuple[object, ...]:
        event = recorded.event
        place = IdParts.of(event.address)
        last = not isinstance(event, DecisionUndone) and not _came_with(recorded, step)
        return (
            recorded.position, recorded.stored_id, recorded.actor, self._record, place.song, place.part, event.kind,
            int(step.fold.counts(recorded)), int(last),
        )  # fmt: skip

    def write(self) -> None:
        """Write what changed."""
        if self._rows:
            self._connection.executemany(TABLE.put, list(self._rows.values()))


def _came_with(recorded: Recorded[Event], step: WalkStep) -> bool:
    """True if *recorded* is the first sound of a MIDI take, which came with the take and cannot be taken back."""
    event = recorded.event
    return isinstance(event, MidiPlayed) and step.fold.first_played[event.take] == recorded.position


class _Judgements:
    def writer(self, connection: Connection, record: str) -> RecordWriter:
        return JudgementsWriter(connection, record)


JUDGEMENTS: Final = ReadModel("judgements", TABLE, _Judgements(), by_record=True)


def last_of(connection: Connection, actor: str) -> JudgementRow | None:
    """Return the last judgement of *actor* that stands and can be taken back; None if there is none."""
    rest = "WHERE actor = ? AND stands = 1 AND last = 1 ORDER BY position DESC LIMIT 1"
    found = TABLE.rows(connection, rest, (actor,))
    return JudgementRow.of(found[0]) if found else None
