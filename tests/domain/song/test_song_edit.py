import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.refusal import Misused, NotFound, Refusal, Refused
from domain.label.catalog import PartAdded
from domain.recipe import TimeStretch
from domain.song.arrangement import Arrangement
from domain.song.form import first_form
from domain.song.song_edit import SongEdit, edit_song
from tests.domain.paper import DRUMS, ROOF, take, tin_roof
from tests.domain.songs import edit_on, edited, form_on, formed

BASS = f"{ROOF}/bass"


def row(there: Arrangement) -> str:
    return " ".join(there.row)


def refusal_of(there: Arrangement, wish: SongEdit) -> Refusal:
    with pytest.raises(Refusal) as caught:
        edit_song(there, wish, song=ROOF, by="pat", role="producer")
    return caught.value


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        (SongEdit("moved", "verse2", "verse1"), "intro verse2 verse1 chorus1 outro"),
        (SongEdit("moved", "intro", "outro", after=True), "verse1 chorus1 verse2 outro intro"),
        (SongEdit("moved", "outro", "intro"), "outro intro verse1 chorus1 verse2"),
        (SongEdit("moved", "Verse1", "CHORUS1", after=True), "intro chorus1 verse1 verse2 outro"),
        (SongEdit("repeated", "chorus1"), "intro verse1 chorus1 chorus1 verse2 outro"),
        (SongEdit("repeated", "outro", times=4), "intro verse1 chorus1 verse2 outro outro outro outro"),
        (SongEdit("cut", "intro"), "verse1 chorus1 verse2 outro"),
        (SongEdit("reset"), "intro verse1 chorus1 verse2 outro"),
    ],
)
def test_an_edit_makes_the_row_it_says_and_said_twice_it_is_nothing_new(wish: SongEdit, found: str) -> None:
    there = edited(formed(), wish)
    assert row(there) == found
    assert edit_song(there, wish, song=ROOF, by="pat", role="producer") == []


def test_a_section_that_sounds_twice_is_named_with_the_time_that_is_meant() -> None:
    twice = edited(formed(), SongEdit("repeated", "chorus1"), SongEdit("moved", "chorus1:2", "outro"))
    assert row(twice) == "intro verse1 chorus1 verse2 chorus1 outro"
    for wish in (SongEdit("cut", "chorus1"), SongEdit("moved", "intro", "chorus1"), SongEdit("repeated", "chorus1")):
        refusal = refusal_of(twice, wish)
        assert (refusal.rule, isinstance(refusal, NotFound)) == ("section.which", True)
        assert "chorus1:1 or chorus1:2" in refusal.detail
    assert row(edited(twice, SongEdit("cut", "chorus1:1"))) == "intro verse1 verse2 chorus1 outro"
    assert row(edited(twice, SongEdit("repeated", "chorus1:2", times=3))).endswith("chorus1 chorus1 chorus1 outro")


def test_repeating_a_run_says_how_often_it_sounds_in_all() -> None:
    four = edited(formed(), SongEdit("repeated", "chorus1", times=4))
    assert row(edited(four, SongEdit("repeated", "chorus1", times=2))) == "intro verse1 chorus1 chorus1 verse2 outro"


@pytest.mark.parametrize(
    ("wish", "rule", "kind"),
    [
        (SongEdit("cut", "bridge"), "section.unknown", NotFound),
        (SongEdit("moved", "intro", "bridge"), "section.unknown", NotFound),
        (SongEdit("cut", "chorus1:2"), "section.which", Misused),
        (SongEdit("cut", "chorus1:0"), "section.which", Misused),
        (SongEdit("cut", "chorus1:x"), "section.which", Misused),
        (SongEdit("repeated", "chorus1", times=0), "arrange.times", Misused),
        (SongEdit("repeated", "chorus1", times=100), "arrange.times", Misused),
    ],
)
def test_an_edit_of_what_does_not_sound_is_refused(wish: SongEdit, rule: str, kind: type[Refusal]) -> None:
    refusal = refusal_of(formed(), wish)
    assert (refusal.rule, type(refusal)) == (rule, kind)


def test_a_song_without_a_form_is_refused_with_the_command_that_gives_it_one() -> None:
    refusal = refusal_of(Arrangement(), SongEdit("cut", "intro"))
    assert (refusal.rule, type(refusal)) == ("arrange.form", Refused)
    assert refusal.next == first_form(ROOF)


