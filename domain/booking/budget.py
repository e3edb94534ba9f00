"""Budget of a record: approved, committed and spent amounts by line, and the guard that refuses an overdraft."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal, assert_never

from pydantic import StringConstraints
from typing_extensions import override

from domain.core.event import Event, RecordId, SessionId, Traits
from domain.core.money import Money, zero
from domain.core.refusal import Misused, NotFound, Refused, suggest

LineName = Annotated[str, StringConstraints(pattern=r"^[^\s=]{1,60}$")]


class BudgetSet(Event):
    """Budget lines of a record were approved at these amounts; other lines are unchanged."""

    kind: Literal["budget-set"] = "budget-set"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    lines: Mapping[LineName, Money]

    @override
    def describe(self) -> str:
        return f"{self.record}: {', '.join(f'{name} {amount}' for name, amount in self.lines.items())}"


class CostCommitted(Event):
    """An amount of a budget line was committed to a session."""

    kind: Literal["cost-committed"] = "cost-committed"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    line: LineName
    session: SessionId
    amount: Money

    @override
    def describe(self) -> str:
        return f"{self.amount} of {self.line} to {self.session}"


class MoneySpent(Event):
    """An invoice was paid from a line; with a session, that session's commitment is settled."""

    kind: Literal["money-spent"] = "money-spent"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    line: LineName
    amount: Money
    payee: str
    invoice: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    session: SessionId | None = None

    @override
    def describe(self) -> str:
        to = f" to {self.payee}" if self.payee else ""
        return f"{self.record}: {self.amount} from {self.line}{to}, invoice {self.invoice}"


class BookingRefused(Event):
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


BudgetEvent = BudgetSet | CostCommitted | MoneySpent | BookingRefused


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One line of a budget."""

    approved: Money
    committed: Mapping[str, Money] = field(default_factory=dict)
    """Committed amount by session id."""
    paid: Mapping[tuple[str, str], MoneySpent] = field(default_factory=dict)
    """Payment by (payee, invoice)."""

    @property
    def promised(self) -> Money:
        """Sum of the commitments not yet settled."""
        return sum(self.committed.values(), zero(self.approved.currency))

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
    """The lines of one record's budget, by name."""

    lines: Mapping[str, BudgetLine] = field(default_factory=dict)

    def line(self, name: str, *, record: str = "") -> BudgetLine:
        """The line called *name*; *record* only completes the hint.  Raises: NotFound ``budget.line``."""
        if name not in self.lines:
            known = ", ".join(self.lines) or "none yet"
            raise NotFound(
                "budget.line",
                f"there is no budget line {name} (lines: {known})",
                next=suggest("budget report", *filter(None, [record])),
            )
        return self.lines[name]

    def paid(self, payee: str, invoice: str) -> MoneySpent | None:
        """The payment of this invoice, from any line; None if it is unpaid."""
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
    """The budget with the commitment of *session* removed, whichever line held it."""
    for name, line in budget.lines.items():
        if session in line.committed:
            return _with(
                budget, name, replace(line, committed={s: m for s, m in line.committed.items() if s != session})
            )
    return budget


def set_lines(budget: Budget, *, record: str, lines: Mapping[str, Money]) -> list[BudgetEvent]:
    """Approve the named lines at these amounts.  Lines already approved at them yield no event.

    Raises:
        Refused: ``budget.floor`` when a line would fall below its spent and committed sum.
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
    """Commit *amount* of *line* to *session*.  An identical commitment yields no event.

    Raises:
        NotFound: ``budget.line``.
        Refused: ``budget.guard`` when the line cannot pay; its ``noted`` event is to be recorded.
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
    """Pay *invoice* of *payee* from *line* and settle *session*'s commitment.  An identical payment yields no event.

    Raises:
        NotFound: ``budget.line``; ``budget.commitment`` when the session has no commitment.
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
