"""The label's board: counts of every record and song, now and at any earlier position.

Removed and shelved entries have no row and are not counted.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from domain.completion.song_stages import stage_of
from domain.core.event import EPOCH, Event, Recorded, clock_us
from domain.core.ids import song_of
from domain.label.catalog import RecordOpened
from domain.masters.masters import Masters
from domain.mixes.mixes import Mixes
from domain.status.record_state import RecordState
from orchestrator.log.database.connection import Connection
from orchestrator.readmodels.base.interval_rows import IntervalRows, at
from orchestrator.readmodels.base.read_model import ReadModel
from orchestrator.readmodels.base.record_walk import RecordWriter, WalkStep
from orchestrator.readmodels.compiled import LABEL_BOARD as TABLE
from orchestrator.readmodels.compiled import LabelBoardRow


class LabelBoardWriter:
    """Writer of the board for one record."""

    def __init__(self, connection: Connection, record: str) -> None:
        self._record, self._rows = record, IntervalRows(TABLE, connection, record)
        self._counts: dict[str, tuple[int, int]] = {}
        """Takes, and takes without a verdict, by part."""
        self._totals: dict[str, tuple[int, int]] = {}
        """Those counts by song."""
        known = self._rows.get((record, ""))
        self._opened = int(known[3]) if known else 0

    def observe(self, step: WalkStep) -> None:
        """Recompute the rows of the record and of the songs that the event concerns, and note the event's time."""
        state = step.state
        if step.recorded.event.traits.by_driver or self._record not in state.catalog.records:
            return
        for part in step.reach.parts:
            self._counts.pop(part, None)
            self._totals.pop(song_of(part), None)
        last_us = clock_us(step.recorded.stored_id, step.recorded.recorded_us)
        self._opened = self._opened or next(one.position for one in step.fold.history if _opens(one, self._record))
        for song in dict.fromkeys((*step.reach.songs, *(song_of(part) for part in step.reach.parts))):
            if song in state.catalog.songs:
                row = None if state.catalog.absent_entry(song) else self._song(state, song, last_us)
                self._set(song, row, step.position)
        gone = state.catalog.own_absence(self._record)
        self._set("", None if gone else self._whole(state, last_us), step.position)

    def _set(self, song: str, row: tuple[object, ...] | None, position: int) -> None:
        if row is None:
            self._rows.drop((self._record, song), position)
        else:
            self._rows.set((self._record, song), row, position)

    def _song(self, state: RecordState, song: str, last_us: int) -> tuple[object, ...]:
        there = state.catalog.songs[song]
        takes, unheard = self._total(state, song)
        mixes, stage = len(state.mixes.get(song, Mixes()).living), stage_of(state, song)
        return there.title, "", None, self._opened, len(there.living), takes, unheard, mixes, 0, stage, 0, last_us

    def _total(self, state: RecordState, song: str) -> tuple[int, int]:
        known = self._totals.get(song)
        if known is None:
            counts = [self._count(state, f"{song}/{name}") for name in state.catalog.songs[song].living]
            known = self._totals[song] = sum(one for one, _ in counts), sum(one for _, one in counts)
        return known

    def _count(self, state: RecordState, part: str) -> tuple[int, int]:
        known = self._counts.get(part)
        if known is None:
            takes = state.takes_of(part).takes.values()
            known = self._counts[part] = (len(takes), sum(take.verdict is None for take in takes))
        return known

    def _whole(self, state: RecordState, last_us: int) -> tuple[object, ...]:
        there = state.catalog.records[self._record]
        due = there.due.isoformat() if there.due else None
        masters = len(state.masters.get(self._record, Masters()).living)
        mastered = next(state.verdicts.choices(f"{self._record}@master"), None) is not None
        return there.title, there.artist, due, self._opened, 0, 0, 0, 0, masters, "", int(mastered), last_us

    def write(self) -> None:
        """Write what changed."""
        self._rows.write()


def _opens(recorded: Recorded[Event], record: str) -> bool:
    return isinstance(recorded.event, RecordOpened) and recorded.event.record == record


class _LabelBoard:
    def writer(self, connection: Connection, record: str) -> RecordWriter:
        return LabelBoardWriter(connection, record)


LABEL_BOARD: Final = ReadModel("label_board", TABLE, _LabelBoard(), by_record=True)


def rows(connection: Connection, upto: int | None = None) -> list[LabelBoardRow]:
    """Return one row for each record and each song, sorted by id; a record's own row comes before those of its songs.

    Args:
        connection: to the model's tables.
        upto: position of an earlier moment; None for the position that the model has reached.
    """
    return [LabelBoardRow.of(row) for row in at(TABLE, connection, upto, "ORDER BY record, song")]


def stage_entries(
    connection: Connection, records: Sequence[str], upto: int | None = None
) -> list[tuple[str, str, str, int]]:
    """Return (record, song, stage, microseconds since the epoch) each time that a song came into another stage.

    The entries of each song of *records* stand together, in order of time, also those of absent songs.
    """
    among, parameters = _among(records, upto)
    sql = f"""
SELECT record, song, stage, last_us FROM (
    SELECT record, song, since, stage, last_us,
           LAG(stage) OVER (PARTITION BY record, song ORDER BY since) AS before
    FROM "{TABLE.name}" WHERE {among} AND song <> ''
) AS entered
WHERE before IS NULL OR before <> stage ORDER BY record, song, since
"""  # noqa: S608 - our own names
    return [(str(a), str(b), str(c), int(us)) for a, b, c, us in connection.execute(sql, parameters)]


def first_mastered(connection: Connection, records: Sequence[str], upto: int | None = None) -> dict[str, int]:
    """Return when a master of each of *records* was first approved, in microseconds since the epoch."""
    among, parameters = _among(records, upto)
    sql = f"""
SELECT record, MIN(last_us) FROM "{TABLE.name}" WHERE {among} AND song = '' AND mastered = 1 GROUP BY record
"""  # noqa: S608 - our own names
    return {str(record): int(us) for record, us in connection.execute(sql, parameters)}


def _among(records: Sequence[str], upto: int | None) -> tuple[str, tuple[object, ...]]:
    """SQL of the condition for rows of *records* that began up to the position *upto*, and its parameters."""
    there = f"record IN ({', '.join('?' * len(records)) or 'NULL'})"
    return (there, (*records,)) if upto is None else (f"{there} AND since <= ?", (*records, upto))


def time_of(row: LabelBoardRow) -> datetime:
    """Return the time of the last event that *row* counts."""
    return EPOCH + timedelta(microseconds=row.last_us)
