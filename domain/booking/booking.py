"""Booking, moving and cancelling a session: the calendar is checked, then the money; all events or none result."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from domain.booking.budget import Budget, BudgetEvent
from domain.booking.commitments import CostCommitted
from domain.booking.costs import commit, leave_unbudgeted, release
from domain.booking.schedule import Schedule, ScheduleEvent
from domain.booking.session_events import SessionBooked, SessionCancelled, SessionHeld, SessionMoved
from domain.booking.slots import Slot
from domain.booking.terms.availability import check_bookable
from domain.booking.terms.cancellation import CancellationCharged, CancellationFee, fee_on, fee_share, notice
from domain.booking.terms.pricing import Duties
from domain.booking.terms.register import TermsEvent, TermsRegister
from domain.booking.terms.session_prices import Pricing, SessionPlan
from domain.core.money import Money, zero
from domain.core.refusal import Misused, Refused, suggest

SessionEvent = ScheduleEvent | BudgetEvent | TermsEvent
NO_TERMS = TermsRegister()


def book(
    schedule: Schedule, budget: Budget, *, record: str, resources: Sequence[str], slots: tuple[Slot, ...],
    line: str | None, currency: str, zone: tzinfo, register: TermsRegister = NO_TERMS,
    duties: Mapping[str, Duties] | None = None, finished_minutes: int = 0,
) -> tuple[str, list[SessionEvent]]:  # fmt: skip
    """Book *resources* for *record*; with *line*, commit their cost to that budget line.

    Without a line, or for a record without a budget, the cost is left unbudgeted.  A hold of the same resources at the
    same times becomes firm.

    Returns:
        The session id and the new events; for an identical existing booking, its id and no events, unless *line* is to
        pay from now on what was unbudgeted.

    Raises:
        NotFound: ``resource.unknown``, ``budget.line``.
        Misused: ``session.resources`` when no resource is named; ``session.time`` when slots overlap.
        Clash: ``schedule.conflict``, ``schedule.buffer``, ``schedule.blocked``, ``schedule.closed``.
        Refused: ``budget.guard``; ``session.rate`` when a line is to pay for a resource without a rate;
            ``session.duty`` for a duty of somebody without a rate card.
    """
    wanted = named_resources(resources)
    held = next((one.held.session for one in schedule.held if _is_at(one.held, record, wanted, slots)), None)
    known = next((old for old in schedule.firm if _is_at(old, record, wanted, slots)), None)
    session = known.session if known else held or schedule.next_id(record)
    pricing = Pricing(schedule, register, currency, zone)
    plan = SessionPlan(record, session, wanted, slots, duties or {}, finished_minutes)
    if known is not None:
        repeated = _again(pricing, budget, plan, known, line)
        if repeated is not None:
            return session, repeated
    check_plan(pricing, plan)
    cost, costs = _costs(pricing, budget, plan, line)
    booked = SessionBooked(session=session, record=record, resources=wanted, slots=slots, line=line, cost=cost)
    return session, [booked, *pricing.terms(plan), *costs]


def named_resources(resources: Sequence[str]) -> tuple[str, ...]:
    """The *resources* of a session, each once.  Raises: Misused ``session.resources``; there is none."""
    wanted = tuple(dict.fromkeys(resources))
    if not wanted:
        raise Misused("session.resources", "name at least one room or person")
    return wanted


def _is_at(
    place: SessionBooked | SessionHeld, record: str, resources: tuple[str, ...], slots: tuple[Slot, ...]
) -> bool:
    """True if *place* is the booking or the hold of these resources for *record* at these times."""
    return (place.record, place.resources, place.slots) == (record, resources, slots)


def check_plan(pricing: Pricing, plan: SessionPlan, *, moving: str | None = None) -> None:
    """Refuse *plan* if a resource of it is unknown or not to be had then.

    Args:
        pricing: rates, terms and the schedule.
        plan: the session.
        moving: the session that leaves its own times for these.

    Raises:
        NotFound, Misused, Clash, Refused: as :func:`book`, but for the money.
    """
    for resource in plan.resources:
        pricing.schedule.resource(resource)
    for name in plan.duties:
        if name not in plan.resources or pricing.card(plan.session, name) is None:
            raise Refused(
                "session.duty", f"{name} has no rate card here that says what that costs",
                next=suggest("person add", name, call="250/3h", leader="100%"),
            )  # fmt: skip
    refuse_overlaps(plan.slots)
    check_bookable(pricing.schedule, pricing.register, plan.resources, plan.slots, pricing.zone, moving=moving)


def _costs(
    pricing: Pricing, budget: Budget, plan: SessionPlan, line: str | None
) -> tuple[Money | None, list[BudgetEvent]]:
    """The cost of *plan*, None if nothing of it has a price; and the events that commit it or leave it unbudgeted."""
    if line is not None and budget.lines:
        cost = pricing.total(plan)
        return cost, commit(budget, record=plan.record, line=line, session=plan.session, amount=cost)
    part = pricing.priced_part(plan)
    if part is None:
        return None, release(budget, record=plan.record, session=plan.session)
    return part, leave_unbudgeted(budget, record=plan.record, session=plan.session, amount=part, line=line)


def _again(
    pricing: Pricing, budget: Budget, plan: SessionPlan, booked: SessionBooked, line: str | None
) -> list[SessionEvent] | None:
    """Events of repeating the booking *booked*; None if the repeat is another booking, by its line or its duties."""
    if any(pricing.duties(plan, name) != pricing.duties(_agreed(plan), name) for name in plan.resources):
        return None
    paying = budget.line_of(booked.session)
    if line is not None and paying is None and budget.lines:
        known = budget.unbudgeted.get(booked.session)
        cost = known.amount if known else pricing.total(plan)
        return [*commit(budget, record=booked.record, line=line, session=booked.session, amount=cost)]
    return [] if line in {booked.line, paying} else None


def _agreed(plan: SessionPlan) -> SessionPlan:
    """*plan* with the duties that were agreed."""
    return SessionPlan(plan.record, plan.session, plan.resources, plan.slots)


def move(
    schedule: Schedule, budget: Budget, *, record: str, session: str, slots: tuple[Slot, ...], currency: str,
    zone: tzinfo, register: TermsRegister = NO_TERMS,
) -> list[SessionEvent]:  # fmt: skip
    """Move *session* to *slots* and price it again in the line that pays it; unchanged times yield no event.

    The agreed rate cards stay.  A deposit that was paid counts for the session at its new times.

    Raises:
        NotFound: ``session.unknown``.
        Misused: ``session.time`` when slots overlap.
        Clash: as :func:`book`.
        Refused: ``session.cancelled``, ``session.worked``; ``budget.guard``, ``session.rate`` as for a booking.
    """
    booked = schedule.session(session, record=record)
    refuse_over(schedule, session, record)
    if booked.slots == slots:
        return []
    pricing = Pricing(schedule, register, currency, zone)
    plan = SessionPlan(record, session, booked.resources, slots)
    refuse_overlaps(slots)
    check_bookable(schedule, register, booked.resources, slots, zone, moving=session)
    cost, costs = _costs(pricing, budget, plan, budget.line_of(session))
    moved = SessionMoved(session=session, record=record, resources=booked.resources, slots=slots, cost=cost)
    return [moved, *pricing.terms(plan), *costs]


def refuse_over(schedule: Schedule, session: str, record: str) -> None:
    """Refuse to change a session that is cancelled or took place.

    Raises:
        Refused: ``session.cancelled``, ``session.worked``.
    """
    schedule.refuse_cancelled(session, record=record)
    if session in schedule.worked:
        raise Refused("session.worked", f"{session} has taken place", next=suggest("session show", session))


def cancel(
    schedule: Schedule, budget: Budget, *, record: str, session: str, register: TermsRegister = NO_TERMS,
    now: datetime | None = None,
) -> list[SessionEvent]:  # fmt: skip
    """Cancel *session*: its cost is the fee that its terms ask for by then, or is released.  Repeated, no event.

    Args:
        schedule: all sessions.
        budget: of the record.
        record: its id.
        session: the session's id.
        register: with the agreed terms.
        now: the moment of the cancellation; None for a session that was entered by mistake, which costs no fee.

    Raises:
        NotFound: ``session.unknown``.
        Refused: ``session.worked``.
    """
    booked = schedule.session(session, record=record)
    if session in schedule.cancelled:
        return []
    if now is not None:
        refuse_over(schedule, session, record)
    cancelled = SessionCancelled(session=session, record=record, resources=booked.resources)
    fees = cancellation_fees(register, booked, now) if now else ()
    if now is None or not fees:
        return [cancelled, *release(budget, record=record, session=session)]
    charged = CancellationCharged(session=session, record=record, cancelled=now, fees=fees)
    return [cancelled, charged, *record_cost(budget, record=record, session=session, amount=charged.fee)]


def cancellation_fees(register: TermsRegister, booked: SessionBooked, now: datetime) -> tuple[CancellationFee, ...]:
    """The fees of cancelling *booked* at *now* by its agreed terms; none for resources that ask for nothing then."""
    agreed = register.agreed.get(booked.session)
    given = notice(booked.slots, now)
    shares = [(one, fee_share(one.card.cancellation, given)) for one in agreed.terms] if agreed else []
    fees = (
        CancellationFee(resource=one.resource, fee_bp=share, fee=fee_on(one.price, share))
        for one, share in shares
        if one.resource in booked.resources
    )
    return tuple(fee for fee in fees if fee.fee.minor)


def record_cost(budget: Budget, *, record: str, session: str, amount: Money) -> list[BudgetEvent]:
    """Record that *session* costs *amount*: a fact, which the line that pays it may not refuse."""
    line = budget.line_of(session)
    if line is None:
        return leave_unbudgeted(budget, record=record, session=session, amount=amount)
    try:
        return commit(budget, record=record, line=line, session=session, amount=amount)
    except Refused as refusal:
        if refusal.rule != "budget.guard":
            raise
        return [CostCommitted(record=record, line=line, session=session, amount=amount)]


def reinstate(
    schedule: Schedule, budget: Budget, *, record: str, session: str, zone: tzinfo, register: TermsRegister = NO_TERMS
) -> list[SessionEvent]:
    """Book a cancelled *session* again at its times and price; one that is not cancelled yields no event.

    Raises:
        NotFound: ``session.unknown``.
        Clash: as :func:`book`.
        Refused: ``budget.guard``.
    """
    booked = schedule.session(session, record=record)
    if session not in schedule.cancelled:
        return []
    check_bookable(schedule, register, booked.resources, booked.slots, zone)
    again = SessionMoved(
        session=session, record=record, resources=booked.resources, slots=booked.slots, cost=booked.cost
    )
    held, line = budget.commitment(session), budget.line_of(session)
    cost = booked.cost or (held.amount if held else None)  # what is held may be the fee of the cancellation
    if cost is None:
        return [again]
    if line is None:
        return [again, *leave_unbudgeted(budget, record=record, session=session, amount=cost)]
    return [again, *commit(budget, record=record, line=line, session=session, amount=cost)]


def refuse_overlaps(slots: tuple[Slot, ...]) -> None:
    """Refuse a session whose own slots overlap.  Raises: Misused ``session.time``."""
    if any(one.overlaps(other) for n, one in enumerate(slots) for other in slots[n + 1 :]):
        raise Misused("session.time", "the slots of a session may not overlap")


def unpriced(
    schedule: Schedule, resources: Sequence[str], currency: str, register: TermsRegister = NO_TERMS
) -> list[str]:
    """The ids in *resources* that have no price in *currency*."""
    amounts = [
        register.cards[name].amount if name in register.cards else rate.amount if rate else None
        for name, rate in ((name, schedule.resource(name).rate) for name in resources)
    ]
    return [
        name
        for name, amount in zip(resources, amounts, strict=True)
        if amount is None or amount.currency != currency
    ]  # fmt: skip


def total(schedule: Schedule, resources: Sequence[str], slots: tuple[Slot, ...], currency: str, zone: tzinfo) -> Money:
    """Cost of *resources* over *slots* by their rates.  Raises: Refused ``session.rate`` for one without a rate."""
    plan = SessionPlan("", "", tuple(resources), slots)
    return Pricing(schedule, NO_TERMS, currency, zone).total(plan) if resources else zero(currency)
