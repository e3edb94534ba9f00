"""Budget line: its approved, committed, invoiced and spent amounts, and the forecast that follows from them.

The figures of a line, all in the record's currency and without tax:

* *planned*: the approved amount of the latest version, or of the version that is asked for;
* *committed*: the open parts of what sessions and deals will cost, neither invoiced nor paid nor released;
* *invoiced*: the unpaid parts of the invoices received;
* *spent*: the payments;
* *actual*: invoiced plus spent;
* *authorised*: the overrun that a label role authorised, until its last day;
* *left*: planned + authorised - committed - actual, which is what a new cost may be;
* *payable*: planned + authorised - committed - spent, which is what an invoice received may be when it is paid;
* *forecast at completion*: actual + committed + remaining plan.  The remaining plan is what is planned and neither
  committed nor actual, and never less than nothing: so the forecast is the greater of planned and committed + actual.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from typing_extensions import override

from domain.booking.commitments import Commitment, InvoiceKey, LineName
from domain.booking.payments import Payment
from domain.core.event import RecordId, Traits
from domain.core.money import Money, zero
from domain.core.money_event import MoneyEvent


class BudgetMoved(MoneyEvent):
    """An amount was moved from one line of a budget to another; their total is unchanged."""

    kind: Literal["budget-moved"] = "budget-moved"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    source: LineName
    target: LineName
    amount: Money

    @override
    def describe(self) -> str:
        return f"{self.record}: {self.amount} moved from {self.source} to {self.target}"


class OverrunAuthorised(MoneyEvent):
    """A line may exceed its approved amount by this much until a day; the last event for a line counts."""

    kind: Literal["overrun-authorised"] = "overrun-authorised"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    line: LineName
    amount: Money
    until: date
    """The last day on which decisions may count on it, in the label's time zone."""

    @override
    def describe(self) -> str:
        return f"{self.record}: {self.line} may exceed its amount by {self.amount} until {self.until}"


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One line of a budget; the module's docstring has the formulas of its figures."""

    approved: Money
    committed: Mapping[str, Commitment] = field(default_factory=dict)
    """Commitment by the id of its session or deal."""
    paid: Mapping[InvoiceKey, Payment] = field(default_factory=dict)
    unpaid: Mapping[InvoiceKey, Money] = field(default_factory=dict)
    """Unpaid parts of the invoices received."""
    overrun: OverrunAuthorised | None = None
    day: date | None = None
    """Day on which the budget is looked at; None: no overrun counts."""

    @property
    def promised(self) -> Money:
        """Committed amount: sum of the open parts of all commitments."""
        return sum((one.open for one in self.committed.values()), zero(self.approved.currency))

    @property
    def invoiced(self) -> Money:
        """Sum of the unpaid parts of the invoices received."""
        return sum(self.unpaid.values(), zero(self.approved.currency))

    @property
    def spent(self) -> Money:
        """Sum of the payments."""
        return sum((paid.amount for paid in self.paid.values()), zero(self.approved.currency))

    @property
    def actual(self) -> Money:
        """Cost that has arisen: invoiced and spent."""
        return self.invoiced + self.spent

    @property
    def authorised(self) -> Money:
        """Overrun that is authorised on the day."""
        if self.overrun is None or self.day is None or self.day > self.overrun.until:
            return zero(self.approved.currency)
        return self.overrun.amount

    @property
    def payable(self) -> Money:
        """Amount that an invoice received may be when it is paid: unpaid invoices do not stand in its way."""
        return self.approved + self.authorised - self.promised - self.spent

    @property
    def left(self) -> Money:
        """Amount that a new cost may be."""
        return self.payable - self.invoiced

    @property
    def forecast(self) -> Money:
        """Cost at completion: actual, committed, and the remaining plan."""
        cost = self.actual + self.promised
        return max(self.approved, cost)
