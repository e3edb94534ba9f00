"""The money of a record: what was approved, promised and paid, and the guard before each promise."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal, assert_never

from pydantic import StringConstraints

from domain.core.event import Event, RecordId, SessionId
from domain.core.money import Money, zero
from domain.core.refusal import Misused, NotFound, Refused, suggest

LineName = Annotated[str, StringConstraints(pattern=r"^[^\s=]{1,60}$")]


class BudgetSet(Event):
    """The named lines of a record's budget were approved at these amounts; others stay."""

    kind: Literal["budget-set"] = "budget-set"
    record: RecordId
    lines: Mapping[LineName, Money]


class CostCommitted(Event):
    """Money of a line was promised to a session."""

    kind: Literal["cost-committed"] = "cost-committed"
    record: RecordId
    line: LineName
    session: SessionId
    amount: Money


class MoneySpent(Event):
    """An invoice was paid from a line; with a session, that session's commitment is settled."""

    kind: Literal["money-spent"] = "money-spent"
    record: RecordId
    line: LineName
    amount: Money
    payee: str
    invoice: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    session: SessionId | None = None


class BookingRefused(Event):
    """The guard stopped a booking: the line could not pay.  Noted, because overruns begin as wishes."""

    kind: Literal["booking-refused"] = "booking-refused"
    record: RecordId
    line: LineName
    cost: Money
    short: Money


BudgetEvent = BudgetSet | CostCommitted | MoneySpent | BookingRefused


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One line of a budget."""

    approved: Money
    committed: Mapping[str, Money] = field(default_factory=dict)
    """By session."""
    paid: Mapping[tuple[str, str], MoneySpent] = field(default_factory=dict)
    """By payee and invoice."""

    @property
    def promised(self) -> Money:
        """What is committed and not yet settled."""
        return sum(self.committed.values(), zero(self.approved.currency))

    @property
    def spent(self) -> Money:
        """What was paid."""
        return sum((paid.amount for paid in self.paid.values()), zero(self.approved.currency))

    @property
    def left(self) -> Money:
        """What may still be promised."""
        return self.approved - self.promised - self.spent


@dataclass(frozen=True, slots=True)
class Budget:
    """The lines of one record's budget, by name."""

    lines: Mapping[str, BudgetLine] = field(default_factory=dict)

    def line(self, name: str, *, record: str = "") -> BudgetLine:
        """The line (of *record*, where that is to be said).  Raises: NotFound ``budget.line``."""
        if name not in self.lines:
            known = ", ".join(self.lines) or "none yet"
            raise NotFound(
                "budget.line",
                f"there is no budget line {name} (lines: {known})",
                next=suggest("budget report", *filter(None, [record])),
            )
        return self.lines[name]

    def paid(self, payee: str, invoice: str) -> MoneySpent | None:
        """The payment of this invoice, from whichever line."""
        return next((line.paid[payee, invoice] for line in self.lines.values() if (payee, invoice) in line.paid), None)


def evolve(budget: Budget, event: BudgetEvent) -> Budget:
    """Fold one event into the state."""
    match event:
        case BudgetSet(lines=lines):
            stated = {
                name: replace(budget.lines.get(name, BudgetLine(amount)), approved=amount)
                for name, amount in lines.items()
            }
            return replace(budget, lines={**budget.lines, **stated})
        case CostCommitted(line=name, session=session, amount=amount):
            line = budget.lines[name]
            return _with(budget, name, replace(line, committed={**line.committed, session: amount}))
        case MoneySpent(line=name, payee=payee, invoice=invoice, session=session):
            settled = _settled(budget, session)
            line = settled.lines[name]
            return _with(settled, name, replace(line, paid={**line.paid, (payee, invoice): event}))
        case BookingRefused():
            return budget
        case _:
            assert_never(event)


def _with(budget: Budget, name: str, line: BudgetLine) -> Budget:
    return replace(budget, lines={**budget.lines, name: line})


def _settled(budget: Budget, session: str | None) -> Budget:
    """The budget after the commitment of *session* was settled, whichever line held it."""
    for name, line in budget.lines.items():
        if session in line.committed:
            return _with(
                budget, name, replace(line, committed={s: m for s, m in line.committed.items() if s != session})
            )
    return budget


def set_lines(budget: Budget, *, record: str, lines: Mapping[str, Money]) -> list[BudgetEvent]:
    """Approve the named lines at these amounts.  Lines that stand so already yield nothing.

    Raises:
        Refused: ``budget.floor`` when a line would go under what is spent and committed.
    """
    if not lines:
        raise Misused("budget.lines", "name at least one line, like studio=7200")
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


def commit(budget: Budget, *, record: str, line: str, session: str, amount: Money) -> list[BudgetEvent]:
    """Promise *amount* of *line* to *session*.  What is promised so already yields nothing.

    Raises:
        NotFound: ``budget.line``.
        Refused: ``budget.guard`` when the line cannot pay; the refusal is to be noted.
    """
    if budget.line(line, record=record).committed.get(session) == amount:
        return []
    left = budget.line(line).left
    if amount > left:
        short = amount - left
        raise Refused(
            "budget.guard",
            f"{line} needs {amount}, left {left}, short {short}; label may raise the line",
            next=suggest("budget set", record, f"{line}={_plain(budget.line(line).approved + short)}"),
            short=short,
            noted=BookingRefused(record=record, line=line, cost=amount, short=short),
        )
    return [CostCommitted(record=record, line=line, session=session, amount=amount)]


def spend(
    budget: Budget, *, record: str, line: str, amount: Money, payee: str, invoice: str, session: str | None = None
) -> list[BudgetEvent]:
    """Pay *invoice* of *payee* from *line*, settling *session*'s commitment.  The same payment again yields nothing.

    Raises:
        NotFound: ``budget.line``; ``budget.commitment`` when the session holds none.
        Refused: ``money.invoice`` when the invoice was paid with another amount, line or session; ``budget.guard`` when
            the line would be overdrawn.
    """
    new = MoneySpent(record=record, line=line, amount=amount, payee=payee, invoice=invoice, session=session)
    paid = budget.paid(payee, invoice)
    if paid == new:
        return []
    if paid:
        raise Refused(
            "money.invoice",
            f"invoice {invoice}{f' of {payee}' if payee else ''} is booked already: {paid.amount} from {paid.line}",
            next=suggest("budget report", record),
        )
    budget.line(line, record=record)
    if session and not any(session in old.committed for old in budget.lines.values()):
        raise NotFound("budget.commitment", f"{session} has nothing committed", next=suggest("budget report", record))
    left = _settled(budget, session).line(line).left
    if amount > left:
        short = amount - left
        raise Refused(
            "budget.guard",
            f"{invoice} costs {amount}, {line} has {left} left, short {short}; label may raise the line",
            next=suggest("budget set", record, f"{line}={_plain(budget.line(line).approved + short)}"),
            short=short,
        )
    return [new]


def _plain(amount: Money) -> str:
    return str(amount).rpartition(" ")[0].replace(",", "")
