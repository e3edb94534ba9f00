"""Holds, their challenges and their ranks, by the pure decisions."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.booking import schedule as schedules
from domain.booking.resources import ResourceAdded
from domain.booking.schedule import Schedule, ScheduleEvent
from domain.booking.session_events import SessionBooked
from domain.booking.sessions.holds import challenge, hold, rivals
from domain.booking.slots import Slot
from domain.core.refusal import Misused, Refused

NOW = datetime(2026, 12, 7, 9, tzinfo=UTC)
RECORD, OTHER = "night-bus", "tin-can"


def hours(first: int, last: int) -> Slot:
    return Slot(start=NOW + timedelta(hours=first), end=NOW + timedelta(hours=last))


def after(state: Schedule, *events: ScheduleEvent) -> Schedule:
    for event in events:
        state = schedules.evolve(state, event)
    return state


@pytest.fixture
def rooms() -> Schedule:
    return after(Schedule(), *(ResourceAdded(resource=name, sort="room") for name in ("room-a", "room-b")))


def held(
    state: Schedule, *slots: Slot, record: str = RECORD, expires: datetime | None = None, now: datetime = NOW
) -> Schedule:
    _, events = hold(
        state, record=record, resources=["room-a"], slots=slots, line=None, rank=None, expires=expires, now=now
    )
    return after(state, *events)


def test_the_slots_of_a_hold_do_not_overlap(rooms: Schedule) -> None:
    with pytest.raises(Misused, match=r"session\.time"):
        held(rooms, hours(1, 3), hours(2, 4))
    assert len(held(rooms, hours(1, 3), hours(3, 4)).holds) == 1


def test_what_is_firm_already_is_not_held(rooms: Schedule) -> None:
    firm = SessionBooked(session=f"{RECORD}/S1", record=RECORD, resources=("room-a",), slots=(hours(1, 3),))
    state = after(rooms, firm)
    with pytest.raises(Refused, match=r"session\.firm: these are firm as night-bus/S1"):
        held(state, hours(1, 3))
    assert held(state, hours(1, 3), record=OTHER).holds, "another record may wait for it"


def test_a_hold_expires_later_than_now(rooms: Schedule) -> None:
    with pytest.raises(Misused, match=r"session\.expiry"):
        held(rooms, hours(1, 3), expires=NOW)
    state = held(rooms, hours(1, 3), expires=NOW + timedelta(minutes=1))
    assert held(state, hours(1, 3), expires=NOW + timedelta(minutes=1), now=NOW + timedelta(hours=1)) == state


def test_the_deadline_of_a_challenge_is_later_than_now(rooms: Schedule) -> None:
    state = held(rooms, hours(1, 3))
    session = f"{RECORD}/S1"
    with pytest.raises(Misused, match=r"session\.deadline"):
        challenge(state, record=RECORD, session=session, by="ann", deadline=NOW, now=NOW)
    [made] = challenge(
        state, record=RECORD, session=session, by="ann", deadline=NOW + timedelta(minutes=1), now=NOW
    )  # fmt: skip
    assert made.deadline == NOW + timedelta(minutes=1)


def test_a_hold_that_ended_by_itself_has_no_rank_before_others(rooms: Schedule) -> None:
    ends = NOW + timedelta(hours=1)
    state = held(rooms, hours(2, 4), expires=ends)
    assert [one.session for one in rivals(state, "", ["room-a"], [hours(3, 5)], NOW)] == [f"{RECORD}/S1"]
    assert rivals(state, "", ["room-b"], [hours(3, 5)], NOW) == ()
    assert rivals(state, "", ["room-a"], [hours(4, 5)], NOW) == (), "it ends as the other begins"
    assert rivals(state, "", ["room-a"], [hours(3, 5)], ends) == (), "over at that very moment"
    ranks = [
        held(state, hours(3, 5), record=OTHER, now=moment).holds[f"{OTHER}/S1"].held.rank for moment in (NOW, ends)
    ]
    assert ranks == [2, 1]
