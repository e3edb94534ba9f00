"""The calendar of the label: conflicts, and who is free.

Tests: ``tests/orchestrator/cli/commands/label/test_plan.py``.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final, get_args

from domain.booking import schedule
from domain.booking.resources import ResourceAdded, ResourceKind
from domain.booking.schedule import Schedule, ScheduleEvent
from domain.booking.slots import Slot, in_words
from domain.booking.terms.conflicts import CalendarConflict, CalendarSlot, conflicts, free_times
from domain.booking.terms.register import TermsRegister
from domain.core.event import EPOCH
from domain.core.fold import fold_events
from domain.label.corrections import Absence, AbsenceEvent, absences_after
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.booking.booking import (
    RESOURCE_TERMS,
    SESSION_KINDS,
    register_of,
    schedule_of,
)
from orchestrator.desk.booking.resource_corrections import RESOURCES, corrections_of
from orchestrator.log.query import Query
from orchestrator.readmodels import calendar as model
from orchestrator.readmodels.calendar import CALENDAR, HELD, microseconds
from orchestrator.readmodels.compiled import CalendarEntryRow
from orchestrator.studio import Studio

TERMS: Final = Query.of(ResourceAdded, *RESOURCE_TERMS)
MOST_BUFFER: Final = timedelta(days=2)
"""Time beside a session in which nothing else can be booked, at most: a day to set up, and a day to strike."""


def entries(studio: Studio, *, resource: str | None = None, ends_after: datetime = EPOCH) -> list[CalendarEntryRow]:
    """The booked and held slots that end after *ends_after*; as of an earlier moment, those of then."""
    after = microseconds(ends_after)
    if studio.upto is None:
        return studio.asked(lambda connection: model.rows(connection, resource=resource, ends_after=after), CALENDAR)
    events = (one.event for one in studio.read(Query.of(*SESSION_KINDS)) if isinstance(one.event, ScheduleEvent))
    rows = model.entries_of(fold_events(schedule.evolve, Schedule(), events))
    return [row for row in rows if row.ends_us > after and resource in {None, row.resource}]


def slot_of(row: CalendarEntryRow) -> Slot:
    """The time of a row."""
    return Slot(start=_moment(row.starts_us), end=_moment(row.ends_us))


def _moment(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)


def _in_calendar(row: CalendarEntryRow) -> CalendarSlot:
    ends = row.deadline_us or row.expires_us
    return CalendarSlot(
        row.session, row.resource, slot_of(row), row.state != HELD, row.rank, _moment(ends) if ends else None,
        row.answer,
    )  # fmt: skip


def _terms(studio: Studio) -> TermsRegister:
    return register_of(studio.read(TERMS))


def conflict_rows(studio: Studio) -> list[Row]:
    """One row for each thing in the calendar that has to be settled, with the command that helps."""
    now, zone = studio.moment_seen(), studio.config.zone
    rows = entries(studio, ends_after=now)
    slots = [_in_calendar(row) for row in rows]
    settled: list[Row] = [
        {
            "conflict": WORDS[one.sort],
            "session": one.session,
            "resource": one.resource,
            "time": in_words(one.slot, zone),
            "against": one.other,
            "next": _next(one),
        }
        for one in conflicts(slots, _terms(studio), zone, now)
    ]
    absent = _absent_records(studio) if rows else {}
    return [*settled, *(_of_absent(row, absent[row.record], zone) for row in rows if row.record in absent)]


def _absent_records(studio: Studio) -> Mapping[str, Absence]:
    """The absent records by id."""
    absent: Mapping[str, Absence] = {}
    for recorded in studio.read(Query.of(*get_args(AbsenceEvent))):
        event = recorded.event
        if isinstance(event, AbsenceEvent) and event.record and not event.revision:
            absent = absences_after(absent, event.record, event)
    return absent


def _of_absent(row: CalendarEntryRow, absence: Absence, zone: tzinfo) -> Row:
    """The row of a session whose record is not there: it still takes its rooms and people."""
    held, firm = f"takesheet session release {row.session}", f"takesheet session cancel {row.session}"
    return {
        "conflict": f"record {absence}", "session": row.session, "resource": row.resource,
        "time": in_words(slot_of(row), zone), "against": "", "next": held if row.state == HELD else firm,
    }  # fmt: skip


WORDS: Final = {
    "double": "booked twice", "buffer": "no time between", "hold": "held against a booking", "declined": "declined",
    "expired": "the hold has ended", "blocked": "blocked", "closed": "out of hours",
}  # fmt: skip


def _next(one: CalendarConflict) -> str:
    if one.sort == "declined":
        return f"takesheet session replace {one.session} {one.resource} NEW"
    if one.sort in {"hold", "expired"}:
        return f"takesheet session release {one.session}"
    return f"takesheet session move {one.session} --on DATE"


def free_rows(studio: Studio, wanted: Slot, *, kind: ResourceKind | None) -> list[Row]:
    """One row for each time within *wanted* in which something can be booked.

    Args:
        studio: the store.
        wanted: where to look.
        kind: only rooms, people or gear.
    """
    history = studio.read(RESOURCES)
    state, absent = schedule_of(history), corrections_of(history).absent
    terms, zone = _terms(studio), studio.config.zone
    near = wanted.padded(MOST_BUFFER, MOST_BUFFER)
    slots: defaultdict[str, list[CalendarSlot]] = defaultdict(list)
    for row in entries(studio, ends_after=near.start):
        if (entry := _in_calendar(row)).slot.overlaps(near):
            slots[entry.resource].append(entry)
    return [
        {
            "resource": name,
            "kind": known.sort,
            "free": in_words(free, zone),
            "held": ", ".join(_holding(slots[name], free)),
        }
        for name, known in state.resources.items()
        if name not in absent and kind in {None, known.sort}
        for free in free_times(name, slots[name], terms, wanted, zone)
    ]


def _holding(slots: Sequence[CalendarSlot], free: Slot) -> list[str]:
    return sorted({one.session for one in slots if not one.is_firm and one.slot.overlaps(free)})


def declined_rows(studio: Studio) -> list[CalendarEntryRow]:
    """The first slot of each session for each of its people who declined; past ones are left out."""
    rows = [row for row in entries(studio, ends_after=studio.moment_seen()) if row.answer in {"no", "other"}]
    return list({(row.session, row.resource): row for row in reversed(rows)}.values())[::-1]
