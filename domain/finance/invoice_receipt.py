"""Decisions on invoices received: to record what one charges a line, to correct that, and to withdraw it.

The guard has no say here: an invoice that came in is a fact, even if its line cannot pay it.
"""

from datetime import date

from domain.booking.budget import Budget, BudgetEvent
from domain.booking.commitments import InvoiceKey
from domain.booking.received_invoices import InvoiceReceived, InvoiceWithdrawn
from domain.core.refusal import FreeText, Misused, NotFound, Refused, suggest
from domain.finance.exchange import Charge


def receive(
    budget: Budget,
    *,
    record: str,
    line: str,
    payee: str,
    invoice: str,
    charge: Charge,
    session: str | None = None,
    deal: str | None = None,
    final: bool = False,
    dated: date | None = None,
    due: date | None = None,
    correct: bool = False,
) -> list[BudgetEvent]:
    """Record that *invoice* of *payee* charges *line*; another line of it is recorded by another call.

    What is recorded already yields no event.

    Args:
        budget: the record's budget.
        record: its id.
        line: the line that is charged.
        payee: who sent the invoice.
        invoice: its number.
        charge: net amount, tax, and the invoice's own currency.
        session: id of the session that it is for.
        deal: id of the deal that it is for.
        final: True if no further invoice follows for the session or deal.
        dated: day of the invoice.
        due: day on which it must be paid.
        correct: True to replace what was recorded of this line.

    Raises:
        Misused: ``money.final``, ``money.currency``; ``money.invoice`` when a session and a deal are named.
        NotFound: ``budget.line``.
        Refused: ``money.invoice`` when it was recorded with other values and is not to be corrected.
    """
    approved = budget.line(line, record=record).approved
    _ = approved - charge.net  # refuses another currency
    if session and deal:
        raise Misused("money.invoice", "an invoice line is for a session or for a deal, not for both")
    if final and not (session or deal):
        raise Misused("money.final", "a final invoice is one for a session or a deal; name it, such as --session S1")
    payee, invoice = budget.recorded_key(payee, invoice)
    new = InvoiceReceived(
        record=record, payee=payee, invoice=invoice, line=line, net=charge.net, tax=charge.tax, tax_bp=charge.tax_bp,
        session=session, deal=deal, final=final, dated=dated, due=due, foreign=charge.foreign,
    )  # fmt: skip
    known = budget.received.get((payee, invoice), {}).get(line)
    if known == new:
        return []
    if known and not correct:
        raise Refused(
            "money.invoice",
            f"invoice {invoice}{_of(payee)} is recorded with {known.net} on {line}; if that was wrong, correct it",
            next=suggest(
                "budget invoice", record, line, "AMOUNT", invoice=FreeText(invoice), payee=FreeText(payee), correct=True
            ),
        )
    return [new]


def withdraw(budget: Budget, *, record: str, invoice: str, payee: str | None = None) -> list[BudgetEvent]:
    """Record that *invoice*, which was received, does not hold.  Repeated, it yields no event.

    Args:
        budget: the record's budget.
        record: its id.
        invoice: number of the invoice.
        payee: may be None if one payee alone sent an invoice of this number.

    Raises:
        NotFound: ``money.unreceived``.
        Refused: ``money.invoice`` when it is paid.
    """
    if payee is None:
        invoice = budget.recorded_number(invoice)
    else:
        payee, invoice = budget.recorded_key(payee, invoice)
    named = [key for key in budget.received if _is_named(key, payee, invoice)]
    if not named and any(_is_named(key, payee, invoice) for key in budget.withdrawn):
        return []
    if len(named) != 1:
        found = f"{len(named)} payees sent an invoice {invoice}; name one with --payee" if named else ""
        raise NotFound(
            "money.unreceived",
            found or f"no invoice {invoice}{_of(payee or '')} was received for {record}",
            next=suggest("budget invoices", record),
        )
    sender, _ = named[0]
    if paid := budget.paid(sender, invoice):
        raise Refused(
            "money.invoice",
            f"invoice {invoice}{_of(sender)} is paid: {paid.amount} from {paid.line}; void the payment first",
            next=suggest("budget void", record, FreeText(invoice)),
        )
    return [InvoiceWithdrawn(record=record, payee=sender, invoice=invoice)]


def _is_named(key: InvoiceKey, payee: str | None, invoice: str) -> bool:
    return key == (payee, invoice) if payee is not None else key[1] == invoice


def _of(payee: str) -> str:
    return f" of {payee}" if payee else ""
