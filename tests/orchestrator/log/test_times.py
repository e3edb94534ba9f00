"""The position of a time: by each writer's own clock, in spite of wrong clocks, on both databases."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from domain.core.event import clock_us
from domain.store.clocks import ClockDoubted
from orchestrator.log.codec import microseconds
from orchestrator.log.database.url import Place
from orchestrator.log.store import Log
from tests.orchestrator.log.databases import Databases
from tests.orchestrator.log.given import KINDS, drafted, fresh_log, take

NOON = datetime(2026, 12, 7, 12, 0, tzinfo=UTC)
DOUBTING = {**KINDS, "clock-doubted": ClockDoubted}


def later(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=12), st.integers(-1, 10))
def test_a_time_means_the_last_position_whose_suffix_minimum_it_has_reached(
    databases: Databases, history: list[tuple[int, bool]], asked: int
) -> None:
    now = NOON
    with fresh_log(databases, clock=lambda: now) as log:
        for minutes, is_timed in history:
            now = later(minutes)
            log.append(drafted(take(), id=None if is_timed else uuid4()))
        clocks = [clock_us(one.stored_id, one.recorded_us) for one in log.read_all()]
        least = [min(clocks[at:]) for at in range(len(clocks))]
        assert all(before <= after for before, after in pairwise(least))
        reached = [at + 1 for at, clock in enumerate(least) if clock <= microseconds(later(asked))]
        assert log.position_at(later(asked)) == max(reached, default=0)


def test_what_is_doubted_is_left_out_and_the_rest_is_as_it_was(place: Place) -> None:
    now = NOON
    with Log.create(place, kinds=DOUBTING, clock=lambda: now) as log:
        for minutes in (0, 1, -600, 2):
            now = later(minutes)
            log.append(drafted(take()))
        assert log.position_at(later(-1)) == 3
        log.append(drafted(ClockDoubted(first=3, last=3)))
        assert [log.position_at(later(minutes)) for minutes in (-1, 0, 1, 3)] == [0, 1, 2, 5]


def test_an_event_that_waited_for_its_turn_has_the_time_of_its_recording(place: Place) -> None:
    clock = iter([NOON, later(1)] * 9)
    with Log.create(place, kinds=KINDS, clock=lambda: next(clock)) as log:
        [recorded] = log.append(drafted(take()))
        assert clock_us(recorded.stored_id, 0) == recorded.recorded_us == microseconds(later(1))


def test_a_time_that_0_1_0_moved_forward_is_shown_as_its_writer_had_it(place: Place) -> None:
    with Log.create(place, kinds=KINDS, clock=lambda: NOON) as log:
        [recorded] = log.append(drafted(take()))
    dragged = recorded._replace(recorded_us=microseconds(datetime(2099, 1, 1, tzinfo=UTC)))
    assert recorded.recorded_at == dragged.recorded_at == NOON
