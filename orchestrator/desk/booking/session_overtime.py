"""Overtime of a session that runs: what going on costs.

Tests: ``tests/orchestrator/cli/commands/session/test_session_overtime.py``.
"""

from dataclasses import dataclass
from datetime import datetime

from domain.booking.slots import Slot
from domain.booking.terms.overtime import OvertimePreview, preview_overtime
from domain.booking.terms.session_prices import Pricing, SessionPlan
from domain.core.money import Money, zero
from domain.core.refusal import Refused, suggest
from domain.label.catalog import catalog_after
from orchestrator.desk.booking.booking import booking_query, register_of, schedule_of, sessions_of
from orchestrator.desk.booking.budget import budget_of
from orchestrator.desk.curtain import refuse_money
from orchestrator.studio import Studio


@dataclass(frozen=True, slots=True)
class SessionOvertime:
    """The overtime of a session, and what its line has left."""

    preview: OvertimePreview
    booked: Money
    line: str | None
    left: Money | None


def session_overtime(studio: Studio, record: str, session: str, *, at: datetime) -> SessionOvertime:
    """The overtime of *session* at the moment *at*, by the terms agreed for it.

    Raises:
        NotFound: ``session.unknown``.
        Refused: ``curtain.money``; ``session.cancelled``; ``session.rate``, nothing in it has a price.
    """
    refuse_money(studio, record)
    known = {booked.session: booked for booked in sessions_of(studio, record)}
    resources = known[session].resources if session in known else ()
    history = studio.read(booking_query(record, resources))
    state, currency = schedule_of(history), catalog_after(history).record(record).currency
    booked = state.session(session, record=record)
    if session in state.cancelled:
        raise Refused("session.cancelled", f"{session} is cancelled", next=suggest("session list", record))
    pricing = Pricing(state, register_of(history), currency, studio.config.zone)

    def price(slots: tuple[Slot, ...]) -> Money:
        plan = SessionPlan(record, session, booked.resources, slots)
        return pricing.priced_part(plan) or zero(currency)

    if pricing.priced_part(SessionPlan(record, session, booked.resources, booked.slots)) is None:
        raise Refused("session.rate", f"nothing in {session} has a price", next=suggest("session show", session))
    budget = budget_of(history, studio.day_seen())
    line = budget.line_of(session)
    return SessionOvertime(
        preview_overtime(price, booked.slots, at), price(booked.slots), line, budget.lines[line].left if line else None
    )
