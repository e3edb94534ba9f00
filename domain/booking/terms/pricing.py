"""Prices by a rate card.  Each item is rounded up to a whole minor unit by itself; sums are exact."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, tzinfo
from typing import Final, NamedTuple

from domain.booking.slots import MINUTE, Slot
from domain.booking.terms.rate_cards import WHOLE, RateCard
from domain.core.money import Money, zero

QUARTER_MINUTES: Final = 15


class Duties(NamedTuple):
    """Work of a person in a session, as far as it changes the fee."""

    leader: bool = False
    doubles: int = 0
    """Instruments beside the first."""
    overdub: bool = False
    finished_minutes: int = 0
    """Minutes of finished music that the session is to yield."""


class PriceItem(NamedTuple):
    """One line of a price, such as ``2 calls`` or ``overtime 3 x 15 min``."""

    name: str
    amount: Money
    is_fee: bool = True
    """False for an on-cost, which the person does not get."""


PLAIN = Duties()


def price_items(card: RateCard, slots: Sequence[Slot], zone: tzinfo, duties: Duties = PLAIN) -> tuple[PriceItem, ...]:
    """The lines of the price of *slots* by *card*, without those of zero.

    Args:
        card: the rate card.
        slots: times of the session, at least one; their lengths are true ones, also when the clocks change.
        zone: of the working days.
        duties: what the person does in the session.
    """
    units, base = _base(card, slots, zone, duties.finished_minutes)
    work = [*base, *_overtime(card, slots, zone)]
    work += _uplifts(card, total_of(work, card.currency), duties)
    fee = total_of(work, card.currency)
    costs = [
        PriceItem(one.name, one.per_unit * units if one.per_unit else _share(fee, one.share_bp or 0), is_fee=False)
        for one in card.on_costs
    ]
    return tuple(item for item in [*work, *costs] if item.amount.minor)


def total_of(items: Iterable[PriceItem], currency: str) -> Money:
    """Sum of *items*."""
    return sum((item.amount for item in items), zero(currency))


def fee_of(items: Iterable[PriceItem], currency: str) -> Money:
    """Sum of those *items* that the person gets: all but the on-costs."""
    return total_of((item for item in items if item.is_fee), currency)


def deposit_of(card: RateCard, price: Money) -> Money:
    """The deposit on *price* by *card*, at most the price; zero without one."""
    if card.deposit is None:
        return zero(price.currency)
    wanted = card.deposit.amount if card.deposit.amount is not None else _share(price, card.deposit.share_bp or 0)
    return min(wanted, price, key=lambda amount: amount.minor)


def deposit_due(card: RateCard, slots: Sequence[Slot]) -> datetime | None:
    """When the deposit is due; None: as the session is booked."""
    minutes = card.deposit.due_minutes if card.deposit else None
    return slots[0].start - minutes * MINUTE if minutes is not None else None


def _base(card: RateCard, slots: Sequence[Slot], zone: tzinfo, finished: int) -> tuple[int, list[PriceItem]]:
    """Number of calls, days or slots, and the price of the time itself."""
    if card.basis == "hour":
        quarters = sum(_charged_quarters(card, slot) for slot in slots)
        amount = Money(minor=-(-card.amount.minor * quarters // 4), currency=card.currency)
        return len(slots), [PriceItem(f"{_hours(quarters)} h", amount)]
    if card.basis == "day":
        days = len(_minutes_by_day(slots, zone))
        return days, [PriceItem(f"{days} {'day' if days == 1 else 'days'}", card.amount * days)]
    calls = max(sum(_calls(card, slot) for slot in slots), _up(finished, card.finished_minutes))
    return calls, [PriceItem(f"{calls} {'call' if calls == 1 else 'calls'}", card.amount * calls)]


def _charged_quarters(card: RateCard, slot: Slot) -> int:
    """Begun quarters of an hour of *slot* at the hourly price: at least the minimum, and without its overtime."""
    within = slot.minutes
    if card.overtime and card.length_minutes:
        within = min(within, card.length_minutes)
    return -(-max(within, card.minimum_minutes or 0) // QUARTER_MINUTES)


def _hours(quarters: int) -> str:
    whole, rest = divmod(quarters, 4)
    return str(whole) + ("", ".25", ".5", ".75")[rest]


def _calls(card: RateCard, slot: Slot) -> int:
    return 1 if card.overtime else _up(slot.minutes, card.length_minutes)


def _overtime(card: RateCard, slots: Sequence[Slot], zone: tzinfo) -> Iterator[PriceItem]:
    """Price of the begun units beyond the length of each slot, or of each working day of a price by the day.

    A slot over several working days is a lock-out, whose nights are part of it: it has no overtime.
    """
    if card.overtime is None or card.length_minutes is None:
        return
    lengths = _minutes_by_day(slots, zone).values() if card.basis == "day" else [slot.minutes for slot in slots]
    unit = card.overtime.unit_minutes
    units = sum(_up(max(minutes - card.length_minutes, 0), unit) for minutes in lengths)
    yield PriceItem(f"overtime {units} x {unit} min", card.overtime.amount * units)


def _minutes_by_day(slots: Sequence[Slot], zone: tzinfo) -> Counter[date]:
    """Minutes of work on each working day touched; 0 on those that only a lock-out touches."""
    minutes: Counter[date] = Counter()
    for slot in slots:
        days = list(slot.days(zone))
        minutes.update(dict.fromkeys(days, 0))
        if len(days) == 1:
            minutes[days[0]] += slot.minutes
    return minutes


def _uplifts(card: RateCard, work: Money, duties: Duties) -> Iterator[PriceItem]:
    """Shares of *work*, the fee with its overtime: none of them is a share of another."""
    uplifts = card.uplifts
    if duties.leader:
        yield PriceItem("leader", _share(work, uplifts.leader_bp))
    if duties.doubles:
        share = uplifts.double_bp + uplifts.further_double_bp * (duties.doubles - 1)
        name = "double" if duties.doubles == 1 else f"{duties.doubles} doubles"
        yield PriceItem(name, _share(work, share))
    if duties.overdub:
        yield PriceItem("overdub", _share(work, uplifts.overdub_bp))


def _share(amount: Money, share_bp: int) -> Money:
    return Money(minor=-(-amount.minor * share_bp // WHOLE), currency=amount.currency)


def _up(minutes: int, unit: int | None) -> int:
    """Begun units of *minutes*; 0 without a unit."""
    return -(-minutes // unit) if unit else 0
