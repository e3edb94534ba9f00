"""Resources: the rooms, people and gear that can be booked, and the rate of each."""

from collections.abc import Iterable
from datetime import timedelta, tzinfo
from typing import Final, Literal, get_args

from typing_extensions import override

from domain.booking.slots import Slot
from domain.core.event import Event, ResourceId, Traits, Value
from domain.core.money import Money, active_currency, parse_money
from domain.core.refusal import Misused

Per = Literal["day", "hour", "call"]
ResourceKind = Literal["room", "person", "gear"]
QUARTER: Final = timedelta(minutes=15)


class Rate(Value):
    """Price a working day touched, an hour (begun quarters count whole), or once a call."""

    amount: Money
    per: Per


class ResourceAdded(Event):
    """A room, person or piece of gear can be booked at this rate; repeated, the event changes the rate."""

    kind: Literal["resource-added"] = "resource-added"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ()
    resource: ResourceId
    sort: ResourceKind
    rate: Rate | None = None

    @property
    @override
    def secret(self) -> Literal["money"] | None:
        return "money" if self.rate else None

    @property
    @override
    def fee_of(self) -> str | None:
        return self.resource if self.sort == "person" else None

    @override
    def describe(self) -> str:
        return f"{self.resource} at {self.rate.amount}/{self.rate.per}" if self.rate else self.resource


def parse_kind(text: str) -> ResourceKind:
    """The kind of resource named *text*.  Raises: Misused ``resource.kind``; there is no such kind."""
    kinds: tuple[ResourceKind, ...] = get_args(ResourceKind)
    for kind in kinds:
        if kind == text:
            return kind
    raise Misused("resource.kind", f"{text!r} is no kind of resource; there are room, person and gear")


def parse_rate(text: str, currency: str) -> Rate:
    """Parse ``600/day``, ``45.50/hour`` or ``250/call``.

    Raises:
        Misused: ``resource.rate``, ``money.amount``, ``money.currency``.
    """
    amount, slash, per = text.partition("/")
    if not slash or per not in {"day", "hour", "call"}:
        raise Misused("resource.rate", f"{text!r} is not a rate; write 600/day, 45.50/hour or 250/call")
    return Rate.model_validate({"amount": parse_money(amount, active_currency(currency)), "per": per})


def price(rate: Rate, slots: Iterable[Slot], zone: tzinfo) -> Money:
    """Price of *slots* at *rate*; days are those of *zone*, and fractions of a minor unit are rounded up."""
    stretches = tuple(slots)
    if rate.per == "call":
        return rate.amount
    if rate.per == "day":
        return rate.amount * len({day for slot in stretches for day in slot.days(zone)})
    quarters = sum(-((slot.start - slot.end) // QUARTER) for slot in stretches)
    return Money(minor=-(-rate.amount.minor * quarters // 4), currency=rate.amount.currency)