def test_of_a_song_something_is_always_left_and_never_more_than_a_day() -> None:
    assert refusal_of(formed("verse1=0", "end=9"), SongEdit("cut", "verse1")).rule == "arrange.empty"
    long = formed("verse1=0", f"end={192_000 * 3600 * 24}")
    assert refusal_of(long, SongEdit("repeated", "verse1")).rule == "arrange.long"


def test_what_follows_in_recorded_time_is_played_on_without_a_joint() -> None:
    assert formed().stretches == ()
    repeated = edited(formed(), SongEdit("repeated", "chorus1"))
    assert repeated.stretches == (TimeStretch(start=0, end=450), TimeStretch(start=300, end=800))
    back = edited(repeated, SongEdit("repeated", "chorus1", times=1))
    assert (back.stretches, back.edited) == ((), ())


def test_what_lies_before_the_first_section_stays_in_front() -> None:
    there = edited(formed("verse1=50", "chorus1=100", "end=200"), SongEdit("moved", "chorus1", "verse1"))
    assert there.stretches == tuple(TimeStretch(start=a, end=b) for a, b in ((0, 50), (100, 200), (50, 100)))
    assert [(s.name, s.start, s.end) for s in there.running_order] == [("chorus1", 50, 150), ("verse1", 150, 200)]


NAMES = st.sampled_from(["intro", "verse1", "chorus1", "verse2", "outro", "chorus1:1", "verse1:2"])
WISHES = st.one_of(
    st.builds(SongEdit, st.just("moved"), NAMES, NAMES, st.booleans()),
    st.builds(SongEdit, st.just("repeated"), NAMES, times=st.integers(1, 4)),
    st.builds(SongEdit, st.just("cut"), NAMES),
    st.builds(SongEdit, st.just("reset")),
)


@given(st.lists(WISHES, max_size=8), st.integers(1, 900), st.integers(1, 900), st.integers(0, 400))
def test_any_row_of_edits_gives_all_parts_one_length_and_every_section_its_own_frames(
    wishes: list[SongEdit], drums: int, bass: int, at: int
) -> None:
    paper = tin_roof(PartAdded(part=DRUMS, name="Drums"), PartAdded(part=BASS, name="Bass"))
    paper.say(take(1, frames=drums), take(1, BASS, at=at, frames=bass))
    paper.judge(f"{DRUMS}/1", "approved")
    paper.judge(f"{BASS}/1", "approved")
    form_on(paper)
    for wish in wishes:
        try:
            edit_on(paper, wish)
        except Refusal:
            continue
    there, edits = paper.state.arrangement(ROOF), [paper.state.edit(part) for part in (DRUMS, BASS)]
    assert there.frames == sum(s.end - s.start for name in there.row for s in there.sections if s.name == name)
    recorded = [frame for stretch in there.stretches for frame in range(stretch.start, stretch.end)]
    if there.stretches:
        assert [edit.result_frames for edit in edits] == [there.frames] * 2
        by_name = {section.name: section for section in there.sections}
        for section in there.running_order:
            own = by_name[section.name]
            assert recorded[section.start : section.end] == list(range(own.start, own.end))
    else:
        assert row(there) == row(formed())
        assert [edit.arrangement for edit in edits] == [(), ()]


def test_edits_are_taken_back_one_by_one_and_each_owes_every_part_anew() -> None:
    paper = tin_roof(PartAdded(part=DRUMS, name="Drums"), PartAdded(part=BASS, name="Bass"))
    paper.say(take(1, frames=900), take(1, BASS, frames=900))
    paper.judge(f"{DRUMS}/1", "approved")
    paper.judge(f"{BASS}/1", "approved")
    form_on(paper)

    def plans() -> tuple[str | None, ...]:
        return tuple(paper.state.edit_plan(part) for part in (DRUMS, BASS))

    seen = [plans()]
    edit_on(paper, SongEdit("repeated", "chorus1"))
    seen.append(plans())
    edit_on(paper, SongEdit("cut", "intro"))
    seen.append(plans())
    assert len({plan for found in seen for plan in found}) == 6
    paper.undo()
    assert plans() == seen[1]
    paper.undo()
    assert plans() == seen[0]
    paper.undo()
    assert paper.state.arrangement(ROOF).sections == ()


def test_a_row_whose_form_was_taken_back_plays_the_sections_that_are_left() -> None:
    paper = tin_roof()
    form_on(paper, "verse1=0", "outro=50", "end=90")
    form_on(paper)
    edit_on(paper, SongEdit("repeated", "outro"), by="lea")
    paper.undo()
    assert row(paper.state.arrangement(ROOF)) == "verse1 outro outro"
