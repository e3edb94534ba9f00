"""Conflicts of a calendar: bookings against one another, against blocks and hours, or without their people."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final, Literal, NamedTuple

from domain.booking.slots import Slot
from domain.booking.terms.availability import occupied
from domain.booking.terms.register import TermsRegister
from domain.booking.terms.working_hours import first_overlap, is_open

ConflictSort = Literal["double", "buffer", "hold", "declined", "expired", "blocked", "closed"]


STEP: Final = timedelta(minutes=15)
"""How finely free times are looked for."""


class CalendarSlot(NamedTuple):
    """One slot of one resource in the calendar."""

    session: str
    resource: str
    slot: Slot
    is_firm: bool
    rank: int = 0
    ends: datetime | None = None
    """When a hold ends by itself; None: never."""
    answer: str = ""


class CalendarConflict(NamedTuple):
    """One thing in the calendar that somebody has to settle."""

    sort: ConflictSort
    resource: str
    session: str
    slot: Slot
    other: str = ""
    """The other session of two; empty for one alone."""


def conflicts(
    calendar: Iterable[CalendarSlot], register: TermsRegister, zone: tzinfo, now: datetime
) -> list[CalendarConflict]:
    """Everything in *calendar* that has to be settled, by its time.

    Args:
        calendar: the booked and held slots, in any order.
        register: hours, buffers and blocks of the resources.
        zone: of the opening hours.
        now: the present moment; slots that are over are left out.

    Returns:
        ``double``: two firm sessions at one time; ``buffer``: too little time between two; ``hold``: a hold against a
        firm session; ``declined``: a person said no, or another time; ``expired``: a hold that ended by itself;
        ``blocked``, ``closed``: a booking in blocked time or out of hours.
    """
    by_resource: defaultdict[str, list[CalendarSlot]] = defaultdict(list)
    for entry in calendar:
        if entry.slot.end > now:
            by_resource[entry.resource].append(entry)
    found = [
        conflict
        for resource, entries in by_resource.items()
        for conflict in (*_pairs(resource, entries, register, now), *_alone(entries, register, zone, now))
    ]
    return sorted(found, key=lambda one: (one.slot.start, one.resource, one.session, one.sort, one.other))


def _pairs(
    resource: str, entries: Sequence[CalendarSlot], register: TermsRegister, now: datetime
) -> Iterator[CalendarConflict]:
    hours = register.hours_of(resource)
    padded = sorted(((occupied(hours, one.slot), one) for one in entries), key=lambda pair: pair[0].start)
    open_: list[tuple[Slot, CalendarSlot]] = []
    for slot, entry in padded:
        open_ = [pair for pair in open_ if pair[0].end > slot.start]
        for _, other in open_:
            yield from _between(other, entry, now)
        open_.append((slot, entry))


def _between(one: CalendarSlot, other: CalendarSlot, now: datetime) -> Iterator[CalendarConflict]:
    """The conflict of two entries whose occupied times overlap, if it is one."""
    if one.session == other.session:
        return
    if one.is_firm and other.is_firm:
        sort: ConflictSort = "double" if one.slot.overlaps(other.slot) else "buffer"
        yield CalendarConflict(sort, other.resource, other.session, other.slot, one.session)
    elif one.is_firm or other.is_firm:
        held, firm = (other, one) if one.is_firm else (one, other)
        if not _lapsed(held, now):
            yield CalendarConflict("hold", held.resource, held.session, held.slot, firm.session)


def _lapsed(entry: CalendarSlot, now: datetime) -> bool:
    return entry.ends is not None and entry.ends <= now


def _alone(
    entries: Iterable[CalendarSlot], register: TermsRegister, zone: tzinfo, now: datetime
) -> Iterator[CalendarConflict]:
    for one in entries:
        hours = register.hours_of(one.resource)
        if not one.is_firm and _lapsed(one, now):
            yield CalendarConflict("expired", one.resource, one.session, one.slot)
            continue
        if one.answer in {"no", "other"}:
            yield CalendarConflict("declined", one.resource, one.session, one.slot)
        if first_overlap(register.blocked.get(one.resource, ()), occupied(hours, one.slot)):
            yield CalendarConflict("blocked", one.resource, one.session, one.slot)
        if not is_open(hours.weekly, one.slot, zone):
            yield CalendarConflict("closed", one.resource, one.session, one.slot)


def free_times(
    resource: str, calendar: Iterable[CalendarSlot], register: TermsRegister, wanted: Slot, zone: tzinfo
) -> list[Slot]:
    """The times within *wanted* in which *resource* can be booked, the earliest first.

    Args:
        resource: its id.
        calendar: its slots; only firm ones take time.
        register: its hours, buffers and blocks.
        wanted: where to look.
        zone: of the opening hours.
    """
    hours = register.hours_of(resource)
    setup, strike = timedelta(minutes=hours.setup_minutes), timedelta(minutes=hours.strike_minutes)
    firm = [one.slot for one in calendar if one.is_firm and one.resource == resource]
    taken = [occupied(hours, slot).padded(strike, setup) for slot in firm]
    taken += [slot.padded(strike, setup) for slot in register.blocked.get(resource, ())]
    found: list[Slot] = []
    at = wanted.start
    while at < wanted.end:
        piece = Slot(start=at, end=min(at + STEP, wanted.end))
        if not first_overlap(taken, piece) and is_open(hours.weekly, piece, zone):
            if found and found[-1].end == at:
                found[-1] = Slot(start=found[-1].start, end=piece.end)
            else:
                found.append(piece)
        at = piece.end
    return found
