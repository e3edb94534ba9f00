"""Rate cards: what a room, a person or gear costs, with its deposit and its fees for late cancellation."""

from typing import Annotated, Final, Literal

from pydantic import Field, model_validator
from typing_extensions import override

from domain.core.event import ResourceId, Traits, Value
from domain.core.money import Money
from domain.core.money_event import MoneyEvent

Basis = Literal["hour", "day", "call"]
Minutes = Annotated[int, Field(ge=1, le=366 * 24 * 60, strict=True)]
BasisPoints = Annotated[int, Field(ge=0, le=1_000_000, strict=True)]
"""Hundredths of a percent."""
WHOLE: Final = 10_000
"""Basis points of 100 %."""


class Overtime(Value):
    """Price of each begun unit of time beyond the length of a day or a call."""

    unit_minutes: Minutes
    amount: Money


class OnCost(Value):
    """A cost on top of a fee, such as a pension contribution: a share of the fee, or a sum per call, day or slot."""

    name: Annotated[str, Field(pattern=r"^[^\s=]{1,60}$")]
    share_bp: BasisPoints | None = None
    per_unit: Money | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "OnCost":
        if (self.share_bp is None) == (self.per_unit is None):
            raise ValueError("an on-cost is a share or a sum")
        return self


class Deposit(Value):
    """A part of the price that is due before the session: a share of it or a sum."""

    share_bp: BasisPoints | None = None
    amount: Money | None = None
    due_minutes: Minutes | None = None
    """Minutes before the session begins at which it is due; None: as the session is booked."""

    @model_validator(mode="after")
    def _one_of_both(self) -> "Deposit":
        if (self.share_bp is None) == (self.amount is None):
            raise ValueError("a deposit is a share or a sum")
        return self


class CancellationStep(Value):
    """A cancellation with less notice than this costs this share of the price."""

    notice_minutes: Minutes
    fee_bp: Annotated[int, Field(ge=0, le=WHOLE, strict=True)]


class Uplifts(Value):
    """Shares that are added to a fee and its overtime."""

    leader_bp: BasisPoints = 0
    double_bp: BasisPoints = 0
    """For the second instrument."""
    further_double_bp: BasisPoints = 0
    """For each instrument after the second one."""
    overdub_bp: BasisPoints = 0


class RateCard(Value):
    """The price of one room, person or piece of gear.

    An hour is charged by begun quarters, at least ``minimum_minutes`` a slot.  A day is charged for each working day
    touched.  A call is charged for each slot.  What lasts longer than ``length_minutes`` costs overtime; without
    overtime a day covers all of its hours, and each begun length is another call.
    """

    basis: Basis
    amount: Money
    length_minutes: Minutes | None = None
    """Length of a day or a call; for an hourly price, the minutes of a slot after which overtime begins."""
    finished_minutes: Minutes | None = None
    """Most minutes of finished music of one call; more of them are another call."""
    minimum_minutes: Minutes | None = None
    """Fewest minutes of a slot that are charged by the hour."""
    overtime: Overtime | None = None
    uplifts: Uplifts = Uplifts()
    on_costs: tuple[OnCost, ...] = ()
    deposit: Deposit | None = None
    cancellation: tuple[CancellationStep, ...] = ()
    """The longest notice first."""
    source: str = ""
    """The agreement it was taken from, with its date; empty for one's own."""

    @model_validator(mode="after")
    def _consistent(self) -> "RateCard":
        if self.basis == "call" and self.length_minutes is None:
            raise ValueError("a call has a length")
        if self.overtime and self.length_minutes is None:
            raise ValueError("overtime begins after a length")
        if self.finished_minutes and self.basis != "call":
            raise ValueError("finished minutes are those of a call")
        if self.minimum_minutes and self.basis != "hour":
            raise ValueError("a minimum is one of hours")
        currencies = {amount.currency for amount in self._amounts()}
        if len(currencies) > 1:
            raise ValueError("a card has one currency")
        return self

    def _amounts(self) -> list[Money]:
        sums = [one.per_unit for one in self.on_costs]
        deposit = self.deposit.amount if self.deposit else None
        overtime = self.overtime.amount if self.overtime else None
        return [amount for amount in (self.amount, overtime, deposit, *sums) if amount is not None]

    @property
    def currency(self) -> str:
        """The currency of all its amounts."""
        return self.amount.currency


class RateCardSet(MoneyEvent):
    """A room, person or piece of gear has this rate card from now on; it replaces the one before."""

    kind: Literal["rate-card-set"] = "rate-card-set"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ()
    resource: ResourceId
    card: RateCard

    @override
    def describe(self) -> str:
        return f"{self.resource} at {self.card.amount}/{self.card.basis}"
