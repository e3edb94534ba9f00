"""Work that was done: the true hours of a session are a fact, recorded and priced, and never refused for money.

Booked times are owed: fewer hours cost as much as those of the booking, unless a lower price is agreed.
"""

from datetime import datetime, tzinfo

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
    finished_minutes: int = 0, agreed: bool = False, currency: str, zone: tzinfo, register: TermsRegister,
    now: datetime,
) -> list[SessionEvent]:  # fmt: skip
    """Record that *session* took place, and price it by its true hours.  The same work again yields no event.

    The price is that of the booking at the least, unless *agreed*.

    Neither the calendar nor the budget is asked: an overrun shows in the line, whose rest is below zero then.

    Args:
        schedule: all sessions.
        budget: of the record.
        record: its id.
        session: the session's id.
        slots: the true times; None for those of the booking.
        finished_minutes: minutes of finished music; 0 where nobody said.
        agreed: the price of the true hours is owed even if it is below that of the booking.
        currency: of the record.
        zone: of the working days.
        register: with the agreed terms.
        now: the present moment.

    Raises:
        NotFound: ``session.unknown``.
        Misused: ``session.time`` when slots overlap.
        Refused: ``session.cancelled``; ``session.future`` if the times are not over by *now*.
    """
    booked = schedule.session(session, record=record)
    if session in schedule.cancelled:
        raise Refused(
            "session.cancelled", f"{session} is cancelled; book what took place all the same",
            next=suggest("session book", record),
        )  # fmt: skip
    true = slots or booked.slots
    refuse_overlaps(true)
    _refuse_future(session, true, zone, now)
    pricing = Pricing(schedule, register, currency, zone)
    plan = SessionPlan(record, session, booked.resources, true, {}, finished_minutes)
    cost, finished = pricing.priced_part(plan), pricing.finished(plan)
    before = schedule.before_work.get(session, booked)
    if not agreed and before.cost and (cost is None or cost < before.cost):
        cost, plan = before.cost, SessionPlan(record, session, booked.resources, before.slots)
    worked = SessionWorked(
        session=session, record=record, resources=booked.resources, slots=true, finished_minutes=finished, cost=cost
    )
    if schedule.worked.get(session) == worked:
        return []
    costs = record_cost(budget, record=record, session=session, amount=cost) if cost else []
    return [worked, *pricing.terms(plan), *costs]


def _refuse_future(session: str, slots: tuple[Slot, ...], zone: tzinfo, now: datetime) -> None:
    """Refuse to record work that is not over.  Raises: Refused ``session.future``."""
    end = max(slot.end for slot in slots)
    if end > now:
        told = f"{end.astimezone(zone):%Y-%m-%d %H:%M}"
        raise Refused(
            "session.future", f"{session} is not over: work until {told} has not been done yet; if it ended earlier, "
            "give its true hours", next=suggest("session show", session),
        )  # fmt: skip
