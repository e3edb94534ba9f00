"""Budget of a record: approved, committed and spent amounts by line, and the guard that refuses an overdraft.

The decisions on costs of sessions are in :mod:`domain.booking.costs`, on payments in :mod:`domain.booking.invoices`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal, assert_never

from typing_extensions import override

from domain.booking.budget_line import BudgetLine, BudgetMoved, OverrunAuthorised
from domain.booking.commitments import (
    Commitment,
    CommitmentEvent,
    CommitmentReleased,
    CostCommitted,
    CostUnbudgeted,
    InvoiceKey,
    LineName,
)
from domain.booking.payments import MoneySpent, Payment, PaymentCorrected, PaymentEvent, PaymentVoided
from domain.booking.received_invoices import InvoiceEvent, InvoiceReceived, InvoiceWithdrawn, ReceivedLines, key_of
from domain.booking.settlement import settled
from domain.core.address import folded
from domain.core.event import RecordId, Traits
from domain.core.money import Money
from domain.core.money_event import MoneyEvent
from domain.core.refusal import Misused, NotFound, Refused, suggest


class BudgetSet(MoneyEvent):
    """Budget lines of a record were approved at these amounts; other lines are unchanged."""

    kind: Literal["budget-set"] = "budget-set"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    lines: Mapping[LineName, Money]

    @override
    def describe(self) -> str:
        return f"{self.record}: {', '.join(f'{name} {amount}' for name, amount in self.lines.items())}"


class BookingRefused(MoneyEvent):
    """The guard stopped a booking that its line could not pay; recorded so that excess requests stay visible."""

    kind: Literal["booking-refused"] = "booking-refused"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    line: LineName
    cost: Money
    short: Money

    @override
    def describe(self) -> str:
        return f"{self.record}: {self.line} cannot pay {self.cost}: {self.short} short"


BudgetEvent = (
    BudgetSet | BudgetMoved | OverrunAuthorised | BookingRefused | CommitmentEvent | PaymentEvent | InvoiceEvent
)
UNBUDGETED: Final = "unbudgeted"
"""Heading of the costs that no line pays; no line may have this name."""


def _plain(text: str) -> str:
    """*text* without differences of case and spacing."""
    return " ".join(folded(text).split())


def _alike(key: InvoiceKey) -> InvoiceKey:
    payee, invoice = key
    return _plain(payee.replace("-", " ")), _plain(invoice)


@dataclass(frozen=True, slots=True)
class Budget:
    """The lines of one record's budget by name, the unbudgeted costs, and the invoices."""

    lines: Mapping[str, BudgetLine] = field(default_factory=dict)
    unbudgeted: Mapping[str, Commitment] = field(default_factory=dict)
    """Costs that no line pays, by the id of their session or deal."""
    received: Mapping[InvoiceKey, ReceivedLines] = field(default_factory=dict)
    """Charges of each invoice received, by line."""
    voided: frozenset[InvoiceKey] = frozenset()
    """Invoices whose payment was voided."""
    withdrawn: frozenset[InvoiceKey] = frozenset()
    """Invoices that were received and do not hold."""
    versions: tuple[Mapping[str, Money], ...] = ()
    """Approved amounts by line after each change of them; version 1 is the first."""
    last_move: BudgetMoved | None = None
    """The move that made the latest version; None if it was made otherwise."""
    day: date | None = None
    """Day on which the budget is looked at; None: no authorised overrun counts."""

    def line(self, name: str, *, record: str = "") -> BudgetLine:
        """The line called *name*; *record* is used in the refusal only.  Raises: NotFound ``budget.line``."""
        if name not in self.lines:
            known = ", ".join(self.lines) or "none yet"
            raise NotFound(
                "budget.line",
                f"there is no budget line {name} (lines: {known})",
                next=suggest("budget report", *filter(None, [record])),
            )
        return self.lines[name]

    def paid(self, payee: str, invoice: str) -> Payment | None:
        """The payment of this invoice, from any line; None if it is unpaid."""
        return next((line.paid[payee, invoice] for line in self.lines.values() if (payee, invoice) in line.paid), None)

    def payments(self) -> tuple[Payment, ...]:
        """All payments, line by line."""
        return tuple(paid for line in self.lines.values() for paid in line.paid.values())

    def recorded_key(self, payee: str, invoice: str) -> InvoiceKey:
        """Payee and number of an invoice, spelled as they were recorded first; as given if it is not recorded.

        Spellings that differ in case or spacing alone, or by hyphens in the payee's name, are one invoice: otherwise it
        could be paid once for each.
        """
        keys = [*self.received, *(paid.key for paid in self.payments()), *sorted(self.voided), *sorted(self.withdrawn)]
        asked = (payee, invoice)
        return asked if asked in keys else next((key for key in keys if _alike(key) == _alike(asked)), asked)

    def recorded_number(self, invoice: str) -> str:
        """Number of an invoice of any payee, spelled as it was recorded; as given if it is not recorded."""
        keys = [*self.received, *(paid.key for paid in self.payments()), *sorted(self.voided), *sorted(self.withdrawn)]
        numbers = [number for _, number in keys]
        return invoice if invoice in numbers else next((n for n in numbers if _plain(n) == _plain(invoice)), invoice)

    def on(self, day: date) -> "Budget":
        """The budget as it is looked at on *day*, in the label's time zone: overruns authorised until then count."""
        return replace(self, day=day, lines={name: replace(line, day=day) for name, line in self.lines.items()})

    def commitment(self, session: str) -> Commitment | None:
        """The commitment to *session* in the first line that has one, else the unbudgeted one; None without either."""
        held = (line.committed[session] for line in self.lines.values() if session in line.committed)
        return next(held, self.unbudgeted.get(session))

    @property
    def beside(self) -> Money | None:
        """Sum of the open parts of all unbudgeted costs; None if no cost was ever unbudgeted."""
        open_ = [one.open for one in self.unbudgeted.values()]
        return sum(open_[1:], open_[0]) if open_ else None

    def line_of(self, session: str) -> str | None:
        """Name of the first line with a commitment to *session*; None if no line has one."""
        return next((name for name, line in self.lines.items() if session in line.committed), None)


