"""Overtime of a session while it runs: minutes beyond its end, and its price at the end of each next begun unit.

The price of a session never falls by stopping early, since its booked times are owed.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from domain.booking.slots import MINUTE, Slot
from domain.core.money import Money

HORIZON: Final = timedelta(hours=12)
"""Longest time that is looked ahead."""


class OvertimeStep(NamedTuple):
    """A time until which the session may go on at one price."""

    until: datetime
    """The last moment at this price, in UTC."""
    cost: Money
    """Price of the whole session if it ends by then."""
    more: Money
    """Part of that beyond the price of the booked times."""


class OvertimePreview(NamedTuple):
    """A session at one moment: how long it is over, and what going on costs."""

    over_minutes: int
    """Begun minutes beyond the booked end; 0 before it."""
    steps: tuple[OvertimeStep, ...]
    """The price if it stopped now, then the next higher prices; fewer where nothing becomes dearer in time."""


def preview_overtime(
    price: Callable[[tuple[Slot, ...]], Money], slots: Sequence[Slot], at: datetime, *, count: int = 4
) -> OvertimePreview:
    """The overtime of a session that still runs at the moment *at*.

    Args:
        price: from the times of a session to its price, which never falls as they become longer.
        slots: the booked times, in order.
        at: the moment, with its offset from UTC.
        count: the most prices to tell.
    """
    running = max((number for number, slot in enumerate(slots) if slot.start <= at), default=0)
    booked, slot = price(tuple(slots)), slots[running]
    over = Slot(start=slot.end, end=at).minutes if at > slot.end else 0

    def cost_until(minutes: int) -> Money:
        longer = Slot(start=slot.start, end=slot.end + minutes * MINUTE)
        return price((*slots[:running], longer, *slots[running + 1 :]))

    steps: list[OvertimeStep] = []
    minutes, last = over, over + HORIZON // MINUTE
    while len(steps) < count and minutes <= last:
        cost = cost_until(minutes)
        minutes = _last_at(cost, cost_until, minutes, last)
        steps.append(OvertimeStep(slot.end + minutes * MINUTE, cost, cost - booked))
        minutes += 1
    return OvertimePreview(over, tuple(steps))


def _last_at(cost: Money, cost_until: Callable[[int], Money], first: int, last: int) -> int:
    """The last of the minutes from *first* to *last* at which the price is *cost*: by bisection, as it never falls."""
    low, high = first, last
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if cost_until(middle) == cost else (low, middle - 1)
    return low
