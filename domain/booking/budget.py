"""Budget of a record: approved, committed and spent amounts by line, and the guard that refuses an overdraft.

The decisions on costs of sessions are in :mod:`domain.booking.costs`, on payments in :mod:`domain.booking.invoices`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, assert_never

from typing_extensions import override

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
from domain.core.event import Event, RecordId, Traits
from domain.core.money import Money, zero
from domain.core.refusal import Misused, NotFound, Refused, suggest


class BudgetSet(Event):
    """Budget lines of a record were approved at these amounts; other lines are unchanged."""

    kind: Literal["budget-set"] = "budget-set"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    lines: Mapping[LineName, Money]

    @property
    @override
    def secret(self) -> Literal["money"]:
        return "money"

    @override
    def describe(self) -> str:
        return f"{self.record}: {', '.join(f'{name} {amount}' for name, amount in self.lines.items())}"


class BookingRefused(Event):
    """The guard stopped a booking that its line could not pay; recorded so that excess requests stay visible."""

    kind: Literal["booking-refused"] = "booking-refused"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    line: LineName
    cost: Money
    short: Money

    @property
    @override
    def secret(self) -> Literal["money"]:
        return "money"

    @override
    def describe(self) -> str:
        return f"{self.record}: {self.line} cannot pay {self.cost}: {self.short} short"


BudgetEvent = BudgetSet | BookingRefused | CommitmentEvent | PaymentEvent
UNBUDGETED: Final = "unbudgeted"
"""Heading of the costs that no line pays; no line may have this name."""


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One line of a budget."""

    approved: Money
    committed: Mapping[str, Commitment] = field(default_factory=dict)
    """Commitment by session id."""
    paid: Mapping[InvoiceKey, Payment] = field(default_factory=dict)

    @property
    def promised(self) -> Money:
        """Sum of the open parts of all commitments."""
        return sum((one.open for one in self.committed.values()), zero(self.approved.currency))

    @property
    def spent(self) -> Money:
        """Sum of the payments."""
        return sum((paid.amount for paid in self.paid.values()), zero(self.approved.currency))

    @property
    def left(self) -> Money:
        """Amount still available: approved minus committed minus spent."""
        return self.approved - self.promised - self.spent


@dataclass(frozen=True, slots=True)
class Budget:
    """The lines of one record's budget by name, the unbudgeted costs, and the invoices whose payment was voided."""

    lines: Mapping[str, BudgetLine] = field(default_factory=dict)
    unbudgeted: Mapping[str, Commitment] = field(default_factory=dict)
    """Costs that no line pays, by session id."""
    voided: frozenset[InvoiceKey] = frozenset()

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
    match event:
        case BudgetSet(lines=lines):
            stated = {
                name: replace(budget.lines.get(name, BudgetLine(amount)), approved=amount)
                for name, amount in lines.items()
            }
            return replace(budget, lines={**budget.lines, **stated})
        case BookingRefused():
            return budget
        case _:
            assert_never(event)


def _evolve_commitment(budget: Budget, event: CommitmentEvent) -> Budget:
    match event:
        case CostCommitted(line=name, session=session, amount=amount):
            line = budget.lines[name]
            known = line.committed.get(session) or budget.unbudgeted.get(session) or Commitment(amount)
            after = _with(budget, name, replace(line, committed={**line.committed, session: known.priced(amount)}))
            return replace(after, unbudgeted={of: one for of, one in budget.unbudgeted.items() if of != session})
        case CostUnbudgeted(session=session, amount=amount):
            known = budget.unbudgeted.get(session) or Commitment(amount)
            return replace(budget, unbudgeted={**budget.unbudgeted, session: known.priced(amount)})
        case CommitmentReleased(session=session):
            return _released(budget, session)
        case _:
            assert_never(event)


def _evolve_payment(budget: Budget, event: PaymentEvent) -> Budget:
    match event:
        case MoneySpent():
            return _paid(budget, Payment.of(event))
        case PaymentCorrected(payee=payee, invoice=invoice):
            return _paid(without_payment(budget, (payee, invoice)), Payment.of(event))
        case PaymentVoided(payee=payee, invoice=invoice):
            left = without_payment(budget, (payee, invoice))
            return replace(left, voided=left.voided | {(payee, invoice)})
        case _:
            assert_never(event)


def _released(budget: Budget, session: str) -> Budget:
    """The budget with every commitment to *session* released for good; voiding its payments reopens nothing."""
    lines = {
        name: replace(
            line,
            committed={of: replace(one, released=one.released or of == session) for of, one in line.committed.items()},
        )
        for name, line in budget.lines.items()
    }
    unbudgeted = {of: replace(one, released=one.released or of == session) for of, one in budget.unbudgeted.items()}
    return replace(budget, lines=lines, unbudgeted=unbudgeted)


def _with(budget: Budget, name: str, line: BudgetLine) -> Budget:
    return replace(budget, lines={**budget.lines, name: line})


def _paid(budget: Budget, payment: Payment) -> Budget:
    line = budget.lines[payment.line]
    after = _with(budget, payment.line, replace(line, paid={**line.paid, payment.key: payment}))
    return replace(_settled(after, payment), voided=budget.voided - {payment.key})


def _settled(budget: Budget, payment: Payment) -> Budget:
    """The budget with *payment* counted against its session's commitment, in its own line or the first other one."""
    session, unbudgeted = payment.session, budget.unbudgeted
    if session is None:
        return budget
    for name in (payment.line, *budget.lines):
        line = budget.lines[name]
        if session in line.committed:
            settled = line.committed[session].settled(payment.key, payment.amount, closes=payment.closes)
            return _with(budget, name, replace(line, committed={**line.committed, session: settled}))
    if session in unbudgeted:
        settled = unbudgeted[session].settled(payment.key, payment.amount, closes=payment.closes)
        return replace(budget, unbudgeted={**unbudgeted, session: settled})
    return budget


def without_payment(budget: Budget, payment: InvoiceKey) -> Budget:
    """The budget as if the invoice *payment* had not been paid."""
    lines = {
        name: replace(
            line,
            paid={key: paid for key, paid in line.paid.items() if key != payment},
            committed={session: one.reopened(payment) for session, one in line.committed.items()},
        )
        for name, line in budget.lines.items()
    }
    unbudgeted = {session: one.reopened(payment) for session, one in budget.unbudgeted.items()}
    return replace(budget, lines=lines, unbudgeted=unbudgeted)


def set_lines(budget: Budget, *, record: str, lines: Mapping[str, Money]) -> list[BudgetEvent]:
    """Approve the named lines at these amounts.  Lines already approved at them yield no event.

    Raises:
        Misused: ``budget.lines`` when no line is named, or a line has the name reserved for unbudgeted costs.
        Refused: ``budget.floor`` when a line would fall below its spent and committed sum.
    """
    if not lines:
        raise Misused("budget.lines", "name at least one line, like studio=7200")
    if UNBUDGETED in lines and UNBUDGETED not in budget.lines:
        raise Misused("budget.lines", f"{UNBUDGETED} is the heading of what no line pays; name the line otherwise")
    for name, amount in lines.items():
        line = budget.lines.get(name)
        bound = line.spent + line.promised if line else None
        if bound and amount < bound:
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
