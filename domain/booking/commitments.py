"""Commitments: the cost of a booked session or a deal to a budget line, and the part of it that is still open."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal

from pydantic import StringConstraints
from typing_extensions import override

from domain.core.event import RecordId, SessionId, Traits
from domain.core.money import Money, zero
from domain.core.money_event import MoneyEvent

LineName = Annotated[str, StringConstraints(pattern=r"^[^\s=]{1,60}$")]
InvoiceKey = tuple[str, str]
"""Payee and invoice number."""


class SpendingDecision(MoneyEvent):
    """Base of the events that commit or pay an amount, which a spending limit bounds."""

    @property
    @abstractmethod
    def bound_amount(self) -> Money:
        """The amount that the decision commits or pays."""


class CostCommitted(SpendingDecision):
    """An amount of a budget line was committed to a session."""

    kind: Literal["cost-committed"] = "cost-committed"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    line: LineName
    session: SessionId
    amount: Money

    @property
    @override
    def bound_amount(self) -> Money:
        return self.amount

    @override
    def describe(self) -> str:
        return f"{self.amount} of {self.line} to {self.session}"


class CostUnbudgeted(SpendingDecision):
    """A session was booked that no budget line pays; its cost counts as unbudgeted until an invoice pays it."""

    kind: Literal["cost-unbudgeted"] = "cost-unbudgeted"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    session: SessionId
    amount: Money
    line: LineName | None = None
    """The line that was named although the record had no budget."""

    @property
    @override
    def bound_amount(self) -> Money:
        return self.amount

    @override
    def describe(self) -> str:
        return f"{self.amount} unbudgeted for {self.session}"


class CommitmentReleased(MoneyEvent):
    """A session's cost was released: the amount that was still open is available again."""

    kind: Literal["commitment-released"] = "commitment-released"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    session: SessionId
    line: LineName | None = None
    """The line whose amount is released; None for an unbudgeted cost."""
    amount: Money

    @override
    def describe(self) -> str:
        return f"{self.amount} {f'of {self.line}' if self.line else 'unbudgeted'} freed from {self.session}"


CommitmentEvent = CostCommitted | CostUnbudgeted | CommitmentReleased


@dataclass(frozen=True, slots=True)
class Commitment:
    """The cost of a session or a deal, and the invoices that count against it."""

    amount: Money
    paid: Mapping[InvoiceKey, Money] = field(default_factory=dict)
    """Amount that each invoice for the session settles: its payment, and what of it was received and is unpaid."""
    closed_by: frozenset[InvoiceKey] = frozenset()
    """Invoices after which nothing stays committed, however little they are."""
    released: bool = False
    """True after the session was cancelled: nothing is due, whatever its payments, until the cost is committed anew.
    """

    @property
    def open(self) -> Money:
        """The part that is neither paid nor released."""
        nothing = zero(self.amount.currency)
        rest = self.amount - sum(self.paid.values(), nothing)
        return nothing if self.released or self.closed_by or rest < nothing else rest

    def priced(self, amount: Money) -> "Commitment":
        """The commitment at *amount*, due again.  Its payments still count, but do not close another amount."""
        return replace(
            self, amount=amount, closed_by=self.closed_by if amount == self.amount else frozenset(), released=False
        )

    def settled(self, invoice: InvoiceKey, amount: Money, *, closes: bool) -> "Commitment":
        """The commitment after *amount* more of *invoice* was paid, or received and not paid yet."""
        closed_by = self.closed_by | {invoice} if closes else self.closed_by
        so_far = self.paid[invoice] + amount if invoice in self.paid else amount
        return replace(self, paid={**self.paid, invoice: so_far}, closed_by=closed_by)

    def reopened(self, invoice: InvoiceKey) -> "Commitment":
        """The commitment without what *invoice* settled."""
        if invoice not in self.paid and invoice not in self.closed_by:
            return self
        paid = {key: amount for key, amount in self.paid.items() if key != invoice}
        return replace(self, paid=paid, closed_by=self.closed_by - {invoice})
