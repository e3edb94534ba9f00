from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.booking.resources import Rate, parse_rate, price
from domain.booking.schedule import Schedule, add_resource, check_free, evolve
from domain.booking.session_events import SessionBooked
from domain.booking.session_times import slot_between
from domain.booking.slots import Slot
from domain.core.money import Money
from domain.core.refusal import Clash, Misused, NotFound, Refused

BERLIN = ZoneInfo("Europe/Berlin")
EPOCH = datetime(2026, 12, 7, tzinfo=UTC)


def eur(minor: int) -> Money:
    return Money(minor=minor, currency="EUR")


def berlin(start: str, end: str) -> Slot:
    return slot_between(datetime.fromisoformat(start), datetime.fromisoformat(end), BERLIN)


def rate(text: str) -> Rate:
    return parse_rate(text, "EUR")


@pytest.mark.parametrize(
    ("text", "minor", "per"), [("600/day", 60_000, "day"), ("45.50/hour", 4_550, "hour"), ("250/call", 25_000, "call")]
)
def test_a_rate_is_an_amount_and_what_it_is_for(text: str, minor: int, per: str) -> None:
    assert rate(text) == Rate(amount=eur(minor), per=per)


@pytest.mark.parametrize("text", ["600", "600/week", "/day", "600/", "600 /day", "-5/day", "1e3/hour", "600/day/day"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(Misused, match=r"resource\.rate|money\.amount"):
        rate(text)


def test_a_resource_is_of_one_kind_and_its_rate_may_change() -> None:
    schedule = evolve(Schedule(), *add_resource(Schedule(), resource="room-a", sort="room", rate=rate("600/day")))
    assert add_resource(schedule, resource="room-a", sort="room", rate=rate("600/day")) == []
    schedule = evolve(schedule, *add_resource(schedule, resource="room-a", sort="room", rate=rate("650/day")))
    assert schedule.resource("room-a").rate == rate("650/day")
    with pytest.raises(Refused, match=r"resource\.kind"):
        add_resource(schedule, resource="room-a", sort="person", rate=None)
    with pytest.raises(NotFound, match=r"resource\.unknown"):
        schedule.resource("room-b")


def test_a_day_costs_the_day_however_long_the_session() -> None:
    assert price(rate("600/day"), [berlin("2026-12-07T10:00", "2026-12-07T10:15")], BERLIN) == eur(60_000)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-12-07T20:00", "2026-12-08T02:00", 1),
        ("2026-12-07T22:00", "2026-12-08T06:00", 1),
        ("2026-12-07T22:00", "2026-12-08T06:00:01", 2),
        ("2026-12-07T10:00", "2026-12-08T18:00", 2),
        ("2026-12-07T10:00", "2026-12-10T02:00", 3),
        ("2026-12-08T00:00", "2026-12-08T04:00", 1),
        ("2027-10-30T22:00", "2027-10-31T06:00", 1),
        ("2027-03-27T22:00", "2027-03-28T06:00", 1),
    ],
)
def test_the_night_belongs_to_the_evening_before(start: str, end: str, days: int) -> None:
    assert price(rate("600/day"), [berlin(start, end)], BERLIN) == eur(60_000) * days


def test_a_session_that_ends_at_midnight_touches_one_day() -> None:
    assert price(rate("600/day"), [berlin("2026-12-07T10:00", "2026-12-08T00:00")], BERLIN) == eur(60_000)
    two = [berlin("2026-12-07T10:00", "2026-12-08T00:00"), berlin("2026-12-08T10:00", "2026-12-09T00:00")]
    assert price(rate("600/day"), two, BERLIN) == eur(120_000)


def test_days_are_those_of_the_house_and_not_of_greenwich() -> None:
    slot = Slot(start=datetime(2026, 12, 7, 23, 30, tzinfo=UTC), end=datetime(2026, 12, 8, 7, tzinfo=UTC))
    assert list(slot.days(BERLIN)) == [date(2026, 12, 8)]
    assert list(slot.days(UTC)) == [date(2026, 12, 7), date(2026, 12, 8)]
    assert list(slot.days(ZoneInfo("America/Los_Angeles"))) == [date(2026, 12, 7)]


def test_two_stretches_of_one_day_cost_one_day() -> None:
    slots = [berlin("2026-12-07T10:00", "2026-12-07T12:00"), berlin("2026-12-07T14:00", "2026-12-07T18:00")]
    assert price(rate("600/day"), slots, BERLIN) == eur(60_000)


