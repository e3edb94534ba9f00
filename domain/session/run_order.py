"""The run order of a session: what is recorded after what, so that people wait least."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

from pydantic import Field
from typing_extensions import override

from domain.core.event import Event, PartId, RecordId, ResourceId, SessionId, SongId, Traits, Value
from domain.core.refusal import Misused, suggest

MOST_ROWS: Final = 12
"""Rows for which the best order is found exactly: the work doubles with each more."""
MOST_MINUTES: Final = 1_440
MOST_PARTS: Final = 200


class RunOrderRow(Value):
    """Parts of one song that are recorded together, how long that takes, and who plays them."""

    song: SongId
    parts: Annotated[tuple[PartId, ...], Field(min_length=1, max_length=MOST_PARTS)]
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES, strict=True)]
    people: Annotated[tuple[ResourceId, ...], Field(max_length=MOST_PARTS)] = ()


class RunOrderSet(Event):
    """The order in which a session records was set, in the place of the one before."""

    kind: Literal["run-order-set"] = "run-order-set"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    session: SessionId
    record: RecordId
    rows: Annotated[tuple[RunOrderRow, ...], Field(min_length=1, max_length=MOST_ROWS)]

    @override
    def describe(self) -> str:
        return f"{self.session}: {'; '.join(', '.join(row.parts) for row in self.rows)}"


@dataclass(frozen=True, slots=True)
class RunOrderTime:
    """One row with its times."""

    row: RunOrderRow
    start: datetime
    end: datetime


def timed(rows: Sequence[RunOrderRow], start: datetime) -> list[RunOrderTime]:
    """The rows one after the other from *start* on."""
    found: list[RunOrderTime] = []
    for row in rows:
        begins = found[-1].end if found else start
        found.append(RunOrderTime(row, begins, begins + timedelta(minutes=row.minutes)))
    return found


def following_parts(
    rows: Sequence[RunOrderRow], open_parts: Collection[str], running: Collection[str]
) -> tuple[str, ...]:
    """The parts of the row that comes after that of the *running* parts, from the first row again after the last.

    Args:
        rows: the run order.
        open_parts: ids of the parts that are still to record; a row without any is passed over.
        running: ids of the parts that are being recorded.

    Returns:
        Ids of parts of one song; empty if no row has another one to record.
    """
    last = max((turn for turn, row in enumerate(rows) if not set(row.parts).isdisjoint(running)), default=-1)
    for row in (*rows[last + 1 :], *rows[: last + 1]):
        if parts := tuple(part for part in row.parts if part in open_parts and part not in running):
            return parts
    return ()


def call_times(times: Sequence[RunOrderTime]) -> Mapping[str, datetime]:
    """When each person has to be there: the start of their first row."""
    calls: dict[str, datetime] = {}
    for one in times:
        for person in one.row.people:
            calls.setdefault(person, one.start)
    return calls


def least_waiting(rows: Sequence[RunOrderRow]) -> list[RunOrderRow]:
    """The order of *rows* in which all people together wait least; of equals, the one nearest to the given order.

    A person waits from the start of their first row to the end of their last one, except while they play.  Rows are
    added one at a time: what a row costs depends only on which rows came before it, not on their order, so the best
    order of each set of rows is kept (Held and Karp).
    """
    everybody = tuple(dict.fromkeys(person for row in rows for person in row.people))
    own = {person: sum(1 << number for number, row in enumerate(rows) if person in row.people) for person in everybody}
    best: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, ())}
    for done in range(1 << len(rows)):
        waited, order = best.pop(done)
        for number, row in enumerate(rows):
            added = 1 << number
            if done & added:
                continue
            after = done | added
            waiting = sum(1 for mask in own.values() if mask & done and mask & ~after and not mask & added)
            candidate = (waited + waiting * row.minutes, (*order, number))
            if after not in best or candidate < best[after]:
                best[after] = candidate
        if not best or done == (1 << len(rows)) - 1:
            return [rows[number] for number in order]
    return []


def evolve(_: RunOrderSet | None, event: RunOrderSet) -> RunOrderSet:
    """Fold one event of one session: the last one counts."""
    return event


def set_run_order(
    known: RunOrderSet | None, *, session: str, record: str, rows: Sequence[RunOrderRow], keeps_order: bool = False
) -> list[RunOrderSet]:
    """Set the run order of *session*, with least waiting or as it is given.  The *known* one yields no event.

    Raises:
        Misused: ``session.runorder``; none or too many rows.
    """
    if not 0 < len(rows) <= MOST_ROWS:
        raise Misused(
            "session.runorder", f"{len(rows)} rows; an order is found for 1 to {MOST_ROWS}",
            next=suggest("session runorder", session, "PART=MINUTES"),
        )  # fmt: skip
    ordered = tuple(rows) if keeps_order else tuple(least_waiting(rows))
    new = RunOrderSet(session=session, record=record, rows=ordered)
    return [] if new == known else [new]