def evolve(budget: Budget, event: BudgetEvent) -> Budget:
    """Fold one event into the state."""
    if isinstance(event, PaymentEvent):
        return _evolve_payment(budget, event)
    if isinstance(event, CommitmentEvent):
        return _evolve_commitment(budget, event)
    if isinstance(event, InvoiceEvent):
        return _evolve_invoice(budget, event)
    return _evolve_amounts(budget, event)


def _evolve_amounts(budget: Budget, event: BudgetSet | BudgetMoved | OverrunAuthorised | BookingRefused) -> Budget:
    match event:
        case BudgetSet(lines=lines):
            stated = {
                name: replace(budget.lines.get(name, BudgetLine(amount, day=budget.day)), approved=amount)
                for name, amount in lines.items()
            }
            return _versioned(replace(budget, lines={**budget.lines, **stated}, last_move=None))
        case BudgetMoved(source=source, target=target, amount=amount):
            less, more = budget.lines[source], budget.lines[target]
            moved = {
                source: replace(less, approved=less.approved - amount),
                target: replace(more, approved=more.approved + amount),
            }
            return _versioned(replace(budget, lines={**budget.lines, **moved}, last_move=event))
        case OverrunAuthorised(line=name):
            return _with(budget, name, replace(budget.lines[name], overrun=event))
        case BookingRefused():
            return budget
        case _:
            assert_never(event)


def _versioned(budget: Budget) -> Budget:
    approved = {name: line.approved for name, line in budget.lines.items()}
    return replace(budget, versions=(*budget.versions, approved))


def _evolve_commitment(budget: Budget, event: CommitmentEvent) -> Budget:
    match event:
        case CostCommitted(line=name, session=session, amount=amount):
            return committed(budget, session, amount, line=name)
        case CostUnbudgeted(session=session, amount=amount):
            return committed(budget, session, amount)
        case CommitmentReleased(session=session):
            return released(budget, session)
        case _:
            assert_never(event)


def committed(budget: Budget, of: str, amount: Money, *, line: str | None = None) -> Budget:
    """The budget with *amount* committed to the session or deal *of* from *line*, or unbudgeted without one."""
    unknown = budget.commitment(of) is None
    held = budget.unbudgeted.get(of)
    if line is None:
        priced = (held or Commitment(amount)).priced(amount)
        after = replace(budget, unbudgeted={**budget.unbudgeted, of: priced})
    else:
        paying = budget.lines[line]
        priced = (paying.committed.get(of) or held or Commitment(amount)).priced(amount)
        after = _with(budget, line, replace(paying, committed={**paying.committed, of: priced}))
        after = replace(after, unbudgeted={other: one for other, one in budget.unbudgeted.items() if other != of})
    if unknown:  # its invoices may have come before its price
        for key, charges in budget.received.items():
            if any(charge.charged == of for charge in charges.values()):
                after = _settle(after, key, keeps_closed=True)
    return after


