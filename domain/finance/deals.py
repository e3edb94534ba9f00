"""Deals: what a person gets for their work on a record, as events, terms, and the amounts that follow from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.booking.commitments import LineName, SpendingDecision
from domain.booking.received_invoices import WHOLE, BasisPoints, DealId
from domain.core.event import PersonId, RecordId, Stage, Traits
from domain.core.money import Money, zero
from domain.core.money_event import MoneyEvent

FeePer = Literal["song", "record"]
Work = Annotated[str, StringConstraints(pattern=r"^[^\s=]{1,60}$")]
"""A word for what a person does on a record, such as ``mixer``."""
DueTerm = Literal["agreed"] | Stage | date
"""When an instalment falls due: on agreement, when the record is in a stage, or on a day."""
AGREED: Final = "agreed"


class Fee(NamedTuple):
    """Amount that a person gets for each song of the record, or once for the record."""

    amount: Money
    per: FeePer


class DealAgreed(SpendingDecision):
    """A person works on a record at these terms; the last event for a deal has its terms."""

    kind: Literal["deal-agreed"] = "deal-agreed"
    schema_number = 2
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    deal: DealId
    record: RecordId
    person: PersonId
    role: Work
    fee: Money
    per: FeePer
    songs: Annotated[int, Field(ge=0)]
    """Songs of the record when the terms were agreed; the commitment follows the songs that there are."""
    revisions: Annotated[int, Field(ge=0, le=1000)] | None = None
    """Mix revisions of each song that the fee includes; None: as many as are asked for."""
    extra: Money | None = None
    """Price of each revision beyond those."""
    line: LineName | None = None
    """The line that pays; None: unbudgeted."""
    pay: tuple[BasisPoints, ...] = (WHOLE,)
    """Instalments in basis points of the whole, together 10,000."""
    recoupable_bp: BasisPoints = 0
    """Share that the artist's royalties pay back, in basis points."""
    due: tuple[DueTerm, ...] = ()
    """Term of each instalment; empty: as :mod:`domain.finance.instalments` has it where nothing is stated."""

    @property
    @override
    def fee_of(self) -> str:
        return self.person

    @property
    @override
    def bound_amount(self) -> Money:
        """The fee of all songs, or the price of an extra revision, if that is more.

        The fee is that of one song at least, since the first one may be added later; and each extra revision is
        committed without another decision.
        """
        fee = self.fee * max(1, self.songs) if self.per == "song" else self.fee
        return fee if self.extra is None else max(fee, self.extra, key=lambda amount: amount.minor)

    @override
    def describe(self) -> str:
        fee = f"{self.fee}/song" if self.per == "song" else str(self.fee)
        line = f" from {self.line}" if self.line else ""
        return f"{self.deal}: {self.person}, {self.role}, {fee}{line}"


class DealEnded(MoneyEvent):
    """A deal ended: what was still committed to it is available again."""

    kind: Literal["deal-ended"] = "deal-ended"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    deal: DealId
    record: RecordId
    amount: Money

    @override
    def describe(self) -> str:
        return f"{self.deal} ended, {self.amount} freed"


DealEvent = DealAgreed | DealEnded


@dataclass(frozen=True, slots=True)
class StatedTerms:
    """Terms of a deal as somebody states them; None leaves a term as it is, or at its default."""

    fee: Fee | None = None
    revisions: int | None = None
    extra: Money | None = None
    pay: tuple[int, ...] | None = None
    recoupable_bp: int | None = None
    due: tuple[DueTerm, ...] = ()
    """Term of each instalment of ``pay``, which states them anew; empty for those of the house."""

    def changed(self, terms: DealAgreed) -> DealAgreed:
        """*terms* with those that are stated."""
        amount, per = self.fee or (None, None)
        stated = {
            "fee": amount, "per": per, "revisions": self.revisions, "extra": self.extra, "pay": self.pay,
            "recoupable_bp": self.recoupable_bp, "due": None if self.pay is None else self.due,
        }  # fmt: skip
        return DealAgreed.model_validate(
            dict(terms) | {name: value for name, value in stated.items() if value is not None}
        )


@dataclass(frozen=True, slots=True)
class Round:
    """The place of one mix revision in a deal: the how-many-th it is, and what it and the next one cost."""

    number: int
    included: int
    cost: Money
    next_cost: Money


@dataclass(frozen=True, slots=True)
class Deal:
    """Terms of a deal, and the mix revisions of each song since it was agreed."""

    terms: DealAgreed
    ended: bool = False
    revisions: Mapping[str, int] = field(default_factory=dict)
    """Number of mix revisions by song id, since the deal was first agreed."""

    def revised(self, song: str, by: int) -> "Deal":
        """The deal with *by* more mix revisions of *song*."""
        return replace(self, revisions={**self.revisions, song: max(0, self.revisions.get(song, 0) + by)})

    @property
    def extra_revisions(self) -> int:
        """Revisions beyond those that the fee includes, over all songs."""
        included = self.terms.revisions
        return 0 if included is None else sum(max(0, number - included) for number in self.revisions.values())

    def amount(self, songs: int) -> Money:
        """The whole price for *songs* songs and the revisions made: fee for each song or once, and extra revisions."""
        extra = self.terms.extra or zero(self.terms.fee.currency)
        fee = self.terms.fee * songs if self.terms.per == "song" else self.terms.fee
        return fee + extra * self.extra_revisions

    def round(self, number: int) -> Round | None:
        """The revision *number* (from 1) of a song; None if the fee includes as many as are asked for."""
        included, nothing = self.terms.revisions, zero(self.terms.fee.currency)
        if included is None:
            return None
        extra = self.terms.extra or nothing
        return Round(
            number, included, extra if number > included else nothing, extra if number >= included else nothing
        )
