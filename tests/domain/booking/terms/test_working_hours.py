"""Notice, opening hours, buffers and free times, to the minute and across the change of the clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.booking.session_times import slot_between
from domain.booking.slots import Slot
from domain.booking.terms.cancellation import fee_on, fee_share
from domain.booking.terms.card_text import parse_cancellation, parse_minutes, parse_open_hours, parse_percent
from domain.booking.terms.conflicts import CalendarSlot, conflicts, free_times
from domain.booking.terms.register import TermsRegister
from domain.booking.terms.working_hours import WorkingHoursSet, is_open
from domain.core.money import Money
from domain.core.refusal import Misused

BERLIN = ZoneInfo("Europe/Berlin")
STEPS = parse_cancellation("14d=0,7d=50,48h=100")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("given", "share"),
    [
        (timedelta(days=30), 0), (timedelta(days=14), 0), (timedelta(days=14) - MINUTE, 0), (timedelta(days=7), 0),
        (timedelta(days=7) - MINUTE, 5_000), (48 * HOUR, 5_000), (48 * HOUR - MINUTE, 10_000), (timedelta(0), 10_000),
        (-HOUR, 10_000),
    ],
)  # fmt: skip
def test_the_shortest_notice_that_is_missed_decides_the_fee(given: timedelta, share: int) -> None:
    assert fee_share(STEPS, given) == share


def test_a_fee_is_rounded_up_and_without_steps_there_is_none() -> None:
    assert fee_on(Money(minor=33_333, currency="EUR"), 5_000).minor == 16_667
    assert fee_share((), -HOUR) == 0


def slot(start: str, end: str) -> Slot:
    return slot_between(datetime.fromisoformat(start), datetime.fromisoformat(end), BERLIN)


@pytest.mark.parametrize(
    ("start", "end", "answer"),
    [
        ("2026-12-07T10:00", "2026-12-07T22:00", "open"), ("2026-12-07T09:59", "2026-12-07T22:00", "closed"),
        ("2026-12-07T10:00", "2026-12-07T22:01", "closed"), ("2026-12-12T12:00", "2026-12-12T13:00", "closed"),
        ("2026-12-11T20:00", "2026-12-12T02:00", "open"), ("2026-12-11T20:00", "2026-12-12T02:01", "closed"),
        ("2026-12-11T10:00", "2026-12-11T23:00", "open"), ("2027-03-26T22:00", "2027-03-27T02:00", "open"),
    ],
)  # fmt: skip
def test_a_session_lies_in_the_hours_of_the_week_or_not(start: str, end: str, answer: str) -> None:
    weekly = parse_open_hours("mon-thu=10-22,fri=10-23,fri=20-2")
    assert is_open(weekly, slot(start, end), BERLIN) is (answer == "open")


def test_without_hours_anything_is_open_and_round_the_clock_is_said_so() -> None:
    night = slot("2027-03-27T22:00", "2027-03-28T06:00")
    assert is_open((), night, BERLIN)
    assert is_open(parse_open_hours("mon-sun=0-24"), night, BERLIN)
    assert len(parse_open_hours("sat-mon=10-12")) == 3


def test_free_times_leave_room_to_strike_and_to_set_up() -> None:
    hours = WorkingHoursSet(resource="room-a", setup_minutes=60, strike_minutes=30)
    register = TermsRegister(hours={"room-a": hours})
    firm = CalendarSlot("night-bus/S1", "room-a", slot("2026-12-07T12:00", "2026-12-07T14:00"), is_firm=True)
    found = free_times("room-a", [firm], register, slot("2026-12-07T08:00", "2026-12-07T20:00"), BERLIN)
    assert found == [slot("2026-12-07T08:00", "2026-12-07T10:30"), slot("2026-12-07T15:30", "2026-12-07T20:00")]


def test_back_to_back_is_no_conflict_and_enclosing_or_enclosed_is_one() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)

    def booked(number: int, start: str, end: str) -> CalendarSlot:
        return CalendarSlot(f"night-bus/S{number}", "room-a", slot(f"2026-12-07T{start}", f"2026-12-07T{end}"), True)

    first = booked(1, "10:00", "18:00")
    for start, end, expected in (
        ("18:00", "20:00", []), ("08:00", "10:00", []), ("12:00", "13:00", ["double"]), ("09:00", "19:00", ["double"]),
    ):  # fmt: skip
        found = conflicts([first, booked(2, start, end)], TermsRegister(), BERLIN, now)
        assert [one.sort for one in found] == expected, start


@pytest.mark.parametrize("text", ["", "h", "0h", "-1h", "1.5h", "400d", "1w", "1h 30m"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(Misused, match=r"rate\.duration"):
        parse_minutes(text)


def test_durations_and_percentages_are_exact() -> None:
    assert [parse_minutes(text) for text in ("14d", "48h", "1h30m", "15m", "1d1h1m")] == [20_160, 2_880, 90, 15, 1_501]
    assert [parse_percent(text) for text in ("50", "12.81%", "0.5%", "110%")] == [5_000, 1_281, 50, 11_000]
    with pytest.raises(Misused, match=r"rate\.percent"):
        parse_percent("12,5%")
