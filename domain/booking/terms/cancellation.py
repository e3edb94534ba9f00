"""Fees for a late cancellation.

A step ``48h=100`` means: with less than 48 hours of notice, 100 % of the price is due.  Of several steps, the shortest
notice that is not met decides; exactly 48 hours are met.  A notice that meets all steps costs nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from typing_extensions import override

from domain.booking.slots import MINUTE, Moment, Slot
from domain.booking.terms.rate_cards import WHOLE, BasisPoints, CancellationStep
from domain.core.event import RecordId, ResourceId, SessionId, Traits, Value
from domain.core.money import Money
from domain.core.money_event import MoneyEvent


class CancellationFee(Value):
    """Cost that one resource of a cancelled session has all the same."""

    resource: ResourceId
    fee_bp: BasisPoints
    fee: Money


class CancellationCharged(MoneyEvent):
    """A session was cancelled so late that a fee is due; the cost of the session is the fee from now on."""

    kind: Literal["cancellation-charged"] = "cancellation-charged"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    session: SessionId
    record: RecordId
    cancelled: Moment
    """The moment of the cancellation."""
    fees: tuple[CancellationFee, ...]
    """Of each resource with a fee; their sum is the fee of the session."""

    @property
    def fee(self) -> Money:
        """The sum of the fees."""
        first, *others = (one.fee for one in self.fees)
        return sum(others, first)

    @override
    def describe(self) -> str:
        return f"{self.session} cancelled at a fee of {self.fee}"


def notice(slots: Sequence[Slot], now: datetime) -> timedelta:
    """Time from *now* until the session begins; negative after that."""
    return min(slot.start for slot in slots) - now


def fee_share(steps: Sequence[CancellationStep], given: timedelta) -> int:
    """Basis points of the price that are due when a session is cancelled with the notice *given*."""
    missed = [step for step in steps if given < step.notice_minutes * MINUTE]
    return min(missed, key=lambda step: step.notice_minutes).fee_bp if missed else 0


def fee_on(price: Money, share_bp: int) -> Money:
    """*share_bp* of *price*, rounded up to a whole minor unit."""
    return Money(minor=-(-price.minor * share_bp // WHOLE), currency=price.currency)
