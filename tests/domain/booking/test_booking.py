from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.booking import budget as budgets
from domain.booking import schedule as schedules
from domain.booking.booking import book
from domain.booking.budget import Budget
from domain.booking.commitments import CostCommitted, CostUnbudgeted
from domain.booking.resources import ResourceAdded, parse_rate
from domain.booking.schedule import Schedule
from domain.booking.session_events import SessionBooked
from domain.booking.slots import Slot
from domain.core.event import Event
from domain.core.money import Money
from domain.core.refusal import Clash, Misused, NotFound, Refused

MONDAY = datetime(2026, 12, 7, tzinfo=UTC)


def hours(first: int, last: int) -> Slot:
    return Slot(start=MONDAY + timedelta(hours=first), end=MONDAY + timedelta(hours=last))


def eur(minor: int) -> Money:
    return Money(minor=minor, currency="EUR")


@dataclass(frozen=True)
class House:
    schedule: Schedule = field(default_factory=Schedule)
    budget: Budget = field(default_factory=Budget)

    def after(self, events: Iterable[Event]) -> "House":
        house = self
        for event in events:
            if isinstance(event, ResourceAdded | SessionBooked):
                house = replace(house, schedule=schedules.evolve(house.schedule, event))
            else:
                house = replace(house, budget=budgets.evolve(house.budget, event))
        return house

    def book(
        self, *slots: Slot, record: str = "night-bus", rooms: tuple[str, ...] = ("room-a",), line: str | None = "studio"
    ) -> tuple[str, list[Event]]:
        return book(
            self.schedule,
            self.budget,
            record=record,
            resources=rooms,
            slots=slots,
            line=line,
            currency="EUR",
            zone=UTC,
        )


def house() -> House:
    events: list[Event] = [
        ResourceAdded(resource="room-a", sort="room", rate=parse_rate("600/day", "EUR")),
        ResourceAdded(resource="pat", sort="person", rate=parse_rate("40/hour", "EUR")),
        ResourceAdded(resource="piano", sort="gear"),
        *budgets.set_lines(Budget(), record="night-bus", lines={"studio": eur(150_000)}),
    ]
    return House().after(events)


def test_a_session_holds_its_rooms_and_people_and_its_cost_is_promised() -> None:
    session, events = house().book(hours(10, 18), rooms=("room-a", "pat"))
    assert session == "night-bus/S1"
    booked, committed = events
    assert isinstance(booked, SessionBooked)
    assert booked.cost == eur(92_000)
    assert committed == CostCommitted(record="night-bus", line="studio", session=session, amount=eur(92_000))


def test_without_a_line_nothing_is_promised_and_no_rate_is_asked_for() -> None:
    _, events = house().book(hours(10, 18), rooms=("piano",), line=None)
    (booked,) = events
    assert (booked.line, booked.cost) == (None, None)


def test_without_a_line_the_cost_of_what_has_a_rate_is_unbudgeted() -> None:
    session, events = house().book(hours(10, 18), rooms=("room-a", "piano"), line=None)
    booked, cost = events
    assert (booked.line, booked.cost) == (None, eur(60_000))
    assert cost == CostUnbudgeted(record="night-bus", session=session, amount=eur(60_000))
    assert house().after(events).budget.line("studio").left == eur(150_000)


def test_a_record_without_a_budget_books_freely_whatever_line_is_named() -> None:
    free = House().after([ResourceAdded(resource="room-a", sort="room", rate=parse_rate("600/day", "EUR"))])
    session, events = free.book(hours(10, 18))
    assert events[1] == CostUnbudgeted(record="night-bus", session=session, amount=eur(60_000), line="studio")
    assert free.after(events).book(hours(10, 18)) == (session, [])


def test_the_same_booking_with_a_line_takes_what_was_unbudgeted_into_the_budget() -> None:
    session, events = house().book(hours(10, 18), line=None)
    there = house().after(events)
    assert there.book(hours(10, 18)) == (
        session,
        [CostCommitted(record="night-bus", line="studio", session=session, amount=eur(60_000))],
    )
    taken = there.after(there.book(hours(10, 18))[1])
    assert (taken.budget.beside, taken.budget.line("studio").left) == (None, eur(90_000))
    assert taken.book(hours(10, 18)) == taken.book(hours(10, 18), line=None) == (session, [])
    with pytest.raises(NotFound, match=r"budget\.line"):
        there.book(hours(10, 18), line="catering")


