"""Work that was done: the true hours of a session are a fact, recorded and priced, and never refused for money."""

from datetime import tzinfo

from domain.booking.booking import SessionEvent, record_cost, refuse_overlaps
from domain.booking.budget import Budget
from domain.booking.schedule import Schedule
from domain.booking.session_events import SessionWorked
from domain.booking.slots import Slot
from domain.booking.terms.register import TermsRegister
from domain.booking.terms.session_prices import Pricing, SessionPlan
from domain.core.refusal import Refused, suggest


def record_work(
    schedule: Schedule, budget: Budget, *, record: str, session: str, slots: tuple[Slot, ...] | None = None,
    finished_minutes: int = 0, currency: str, zone: tzinfo, register: TermsRegister,
) -> list[SessionEvent]:  # fmt: skip
    """Record that *session* took place, and price it by its true hours.  The same work again yields no event.

    Neither the calendar nor the budget is asked: an overrun shows in the line, whose rest is below zero then.

    Args:
        schedule: all sessions.
        budget: of the record.
        record: its id.
        session: the session's id.
        slots: the true times; None for those of the booking.
        finished_minutes: minutes of finished music; 0 where nobody said.
        currency: of the record.
        zone: of the working days.
        register: with the agreed terms.

    Raises:
        NotFound: ``session.unknown``.
        Misused: ``session.time`` when slots overlap.
        Refused: ``session.cancelled``.
    """
    booked = schedule.session(session, record=record)
    if session in schedule.cancelled:
        raise Refused(
            "session.cancelled", f"{session} is cancelled; book what took place all the same",
            next=suggest("session book", record),
        )  # fmt: skip
    true = slots or booked.slots
    refuse_overlaps(true)
    pricing = Pricing(schedule, register, currency, zone)
    plan = SessionPlan(record, session, booked.resources, true, {}, finished_minutes)
    cost = pricing.priced_part(plan)
    finished = pricing.finished(plan)
    worked = SessionWorked(
        session=session, record=record, resources=booked.resources, slots=true, finished_minutes=finished, cost=cost
    )
    if schedule.worked.get(session) == worked:
        return []
    costs = record_cost(budget, record=record, session=session, amount=cost) if cost else []
    return [worked, *pricing.terms(plan), *costs]
