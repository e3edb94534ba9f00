"""Budgets and payments of records.

Tests: ``tests/orchestrator/cli/commands/money/test_budget.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from domain.booking import budget as budgets
from domain.booking import invoices
from domain.booking.budget import UNBUDGETED, Budget, BudgetEvent
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.money import Money, parse_money
from domain.core.refusal import Misused, NotFound, suggest
from domain.finance import allocation, finances
from domain.finance.allocation import at_version
from domain.finance.exchange import Charge
from domain.finance.finances import FINANCE_EVENTS, FinanceEvent, Finances
from domain.finance.invoice_receipt import receive
from domain.label.catalog import RecordOpened, catalog_after
from domain.label.curtain import sees
from domain.label.people import Permission, Role
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.booking.instalments import due_by_line
from orchestrator.desk.curtain import refuse_money
from orchestrator.log.query import Query
from orchestrator.readmodels import budget_status
from orchestrator.readmodels.budget_status import BUDGET_STATUS
from orchestrator.readmodels.compiled import BudgetStatusRow
from orchestrator.studio import History, Studio


def budget_query(record: str) -> Query:
    """Query for the budget of one record, its deals, and what their prices follow."""
    return Query.of(RecordOpened, *FINANCE_EVENTS, tags=[f"record:{record}"])


def finances_of(history: History, day: date) -> Finances:
    """The finances of a record after *history*, as they are looked at on *day*: overruns until then count."""
    events = (one.event for one in history if isinstance(one.event, FinanceEvent))
    found = fold_events(finances.evolve, Finances(), events)
    return replace(found, budget=found.budget.on(day))


def budget_of(history: History, day: date) -> Budget:
    """The budget after *history*, as it is looked at on *day*: overruns authorised until then count."""
    return finances_of(history, day).budget


def set_budget(studio: Studio, record: str, lines: Sequence[str], *, why: str | None = None) -> Budget:
    """Approve lines written as ``studio=7200``; return the budget after that.  Raises: Misused ``budget.lines``."""

    def fix(state: Budget, currency: str) -> list[BudgetEvent]:
        wanted: dict[str, Money] = {}
        for text in lines:
            name, equals, amount = text.partition("=")
            if not equals or not name.strip() or len(name.split()) != 1:
                raise Misused("budget.lines", f"{text!r} is no line; write studio=7200")
            if name in wanted:
                raise Misused("budget.lines", f"{name} is named twice")
            wanted[name] = parse_money(amount, currency)
        return budgets.set_lines(state, record=record, lines=wanted)

    return decide_budget(studio, record, fix, deed="budget", why=why)


def move(studio: Studio, record: str, source: str, target: str, amount: str, *, again: bool, why: str | None) -> Budget:
    """Move an amount from one line to another; return the budget after that."""
    return decide_budget(
        studio, record,
        lambda state, currency: allocation.move_amount(
            state, record=record, source=source, target=target, amount=parse_money(amount, currency), again=again
        ),
        deed="budget", why=why,
    )  # fmt: skip


def authorise(studio: Studio, record: str, line: str, amount: str, *, until: date, why: str) -> Budget:
    """Authorise an overrun of a line; return the budget after that.  Raises: Misused ``budget.why``; no reason."""
    if not why.strip():
        raise Misused("budget.why", "an overrun has a reason; write --why TEXT")
    return decide_budget(
        studio, record,
        lambda state, currency: allocation.authorise_overrun(
            state, record=record, line=line, amount=parse_money(amount, currency), until=until, today=studio.today()
        ),
        deed="budget", why=why,
    )  # fmt: skip


def spend(
    studio: Studio, record: str, line: str, amount: str, *, invoice: str, payee: str = "", session: str | None = None,
    deal: str | None = None, final: bool = False, why: str | None = None,
) -> Budget:  # fmt: skip
    """Pay an invoice; return the budget after that.

    An invoice for a deal that did not come in before is recorded as received and as paid.

    Raises:
        Misused: ``money.invoice``; the number is empty.
        NotFound: ``budget.line``, ``budget.commitment``.
        Refused: ``money.invoice``, ``budget.guard``.
    """

    def pay(state: Budget, currency: str) -> list[BudgetEvent]:
        money, came = parse_money(amount, currency), list[BudgetEvent]()
        if deal is not None:
            if state.commitment(deal) is None:
                raise NotFound("budget.commitment", f"there is no deal {deal}", next=suggest("deal list", record))
            came = receive(
                state, record=record, line=line, payee=payee, invoice=invoice, charge=Charge(money), session=session,
                deal=deal, final=final,
            )  # fmt: skip
            state = fold_events(budgets.evolve, state, came)
        paid = invoices.spend(
            state, record=record, line=line, amount=money, payee=payee, invoice=invoice, session=session,
            final=final and deal is None,
        )  # fmt: skip
        return [*came, *paid]

    if not invoice.strip():
        raise Misused("money.invoice", "an invoice has a number; write --invoice INV-1")
    return decide_budget(studio, record, pay, deed="spend", why=why)


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
    return decide_budget(studio, record, fix, deed="spend", why=why)


def void(studio: Studio, record: str, invoice: str, *, payee: str | None, why: str | None) -> Budget:
    """Void a payment; return the budget after that."""
    return decide_budget(
        studio, record, lambda state, _: invoices.void(state, record=record, invoice=invoice, payee=payee),
        deed="spend", why=why,
    )  # fmt: skip


def decide_budget(
    studio: Studio,
    record: str,
    decide: Callable[[Budget, str], list[BudgetEvent]],
    *,
    deed: Permission,
    why: str | None,
) -> Budget:
    """Decide by the budget and the currency of *record*; return the budget after that."""

    def decision(history: History, _: Role) -> tuple[Budget, Sequence[Event]]:
        state = budget_of(history, studio.today())
        events = decide(state, catalog_after(history).record(record).currency)
        return fold_events(budgets.evolve, state, events), events

    return studio.decide(budget_query(record), decision, deed=deed, why=why)


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
        for payment in budget_of(studio.read(budget_query(record)), studio.day_seen()).payments()
    ]


def budget_rows(studio: Studio) -> list[Row]:
    """One row for each record that has a budget or unbudgeted costs, with the sums of its lines."""
    refuse_money(studio)
    return [{"record": record, **sums} for record, sums in visible_budgets(studio).items()]


def visible_budgets(studio: Studio) -> dict[str, dict[str, Money]]:
    """The sums of each budget whose record's money the caller sees, by record; none without such a record.

    Authorised overruns count in none of them.
    """
    found = studio.asked(lambda connection: budget_status.rows(connection, studio.upto), BUDGET_STATUS)
    records: dict[str, list[BudgetStatusRow]] = {}
    for line in found:
        records.setdefault(line.record, []).append(line)
    return {record: _sums(lines) for record, lines in records.items() if sees(studio.reader, "money", record)}


def _sums(lines: Sequence[BudgetStatusRow]) -> dict[str, Money]:
    sums = {
        name: sum(getattr(line, name) for line in lines)
        for name in ("approved", "committed", "invoiced", "spent", "forecast", "unbudgeted")
    }
    left = sums["approved"] - sums["committed"] - sums["invoiced"] - sums["spent"]
    amounts = {name: sums[name] for name in ("approved", "committed", "spent")} | {
        "left": left, "unbudgeted": sums["unbudgeted"], "invoiced": sums["invoiced"], "forecast": sums["forecast"]
    }  # fmt: skip
    return {name: Money(minor=minor, currency=lines[0].currency) for name, minor in amounts.items()}


def report_rows(studio: Studio, record: str, *, version: int | None = None) -> list[Row]:
    """One row for each line of the budget of *record*, and one for what no line pays, if there is any.

    ``due`` is the sum of the instalments of deals that are due from the line and not invoiced; None without a deal.

    Args:
        studio: the store.
        record: id of the record.
        version: of the approved amounts, against which the present costs are shown; None for the latest.

    Raises:
        Refused: ``curtain.money``.
        NotFound: ``budget.version``.
    """
    refuse_money(studio, record)
    state = finances_of(studio.read(budget_query(record)), studio.day_seen())
    due = due_by_line(studio, record, state)
    return [
        row | {"due": due.get(None if row["line"] == UNBUDGETED else str(row["line"]))}
        for row in rows_of(state.budget, record, version=version)
    ]


def rows_of(budget: Budget, record: str, *, version: int | None = None) -> list[Row]:
    """The rows of :func:`report_rows` for *budget*.  Raises: NotFound ``budget.version``."""
    if version is not None:
        budget = at_version(budget, version, record=record)
    rows: list[Row] = [
        {
            "line": name, "approved": line.approved, "committed": line.promised, "spent": line.spent,
            "left": line.left, "invoiced": line.invoiced, "authorised": line.authorised,
            "authorised_until": line.overrun.until if line.overrun and line.authorised.minor else None,
            "forecast": line.forecast,
        }
        for name, line in budget.lines.items()
    ]  # fmt: skip
    if budget.beside is not None and budget.beside.minor:
        nothing = dict.fromkeys(("approved", "spent", "left", "invoiced", "authorised", "authorised_until"))
        rows.append({"line": UNBUDGETED, **nothing, "committed": budget.beside, "forecast": budget.beside})
    return rows
