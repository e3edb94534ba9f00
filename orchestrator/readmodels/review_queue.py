"""The review queue: the waiting items of each record, since when and for which permission, now or at any position."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Final

from domain.core.ids import IdParts, lies_under, number_of, part_of
from domain.status.due_renders import RenderNeed, master_is_due, song_is_due
from domain.status.record_fold import PartEvent, part_named
from domain.status.record_state import RecordState, mix_status
from domain.status.review_items import (
    QueueItem,
    blocked_item,
    gap_in_words,
    master_statuses,
    mix_statuses,
    takes_to_judge,
    to_hear,
)
from domain.status.verdicts import APPROVED_BY, Status
from domain.status.wanted_renders import wanted_mixes
from orchestrator.log.database.connection import Connection
from orchestrator.readmodels.base.interval_rows import AT, NOW, IntervalRows
from orchestrator.readmodels.base.read_model import ReadModel
from orchestrator.readmodels.base.record_folds import CONTRADICTIONS
from orchestrator.readmodels.base.record_walk import RecordWriter, WalkStep
from orchestrator.readmodels.compiled import REVIEW_QUEUE as TABLE
from orchestrator.readmodels.compiled import ReviewQueueRow

Key = tuple[str, str, str, str]
Group = tuple[str, str]
"""Key of rows that are computed together: ``takes`` and a part, ``mixes`` and a song, or ``masters`` and a record."""

Waiting = tuple[Key, str, int]
"""One row: its key, its reason and its place."""

DEEDS: Final = {
    "take": "judge-take",
    "mix": "judge-mix",
    "master": "judge-master",
    "render": "render",
    "plan": "plan-master",
}
RANKS: Final = {"take": 0, "mix": 1, "master": 2, "gap": 3, "render": 4, "plan": 5, "blocked": 6, "edit": 7}
SPAN: Final = 10**12
"""Distance in ``place`` between two sorts of rows; parts or songs of one sort are ``STEP`` apart."""
STEP: Final = 10**6


class ReviewQueueWriter:
    """Writer of the queue for one record."""

    def __init__(self, connection: Connection, record: str) -> None:
        self._record, self._rows = record, IntervalRows(TABLE, connection, record)
        self._groups: dict[Group, set[Key]] = {}
        for key in self._rows.current:
            self._groups.setdefault(_group(key), set()).add(key)
        self._sounds: dict[str, tuple[str | None, object]] = {}
        """Plan of the edit, and edits made outside, by part."""
        self._stood: dict[str, tuple[Status, ...]] = {}
        """Status of the mixes of which the queue knows, and of the chosen one, by song."""
        self._standings: list[Status] = []
        """Status of the mixes of the song whose rows were made last; each remarks whether it is the chosen one."""
        self._opened = next((int(values[3]) for values in self._rows.current.values()), 0)

    def observe(self, step: WalkStep) -> None:
        """Recompute the rows that the event can change."""
        state, reach = step.state, step.reach
        there = state.catalog.records.get(self._record)
        if there is None:
            return
        self._opened = self._opened or _opened(step, self._record)
        for part in reach.parts:
            self._make(("takes", part), self._takes, step)
        moved = reach.masters
        if reach.songs and self._sounds_otherwise(step):
            for song in reach.songs:
                self._standings = []
                self._make(("mixes", song), self._mixes, step)
                moved = self._stands_otherwise(song) or moved
        if moved and state.masters:
            self._make(("masters", self._record), self._masters, step)

    def _sounds_otherwise(self, step: WalkStep) -> bool:
        """False if the event is of one part and leaves its sound unchanged, so that no mix can have another status."""
        if len(step.changed) != 1 or not isinstance(event := step.changed[0].event, PartEvent):
            return True
        part = part_named(event)
        sound = step.state.edit_plan(part), step.state.submitted.get(part)
        if self._sounds.get(part) == sound:
            return False
        self._sounds[part] = sound
        return True

    def _stands_otherwise(self, song: str) -> bool:
        """True if a mix of *song* has another status, output or remark than at the last call for *song*."""
        standings = tuple(self._standings)
        if self._stood.get(song) == standings:
            return False
        self._stood[song] = standings
        return True

    def _make(self, group: Group, rows: Callable[[RecordState, str], Iterator[Waiting]], step: WalkStep) -> None:
        old = self._groups.get(group, set())
        made = {}
        with suppress(*CONTRADICTIONS):
            for key, why, place in rows(step.state, group[1]):
                made[key] = (why, DEEDS.get(key[1], ""), place, self._opened, self._waits(key, step.position))
        self._rows.replace(old, made, step.position)
        self._groups[group] = set(made)

    def _waits(self, key: Key, position: int) -> int:
        known = self._rows.get(key)
        return int(known[4]) if known else position

    def _takes(self, state: RecordState, part: str) -> Iterator[Waiting]:
        rank = _place("take", list(state.takes).index(part)) if part in state.takes else 0
        for item in takes_to_judge(state, part):
            yield self._key(item), item.why, rank + number_of(item.address)
        if why := gap_in_words(state, part):
            yield (self._record, "gap", part, ""), why, rank % SPAN + _place("gap", 0)

    def _mixes(self, state: RecordState, song: str) -> Iterator[Waiting]:
        if song not in state.catalog.songs:
            return
        rank = [one.id for one in state.catalog.all_songs_of(self._record)].index(song)
        if state.catalog.absent_entry(song):
            wanted = wanted_mixes(state, self._record, song)  # those that a master is made of
            self._standings = [mix_status(state, song, revision.number) for revision in wanted]
            if not wanted:
                return
        else:
            self._standings = list(mix_statuses(state, self._record, song))
            yield from self._heard(state, self._standings, rank)
            yield from self._edits(state, song, rank)
        if song_is_due(RenderNeed(state), self._record, song):
            yield (self._record, "render", song, ""), "renders are due", _place("render", rank)

    def _edits(self, state: RecordState, song: str, rank: int) -> Iterator[Waiting]:
        for number, part in enumerate(f"{song}/{name}" for name in state.catalog.song(song).parts):
            if part in state.submitted and not state.catalog.absent_entry(part):
                edit = state.edit_of_another_order(part)
                if edit:
                    why = f"the edit by {edit.maker} was made for another order of the song and does not sound"
                    yield (self._record, "edit", part, ""), why, _place("edit", rank) + number

    def _masters(self, state: RecordState, record: str) -> Iterator[Waiting]:
        rank = len(state.catalog.songs)
        standings = list(master_statuses(state, record))
        yield from self._heard(state, standings, rank)
        for standing in standings:
            if standing.remark:
                yield (record, "plan", standing.address, ""), standing.remark, _place("plan", rank)
        if master_is_due(RenderNeed(state), record):
            yield (record, "render", record, ""), "renders are due", _place("render", rank)

    def _heard(self, state: RecordState, standings: Iterable[Status], rank: int) -> Iterator[Waiting]:
        number = 0
        for standing in standings:
            for item in to_hear(state, standing):
                number += 1
                yield self._key(item), item.why, _place(item.kind, rank) + number
            if standing.state == "blocked":
                number += 1
                item = blocked_item(standing)
                yield (self._record, "blocked", item.address, ""), item.why, _place("blocked", rank) + number

    def _key(self, item: QueueItem) -> Key:
        return self._record, item.kind, item.address, item.output or ""

    def write(self) -> None:
        """Write what changed."""
        self._rows.write()


def _group(key: tuple[str, ...]) -> Group:
    record, sort, address, _ = key
    if sort in {"take", "gap"}:
        return "takes", part_of(address)
    song = IdParts.of(address).song
    return ("mixes", song) if song else ("masters", record)


def _opened(step: WalkStep, record: str) -> int:
    opened = (
        one.position for one in step.fold.history if one.event.kind == "record-opened" and one.event.address == record
    )
    return next(opened, 0)


def _place(sort: str, rank: int) -> int:
    return RANKS[sort] * SPAN + rank * STEP


class _ReviewQueue:
    def writer(self, connection: Connection, record: str) -> RecordWriter:
        return ReviewQueueWriter(connection, record)


REVIEW_QUEUE: Final = ReadModel("review_queue", TABLE, _ReviewQueue(), by_record=True)


def rows(
    connection: Connection, *, record: str | None = None, below: str = "", upto: int | None = None
) -> list[ReviewQueueRow]:
    """Return the waiting items, record by record, in the order in which the records were opened.

    Args:
        connection: to the model's tables.
        record: only this record.
        below: of the items to judge, only those at or under this address.
        upto: position of an earlier moment; None for the position that the model has reached.
    """
    where = NOW if upto is None else AT
    parameters: list[object] = [] if upto is None else [upto, upto]
    if record is not None:
        where += " AND record = ?"
        parameters.append(record)
    found = (ReviewQueueRow.of(row) for row in TABLE.rows(connection, f"{where} ORDER BY opened, place", parameters))
    return [row for row in found if row.sort in {"render", "plan", "blocked"} or lies_under(row.address, below)]


def plans(connection: Connection, upto: int | None = None) -> dict[str, str]:
    """Return, by record, the reason to plan a new master: the newest one holds other mixes than the chosen ones."""
    where, parameters = (NOW, ()) if upto is None else (AT, (upto, upto))
    found = (ReviewQueueRow.of(row) for row in TABLE.rows(connection, f"{where} AND sort = 'plan'", parameters))
    return {row.record: f"{IdParts.of(row.address).revision}: {row.why}" for row in found}


def lacks(connection: Connection, upto: int | None = None) -> dict[str, str]:
    """Return, by record, its mixes and masters that lack an approval by the house rules, and whose approval it is."""
    where, parameters = (NOW, ()) if upto is None else (AT, (upto, upto))
    where += f" AND substr(why, 1, {len(APPROVED_BY)}) = ? ORDER BY place"
    found = TABLE.rows(connection, where, (*parameters, APPROVED_BY))
    words: dict[str, list[str]] = {}
    for row in map(ReviewQueueRow.of, found):
        words.setdefault(row.record, []).append(f"{row.address}: {row.why}")
    return {record: "; ".join(own) for record, own in words.items()}
