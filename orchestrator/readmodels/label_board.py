"""The label's board: counts of every record and song, now and at any earlier position."""

from datetime import datetime, timedelta
from typing import Final

from domain.core.event import EPOCH, clock_us
from domain.core.ids import song_of
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
    """Moves the board along the events of one record."""

    def __init__(self, connection: Connection, record: str) -> None:
        self._record, self._rows = record, IntervalRows(TABLE, connection, record)
        self._counts: dict[str, tuple[int, int]] = {}
        """Takes, and takes without a verdict, by part."""
        self._totals: dict[str, tuple[int, int]] = {}
        """Those counts by song."""

    def observe(self, step: WalkStep) -> None:
        """Count anew the rows of the record and of the songs that the event concerns, and note the event's time."""
        state = step.state
        if step.recorded.event.traits.by_driver or self._record not in state.catalog.records:
            return
        for part in step.reach.parts:
            self._counts.pop(part, None)
            self._totals.pop(song_of(part), None)
        last_us = clock_us(step.recorded.stored_id, step.recorded.recorded_us)
        songs = dict.fromkeys((*step.reach.songs, *(song_of(part) for part in step.reach.parts)))
        for song in songs:
            if song in state.catalog.songs:
                self._rows.set((self._record, song), self._song(state, song, last_us), step.position)
        self._rows.set((self._record, ""), self._whole(state, step, last_us), step.position)

    def _song(self, state: RecordState, song: str, last_us: int) -> tuple[object, ...]:
        there = state.catalog.songs[song]
        takes, unheard = self._total(state, song)
        mixes = len(state.mixes.get(song, Mixes()).revisions)
        return there.title, "", None, self._opened(), len(there.parts), takes, unheard, mixes, 0, last_us

    def _total(self, state: RecordState, song: str) -> tuple[int, int]:
        known = self._totals.get(song)
        if known is None:
            counts = [self._count(state, f"{song}/{name}") for name in state.catalog.songs[song].parts]
            known = self._totals[song] = sum(one for one, _ in counts), sum(one for _, one in counts)
        return known

    def _count(self, state: RecordState, part: str) -> tuple[int, int]:
        known = self._counts.get(part)
        if known is None:
            takes = state.takes_of(part).takes.values()
            known = self._counts[part] = (len(takes), sum(take.verdict is None for take in takes))
        return known

    def _whole(self, state: RecordState, step: WalkStep, last_us: int) -> tuple[object, ...]:
        there = state.catalog.records[self._record]
        due = there.due.isoformat() if there.due else None
        masters = len(state.masters.get(self._record, Masters()).masters)
        opened = self._opened() or step.position
        return there.title, there.artist, due, opened, 0, 0, 0, 0, masters, last_us

    def _opened(self) -> int:
        known = self._rows.get((self._record, ""))
        return int(known[3]) if known else 0

    def write(self) -> None:
        """Write what changed."""
        self._rows.write()


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


def time_of(row: LabelBoardRow) -> datetime:
    """Return the time of the last event that *row* counts."""
    return EPOCH + timedelta(microseconds=row.last_us)
