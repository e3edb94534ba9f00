"""Time to set up and to strike keeps sessions apart, blocks are kept with it; opening hours are those of the work."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.booking.schedule import Schedule, evolve
from domain.booking.session_events import SessionBooked
from domain.booking.slots import Slot
from domain.booking.terms.availability import check_bookable
from domain.booking.terms.card_text import parse_open_hours
from domain.booking.terms.register import TermsRegister
from domain.booking.terms.working_hours import WorkingHoursSet
from domain.core.refusal import Clash

MONDAY = datetime(2026, 12, 7, tzinfo=UTC)
"""A Monday; room A is firm from 12:00 to 14:00."""


def at(start: float, end: float) -> Slot:
    return Slot(start=MONDAY + timedelta(hours=start), end=MONDAY + timedelta(hours=end))


FIRM = evolve(
    Schedule(), SessionBooked(session="night-bus/S1", record="night-bus", resources=("room-a",), slots=(at(12, 14),))
)  # fmt: skip


def rule(start: float, end: float, *, moving: str | None = None, blocked: tuple[Slot, ...] = (), **hours: Any) -> str:
    """Rule that refuses room A from *start* to *end* o'clock; empty if it can be had."""
    known = WorkingHoursSet(resource="room-a", **hours)
    register = TermsRegister(hours={"room-a": known}, blocked={"room-a": blocked})
    try:
        check_bookable(FIRM, register, ["room-a"], [at(start, end)], UTC, moving=moving)
    except Clash as clash:
        return clash.rule
    return ""


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (9, 10.5, ""), (9, 10.75, "schedule.buffer"), (15.5, 17, ""), (15.25, 17, "schedule.buffer"),
        (11, 13, "schedule.conflict"),
    ],
)  # fmt: skip
def test_an_hour_to_set_up_and_half_an_hour_to_strike_lie_between_two_sessions(
    start: float, end: float, expected: str
) -> None:
    assert rule(start, end, setup_minutes=60, strike_minutes=30) == expected


def test_each_of_both_times_counts_by_itself() -> None:
    assert [rule(9, 11.5, setup_minutes=60), rule(9, 11, setup_minutes=60)] == ["schedule.buffer", ""]
    assert [rule(14.25, 16, strike_minutes=30), rule(14.5, 16, strike_minutes=30)] == ["schedule.buffer", ""]


def test_a_session_may_move_into_its_own_time() -> None:
    assert rule(13, 15, setup_minutes=60, moving="night-bus/S1") == ""


def test_a_block_keeps_the_time_to_set_up_and_to_strike_too() -> None:
    blocked = (at(20, 22),)
    assert rule(17, 19.75, strike_minutes=30, blocked=blocked) == "schedule.blocked"
    assert rule(17, 19.5, strike_minutes=30, blocked=blocked) == ""
    assert rule(22.5, 23, setup_minutes=60, blocked=blocked) == "schedule.blocked"
    assert rule(23, 23.5, setup_minutes=60, blocked=blocked) == ""


def test_setting_up_may_begin_before_the_room_opens() -> None:
    weekly = parse_open_hours("mon=16-20")
    assert rule(16, 20, setup_minutes=60, strike_minutes=60, weekly=weekly) == ""
    assert rule(15, 20, weekly=weekly) == "schedule.closed"
