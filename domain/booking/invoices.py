"""Decisions on a record's invoices: to pay one, to correct its payment, or to void its payment."""

from dataclasses import replace

from domain.booking.budget import Budget, BudgetEvent, evolve
from domain.booking.costs import OVERRIDE, raise_line
from domain.booking.payments import MoneySpent, Payment, PaymentCorrected, PaymentVoided
from domain.booking.received_invoices import InvoiceWithdrawn, ReceivedLines
from domain.core.money import Money, zero
from domain.core.refusal import FreeText, Misused, NotFound, Refused, suggest


def spend(
    budget: Budget,
    *,
    record: str,
    line: str,
    amount: Money,
    payee: str,
    invoice: str,
    session: str | None = None,
    final: bool = False,
) -> list[BudgetEvent]:
    """Pay *invoice* of *payee* from *line*; *session*'s commitment falls by *amount*, or to nothing if *final*.

    An identical payment yields no event.  An invoice that was received is paid line by line, and its session need not
    be named again.

    Raises:
        Misused: ``money.final`` when no session is named.
        NotFound: ``budget.line``; ``budget.commitment`` when nothing was ever committed to the session.
        Refused: ``money.invoice`` when the invoice was paid with another amount, line, session or finality, or was
            received for another line or session, or for less; ``budget.guard`` when a line would be overdrawn.
    """
    payee, invoice = budget.recorded_key(payee, invoice)
    received = budget.received.get((payee, invoice), {})
    charge = received.get(line)
    if charge is not None and session is None:
        session = charge.session
    new = Payment(line, amount, payee, invoice, session, final)
    paid = budget.lines[line].paid.get(new.key) if charge and line in budget.lines else budget.paid(payee, invoice)
    if paid:
        if paid.matches(new):
            return []
        raise Refused(
            "money.invoice",
            f"invoice {invoice}{f' of {payee}' if payee else ''} is booked already: {paid.amount} from {paid.line}",
            next=suggest("budget correct", record, FreeText(invoice), amount="AMOUNT"),
        )
    if received:
        _refuse_other_charge(received, new, record)
    if charge is None or charge.charged is None or charge.charged != session:
        _refuse_unfit(budget, new, record)
    event = MoneySpent(
        record=record, line=line, amount=amount, payee=payee, invoice=invoice, session=session, settles="amount",
        final=final,
    )  # fmt: skip
    before = evolve(budget, InvoiceWithdrawn(record=record, payee=payee, invoice=invoice)) if received else budget
    return _guarded(before, event, new, record, after=evolve(budget, event), received=bool(received))


def correct(
    budget: Budget,
    *,
    record: str,
    invoice: str,
    payee: str | None = None,
    line: str | None = None,
    amount: Money | None = None,
    session: str | None = None,
    final: bool | None = None,
) -> list[BudgetEvent]:
    """Correct the payment of *invoice*; arguments that are None leave the recorded value.

    A payment that released its whole commitment still does so after a correction, unless *final* is False.

    Args:
        budget: the record's budget.
        record: its id.
        invoice: number of the invoice.
        payee: may be None if one payee alone has an invoice of this number.
        line: the line that pays.
        amount: the amount that was paid.
        session: the session that was paid for; empty for none.
        final: True if no further payment for the session follows.

    Raises:
        Misused: ``money.final`` when the payment is for no session.
        NotFound: ``money.unpaid``, ``budget.line``, ``budget.commitment``.
        Refused: ``budget.guard`` when a line would be overdrawn; ``money.lines`` when several lines paid the invoice.
    """
    payee, invoice = _recorded(budget, payee, invoice)
    _refuse_several_lines(budget, record, payee, invoice)
    old = _payment(budget, record, payee, invoice)
    of = old.session if session is None else session or None
    closes = (old.closes and of is not None) if final is None else final
    new = replace(
        old,
        line=old.line if line is None else line,
        amount=old.amount if amount is None else amount,
        session=of,
        final=closes,
        settles="amount",
    )
    if new == replace(old, final=old.closes, settles="amount"):
        return []
    _refuse_unfit(budget, new, record)
    event = PaymentCorrected(
        record=record, payee=old.payee, invoice=invoice, line=new.line, amount=new.amount, session=of, final=closes
    )
    return _guarded(budget, event, new, record)


def void(budget: Budget, *, record: str, invoice: str, payee: str | None = None) -> list[BudgetEvent]:
    """Void the payment of *invoice*; the amount it settled is committed again.  Repeated, it yields no event.

    Raises:
        NotFound: ``money.unpaid``.
        Refused: ``budget.guard`` when the amount that is committed again would overdraw a line.
    """
    payee, invoice = _recorded(budget, payee, invoice)
    if not any(_is_named(paid.key, payee, invoice) for paid in budget.payments()) and any(
        _is_named(key, payee, invoice) for key in budget.voided
    ):
        return []
    old = _payment(budget, record, payee, invoice)
    event = PaymentVoided(record=record, payee=old.payee, invoice=invoice)
    return _guarded(budget, event, old, record)