@pytest.mark.parametrize(
    ("start", "end", "minor"),
    [
        ("2026-12-07T10:00", "2026-12-07T11:00", 4_000),
        ("2026-12-07T10:00", "2026-12-07T11:01", 5_000),
        ("2026-12-07T10:00", "2026-12-07T10:15", 1_000),
        ("2026-12-07T10:00:00", "2026-12-07T10:00:01", 1_000),
        ("2027-03-27T22:00", "2027-03-28T06:00", 28_000),
        ("2027-10-30T22:00", "2027-10-31T06:00", 36_000),
    ],
)
def test_hours_are_true_ones_with_begun_quarters_up_also_when_the_clocks_change(
    start: str, end: str, minor: int
) -> None:
    assert price(rate("40/hour"), [berlin(start, end)], BERLIN) == eur(minor)


def test_a_part_of_a_cent_counts_as_one() -> None:
    assert price(rate("0.01/hour"), [berlin("2026-12-07T10:00", "2026-12-07T10:15")], BERLIN) == eur(1)


def test_a_call_costs_once() -> None:
    two = [berlin("2026-12-07T10:00", "2026-12-07T18:00"), berlin("2026-12-08T10:00", "2026-12-08T18:00")]
    assert price(rate("250/call"), two, BERLIN) == eur(25_000)


def test_the_dearest_room_for_a_year_still_has_a_price() -> None:
    year = [berlin("2026-01-01T00:00", "2027-01-02T00:00")]
    assert price(rate("10000000000000/hour"), year, BERLIN).minor == 10**15 * 366 * 24


def test_slots_are_half_open_so_that_one_may_begin_as_another_ends() -> None:
    early, late = berlin("2026-12-07T10:00", "2026-12-07T14:00"), berlin("2026-12-07T14:00", "2026-12-07T18:00")
    assert not early.overlaps(late)
    assert not late.overlaps(early)
    assert early.overlaps(berlin("2026-12-07T13:59:59", "2026-12-07T20:00"))


def test_overlap_is_told_by_true_time_in_the_hour_that_happens_twice() -> None:
    first = Slot(start=datetime(2027, 10, 31, 2, 0, tzinfo=BERLIN), end=datetime(2027, 10, 31, 2, 30, tzinfo=BERLIN))
    again = Slot(
        start=datetime(2027, 10, 31, 2, 0, tzinfo=BERLIN, fold=1),
        end=datetime(2027, 10, 31, 2, 30, tzinfo=BERLIN, fold=1),
    )
    assert not first.overlaps(again)
    assert again.start - first.start == timedelta(hours=1)


MINUTES = st.tuples(st.integers(0, 300), st.integers(1, 120))


def stretch(minutes: tuple[int, int]) -> Slot:
    start = EPOCH + timedelta(minutes=minutes[0])
    return Slot(start=start, end=start + timedelta(minutes=minutes[1]))


@given(MINUTES, MINUTES)
def test_two_slots_overlap_where_they_share_a_minute(one: tuple[int, int], other: tuple[int, int]) -> None:
    minutes = [set(range(start, start + length)) for start, length in (one, other)]
    assert stretch(one).overlaps(stretch(other)) == bool(minutes[0] & minutes[1])
    assert stretch(one).overlaps(stretch(other)) == stretch(other).overlaps(stretch(one))


@given(st.integers(0, 10**6), st.lists(MINUTES, min_size=1, max_size=3))
def test_an_hourly_price_is_never_under_the_true_time_and_never_a_quarter_over(
    minor: int, minutes: list[tuple[int, int]]
) -> None:
    cost = price(Rate(amount=eur(minor), per="hour"), map(stretch, minutes), UTC).minor
    true = sum(length for _, length in minutes)
    assert minor * true <= cost * 60 < minor * (true + 15 * len(minutes)) + 60


def test_nothing_booked_leaves_every_room_free() -> None:
    check_free(Schedule(), ["room-a"], [stretch((0, 60))], UTC)


def test_a_slot_of_another_room_is_no_clash() -> None:
    booked = SessionBooked(session="a/S1", record="a", resources=("room-a",), slots=(stretch((0, 60)),))
    schedule = evolve(Schedule(), booked)
    check_free(schedule, ["room-b"], [stretch((0, 60))], UTC)
    with pytest.raises(Clash, match="room-a is firm for a/S1 2026-12-07 01:00 to 2026-12-07 02:00"):
        check_free(schedule, ["room-b", "room-a"], [stretch((59, 60))], BERLIN)
