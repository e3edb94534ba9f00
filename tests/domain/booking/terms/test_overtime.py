"""Overtime of a session that runs, against tables worked out by hand."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.booking.slots import Slot
from domain.booking.terms.overtime import preview_overtime
from domain.booking.terms.pricing import price_items, total_of
from domain.booking.terms.rate_cards import Overtime, RateCard
from domain.core.money import Money

START = datetime(2027, 12, 6, 10, tzinfo=UTC)
CALL = RateCard(
    basis="call", amount=Money(minor=25_000, currency="EUR"), length_minutes=180,
    overtime=Overtime(unit_minutes=15, amount=Money(minor=4_000, currency="EUR")),
)  # fmt: skip


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def price(slots: tuple[Slot, ...]) -> Money:
    return total_of(price_items(CALL, slots, ZoneInfo("Europe/Berlin")), "EUR")


def told(now: int, *slots: Slot) -> tuple[int, list[tuple[int, int, int]]]:
    """Minutes over; and until when from the start, at what price and how much more, for each step."""
    found = preview_overtime(price, slots or (Slot(start=START, end=at(180)),), at(now), count=3)
    return found.over_minutes, [
        ((step.until - START) // timedelta(minutes=1), step.cost.minor, step.more.minor) for step in found.steps
    ]


def test_within_its_time_it_costs_what_it_was_booked_for() -> None:
    assert told(60) == (0, [(180, 25_000, 0), (195, 29_000, 4_000), (210, 33_000, 8_000)])


def test_a_begun_unit_is_owed_whole() -> None:
    assert told(181) == (1, [(195, 29_000, 4_000), (210, 33_000, 8_000), (225, 37_000, 12_000)])
    assert told(195) == (15, [(195, 29_000, 4_000), (210, 33_000, 8_000), (225, 37_000, 12_000)])
    assert told(196)[1][0] == (210, 33_000, 8_000)


def test_the_slot_that_runs_becomes_longer_and_the_others_stay() -> None:
    two = (Slot(start=START, end=at(120)), Slot(start=at(240), end=at(420)))
    assert told(430, *two) == (10, [(435, 54_000, 4_000), (450, 58_000, 8_000), (465, 62_000, 12_000)])
    assert told(30, *two)[1][0] == (180, 50_000, 0)


def test_what_never_becomes_dearer_has_one_price() -> None:
    flat = preview_overtime(lambda _: Money(minor=1, currency="EUR"), (Slot(start=START, end=at(60)),), at(90))
    assert [(step.cost.minor, step.more.minor) for step in flat.steps] == [(1, 0)]