def _recorded(budget: Budget, payee: str | None, invoice: str) -> tuple[str | None, str]:
    """Payee, if one is named, and number of an invoice, spelled as they were recorded."""
    return (None, budget.recorded_number(invoice)) if payee is None else budget.recorded_key(payee, invoice)


def _is_named(key: tuple[str, str], payee: str | None, invoice: str) -> bool:
    return key == (payee, invoice) if payee is not None else key[1] == invoice


def _payment(budget: Budget, record: str, payee: str | None, invoice: str) -> Payment:
    found = [paid for paid in budget.payments() if _is_named(paid.key, payee, invoice)]
    if len({paid.key for paid in found}) == 1:
        return found[0]
    if found:
        payees = ", ".join(paid.payee or '""' for paid in found)
        detail = f"{len(found)} payees have an invoice {invoice}: {payees}; name one with --payee"
    else:
        detail = f"no invoice {invoice}{f' of {payee}' if payee else ''} was paid for {record}"
    raise NotFound("money.unpaid", detail, next=suggest("budget payments", record))


def _refuse_unfit(budget: Budget, payment: Payment, record: str) -> None:
    """Refuse a payment from an unknown line, for an uncommitted session, or final without a session."""
    budget.line(payment.line, record=record)
    if payment.session is None and payment.final:
        raise Misused("money.final", "a final payment is one for a session; name it, such as --session S1")
    if payment.session is not None and budget.commitment(payment.session) is None:
        raise NotFound(
            "budget.commitment", f"{payment.session} has nothing committed", next=suggest("budget report", record)
        )


def _refuse_other_charge(received: ReceivedLines, payment: Payment, record: str) -> None:
    """Refuse to pay what the invoice, as it was received, does not charge.  Raises: Refused ``money.invoice``."""
    charge, of = received.get(payment.line), f" of {payment.payee}" if payment.payee else ""
    if charge is None:
        told = f"charges {' and '.join(received)}, not {payment.line}"
    elif payment.amount > charge.net:
        told = f"charges {charge.net} on {payment.line}, and {payment.amount} is {payment.amount - charge.net} more"
    elif payment.session is not None and payment.session != charge.session:
        told = f"is for {charge.charged or 'no session'}, not {payment.session}"
    else:
        return
    raise Refused("money.invoice", f"invoice {payment.invoice}{of} {told}", next=suggest("budget invoices", record))


def _refuse_several_lines(budget: Budget, record: str, payee: str | None, invoice: str) -> None:
    """Refuse to correct the payments of an invoice that several lines paid.  Raises: Refused ``money.lines``."""
    paid = [one for one in budget.payments() if _is_named(one.key, payee, invoice)]
    if len(paid) > len({one.key for one in paid}):
        lines = " and ".join(one.line for one in paid)
        raise Refused(
            "money.lines",
            f"invoice {invoice} is paid from {lines}; void it, and pay each line anew",
            next=suggest("budget void", record, FreeText(invoice)),
        )


def _guarded(
    budget: Budget,
    event: MoneySpent | PaymentCorrected | PaymentVoided,
    payment: Payment,
    record: str,
    *,
    after: Budget | None = None,
    received: bool = False,
) -> list[BudgetEvent]:
    """Return *event*, unless it overdraws a line, or one that is overdrawn already even more.

    Args:
        budget: the budget before; for an invoice that was received, without it.
        event: the event about the payment.
        payment: what was paid, after the event.
        record: id of the record.
        after: the budget after the event, where it does not follow from *budget*.
        received: True to count what a line may pay; unpaid invoices do not stand in the way of one that was received.

    Raises:
        Refused: ``budget.guard``.
    """
    after, nothing = after or evolve(budget, event), zero(payment.amount.currency)
    for name, line in after.lines.items():
        before = budget.line(name)
        left, had = (line.payable, before.payable) if received else (line.left, before.left)
        if left < nothing and left < had:
            short = nothing - left
            if isinstance(event, PaymentVoided):
                told = f"without {event.invoice}, {name} has {line.promised} committed and is {short} short"
            elif name == payment.line:
                told = f"{event.invoice} costs {payment.amount}, {name} has {left + payment.amount} left, short {short}"
            else:
                told = f"{event.invoice} no longer settles {line.promised} of {name}, which is {short} short"
            raise Refused(
                "budget.guard",
                f"{told}; {OVERRIDE}",
                next=raise_line(budget, record=record, line=name, short=short),
                short=short,
            )
    return [event]
