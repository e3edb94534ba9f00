"""Budgets and payments of records.

Tests: ``tests/orchestrator/cli/commands/label/test_budget.py``.
"""

from collections.abc import Callable, Sequence
from typing import get_args

from domain.booking import budget as budgets
from domain.booking import invoices
from domain.booking.budget import Budget, BudgetEvent
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.money import Money, parse_money
from domain.core.refusal import Misused
from domain.label.catalog import RecordOpened, catalog_after
from domain.label.curtain import sees
from domain.label.people import Role
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.curtain import refuse_money
from orchestrator.log.query import Query
from orchestrator.readmodels import budget_status
from orchestrator.readmodels.budget_status import BUDGET_STATUS
from orchestrator.readmodels.compiled import BudgetStatusRow
from orchestrator.studio import History, Studio


def budget_query(record: str) -> Query:
    """Query for the budget of one record."""
    return Query.of(RecordOpened, *get_args(BudgetEvent), tags=[f"record:{record}"])


def budget_of(history: History) -> Budget:
    """The budget after *history*."""
    return fold_events(budgets.evolve, Budget(), (one.event for one in history if isinstance(one.event, BudgetEvent)))


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
    final: bool = False, why: str | None = None,
) -> Budget:  # fmt: skip
    """Pay an invoice; return the budget after that.  Raises: Misused ``money.invoice``, the number is empty."""

    def pay(state: Budget, currency: str) -> list[BudgetEvent]:
        return invoices.spend(
            state, record=record, line=line, amount=parse_money(amount, currency), payee=payee, invoice=invoice,
            session=session, final=final,
        )  # fmt: skip

    if not invoice.strip():
        raise Misused("money.invoice", "an invoice has a number; write --invoice INV-1")
    return _decide_payment(studio, record, pay, why)


def correct(
    studio: Studio, record: str, invoice: str, *, payee: str | None, line: str | None, amount: str | None,
    session: str | None, final: bool | None, why: str | None,
) -> Budget:  # fmt: skip
    """Correct what was recorded of a payment; return the budget after that."""

    def fix(state: Budget, currency: str) -> list[BudgetEvent]:
        money = None if amount is None else parse_money(amount, currency)
        return invoices.correct(
            state, record=record, invoice=invoice, payee=payee, line=line, amount=money, session=session, final=final
        )

    if line is None and amount is None and session is None and final is None:
        raise Misused("money.correction", "name what was wrong: --amount, --line, --session or --final")
    return _decide_payment(studio, record, fix, why)


def void(studio: Studio, record: str, invoice: str, *, payee: str | None, why: str | None) -> Budget:
    """Void a payment; return the budget after that."""
    return _decide_payment(
        studio, record, lambda state, _: invoices.void(state, record=record, invoice=invoice, payee=payee), why
    )


def _decide_payment(
    studio: Studio, record: str, decide: Callable[[Budget, str], list[BudgetEvent]], why: str | None
) -> Budget:
    """Decide on a payment by the budget and the currency of *record*; return the budget after that."""

    def decision(history: History, _: Role) -> tuple[Budget, Sequence[Event]]:
        state = budget_of(history)
        events = decide(state, catalog_after(history).record(record).currency)
        return fold_events(budgets.evolve, state, events), events

    return studio.decide(budget_query(record), decision, deed="spend", why=why)


def payment_rows(studio: Studio, record: str) -> list[Row]:
    """One row for each paid invoice of *record*, line by line, the last recorded or corrected at the end."""
    refuse_money(studio, record)
    return [
        {
            "invoice": payment.invoice,
            "payee": payment.payee,
            "amount": payment.amount,
            "line": payment.line,
            "session": payment.session or "",
            "final": "final" if payment.closes else "",
        }
        for payment in budget_of(studio.read(budget_query(record))).payments()
    ]


def budget_rows(studio: Studio) -> list[Row]:
    """One row for each record that has a budget or unbudgeted costs, with the sums of its lines."""
    refuse_money(studio)
    found = studio.asked(lambda connection: budget_status.rows(connection, studio.upto), BUDGET_STATUS)
    records: dict[str, list[BudgetStatusRow]] = {}
    for line in found:
        records.setdefault(line.record, []).append(line)
    visible = {record: lines for record, lines in records.items() if sees(studio.reader, "money", record)}
    return [_budget_row(record, lines) for record, lines in visible.items()]


def _budget_row(record: str, lines: Sequence[BudgetStatusRow]) -> Row:
    approved, committed, spent = (
        sum(line.approved for line in lines), sum(line.committed for line in lines), sum(line.spent for line in lines)
    )  # fmt: skip
    amounts = {
        "approved": approved, "committed": committed, "spent": spent, "left": approved - committed - spent,
        "unbudgeted": sum(line.unbudgeted for line in lines),
    }  # fmt: skip
    return {"record": record} | {
        name: Money(minor=minor, currency=lines[0].currency) for name, minor in amounts.items()
    }
