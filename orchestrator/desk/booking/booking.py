"""Bookable resources, budgets and sessions.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from domain.booking import booking, schedule
from domain.booking import budget as budgets
from domain.booking.budget import Budget, BudgetEvent, BudgetSet, CostCommitted, MoneySpent
from domain.booking.schedule import (
    ResourceAdded,
    ResourceKind,
    Schedule,
    ScheduleEvent,
    SessionBooked,
    Slot,
    parse_rate,
)
from domain.core.address import slug
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.ids import relative_to
from domain.core.money import Money, parse_money
from domain.core.refusal import Misused, NotFound, suggest
from domain.label.catalog import RecordOpened, catalog_after
from domain.label.corrections import EntryEvent
from domain.label.people import Role
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.addressing.times import shown
from orchestrator.desk.booking.resource_corrections import RESOURCES, corrections_of
from orchestrator.log.query import Query
from orchestrator.readmodels import budget_status
from orchestrator.readmodels.budget_status import BUDGET_STATUS
from orchestrator.readmodels.compiled import BudgetStatusRow
from orchestrator.studio import History, Studio


def budget_query(record: str) -> Query:
    """Query for the budget of one record."""
    return Query.of(RecordOpened, BudgetSet, CostCommitted, MoneySpent, tags=[f"record:{record}"])


def budget_of(history: History) -> Budget:
    """The budget after *history*."""
    return fold_events(budgets.evolve, Budget(), (one.event for one in history if isinstance(one.event, BudgetEvent)))


def schedule_of(history: History) -> Schedule:
    """The schedule after *history*."""
    return fold_events(
        schedule.evolve, Schedule(), (one.event for one in history if isinstance(one.event, ScheduleEvent))
    )


def add_resource(studio: Studio, name: str, *, sort: ResourceKind, rate: str | None) -> str:
    """Make a room, a person or gear bookable; return its id.

    The id of a removed or shelved resource is not given again: another one of that name gets ``-2``.
    """
    price = parse_rate(rate, studio.config.currency) if rate else None

    def decision(history: History, _: Role) -> tuple[str, Sequence[Event]]:
        resource = slug(name, corrections_of(history).absent)
        return resource, schedule.add_resource(schedule_of(history), resource=resource, sort=sort, rate=price)

    return studio.decide(RESOURCES, decision, deed="book")


def set_budget(studio: Studio, record: str, lines: Sequence[str]) -> Budget:
    """Approve lines written as ``studio=7200``; return the budget after that.  Raises: Misused ``budget.lines``."""

    def decision(history: History, _: Role) -> tuple[Budget, Sequence[Event]]:
        currency, wanted = catalog_after(history).record(record).currency, {}
        for text in lines:
            name, equals, amount = text.partition("=")
            if not equals or not name.strip() or len(name.split()) != 1:
                raise Misused("budget.lines", f"{text!r} is no line; write studio=7200")
            if name in wanted:
                raise Misused("budget.lines", f"{name} is named twice")
            wanted[name] = parse_money(amount, currency)
        state = budget_of(history)
        events = budgets.set_lines(state, record=record, lines=wanted)
        return fold_events(budgets.evolve, state, events), events

    return studio.decide(budget_query(record), decision, deed="budget")


def spend(
    studio: Studio, record: str, line: str, amount: str, *, invoice: str, payee: str = "", session: str | None = None,
    why: str | None = None,
) -> Budget:  # fmt: skip
    """Pay an invoice; return the budget after that.  Raises: Misused ``money.invoice``, the number is empty."""

    def decision(history: History, _: Role) -> tuple[Budget, Sequence[Event]]:
        money = parse_money(amount, catalog_after(history).record(record).currency)
        state = budget_of(history)
        events = budgets.spend(
            state, record=record, line=line, amount=money, payee=payee, invoice=invoice, session=session
        )
        return fold_events(budgets.evolve, state, events), events

    if not invoice.strip():
        raise Misused("money.invoice", "an invoice has a number; write --invoice INV-1")
    return studio.decide(budget_query(record), decision, deed="spend", why=why)


@dataclass(frozen=True, slots=True)
class BookingResult:
    """A booked session, and the budget after it."""

    session: SessionBooked
    budget: Budget


def book(
    studio: Studio, record: str, *, resources: Sequence[str], slots: tuple[Slot, ...], line: str | None
) -> BookingResult:
    """Book a session: check the calendar, then the budget, and commit both or neither."""
    zone, names = studio.config.zone, [slug(name) for name in resources]

    def decision(history: History, _: Role) -> tuple[BookingResult, Sequence[Event]]:
        currency = catalog_after(history).record(record).currency
        corrections_of(history).refuse_absent(names)
        state, money = schedule_of(history), budget_of(history)
        session, events = booking.book(
            state, money, record=record, resources=names, slots=slots, line=line, currency=currency, zone=zone
        )
        state = fold_events(schedule.evolve, state, (one for one in events if isinstance(one, ScheduleEvent)))
        money = fold_events(budgets.evolve, money, (one for one in events if isinstance(one, BudgetEvent)))
        return BookingResult(state.sessions[session], money), events

    query = budget_query(record) | Query.of(SessionBooked, tags=[f"record:{record}"])
    for name in names:
        query |= Query.of(ResourceAdded, SessionBooked, *get_args(EntryEvent), tags=[f"resource:{name}"])
    return studio.decide(query, decision, deed="book")


def sessions_of(studio: Studio, record: str) -> list[SessionBooked]:
    """The sessions of a record, in the order they were booked."""
    return list(schedule_of(studio.read(Query.of(SessionBooked, tags=[f"record:{record}"]))).sessions.values())


def session_named(studio: Studio, record: str, session: str) -> str:
    """The full id of a session written ``S1`` or in full.  Raises: NotFound ``session.unknown``."""
    full = f"{record}/{relative_to(session, record).upper()}"
    if full not in {booked.session for booked in sessions_of(studio, record)}:
        raise NotFound("session.unknown", f"{record} has no session {session}", next=suggest("session list", record))
    return full


def session_rows(studio: Studio, record: str) -> list[Row]:
    """One row for each session of *record*."""
    return [
        {
            "session": booked.session,
            "from": shown(studio, booked.slots[0].start),
            "to": shown(studio, booked.slots[-1].end),
            "resources": ", ".join(booked.resources),
            "line": booked.line or "",
            "cost": booked.cost,
            "slots": len(booked.slots),
        }
        for booked in sessions_of(studio, record)
    ]


def resource_rows(studio: Studio) -> list[Row]:
    """One row for each resource that can be booked, without removed and shelved ones."""
    history = studio.read(RESOURCES)
    state, corrections = schedule_of(history), corrections_of(history)
    return [
        {
            "resource": name,
            "title": corrections.titles.get(name, name),
            "kind": there.sort,
            "rate": f"{there.rate.amount}/{there.rate.per}" if there.rate else "",
        }
        for name, there in state.resources.items()
        if name not in corrections.absent
    ]


def booking_rows(studio: Studio, resource: str) -> list[Row]:
    """One row for each slot in which *resource* is booked.  Raises: NotFound ``resource.unknown``."""
    state = schedule_of(studio.read(Query.of(ResourceAdded, SessionBooked, tags=[f"resource:{resource}"])))
    state.resource(resource)
    return [
        {"session": booked.session, "from": shown(studio, slot.start), "to": shown(studio, slot.end)}
        for booked in state.sessions.values()
        for slot in booked.slots
    ]


def budget_rows(studio: Studio) -> list[Row]:
    """One row for each record that has a budget, with the sums of its lines."""
    found = studio.asked(lambda connection: budget_status.rows(connection, studio.upto), BUDGET_STATUS)
    records: dict[str, list[BudgetStatusRow]] = {}
    for line in found:
        records.setdefault(line.record, []).append(line)
    return [_budget_row(record, lines) for record, lines in records.items()]


def _budget_row(record: str, lines: Sequence[BudgetStatusRow]) -> Row:
    approved, committed, spent = (
        sum(line.approved for line in lines), sum(line.committed for line in lines), sum(line.spent for line in lines)
    )  # fmt: skip
    amounts = {"approved": approved, "committed": committed, "spent": spent, "left": approved - committed - spent}
    return {"record": record} | {
        name: Money(minor=minor, currency=lines[0].currency) for name, minor in amounts.items()
    }
