"""The critical path equals the longest path, found by walking every one of them; slack and flags by hand."""

from collections.abc import Iterator, Sequence
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from domain.completion.critical_path import SONG_STAGES, PlannedStep, SongWork, plan_record
from domain.core.event import Stage
from domain.label.stages import STAGES

DAYS: dict[Stage, int] = {"preproduction": 1, "recording": 2, "editing": 1, "mixing": 3, "mastering": 2}
TODAY = date(2027, 1, 4)


def test_one_song_takes_the_sum_of_its_stages() -> None:
    plan = plan_record([SongWork("a/b", "recording")], DAYS)
    assert plan.days == 2 + 1 + 3 + 2
    assert plan.critical == (
        PlannedStep("a/b", "recording", 0, 2, 0), PlannedStep("a/b", "editing", 2, 3, 0),
        PlannedStep("a/b", "mixing", 3, 6, 0), PlannedStep("", "mastering", 6, 8, 0),
    )  # fmt: skip


def test_two_songs_wait_for_one_another_at_the_mixing_desk() -> None:
    plan = plan_record([SongWork("a/late", "recording"), SongWork("a/early", "editing")], DAYS)
    steps = {(step.song, step.stage): (step.start, step.end, step.spare) for step in plan.steps}
    assert steps == {
        ("a/early", "editing"): (0, 1, 0), ("a/early", "mixing"): (1, 4, 0),
        ("a/late", "recording"): (0, 2, 1), ("a/late", "editing"): (2, 3, 1), ("a/late", "mixing"): (4, 7, 0),
        ("", "mastering"): (7, 9, 0),
    }  # fmt: skip
    assert plan.days == 9


def test_booked_sessions_hold_the_last_song_in_recording() -> None:
    free = plan_record([SongWork("a/b", "recording")], DAYS)
    assert plan_record([SongWork("a/b", "recording")], DAYS, booked=10).days == free.days + 8
    assert plan_record([SongWork("a/b", "recording")], DAYS, booked=1).days == free.days
    assert plan_record([SongWork("a/b", "mixing")], DAYS, booked=10).days == 5, "recording is over"


def test_a_mastered_record_has_nothing_left_and_one_that_went_back_has() -> None:
    assert plan_record([SongWork("a/b", "mastering")], DAYS).days == 2
    assert plan_record([SongWork("a/b", "mastering")], DAYS, mastered=True).days == 0
    assert plan_record([SongWork("a/b", "mixing")], DAYS, mastered=True).days == 5
    assert plan_record([SongWork("a/b", "delivered")], DAYS).days == 0
    assert plan_record([], DAYS).days == 0


def test_slack_is_counted_to_the_due_date_and_flagged() -> None:
    plan = plan_record([SongWork("a/b", "recording")], DAYS)
    assert plan.slack(TODAY, date(2027, 1, 12)) == 0
    flags = [
        plan.flag(TODAY, due)
        for due in (date(2027, 1, 11), date(2027, 1, 12), date(2027, 1, 18), date(2027, 1, 19), None)
    ]
    assert flags == ["LATE", "TIGHT", "TIGHT", "", ""]
    assert plan_record([SongWork("a/b", "delivered")], DAYS).flag(TODAY, TODAY) == ""


def walks(table: Sequence[Sequence[int]], row: int, column: int) -> Iterator[int]:
    """Yield the length of every path from a cell to the last one, this cell's own length left out."""
    if (row, column) == (len(table) - 1, len(SONG_STAGES) - 1):
        yield 0
    for to in ((row + 1, column), (row, column + 1)):
        if to[0] < len(table) and to[1] < len(SONG_STAGES):
            yield from (table[to[0]][to[1]] + rest for rest in walks(table, *to))


WORK = st.lists(st.sampled_from(STAGES), min_size=1, max_size=4)
LENGTHS = st.fixed_dictionaries({stage: st.integers(0, 6) for stage in STAGES[:-1]})


@given(WORK, LENGTHS, st.integers(0, 20))
def test_the_plan_equals_the_longest_of_all_paths(stages: list[Stage], lengths: dict[Stage, int], booked: int) -> None:
    """An independent model: every path through songs and stages is walked, and the longest one counts."""
    songs = [SongWork(f"a/{number}", stage) for number, stage in enumerate(stages)]
    order = sorted(songs, key=lambda one: (-STAGES.index(one.stage), one.song))
    table = [
        [lengths[stage] if STAGES.index(stage) >= STAGES.index(one.stage) else 0 for stage in SONG_STAGES]
        for one in order
    ]
    work = max(table[0][0] + rest for rest in walks(table, 0, 0))
    recorded = SONG_STAGES.index("recording")
    if STAGES.index(order[-1].stage) <= STAGES.index("recording"):
        work = max(work, booked + max(walks(table, len(table) - 1, recorded)))
    finished = all(stage == "delivered" for stage in stages)
    plan = plan_record(songs, lengths, booked=booked)
    assert plan.days == work + (0 if finished else lengths["mastering"])
    for step in plan.steps:
        if step.song:
            row = [one.song for one in order].index(step.song)
            rest = max(walks(table, row, SONG_STAGES.index(step.stage)))
            assert step.spare == work - rest - step.end
            assert step.end - step.start == lengths[step.stage] or booked
    if not booked and plan.days:
        reached = 0
        for step in plan.critical:
            assert step.start <= reached, "no gap in the critical path"
            reached = max(reached, step.end)
        assert reached == plan.days
