"""Invoices received: what a payee charges a record, by budget line, before and after it is paid.

An invoice received is a fact: it is recorded whatever the line has left, and counts as cost from then on.  It settles
the commitment it is for; paying it later settles nothing again.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.booking.commitments import InvoiceKey, LineName
from domain.booking.payments import InvoiceNumber
from domain.core.event import SLUG, RecordId, Scoped, SessionId, Traits, Value
from domain.core.money import Money
from domain.core.money_event import MoneyEvent

DealId = Annotated[str, StringConstraints(pattern=rf"^{SLUG}/D\d+$"), Scoped("deal")]
"""Id of a deal, such as ``night-bus/D1``."""
WHOLE: Final = 10_000
"""Basis points of 100 percent."""
BasisPoints = Annotated[int, Field(ge=0, le=WHOLE, strict=True)]
"""Hundredths of a percent: 1,900 are 19 percent."""


class ForeignAmount(Value):
    """The amounts of an invoice in the currency it is written in, and the rate at which they were converted."""

    net: Money
    tax: Money | None = None
    rate: Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,10})?$")]
    """Units of the record's currency for one unit of the invoice's, as a decimal."""
    on: date
    """Day of the rate."""


class InvoiceReceived(MoneyEvent):
    """An invoice charges one budget line; the last event for a payee, number and line counts."""

    kind: Literal["invoice-received"] = "invoice-received"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    payee: str
    invoice: InvoiceNumber
    line: LineName
    net: Money
    """Amount without tax in the record's currency: what the budget counts."""
    tax: Money | None = None
    """Tax in the record's currency, which is paid with the net amount and counts in no budget line."""
    tax_bp: BasisPoints | None = None
    """Rate of the tax in basis points; None if only its amount is known."""
    session: SessionId | None = None
    deal: DealId | None = None
    final: bool = False
    """True if no further invoice follows for the session or deal, so that what is still committed is released."""
    dated: date | None = None
    due: date | None = None
    foreign: ForeignAmount | None = None

    @property
    def charged(self) -> str | None:
        """Id of the session or deal that the invoice is for; None for neither."""
        return self.deal or self.session

    @property
    def gross(self) -> Money:
        """Amount to transfer: net and tax."""
        return self.net + self.tax if self.tax else self.net

    @override
    def describe(self) -> str:
        payee = f" of {self.payee}" if self.payee else ""
        tax = f" and {self.tax} tax" if self.tax else ""
        foreign = f" ({self.foreign.net} at {self.foreign.rate})" if self.foreign else ""
        return f"{self.record}: invoice {self.invoice}{payee}: {self.net}{foreign}{tax} on {self.line}"


class InvoiceWithdrawn(MoneyEvent):
    """An invoice that was received does not hold; its unpaid amounts are no cost any more."""

    kind: Literal["invoice-withdrawn"] = "invoice-withdrawn"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    payee: str
    invoice: InvoiceNumber

    @override
    def describe(self) -> str:
        return f"{self.record}: invoice {self.invoice}{f' of {self.payee}' if self.payee else ''} withdrawn"


InvoiceEvent = InvoiceReceived | InvoiceWithdrawn
ReceivedLines = Mapping[str, InvoiceReceived]
"""Charges of one invoice by budget line."""


def unpaid(received: ReceivedLines, paid: Mapping[str, Money]) -> dict[str, Money]:
    """The unpaid part of an invoice by budget line; lines that are paid are left out.

    A payment counts first for the line it is from.  What it pays beyond that, or from a line that the invoice does not
    charge, counts for the other lines in order.

    Args:
        received: what the invoice charges by line.
        paid: what was paid of the invoice by line.
    """
    rest: dict[str, int] = {}
    surplus = sum(amount.minor for line, amount in paid.items() if line not in received)
    for line, charge in received.items():
        own = paid[line].minor if line in paid else 0
        rest[line] = max(0, charge.net.minor - own)
        surplus += max(0, own - charge.net.minor)
    for line, minor in rest.items():
        covered = min(minor, surplus)
        rest[line], surplus = minor - covered, surplus - covered
    return {line: Money(minor=minor, currency=received[line].net.currency) for line, minor in rest.items() if minor}


def key_of(event: InvoiceEvent) -> InvoiceKey:
    """Payee and number of the invoice."""
    return event.payee, event.invoice
