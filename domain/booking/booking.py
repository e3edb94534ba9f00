"""Book, move and cancel a session: check the calendar, then the money; all events are returned or none."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from domain.booking.budget import Budget, BudgetEvent
from domain.booking.costs import commit, leave_unbudgeted, release
from domain.booking.schedule import (
    LONGEST,
    Schedule,
    ScheduleEvent,
    SessionBooked,
    SessionCancelled,
    SessionMoved,
    Slot,
    check_free,
    price,
)
from domain.core.money import Money, zero
from domain.core.refusal import Misused, Refused, suggest

YEARS: Final = range(1900, 2200)


def slots_on(day: date, hours: tuple[int, int], days: int, zone: tzinfo) -> tuple[Slot, ...]:
    """One slot a day from *day* on, at the same wall-clock *hours* of *zone* (24 is midnight)."""
    first, last = hours
    _dated(day.year)
    if not (0 <= first < last <= 24 and 1 <= days <= 366):  # noqa: PLR2004 - hours of a day, days of a year
        raise Misused("session.hours", f"{first}-{last} on {days} days is no session; write --hours 10-18 --days 2")
    midnights = [datetime(day.year, day.month, day.day) + timedelta(days=n) for n in range(days)]  # noqa: DTZ001 - wall clock
    return tuple(
        slot_between(midnight + timedelta(hours=first), midnight + timedelta(hours=last), zone)
        for midnight in midnights
    )


def slot_between(start: datetime, end: datetime, zone: tzinfo) -> Slot:
    """The slot between two moments; those without a zone are wall-clock times of *zone*.

    Raises:
        Misused: ``session.time``; the slot ends before it starts, lasts over a year, lies outside YEARS, or names a
            wall-clock time that the change to summer time skips.
    """
    begin, finish = (_true(moment, zone) for moment in (start, end))
    if not begin < finish <= begin + LONGEST:
        raise Misused(
            "session.time", f"from {start} to {end} is no session: it must end after it starts, within a year"
        )
    return Slot(start=begin, end=finish)


def shifted(slots: tuple[Slot, ...], day: date, zone: tzinfo) -> tuple[Slot, ...]:
    """*slots* at their wall-clock times of *zone*, moved by whole days so that the first one begins on *day*."""
    _dated(day.year)
    days = day - slots[0].start.astimezone(zone).date()

    def on_the_wall(moment: datetime) -> datetime:
        return moment.astimezone(zone).replace(tzinfo=None) + days

    return tuple(slot_between(on_the_wall(slot.start), on_the_wall(slot.end), zone) for slot in slots)


def _dated(year: int) -> None:
    if year not in YEARS:
        raise Misused("session.time", f"the year {year} is no year of a session")


def _true(moment: datetime, zone: tzinfo) -> datetime:
    _dated(moment.year)
    if moment.tzinfo:
        return moment.astimezone(UTC)
    there = moment.replace(tzinfo=zone).astimezone(UTC)
    if there.astimezone(zone).replace(tzinfo=None) != moment:
        raise Misused("session.time", f"{moment} does not exist in {zone}: clocks go forward there")
    return there


def book(
    schedule: Schedule,
    budget: Budget,
    *,
    record: str,
    resources: Sequence[str],
    slots: tuple[Slot, ...],
    line: str | None,
    currency: str,
    zone: tzinfo,
) -> tuple[str, list[ScheduleEvent | BudgetEvent]]:
    """Book *resources* for *record*; with *line*, commit their cost to that budget line.

    Without a line, or for a record without a budget, the cost is left unbudgeted.

    Returns:
        The session id and the new events; for an identical existing booking, its id and no events.

    Raises:
        NotFound: ``resource.unknown``, ``budget.line``.
        Misused: ``session.resources`` when no resource is named; ``session.time`` when slots overlap.
        Clash: ``schedule.conflict``.
        Refused: ``budget.guard``; ``session.rate`` when a line is to pay for a resource without a rate.
    """
    wanted = tuple(dict.fromkeys(resources))
    if not wanted:
        raise Misused("session.resources", "name at least one room or person")
    for old in schedule.firm:
        if (old.record, old.resources, old.slots, old.line) == (record, wanted, slots, line):
            return old.session, []
    for resource in wanted:
        schedule.resource(resource)
    _refuse_overlaps(slots)
    check_free(schedule, wanted, slots, zone)
    session = f"{record}/S{sum(old.record == record for old in schedule.sessions.values()) + 1}"
    cost: Money | None
    if line is not None and budget.lines:
        cost = total(schedule, wanted, slots, currency, zone)
        costs = commit(budget, record=record, line=line, session=session, amount=cost)
    else:
        cost = priced_part(schedule, wanted, slots, currency, zone)
        costs = leave_unbudgeted(budget, record=record, session=session, amount=cost, line=line) if cost else []
    booked = SessionBooked(session=session, record=record, resources=wanted, slots=slots, line=line, cost=cost)
    return session, [booked, *costs]


def move(
    schedule: Schedule,
    budget: Budget,
    *,
    record: str,
    session: str,
    slots: tuple[Slot, ...],
    currency: str,
    zone: tzinfo,
) -> list[ScheduleEvent | BudgetEvent]:
    """Move *session* to *slots*, and price it anew in the line that pays it; its own times yield no event.

    Raises:
        NotFound: ``session.unknown``.
        Misused: ``session.time`` when slots overlap.
        Clash: ``schedule.conflict``.
        Refused: ``session.cancelled``; ``budget.guard``, ``session.rate`` as for a booking.
    """
    booked = schedule.session(session, record=record)
    if session in schedule.cancelled:
        raise Refused(
            "session.cancelled", f"{session} is cancelled; book it anew", next=suggest("session book", record)
        )
    if booked.slots == slots:
        return []
    _refuse_overlaps(slots)
    check_free(schedule, booked.resources, slots, zone, moving=session)
    line = budget.line_of(session)
    cost: Money | None
    if line is not None:
        cost = total(schedule, booked.resources, slots, currency, zone)
        costs = commit(budget, record=record, line=line, session=session, amount=cost)
    else:
        cost = priced_part(schedule, booked.resources, slots, currency, zone)
        costs = leave_unbudgeted(budget, record=record, session=session, amount=cost) if cost else []
    moved = SessionMoved(session=session, record=record, resources=booked.resources, slots=slots, cost=cost)
    return [moved, *costs]


def cancel(schedule: Schedule, budget: Budget, *, record: str, session: str) -> list[ScheduleEvent | BudgetEvent]:
    """Cancel *session*, and free what is still open of its cost.  Cancelled again, it yields nothing.

    Raises:
        NotFound: ``session.unknown``.
    """
    booked = schedule.session(session, record=record)
    if session in schedule.cancelled:
        return []
    cancelled = SessionCancelled(session=session, record=record, resources=booked.resources)
    return [cancelled, *release(budget, record=record, session=session)]


def _refuse_overlaps(slots: tuple[Slot, ...]) -> None:
    if any(one.overlaps(other) for n, one in enumerate(slots) for other in slots[n + 1 :]):
        raise Misused("session.time", "the slots of a session may not overlap")


def unpriced(schedule: Schedule, resources: Sequence[str], currency: str) -> list[str]:
    """Those of *resources* that have no rate in *currency*."""
    rates = {name: schedule.resource(name).rate for name in resources}
    return [name for name, rate in rates.items() if rate is None or rate.amount.currency != currency]


def priced_part(
    schedule: Schedule, resources: Sequence[str], slots: tuple[Slot, ...], currency: str, zone: tzinfo
) -> Money | None:
    """Cost of those of *resources* that have a rate in *currency*; None if none has."""
    without = unpriced(schedule, resources, currency)
    priced = [name for name in resources if name not in without]
    return total(schedule, priced, slots, currency, zone) if priced else None


def total(schedule: Schedule, resources: Sequence[str], slots: tuple[Slot, ...], currency: str, zone: tzinfo) -> Money:
    """Cost of *resources* over *slots*.  Raises: Refused ``session.rate`` for a resource without a rate."""
    cost = zero(currency)
    for name in resources:
        booked = schedule.resource(name)
        if not booked.rate:
            hint = suggest("resource add", name, kind=booked.sort, rate="600/day")
            raise Refused("session.rate", f"{name} has no rate", next=hint)
        cost += price(booked.rate, slots, zone)
    return cost
