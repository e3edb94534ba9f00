"""Invoices received, as they are recorded, withdrawn and listed.

Tests: ``tests/orchestrator/cli/commands/money/test_received_invoices.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.booking.budget import Budget, BudgetEvent
from domain.booking.received_invoices import InvoiceReceived
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.money import active_currency, zero
from domain.core.refusal import Misused
from domain.finance import finances
from domain.finance.exchange import Charge, converted, parse_charge
from domain.finance.invoice_receipt import receive, withdraw
from domain.label.catalog import catalog_after
from domain.label.people import Role
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.booking.budget import budget_of, budget_query, decide_budget, finances_of
from orchestrator.desk.curtain import refuse_money
from orchestrator.studio import History, Studio


@dataclass(frozen=True, slots=True)
class InvoiceText:
    """An invoice as it was typed."""

    line: str
    amount: str
    """Without tax, in the invoice's currency."""
    invoice: str
    payee: str
    tax: str | None = None
    """``19%`` of the amount, or an amount."""
    session: str | None = None
    deal: str | None = None
    final: bool = False
    dated: date | None = None
    due: date | None = None
    currency: str | None = None
    """Of the invoice, if it is not the record's."""
    rate: str | None = None
    """Units of the record's currency for one of the invoice's."""
    on: date | None = None
    """Day of the rate; by default that of the invoice."""

    def charge(self, currency: str) -> Charge:
        """The charge in *currency*, that of the record.

        Raises:
            Misused: ``money.amount``, ``money.percent``, ``money.currency``, ``money.rate``.
        """
        own = active_currency(self.currency) if self.currency else currency
        if own == currency:
            if self.rate or self.on:
                raise Misused("money.rate", f"the invoice is in {currency} as the record is: it has no rate")
            return parse_charge(self.amount, self.tax, currency)
        on = self.on or self.dated
        if self.rate is None or on is None:
            raise Misused("money.rate", f"an invoice in {own} has a rate and its day: write --rate 1.17 --on DATE")
        return converted(parse_charge(self.amount, self.tax, own), rate=self.rate, on=on, currency=currency)


@dataclass(frozen=True, slots=True)
class RecordedInvoice:
    """An invoice that was received, the budget after it, and what is remarkable about it, a sentence each."""

    charge: InvoiceReceived
    budget: Budget
    remarks: Sequence[str]


def receive_invoice(
    studio: Studio, record: str, text: InvoiceText, *, correct: bool = False, why: str | None = None
) -> RecordedInvoice:
    """Record an invoice that came in; it is never refused for want of money.

    Raises:
        Misused: ``money.invoice``, the number is empty; see also :meth:`InvoiceText.charge`.
        NotFound: ``budget.line``, ``deal.unknown``.
        Refused: ``money.invoice``, it is recorded with other values.
    """
    if not text.invoice.strip():
        raise Misused("money.invoice", "an invoice has a number; write --invoice INV-1")

    def decision(history: History, _: Role) -> tuple[RecordedInvoice, Sequence[Event]]:
        state = finances_of(history, studio.today())
        if text.deal is not None:
            state.deal(text.deal)
        events = receive(
            state.budget, record=record, line=text.line, payee=text.payee, invoice=text.invoice,
            charge=text.charge(catalog_after(history).record(record).currency), session=text.session, deal=text.deal,
            final=text.final, dated=text.dated, due=text.due, correct=correct,
        )  # fmt: skip
        after = fold_events(finances.evolve, state, events).budget
        charge = after.received[after.recorded_key(text.payee, text.invoice)][text.line]
        return RecordedInvoice(charge, after, _remarks(state.budget, after, charge)), events

    return studio.decide(budget_query(record), decision, deed="spend", why=why)


def _remarks(before: Budget, after: Budget, charge: InvoiceReceived) -> list[str]:
    line, nothing = after.line(charge.line), zero(charge.net.currency)
    found = []
    if charge.foreign:
        found.append(f"{charge.foreign.net} at {charge.foreign.rate} of {charge.foreign.on} are {charge.net}")
    if charge.tax:
        found.append(f"{charge.gross} to transfer: {charge.net} and {charge.tax} tax, which counts in no line")
    if charge.charged:
        found += _commitment_remarks(before, after, charge, charge.charged)
    if paid := after.paid(charge.payee, charge.invoice):
        found.append(f"paid already: {paid.amount} from {paid.line}")
    if line.left < nothing:
        found.append(f"{charge.line} is overdrawn by {nothing - line.left}; it can be paid once label raises the line")
    return found


def _commitment_remarks(before: Budget, after: Budget, charge: InvoiceReceived, of: str) -> list[str]:
    held, rest = before.commitment(of), after.commitment(of)
    if held is None or rest is None:
        return [f"nothing is committed to {of}"]
    if rest.open.minor:
        return [f"{rest.open} stays committed to {of}; --final with the last invoice frees the rest"]
    if (charge.payee, charge.invoice) not in held.paid and held.open < charge.net:
        return [f"{of} has {held.open} committed: {charge.net - held.open} less than that"]
    return []


def withdraw_invoice(studio: Studio, record: str, invoice: str, *, payee: str | None, why: str | None) -> Budget:
    """Record that an invoice does not hold; return the budget after that."""

    def decide(state: Budget, _: str) -> list[BudgetEvent]:
        return withdraw(state, record=record, invoice=invoice, payee=payee)

    return decide_budget(studio, record, decide, deed="spend", why=why)


def invoice_rows(studio: Studio, record: str, *, only_unpaid: bool = False) -> list[Row]:
    """One row for each budget line that an invoice of *record* charges, in the order they were received.

    Raises:
        Refused: ``curtain.money``.
    """
    refuse_money(studio, record)
    budget = budget_of(studio.read(budget_query(record)), studio.day_seen())
    rows: list[Row] = []
    for key, charges in budget.received.items():
        for name, charge in charges.items():
            line = budget.lines.get(name)
            rest = line.unpaid.get(key) if line else None
            if only_unpaid and rest is None:
                continue
            late = rest is not None and charge.due is not None and charge.due < studio.day_seen()
            rows.append(
                {
                    "invoice": charge.invoice, "payee": charge.payee, "line": name, "net": charge.net,
                    "tax": charge.tax, "gross": charge.gross, "unpaid": rest or zero(charge.net.currency),
                    "for": charge.charged or "", "dated": charge.dated, "due": charge.due,
                    "foreign": charge.foreign.net if charge.foreign else None,
                    "rate": charge.foreign.rate if charge.foreign else "",
                    "rate_on": charge.foreign.on if charge.foreign else None,
                    "state": "overdue" if late else "unpaid" if rest else "paid",
                }
            )  # fmt: skip
    return rows
