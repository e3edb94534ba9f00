"""Payments: the events about a record's invoices, and the state of one payment after its corrections."""

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal, Self, assert_never

from pydantic import StringConstraints
from typing_extensions import override

from domain.booking.commitments import InvoiceKey, LineName, SpendingDecision
from domain.core.event import RecordId, SessionId, Traits
from domain.core.money import Money
from domain.core.money_event import MoneyEvent

InvoiceNumber = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Settlement = Literal["whole", "amount"]


class MoneySpent(SpendingDecision):
    """An invoice was paid from a line; with a session, the payment counts against that session's commitment."""

    schema_number: ClassVar[int] = 2
    kind: Literal["money-spent"] = "money-spent"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    line: LineName
    amount: Money
    payee: str
    invoice: InvoiceNumber
    session: SessionId | None = None
    settles: Settlement = "whole"
    """``whole``: the payment releases all that is committed to the session (every event of schema 1); ``amount``: it
    settles as much as it pays.
    """
    final: bool = False
    """True if no further payment follows, so that the amount still committed to the session is released."""

    @property
    @override
    def bound_amount(self) -> Money:
        return self.amount

    @override
    def describe(self) -> str:
        final = ", final" if self.final else ""
        return f"{self.record}: {self.amount} from {self.line}{_to(self.payee)}, invoice {self.invoice}{final}"


class PaymentCorrected(SpendingDecision):
    """A wrongly recorded payment was corrected; line, amount, session and finality of this event replace the old."""

    kind: Literal["payment-corrected"] = "payment-corrected"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    payee: str
    invoice: InvoiceNumber
    line: LineName
    amount: Money
    session: SessionId | None = None
    final: bool = False

    @property
    @override
    def bound_amount(self) -> Money:
        return self.amount

    @override
    def describe(self) -> str:
        final = ", final" if self.final else ""
        paid = f"{self.amount} from {self.line}{_to(self.payee)}"
        return f"{self.record}: invoice {self.invoice} corrected to {paid}{final}"


class PaymentVoided(MoneyEvent):
    """A payment was voided: its amount returns to its line, and the amount it settled is committed again."""

    kind: Literal["payment-voided"] = "payment-voided"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    payee: str
    invoice: InvoiceNumber

    @override
    def describe(self) -> str:
        return f"{self.record}: payment{_to(self.payee)} voided, invoice {self.invoice}"


PaymentEvent = MoneySpent | PaymentCorrected | PaymentVoided


def _to(payee: str) -> str:
    return f" to {payee}" if payee else ""


@dataclass(frozen=True, slots=True)
class Payment:
    """One paid invoice, with all corrections applied."""

    line: str
    amount: Money
    payee: str
    invoice: str
    session: str | None = None
    final: bool = False
    settles: Settlement = "amount"

    @classmethod
    def of(cls, event: MoneySpent | PaymentCorrected) -> Self:
        """The payment that *event* states."""
        payment = cls(event.line, event.amount, event.payee, event.invoice, event.session, event.final)
        match event:
            case MoneySpent(settles=settles):
                return replace(payment, settles=settles)
            case PaymentCorrected():
                return payment
            case _:
                assert_never(event)

    @property
    def key(self) -> InvoiceKey:
        """Payee and number: no two payments of a record share both."""
        return self.payee, self.invoice

    @property
    def closes(self) -> bool:
        """True if nothing stays committed to the session after this payment."""
        return self.session is not None and (self.final or self.settles == "whole")

    def matches(self, other: "Payment") -> bool:
        """True if *other* states the same payment; *settles*, which only events of schema 1 set, is not compared."""
        same = replace(other, settles=self.settles)
        return same == self or (self.settles == "whole" and replace(same, final=self.final) == self)