def test_a_session_that_one_line_pays_is_not_booked_on_another() -> None:
    there = house().after(house().book(hours(10, 18))[1])
    with pytest.raises(Clash, match=r"schedule\.conflict"):
        there.book(hours(10, 18), line="mixing")


def test_a_rate_in_another_currency_prices_nothing_that_no_line_pays() -> None:
    there = house().after([ResourceAdded(resource="hall", sort="room", rate=parse_rate("600/day", "USD"))])
    _, (booked,) = there.book(hours(10, 18), rooms=("hall",), line=None)
    assert booked.cost is None


def test_the_same_booking_again_is_the_session_there_is() -> None:
    session, events = house().book(hours(10, 18))
    again = house().after(events)
    assert again.book(hours(10, 18)) == (session, [])
    dearer = again.after([ResourceAdded(resource="room-a", sort="room")])
    assert dearer.book(hours(10, 18)) == (session, [])


def test_a_room_is_never_booked_twice_at_a_time_for_one_record_or_two() -> None:
    there = house().after(house().book(hours(10, 18))[1])
    for record in ("night-bus", "day-bus"):
        with pytest.raises(Clash, match=r"schedule\.conflict: room-a is firm for night-bus/S1"):
            there.book(hours(17, 19), record=record, line=None)


def test_a_session_may_begin_as_another_ends() -> None:
    there = house().after(house().book(hours(10, 14))[1])
    session, _ = there.book(hours(14, 18), line=None)
    assert session == "night-bus/S2"


def test_the_calendar_is_asked_before_the_money_and_before_the_rates() -> None:
    there = house().after(house().book(hours(10, 18), rooms=("room-a", "piano"), line=None)[1])
    with pytest.raises(Clash, match=r"schedule\.conflict"):
        there.book(hours(10, 400))
    with pytest.raises(Clash, match=r"schedule\.conflict"):
        there.book(hours(12, 13), rooms=("piano",))


def test_a_booking_the_line_cannot_pay_is_refused_whole_and_noted() -> None:
    with pytest.raises(Refused, match=r"budget\.guard") as refusal:
        house().book(hours(10, 18), hours(34, 42), hours(58, 66))
    assert refusal.value.values["short"] == eur(30_000)
    assert "noted" in refusal.value.values


def test_a_line_pays_for_nothing_that_has_no_rate() -> None:
    with pytest.raises(Refused, match=r"session\.rate: piano has no rate"):
        house().book(hours(10, 18), rooms=("piano",))


def test_unknown_rooms_and_lines_and_no_rooms_at_all_are_refused() -> None:
    with pytest.raises(NotFound, match=r"resource\.unknown"):
        house().book(hours(10, 18), rooms=("room-z",))
    with pytest.raises(NotFound, match=r"budget\.line"):
        house().book(hours(10, 18), line="catering")
    with pytest.raises(Misused, match=r"session\.resources"):
        house().book(hours(10, 18), rooms=())


def test_the_slots_of_one_session_do_not_overlap() -> None:
    with pytest.raises(Misused, match=r"session\.time"):
        house().book(hours(10, 18), hours(17, 20))


WISHES = st.lists(
    st.tuples(
        st.sampled_from(["night-bus", "day-bus"]),
        st.lists(st.sampled_from(["room-a", "pat", "piano"]), min_size=1, max_size=2, unique=True).map(tuple),
        st.integers(0, 30),
        st.integers(1, 10),
        st.sampled_from([None, "studio"]),
    ),
    max_size=12,
)


@given(WISHES)
def test_no_resource_is_ever_held_twice_and_no_line_overdrawn_and_repeats_yield_nothing(
    wishes: list[tuple[str, tuple[str, ...], int, int, str | None]],
) -> None:
    there = house()
    held: set[tuple[str, int]] = set()
    for record, rooms, first, length, line in wishes:
        slot = hours(first, first + length)
        try:
            session, events = there.book(slot, record=record, rooms=rooms, line=line)
        except (Clash, Refused):
            continue
        there = there.after(events)
        assert there.book(slot, record=record, rooms=rooms, line=line) == (session, [])
        is_new = any(isinstance(event, SessionBooked) for event in events)
        wanted = {(room, hour) for room in rooms for hour in range(first, first + length)} if is_new else set()
        assert not wanted & held
        held |= wanted
    assert there.budget.line("studio").left.minor >= 0
