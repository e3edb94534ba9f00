"""The studio day: slates, their marks, and the quiet advice to park a part."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from domain.core.refusal import Misused, Refused
from domain.session.day_events import DayEvent, SlateMarked
from domain.session.session_day import (
    LAST_NUMBER,
    SessionDay,
    evolve,
    mark_moment,
    mark_pass,
    name_moment,
    park_hint,
    start_parts,
    start_roll,
    stop_roll,
)

AT = datetime(2026, 12, 7, 10, 0, tzinfo=UTC)
SONG = "night-bus/tin-roof"
DRUMS, BASS = f"{SONG}/drums", f"{SONG}/bass"


def later(minutes: int) -> datetime:
    return AT + timedelta(minutes=minutes)


class Day:
    """A studio day on which each decision is recorded at once."""

    def __init__(self) -> None:
        self.state = SessionDay("night-bus/S1", "night-bus")
        self.events: list[DayEvent] = []

    def record(self, events: Sequence[DayEvent]) -> Sequence[DayEvent]:
        for event in events:
            self.state = evolve(self.state, event)
        self.events += events
        return events

    def roll(self, minutes: int, *, last_pass: int = 0) -> None:
        last = max(self.state.slates, default=0)
        taken = max((slate.pass_number for slate in self.state.slates.values()), default=last_pass)
        self.record(start_roll(self.state, at=later(minutes), last_slate=last, last_pass=taken))


@pytest.fixture
def day() -> Day:
    """A day on which the drums are running."""
    made = Day()
    made.record(start_parts(made.state, [DRUMS], at=AT))
    return made


def test_a_pass_is_numbered_beyond_every_take_and_a_slate_within_its_session(day: Day) -> None:
    day.roll(1, last_pass=3)
    day.record(stop_roll(day.state, at=later(4)))
    day.roll(5)
    assert [(slate.number, slate.pass_number) for slate in day.state.slates.values()] == [(1, 4), (2, 5)]
    assert day.state.rolling is not None
    assert day.state.rolling.number == 2


def test_a_mark_is_for_the_pass_that_rolls_or_rolled_last_and_the_last_mark_counts(day: Day) -> None:
    day.roll(1)
    day.record(mark_pass(day.state, "hold", at=later(2)))
    day.record(stop_roll(day.state, at=later(4)))
    day.record(mark_pass(day.state, "keeper", at=later(5)))
    assert day.state.slates[1].mark == "keeper"
    assert len(day.state.slates[1].marks) == 2
    assert day.state.free_marks == ()


def test_a_mark_without_roll_and_stop_is_one_key_and_stands_by_its_time(day: Day) -> None:
    [marked] = day.record(mark_pass(day.state, "keeper", at=later(7)))
    assert isinstance(marked, SlateMarked)
    assert (marked.slate, marked.song, marked.at) == (None, SONG, later(7))
    assert day.state.free_marks == (marked,)


def test_a_mark_after_other_parts_began_is_not_for_the_pass_of_the_parts_before(day: Day) -> None:
    day.roll(1)
    day.record(start_parts(day.state, [BASS], at=later(9)))
    assert day.state.rolling is None, "the pass ended as the next part began"
    [marked] = day.record(mark_pass(day.state, "keeper", at=later(10)))
    assert isinstance(marked, SlateMarked)
    assert marked.slate is None


def test_a_false_start_ends_the_pass(day: Day) -> None:
    day.roll(1)
    day.record(mark_pass(day.state, "false-start", at=later(2)))
    assert day.state.rolling is None
    assert day.state.slates[1].mark == "false-start"
    day.roll(3)
    assert day.state.slates[2].pass_number == 2


def test_only_a_rejecting_mark_is_a_secret_of_the_team(day: Day) -> None:
    day.roll(1)
    secrets = {mark: mark_pass(day.state, mark, at=later(2))[0].secret for mark in ("keeper", "hold", "not-this-one")}
    assert secrets == {"keeper": None, "hold": None, "not-this-one": "rejections"}


def test_a_moment_knows_the_slate_that_was_rolling(day: Day) -> None:
    day.roll(1)
    [moment] = mark_moment(day.state, at=later(2), text="  the \n laugh ")
    assert (moment.slate, moment.text) == (1, "the laugh")
    day.record(stop_roll(day.state, at=later(3)))
    assert mark_moment(day.state, at=later(4))[0].slate is None


def test_words_that_follow_a_moment_say_what_it_was_and_make_no_second_one(day: Day) -> None:
    day.roll(1)
    day.record(mark_moment(day.state, at=later(2)))
    day.record(mark_moment(day.state, at=later(3)))
    day.record(name_moment(day.state, at=later(2), text=" the \n laugh "))
    assert [(one.at, one.text, one.slate) for one in day.state.moments] == [
        (later(3), "", 1),
        (later(2), "the laugh", 1),
    ]
    assert name_moment(day.state, at=later(2), text="another") == [], "it has its words"
    assert name_moment(day.state, at=later(3), text=" ") == []


def test_parts_of_one_song_are_recorded_at_a_time(day: Day) -> None:
    with pytest.raises(Misused, match="parts of 2 songs"):
        start_parts(day.state, [DRUMS, "night-bus/ferry/drums"], at=AT)
    with pytest.raises(Misused, match="0 parts"):
        start_parts(day.state, [], at=AT)
    with pytest.raises(Misused, match="201 parts"):
        start_parts(day.state, [f"{SONG}/p{n}" for n in range(201)], at=AT)


def test_nothing_rolls_without_a_part_or_a_number() -> None:
    new = SessionDay("night-bus/S1", "night-bus")
    with pytest.raises(Refused) as refusal:
        start_roll(new, at=AT, last_slate=0, last_pass=0)
    assert refusal.value.rule == "session.parts"
    [begun] = start_parts(new, [DRUMS], at=AT)
    with pytest.raises(Refused) as refusal:
        start_roll(evolve(new, begun), at=AT, last_slate=0, last_pass=LAST_NUMBER)
    assert refusal.value.rule == "slate.number"


def test_parking_is_advised_after_takes_or_minutes_and_never_once_there_is_a_keeper(day: Day) -> None:
    def hint(minutes: int) -> str | None:
        return park_hint(day.state, now=later(minutes), takes=3, minutes=45)

    for number in range(3):
        assert hint(10 * number) is None
        day.roll(10 * number)
        day.record(stop_roll(day.state, at=later(10 * number + 4)))
    assert hint(30) == "takes"
    day.record(mark_pass(day.state, "false-start", at=later(30)))
    assert hint(31) is None, "a false start is no try"
    assert hint(45) == "minutes"
    assert park_hint(day.state, now=later(500), takes=None, minutes=None) is None
    assert park_hint(day.state, now=later(500), takes=None, minutes=500) == "minutes"
    day.record(mark_pass(day.state, "keeper", at=later(46)))
    assert hint(60) is None


def test_an_event_of_another_session_changes_nothing(day: Day) -> None:
    before = day.state
    [other] = start_parts(SessionDay("night-bus/S2", "night-bus"), [BASS], at=AT)
    assert evolve(before, other) is before
