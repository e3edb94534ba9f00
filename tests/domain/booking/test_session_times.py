from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.booking.resources import Rate, parse_rate, price
from domain.booking.session_times import doubled, parse_hours, shifted, slot_between, slots_on
from domain.booking.slots import Slot
from domain.core.money import Money
from domain.core.refusal import Misused

BERLIN = ZoneInfo("Europe/Berlin")
HOURLY: Rate = parse_rate("40/hour", "EUR")


def berlin(start: str, end: str, *, second: bool = False) -> Slot:
    return slot_between(datetime.fromisoformat(start), datetime.fromisoformat(end), BERLIN, second=second)


def on(day: str, hours: str, days: int = 1, *, second: bool = False) -> tuple[Slot, ...]:
    return slots_on(date.fromisoformat(day), parse_hours(hours), days, BERLIN, second=second)


def eur(minor: int) -> Money:
    return Money(minor=minor, currency="EUR")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("10-18", "10:00", "18:00"), ("10:30-18:00", "10:30", "18:00"), ("10-18:15", "10:00", "18:15"),
        ("9-24", "09:00", "24:00"), ("20:00\u201302:00", "20:00", "26:00"), ("22-2", "22:00", "26:00"),
        ("12:30-0", "12:30", "24:00"), ("0-24", "00:00", "24:00"), ("20-8", "20:00", "32:00"),
    ],
)  # fmt: skip
def test_hours_are_whole_or_with_minutes_and_may_end_on_the_next_day(text: str, start: str, end: str) -> None:
    told = tuple(
        f"{moment // timedelta(hours=1):02}:{moment % timedelta(hours=1) // timedelta(minutes=1):02}"
        for moment in parse_hours(text)
    )
    assert told == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10",
        "10.5-18",
        "10-25",
        "24-2",
        "10-10",
        "18-10",
        "20-26",
        "20-8:01",
        "10:60-12",
        "-1-5",
        "10-18h",
        "\u0661-\u0662",
    ],
)
def test_hours_that_make_no_session_are_refused(text: str) -> None:
    with pytest.raises(Misused, match=r"session\.hours"):
        parse_hours(text)


def test_twenty_to_two_is_one_slot_a_night() -> None:
    first, second = on("2026-12-07", "20:00\u201302:00", 2)
    assert (first.end - first.start, second.start - first.start) == (timedelta(hours=6), timedelta(days=1))


@pytest.mark.parametrize(("day", "minor"), [("2026-12-07", 16_000), ("2027-03-27", 16_000), ("2027-10-30", 16_000)])
def test_a_night_is_priced_by_its_true_hours(day: str, minor: int) -> None:
    assert price(HOURLY, on(day, "22-2"), BERLIN) == eur(minor)
    longer = {"2026-12-07": 24_000, "2027-03-27": 20_000, "2027-10-30": 28_000}[day]
    assert price(HOURLY, on(day, "22-4"), BERLIN) == eur(longer)


def test_the_later_of_two_equal_times_is_taken_when_it_is_asked_for() -> None:
    assert price(HOURLY, on("2027-10-30", "22-2", second=True), BERLIN) == eur(20_000)
    assert berlin("2027-10-31T02:30", "2027-10-31T03:00", second=True).start == datetime(
        2027, 10, 31, 1, 30, tzinfo=UTC
    )
    assert on("2026-12-07", "22-2", second=True) == on("2026-12-07", "22-2"), "nothing exists twice there"


def test_a_time_that_exists_twice_is_told_with_the_one_that_is_meant() -> None:
    for second in (False, True):
        (moment,) = doubled(on("2027-10-30", "22-2", second=second), BERLIN)
        assert (moment.hour, moment.fold) == (2, int(second))
    assert doubled(on("2026-12-07", "22-2"), BERLIN) == []
    assert doubled(on("2027-03-27", "22-2"), BERLIN) == []


def test_a_session_may_end_as_the_clocks_go_forward() -> None:
    (slot,) = on("2027-03-27", "22-2")
    assert slot.end == datetime(2027, 3, 28, 1, tzinfo=UTC)
    with pytest.raises(Misused, match="does not exist in Europe/Berlin"):
        on("2027-03-27", "22-2:30")


def test_slots_keep_their_hours_on_the_wall_when_they_are_moved_by_days() -> None:
    night = on("2027-03-26", "22:30-3:30", 2)
    assert shifted(night, date(2027, 10, 29), BERLIN) == on("2027-10-29", "22:30-3:30", 2)
    with pytest.raises(Misused, match=r"session\.time"):
        shifted(night, date(2500, 1, 1), BERLIN)


def test_a_wall_clock_time_that_summer_time_skips_is_refused() -> None:
    with pytest.raises(Misused, match="does not exist in Europe/Berlin"):
        berlin("2027-03-28T02:30", "2027-03-28T06:00")
    with pytest.raises(Misused, match="does not exist"):
        slots_on(date(2027, 3, 27), parse_hours("2-6"), 3, BERLIN)


def test_a_wall_clock_time_that_happens_twice_is_the_first_of_the_two() -> None:
    slot = berlin("2027-10-31T02:30", "2027-10-31T03:00")
    assert slot.end - slot.start == timedelta(hours=1, minutes=30)


def test_daily_hours_are_the_same_on_the_wall_on_both_sides_of_summer_time() -> None:
    before, after = slots_on(date(2027, 3, 27), parse_hours("10-18"), 2, BERLIN)
    assert after.start - before.start == timedelta(hours=23)
    assert {slot.start.astimezone(BERLIN).hour for slot in (before, after)} == {10}


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-12-07T18:00", "2026-12-07T10:00"),
        ("2026-12-07T10:00", "2026-12-07T10:00"),
        ("2026-12-07T10:00", "2028-12-07T10:00"),
        ("0001-01-01T00:00", "0001-01-01T10:00"),
        ("9999-12-31T00:00", "9999-12-31T23:59"),
        ("2026-12-07T10:00+01:00", "2026-12-07T09:00+00:00"),
    ],
)
def test_what_is_no_stretch_of_time_is_refused(start: str, end: str) -> None:
    with pytest.raises(Misused, match=r"session\.time"):
        berlin(start, end)


@pytest.mark.parametrize("days", [0, 367, -1])
def test_days_that_make_no_session_are_refused(days: int) -> None:
    with pytest.raises(Misused, match=r"session\.hours"):
        slots_on(date(2026, 12, 7), parse_hours("10-18"), days, BERLIN)


def test_the_last_day_of_the_calendar_is_refused_in_words() -> None:
    with pytest.raises(Misused, match=r"session\.time"):
        slots_on(date(9999, 12, 31), parse_hours("0-24"), 1, BERLIN)
