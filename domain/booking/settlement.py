"""Settlement: the costs of one invoice, each counted once against the commitment it is for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from domain.booking.budget_line import BudgetLine
from domain.booking.commitments import Commitment, InvoiceKey
from domain.booking.received_invoices import ReceivedLines, unpaid
from domain.core.money import Money

Lines = Mapping[str, BudgetLine]
Commitments = Mapping[str, Commitment]


@dataclass(frozen=True, slots=True)
class InvoiceCost:
    """A cost of an invoice: a payment of it, or the unpaid part of what it charges a line."""

    line: str
    amount: Money
    charged: str | None
    """Id of the session or deal that it is for."""
    closes: bool
    """True if nothing stays committed after it."""


def settled(
    lines: Lines, unbudgeted: Commitments, key: InvoiceKey, received: ReceivedLines, *, keeps_closed: bool = False
) -> tuple[dict[str, BudgetLine], dict[str, Commitment]]:
    """The lines and the unbudgeted commitments with the costs of the invoice *key* counted anew.

    A cost counts against the commitment that its own line has for the session or deal, else against that of the first
    other line, else against the unbudgeted one; without any, against none.

    Args:
        lines: the budget's lines, with the payments of the invoice.
        unbudgeted: commitments that no line pays.
        key: payee and number of the invoice.
        received: what it charges; empty if it was not received.
        keeps_closed: True if a payment closes only what it has closed already, since the event is none of payment.
    """
    closed = frozenset(of for of, one in _commitments(lines, unbudgeted) if key in one.closed_by)
    paid = {name: line.paid[key].amount for name, line in lines.items() if key in line.paid}
    rest = unpaid(received, paid)
    bare = {name: _without(line, key, rest.get(name)) for name, line in lines.items()}
    open_ = {of: one.reopened(key) for of, one in unbudgeted.items()}
    for cost in _costs(lines, key, received, rest, closed if keeps_closed else None):
        if cost.charged is None:
            continue
        holder = next((name for name in (cost.line, *bare) if cost.charged in bare[name].committed), None)
        if holder is not None:
            line = bare[holder]
            one = line.committed[cost.charged].settled(key, cost.amount, closes=cost.closes)
            bare[holder] = replace(line, committed={**line.committed, cost.charged: one})
        elif cost.charged in open_:
            open_[cost.charged] = open_[cost.charged].settled(key, cost.amount, closes=cost.closes)
    return bare, open_


def _commitments(lines: Lines, unbudgeted: Commitments) -> Iterable[tuple[str, Commitment]]:
    for line in lines.values():
        yield from line.committed.items()
    yield from unbudgeted.items()


def _without(line: BudgetLine, key: InvoiceKey, rest: Money | None) -> BudgetLine:
    """The line with nothing settled by the invoice, and *rest* as its unpaid part."""
    others = {other: amount for other, amount in line.unpaid.items() if other != key}
    return replace(
        line,
        committed={of: one.reopened(key) for of, one in line.committed.items()},
        unpaid={**others, key: rest} if rest else others,
    )


def _costs(
    lines: Lines, key: InvoiceKey, received: ReceivedLines, rest: Mapping[str, Money], closed: frozenset[str] | None
) -> Iterator[InvoiceCost]:
    """The payments and the unpaid parts of an invoice; payments close only commitments in *closed*, or any if None."""
    for name, line in lines.items():
        if payment := line.paid.get(key):
            charge = received.get(name)
            charged = (charge.deal if charge else None) or payment.session or (charge.session if charge else None)
            closes = payment.closes and (closed is None or charged in closed)
            yield InvoiceCost(name, payment.amount, charged, closes or (charge is not None and charge.final))
    for name, amount in rest.items():
        yield InvoiceCost(name, amount, received[name].charged, received[name].final)
