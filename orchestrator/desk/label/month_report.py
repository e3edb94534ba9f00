"""Report of a label's money at the end of a month: every record's budget, and the invoices that came in.

Tests: ``tests/orchestrator/cli/commands/label/test_label_report.py``.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from domain.booking.received_invoices import InvoiceReceived, InvoiceWithdrawn
from domain.core.money import Money, zero
from domain.core.refusal import Misused
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.curtain import refuse_all_money
from orchestrator.log.query import Query
from orchestrator.readmodels import budget_status, label_board
from orchestrator.readmodels.budget_status import BUDGET_STATUS
from orchestrator.readmodels.compiled import BudgetStatusRow
from orchestrator.readmodels.label_board import LABEL_BOARD
from orchestrator.studio import Studio

_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
RECORD_COLUMNS: Final = (
    "record", "title", "approved", "committed", "invoiced", "spent", "left", "forecast", "unbudgeted", "cost_in_month",
    "spent_in_month",
)  # fmt: skip
INVOICE_COLUMNS: Final = (
    "record",
    "payee",
    "invoice",
    "line",
    "dated",
    "due",
    "foreign",
    "rate",
    "net",
    "tax",
    "gross",
)
_SUMS: Final = ("approved", "committed", "invoiced", "spent", "forecast", "unbudgeted")


@dataclass(frozen=True, slots=True)
class MonthReport:
    """The money of a label at the end of a month, or now if the month is not over."""

    label: str
    month: str
    """Such as ``2026-12``."""
    until: date
    """The last day that is counted."""
    records: Sequence[Row]
    """One row for each record with money, and for each currency its sum, whose record is empty."""
    invoices: Sequence[Row]
    """One row for each line of an invoice that came in during the month, and for each currency its sum."""


def month_report(studio: Studio, text: str) -> MonthReport:
    """The report of the month *text*, such as ``2026-12``, by the label's calendar.

    Raises:
        Misused: ``when``; *text* is no month, or one that has not begun.
        Refused: ``curtain.money``; the caller does not see the money of all records.
    """
    refuse_all_money(studio)
    found, today = _MONTH.fullmatch(text), studio.today()
    if not found or text[:4] == "0000":
        raise Misused("when", f"{text!r} is no month; write one like 2026-12")
    first = date(int(found[1]), int(found[2]), 1)
    if first > today:
        raise Misused("when", f"{text} has not begun; today is {today}")
    after = (first + timedelta(days=31)).replace(day=1)
    begun, ended = _position_before(studio, first), _position_before(studio, after)
    return MonthReport(
        label=studio.config.label,
        month=text,
        until=min(today, after - timedelta(days=1)),
        records=_with_sums(_records(studio, begun, ended), RECORD_COLUMNS),
        invoices=_with_sums(_invoices(studio, begun, ended), INVOICE_COLUMNS),
    )


def _position_before(studio: Studio, day: date) -> int:
    """The last log position recorded before *day* begins, as far as this studio sees."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=studio.config.zone)
    return min(studio.head(), studio.log.position_at(midnight - timedelta(microseconds=1)))


def _records(studio: Studio, begun: int, ended: int) -> list[Row]:
    board = studio.asked(lambda connection: label_board.rows(connection, ended), LABEL_BOARD)
    titles = {row.record: row.title for row in board if not row.song}
    before, lines = _lines(studio, begun), _lines(studio, ended)
    return [_record_row(record, titles.get(record, ""), own, before.get(record, ())) for record, own in lines.items()]


def _lines(studio: Studio, position: int) -> dict[str, list[BudgetStatusRow]]:
    found = studio.asked(lambda connection: budget_status.rows(connection, position), BUDGET_STATUS)
    lines: dict[str, list[BudgetStatusRow]] = {}
    for row in found:
        lines.setdefault(row.record, []).append(row)
    return lines


def _record_row(record: str, title: str, lines: Sequence[BudgetStatusRow], before: Sequence[BudgetStatusRow]) -> Row:
    had = {name: sum(getattr(line, name) for line in before) for name in _SUMS}
    has = {name: sum(getattr(line, name) for line in lines) for name in _SUMS}
    actual, spent = has["invoiced"] + has["spent"], has["spent"]
    amounts = has | {
        "left": has["approved"] - has["committed"] - actual,
        "cost_in_month": actual - had["invoiced"] - had["spent"],
        "spent_in_month": spent - had["spent"],
    }
    currency = lines[0].currency
    money = {name: Money(minor=minor, currency=currency) for name, minor in amounts.items()}
    return {"record": record, "title": title, **money}


def _invoices(studio: Studio, begun: int, ended: int) -> list[Row]:
    standing: dict[tuple[str, str, str], dict[str, tuple[int, InvoiceReceived]]] = {}
    for one in studio.read(Query.of(InvoiceReceived, InvoiceWithdrawn), upto=ended):
        match one.event:
            case InvoiceReceived(record=record, payee=payee, invoice=invoice, line=line):
                standing.setdefault((record, payee, invoice), {})[line] = (one.position, one.event)
            case InvoiceWithdrawn(record=record, payee=payee, invoice=invoice):
                standing.pop((record, payee, invoice), None)
    charges = (charge for lines in standing.values() for at, charge in lines.values() if at > begun)
    return [
        {
            "record": charge.record, "payee": charge.payee, "invoice": charge.invoice, "line": charge.line,
            "dated": charge.dated, "due": charge.due, "foreign": charge.foreign.net if charge.foreign else None,
            "rate": charge.foreign.rate if charge.foreign else "", "net": charge.net,
            "tax": charge.tax or zero(charge.net.currency), "gross": charge.gross,
        }
        for charge in charges
    ]  # fmt: skip


def _with_sums(rows: Sequence[Row], columns: Iterable[str]) -> list[Row]:
    """The rows, and for each currency a row of the sums of its amounts."""
    names = [name for name in columns if name != "foreign" and any(isinstance(row.get(name), Money) for row in rows)]
    sums: dict[str, Row] = {}
    for row in rows:
        amounts = {name: amount for name in names if isinstance(amount := row[name], Money)}
        currency = next(iter(amounts.values())).currency
        total = sums.setdefault(currency, {"record": "", "title": f"total {currency}", "payee": f"total {currency}"})
        for name, amount in amounts.items():
            known = total.get(name, zero(currency))
            total[name] = known + amount if isinstance(known, Money) else amount
    return [*rows, *sums.values()]
