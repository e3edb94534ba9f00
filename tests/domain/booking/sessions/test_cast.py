"""Replacements in a session, by the pure decision."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.booking import schedule as schedules
from domain.booking.budget import Budget
from domain.booking.resources import ResourceAdded
from domain.booking.schedule import Schedule
from domain.booking.session_events import SessionHeld
from domain.booking.sessions.cast import replace_player
from domain.booking.slots import Slot
from domain.booking.terms.register import TermsRegister
from domain.core.refusal import NotFound, Refused

NIGHT_BUS, S1 = "night-bus", "night-bus/S1"
MORNING = datetime(2026, 12, 7, 9, tzinfo=UTC)


def replaced(leaves: str, enters: str) -> list[str]:
    """Resources of a held session of room-a, jo and al after *enters* took the place of *leaves*."""
    state = Schedule()
    for name in ("room-a", "room-b"):
        state = schedules.evolve(state, ResourceAdded(resource=name, sort="room"))
    for name in ("jo", "al", "kim"):
        state = schedules.evolve(state, ResourceAdded(resource=name, sort="person"))
    slots = (Slot(start=MORNING, end=MORNING + timedelta(hours=3)),)
    held = SessionHeld(session=S1, record=NIGHT_BUS, resources=("room-a", "jo", "al"), slots=slots, rank=1)
    state = schedules.evolve(state, held)
    events = replace_player(
        state, Budget(), record=NIGHT_BUS, session=S1, leaves=leaves, enters=enters, currency="EUR", zone=UTC,
        register=TermsRegister(),
    )  # fmt: skip
    return [name for event in events if isinstance(event, SessionHeld) for name in event.resources]


def test_another_takes_the_place_and_nobody_else_moves() -> None:
    assert replaced("jo", "kim") == ["room-a", "kim", "al"]
    assert replaced("room-a", "room-b") == ["room-b", "jo", "al"]


def test_whoever_is_there_already_does_not_take_a_second_place() -> None:
    with pytest.raises(Refused, match=r"session\.player: al is in night-bus/S1 already"):
        replaced("jo", "al")


def test_repeated_it_changes_nothing_and_a_stranger_leaves_no_place() -> None:
    assert replaced("kim", "al") == [], "as if kim had been replaced by al before"
    with pytest.raises(NotFound, match=r"session\.player: kim is not in night-bus/S1"):
        replaced("kim", "room-b")


@pytest.mark.parametrize(("leaves", "enters"), [("jo", "room-b"), ("room-a", "kim")])
def test_a_person_and_a_room_do_not_take_each_others_place(leaves: str, enters: str) -> None:
    with pytest.raises(Refused, match=r"session\.kind"):
        replaced(leaves, enters)
