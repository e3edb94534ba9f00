"""A session planned without booking it: what it would cost, line by line, and what would stand against it.

Tests: ``tests/orchestrator/cli/commands/session/test_session_plan.py``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain.booking import schedule
from domain.booking.booking import book
from domain.booking.budget import Budget
from domain.booking.slots import Slot
from domain.booking.terms.pricing import Duties
from domain.booking.terms.session_prices import Pricing, SessionPlan
from domain.core.address import slug
from domain.core.fold import fold_events
from domain.core.money import Money, zero
from domain.core.refusal import Refusal
from domain.label.catalog import catalog_after
from domain.label.curtain import sees
from domain.label.leaves import away_refusal
from orchestrator.desk.addressing.register import everybody, person_query
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.booking.booking import (
    booking_query,
    days_of,
    people_made_bookable,
    register_of,
    schedule_of,
)
from orchestrator.desk.booking.budget import budget_of
from orchestrator.desk.booking.holds import holds_against
from orchestrator.desk.booking.resource_corrections import corrections_of
from orchestrator.studio import Studio


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A session that was planned, and what booking it would say."""

    session: str
    """The number that it would get."""
    items: Sequence[Row]
    """One row for each item of the price: resource, what for, amount."""
    total: Money | None
    """None if nothing of it has a price, or the caller does not see money."""
    line: str | None
    left: Money | None
    """Left in the line now; None without one."""
    forecast: Money | None
    """Cost of the record at completion with this session; None without a budget."""
    approved: Money | None
    slack_days: int | None
    """Days from the end of the session to the record's due date; None without one."""
    refusal: Refusal | None
    """The refusal that booking it would meet; None if it could be booked now."""
    rivals: Sequence[str]
    """Held sessions that want the same time."""

    @property
    def left_after(self) -> Money | None:
        """Left in the line after the booking; below zero if the line cannot pay."""
        return self.left - self.total if self.left is not None and self.total is not None else None


def plan(
    studio: Studio, record: str, *, resources: Sequence[str], slots: tuple[Slot, ...], line: str | None,
    duties: Mapping[str, Duties], finished_minutes: int,
) -> PlannedSession:  # fmt: skip
    """Plan a session: everything that booking it would check and price, and nothing is recorded.

    Raises:
        NotFound: ``record.unknown``, ``resource.unknown``, ``budget.line``.
        Misused: as for a booking.
    """
    names = tuple(dict.fromkeys(slug(name) for name in resources))
    query = booking_query(record, names)
    for name in names:
        query |= person_query(name)
    history = studio.read(query)
    entry = catalog_after(history).record(record)
    corrections_of(history).refuse_absent(names)
    state, money, terms = schedule_of(history), budget_of(history, studio.today()), register_of(history)
    known = everybody(history)
    state = fold_events(schedule.evolve, state, people_made_bookable(state, known, names))
    wanted = SessionPlan(record, "", names, slots, duties, finished_minutes)
    pricing = Pricing(state, terms, entry.currency, studio.config.zone)
    refusal, session = _tried(pricing, money, wanted, line)
    refusal = away_refusal(known, names, days_of(slots, studio.config.zone)) or refusal
    shows = sees(studio.reader, "money", record)
    cost = pricing.priced_part(wanted)
    approved = sum((one.approved for one in money.lines.values()), zero(entry.currency))
    ends = max(slot.end for slot in slots).astimezone(studio.config.zone).date()
    return PlannedSession(
        session=session,
        items=_items(pricing, wanted) if shows else [],
        total=cost if shows else None,
        line=line,
        left=money.line(line, record=record).left if line and money.lines and shows else None,
        forecast=_forecast(money, line, cost or zero(entry.currency)) if money.lines and shows else None,
        approved=approved if money.lines and shows else None,
        slack_days=(entry.due - ends).days if entry.due else None,
        refusal=refusal,
        rivals=[f"{one.session} (rank {one.rank})" for one in holds_against(studio, session, names, slots)],
    )


def _forecast(money: Budget, line: str | None, cost: Money) -> Money:
    """Cost at completion of all lines and of what none pays, with *cost* more in *line*, or in none."""
    nothing = zero(cost.currency)
    lines = (
        max(one.approved, one.actual + one.promised + (cost if name == line else nothing))
        for name, one in money.lines.items()
    )
    beside = (money.beside or nothing) + (nothing if line in money.lines else cost)
    return sum(lines, nothing) + beside


def _tried(pricing: Pricing, money: Budget, wanted: SessionPlan, line: str | None) -> tuple[Refusal | None, str]:
    """The refusal of a booking, and the number that the session would get."""
    try:
        session, _ = book(
            pricing.schedule, money, record=wanted.record, resources=wanted.resources, slots=wanted.slots, line=line,
            currency=pricing.currency, zone=pricing.zone, register=pricing.register, duties=wanted.duties,
            finished_minutes=wanted.finished_minutes,
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.rule not in FORESEEN:
            raise
        return refusal, pricing.schedule.next_id(wanted.record)
    return None, session


FORESEEN: Final = frozenset(
    {"budget.guard", "schedule.conflict", "schedule.buffer", "schedule.blocked", "schedule.closed", "session.rate"}
)
"""Rules whose refusal a plan shows; any other is an error in what was typed."""


def _items(pricing: Pricing, wanted: SessionPlan) -> list[Row]:
    without = pricing.unpriced(wanted)
    return [
        {"resource": name, "item": item.name, "amount": item.amount}
        for name in wanted.resources
        if name not in without
        for item in pricing.items(wanted, name)
    ]