def _evolve_payment(budget: Budget, event: PaymentEvent) -> Budget:
    key = (event.payee, event.invoice)
    match event:
        case MoneySpent():
            return _paid(budget, Payment.of(event))
        case PaymentCorrected():
            return _paid(_unpaid(budget, key), Payment.of(event))
        case PaymentVoided():
            left = _settle(_unpaid(budget, key), key)
            return replace(left, voided=left.voided | {key})
        case _:
            assert_never(event)


def _evolve_invoice(budget: Budget, event: InvoiceEvent) -> Budget:
    key = key_of(event)
    match event:
        case InvoiceReceived(line=name):
            charges = {**budget.received.get(key, {}), name: event}
            held = replace(budget, received={**budget.received, key: charges}, withdrawn=budget.withdrawn - {key})
        case InvoiceWithdrawn():
            others = {other: charges for other, charges in budget.received.items() if other != key}
            held = replace(budget, received=others, withdrawn=budget.withdrawn | {key})
        case _:
            assert_never(event)
    return _settle(held, key, keeps_closed=True)


def released(budget: Budget, of: str) -> Budget:
    """The budget with every commitment to the session or deal *of* released; voiding its payments reopens nothing."""
    lines = {
        name: replace(
            line,
            committed={key: replace(one, released=one.released or key == of) for key, one in line.committed.items()},
        )
        for name, line in budget.lines.items()
    }
    unbudgeted = {key: replace(one, released=one.released or key == of) for key, one in budget.unbudgeted.items()}
    return replace(budget, lines=lines, unbudgeted=unbudgeted)


def _with(budget: Budget, name: str, line: BudgetLine) -> Budget:
    return replace(budget, lines={**budget.lines, name: line})


def _paid(budget: Budget, payment: Payment) -> Budget:
    line = budget.lines[payment.line]
    after = _with(budget, payment.line, replace(line, paid={**line.paid, payment.key: payment}))
    return replace(_settle(after, payment.key), voided=budget.voided - {payment.key})


def _settle(budget: Budget, key: InvoiceKey, *, keeps_closed: bool = False) -> Budget:
    """The budget with the costs of the invoice *key* counted anew against the commitments they are for."""
    received = {name: charge for name, charge in budget.received.get(key, {}).items() if name in budget.lines}
    lines, unbudgeted = settled(budget.lines, budget.unbudgeted, key, received, keeps_closed=keeps_closed)
    return replace(budget, lines=lines, unbudgeted=unbudgeted)


def _unpaid(budget: Budget, key: InvoiceKey) -> Budget:
    """The budget without payments of the invoice *key*."""
    lines = {
        name: replace(line, paid={other: paid for other, paid in line.paid.items() if other != key})
        for name, line in budget.lines.items()
    }
    return replace(budget, lines=lines)


def set_lines(budget: Budget, *, record: str, lines: Mapping[str, Money]) -> list[BudgetEvent]:
    """Approve the named lines at these amounts.  Lines already approved at them yield no event.

    Raises:
        Misused: ``budget.lines`` when no line is named, or a line has the name reserved for unbudgeted costs;
            ``money.currency`` when amounts are of several currencies.
        Refused: ``budget.floor`` when a line would be lowered below the sum of what is spent, invoiced and committed.
    """
    if not lines:
        raise Misused("budget.lines", "name at least one line, like studio=7200")
    if UNBUDGETED in lines and UNBUDGETED not in budget.lines:
        raise Misused("budget.lines", f"{UNBUDGETED} is the heading of what no line pays; name the line otherwise")
    _refuse_mixed_currencies(budget, lines)
    for name, amount in lines.items():
        line = budget.lines.get(name)
        bound = line.actual + line.promised if line else None
        if line and bound and amount < bound and amount < line.approved:
            raise Refused(
                "budget.floor",
                f"{name} cannot be {amount}: {bound} is spent and committed",
                next=suggest("budget report", record),
                short=bound - amount,
            )
    new = {
        name: amount
        for name, amount in lines.items()
        if name not in budget.lines or budget.lines[name].approved != amount
    }
    return [BudgetSet(record=record, lines=new)] if new else []


def _refuse_mixed_currencies(budget: Budget, lines: Mapping[str, Money]) -> None:
    """Refuse amounts of another currency than the budget's.  Raises: Misused ``money.currency``."""
    amounts = [*(line.approved for line in budget.lines.values()), *lines.values()]
    for amount in amounts[1:]:
        amounts[0] - amount
