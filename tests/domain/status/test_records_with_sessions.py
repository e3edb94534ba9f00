"""A record is not removed or shelved while a session of it lies ahead."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.booking.schedule import Schedule
from domain.booking.sessions import holds
from domain.core.fold import fold_events
from domain.core.refusal import Refused
from domain.status.booking_edits import refuse_sessions_to_come
from tests.domain.cases.booking import RECORD, slot
from tests.domain.cases.sessions import BOOKED, FURNISHED, S2, evolve

JANUARY = datetime(2027, 1, 1, tzinfo=UTC)
END_OF_BOTH = slot(5)[0].end


def refused(calendar: Schedule, now: datetime) -> str:
    try:
        refuse_sessions_to_come(calendar, RECORD, "shelved", now)
    except Refused as refusal:
        return refusal.detail
    return ""


def test_what_is_firm_or_held_is_named_until_it_is_over() -> None:
    calendar = BOOKED[0]
    ahead = f"{RECORD} cannot be shelved while sessions of it lie ahead: "
    assert refused(calendar, JANUARY) == f"{ahead}{RECORD}/S1 is firm and {S2} is held"
    assert refused(calendar, slot(4)[0].end) == f"{ahead}{S2} is held"
    assert refused(calendar, END_OF_BOTH - timedelta(minutes=1)) == f"{ahead}{S2} is held"
    assert refused(calendar, END_OF_BOTH) == ""


@pytest.mark.parametrize(("days", "answer"), [(1, "held"), (2, "")])
def test_a_hold_that_has_ended_is_in_nobodys_way(days: int, answer: str) -> None:
    _, events = holds.hold(
        FURNISHED[0], record=RECORD, resources=["room-a"], slots=slot(5), line=None, rank=None,
        expires=JANUARY + timedelta(days=2), now=JANUARY,
    )  # fmt: skip
    calendar = fold_events(evolve, FURNISHED, events)[0]
    assert answer in refused(calendar, JANUARY + timedelta(days=days))
    assert bool(refused(calendar, JANUARY + timedelta(days=days))) is bool(answer)
