"""Medians of the days that stages took, against a model that asks on each evening which stage a song was in."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.completion.stage_history import LEAST_RECORDS, StageEntry, stage_medians
from domain.core.event import Stage
from domain.label.stages import STAGES

MONDAY = date(2027, 1, 4)


def entries(song: str, **days: int) -> Iterator[StageEntry]:
    """Entries of *song* into stages, by the day of each, counted from MONDAY."""
    for stage, day in days.items():
        known = next(one for one in STAGES if one == stage)
        yield StageEntry(song.partition("/")[0], song, known, MONDAY + timedelta(days=day))


def days(found: Mapping[Stage, object]) -> dict[str, str]:
    return {stage: f"{getattr(one, 'days', '')} d, {one}" for stage, one in found.items()}


def test_songs_of_three_records_give_a_median_and_those_of_two_give_none() -> None:
    two = [*entries("a/one", mixing=0, mastering=4), *entries("a/two", mixing=0, mastering=9),
           *entries("b/one", mixing=3, mastering=4)]  # fmt: skip
    assert stage_medians(two, {}, {}) == {}
    three = [*two, *entries("c/one", mixing=2, mastering=9)]
    assert days(stage_medians(three, {}, {})) == {"mixing": "6 d, median of 4 songs here"}, "of 1, 4, 7 and 9: 5.5"


def test_a_stage_that_is_not_over_is_not_counted_and_one_of_a_single_day_took_a_day() -> None:
    over = [*entries("a/one", recording=0, editing=0), *entries("b/one", recording=5, editing=5)]
    assert stage_medians([*over, *entries("c/one", recording=0)], {}, {}) == {}
    found = stage_medians([*over, *entries("c/one", recording=0, editing=30)], {}, {})
    assert days(found) == {"recording": "1 d, median of 3 songs here"}


def test_work_to_which_a_song_went_back_is_added() -> None:
    back = [
        StageEntry(record, f"{record}/one", stage, MONDAY + timedelta(days=day))
        for record in "abc"
        for stage, day in (("editing", 0), ("mixing", 2), ("editing", 5), ("mixing", 6), ("mastering", 10))
        if stage in STAGES
    ]
    found = stage_medians(back, {}, {})
    assert days(found) == {"editing": "3 d, median of 3 songs here", "mixing": "7 d, median of 3 songs here"}


def test_the_stage_in_which_a_song_came_and_those_before_say_nothing() -> None:
    came = [*entries("a/one", writing=0, recording=0, editing=3, mixing=4), *entries("b/one", recording=0, editing=3),
            *entries("c/one", recording=0, editing=3)]  # fmt: skip
    assert set(stage_medians(came, {}, {})) == {"recording"}
    assert stage_medians(came, {}, {"a/one": "recording"}) == {}


def test_mastering_is_counted_by_record_from_the_last_song_mixed() -> None:
    mixed = [one for record in "abc" for one in entries(f"{record}/one", mixing=0, mastering=2)]
    mixed += entries("c/two", mixing=0, mastering=8)
    mixed.sort(key=lambda one: one.song)
    mastered = {record: MONDAY + timedelta(days=10) for record in "abc"}
    assert days(stage_medians(mixed, mastered, {}))["mastering"] == "8 d, median of 3 records here", "8, 8 and 2"
    assert "mastering" not in stage_medians(mixed, mastered, {"a/one": "mastering"})
    assert "mastering" not in stage_medians(mixed, dict(list(mastered.items())[:2]), {})
    unmixed = [*mixed, *entries("c/zoo", mixing=0)]
    assert "mastering" not in stage_medians(unmixed, mastered, {}), "a song of record c is not mixed"


WALKS = st.lists(
    st.lists(st.tuples(st.sampled_from(STAGES[:-1]), st.integers(0, 5)), min_size=1, max_size=6), max_size=7
)


def walk(song: str, steps: Sequence[tuple[Stage, int]]) -> list[StageEntry]:
    day, found = MONDAY, list[StageEntry]()
    for stage, later in steps:
        day += timedelta(days=later)
        if not found or found[-1].stage != stage:
            found.append(StageEntry(song.partition("/")[0], song, stage, day))
    return found


@given(WALKS)
def test_the_medians_equal_those_of_counted_evenings(walks: list[list[tuple[Stage, int]]]) -> None:
    """An independent model: a stage took the evenings on which the song was in it, at least one."""
    songs = [walk(f"{'abcd'[number % 4]}/{number}", steps) for number, steps in enumerate(walks)]
    found = stage_medians([one for own in songs for one in own], {}, {})
    for stage in STAGES[: STAGES.index("mastering")]:
        took: list[int] = []
        records = set[str]()
        for own in songs:
            if not any(one.stage == stage for one in own) or STAGES.index(own[-1].stage) <= STAGES.index(stage):
                continue
            last = (own[-1].day - MONDAY).days
            evenings = [MONDAY + timedelta(days=day) for day in range(last + 1)]
            at = [[one.stage for one in own if one.day <= evening][-1:] for evening in evenings]
            took.append(max(1, at.count([stage])))
            records.add(own[0].record)
        if len(records) < LEAST_RECORDS:
            assert stage not in found
            continue
        took.sort()
        middle = (took[len(took) // 2] + took[(len(took) - 1) // 2] + 1) // 2
        assert (found[stage].days, found[stage].counted) == (middle, len(took))
