"""Booking, moving and cancelling a session: the calendar is checked, then the money; all events or none result."""

from collections.abc import Sequence
from datetime import tzinfo

from domain.booking.budget import Budget, BudgetEvent
from domain.booking.costs import commit, leave_unbudgeted, release
from domain.booking.schedule import (
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
        The session id and the new events; for an identical existing booking, its id and no events, unless *line* is to
        pay from now on what was unbudgeted.

    Raises:
        NotFound: ``resource.unknown``, ``budget.line``.
        Misused: ``session.resources`` when no resource is named; ``session.time`` when slots overlap.
        Clash: ``schedule.conflict``.
        Refused: ``budget.guard``; ``session.rate`` when a line is to pay for a resource without a rate.
    """
    wanted = tuple(dict.fromkeys(resources))
    if not wanted:
        raise Misused("session.resources", "name at least one room or person")
    there = next(
        (old for old in schedule.firm if (old.record, old.resources, old.slots) == (record, wanted, slots)), None
    )
    if (
        there is not None
        and (known := _again(schedule, budget, there, line=line, currency=currency, zone=zone)) is not None
    ):
        return there.session, known
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


def _again(
    schedule: Schedule, budget: Budget, booked: SessionBooked, *, line: str | None, currency: str, zone: tzinfo
) -> list[ScheduleEvent | BudgetEvent] | None:
    """Events of repeating the booking *booked*; None if the repeat names another line, which makes it a new booking."""
    paying = budget.line_of(booked.session)
    if line is not None and paying is None and budget.lines:
        known = budget.unbudgeted.get(booked.session)
        cost = known.amount if known else total(schedule, booked.resources, booked.slots, currency, zone)
        return [*commit(budget, record=booked.record, line=line, session=booked.session, amount=cost)]
    return [] if line in {booked.line, paying} else None


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
    """Move *session* to *slots* and price it again in the line that pays it; unchanged times yield no event.

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
    """Cancel *session* and release the open part of its cost.  Repeated, it yields no event.

    Raises:
        NotFound: ``session.unknown``.
    """
    booked = schedule.session(session, record=record)
    if session in schedule.cancelled:
        return []
    cancelled = SessionCancelled(session=session, record=record, resources=booked.resources)
    return [cancelled, *release(budget, record=record, session=session)]


def reinstate(
    schedule: Schedule, budget: Budget, *, record: str, session: str, zone: tzinfo
) -> list[ScheduleEvent | BudgetEvent]:
    """Book a cancelled *session* again at its times and price; one that is not cancelled yields no event.

    Raises:
        NotFound: ``session.unknown``.
        Clash: ``schedule.conflict``.
        Refused: ``budget.guard``.
    """
    booked = schedule.session(session, record=record)
    if session not in schedule.cancelled:
        return []
    check_free(schedule, booked.resources, booked.slots, zone)
    again = SessionMoved(
        session=session, record=record, resources=booked.resources, slots=booked.slots, cost=booked.cost
    )
    held, line = budget.commitment(session), budget.line_of(session)
    if held is None:
        return [again]
    if line is None:
        return [again, *leave_unbudgeted(budget, record=record, session=session, amount=held.amount)]
    return [again, *commit(budget, record=record, line=line, session=session, amount=held.amount)]


def _refuse_overlaps(slots: tuple[Slot, ...]) -> None:
    if any(one.overlaps(other) for n, one in enumerate(slots) for other in slots[n + 1 :]):
        raise Misused("session.time", "the slots of a session may not overlap")


def unpriced(schedule: Schedule, resources: Sequence[str], currency: str) -> list[str]:
    """The ids in *resources* that have no rate in *currency*."""
    rates = {name: schedule.resource(name).rate for name in resources}
    return [name for name, rate in rates.items() if rate is None or rate.amount.currency != currency]


def priced_part(
    schedule: Schedule, resources: Sequence[str], slots: tuple[Slot, ...], currency: str, zone: tzinfo
) -> Money | None:
    """Cost of those *resources* that have a rate in *currency*; None if no resource has one."""
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
