"""Commitments: the cost of a booked session to a budget line, and the part of it that is still open."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal

from pydantic import StringConstraints
from typing_extensions import override

from domain.core.event import Event, RecordId, SessionId, Traits
from domain.core.money import Money, zero

LineName = Annotated[str, StringConstraints(pattern=r"^[^\s=]{1,60}$")]
InvoiceKey = tuple[str, str]
"""Payee and invoice number."""


class CostCommitted(Event):
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
    def secret(self) -> Literal["money"]:
        return "money"

    @override
    def describe(self) -> str:
        return f"{self.amount} of {self.line} to {self.session}"


class CostUnbudgeted(Event):
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
    def secret(self) -> Literal["money"]:
        return "money"

    @override
    def describe(self) -> str:
        return f"{self.amount} unbudgeted for {self.session}"


class CommitmentReleased(Event):
    """A session's cost was released: the amount that was still open is available again."""

    kind: Literal["commitment-released"] = "commitment-released"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    session: SessionId
    line: LineName | None = None
    """The line whose amount is released; None for an unbudgeted cost."""
    amount: Money

    @property
    @override
    def secret(self) -> Literal["money"]:
        return "money"

    @override
    def describe(self) -> str:
        return f"{self.amount} {f'of {self.line}' if self.line else 'unbudgeted'} freed from {self.session}"


CommitmentEvent = CostCommitted | CostUnbudgeted | CommitmentReleased


@dataclass(frozen=True, slots=True)
class Commitment:
    """The cost of a session, and the payments that count against it."""

    amount: Money
    paid: Mapping[InvoiceKey, Money] = field(default_factory=dict)
    """Amount of each payment that names the session."""
    closed_by: frozenset[InvoiceKey] = frozenset()
    """Payments after which nothing stays committed, however little they pay."""
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

    def settled(self, payment: InvoiceKey, amount: Money, *, closes: bool) -> "Commitment":
        """The commitment after a payment of *amount*."""
        closed_by = self.closed_by | {payment} if closes else self.closed_by
        return replace(self, paid={**self.paid, payment: amount}, closed_by=closed_by)

    def reopened(self, payment: InvoiceKey) -> "Commitment":
        """The commitment without *payment*."""
        paid = {key: amount for key, amount in self.paid.items() if key != payment}
        return replace(self, paid=paid, closed_by=self.closed_by - {payment})
