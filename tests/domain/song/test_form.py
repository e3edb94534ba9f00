from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.refusal import Misused, NotFound, Refused, suggest
from domain.song import arrangement
from domain.song.arrangement import form
from domain.song.form import MOST_SECTIONS, first_form, read_sections, section_named
from domain.song.song_edit import SongEdit
from tests.domain.paper import ROOF
from tests.domain.songs import edited, formed, sections


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=20, unique=True).map(sorted))
def test_sections_lie_end_to_end_at_the_very_frames_that_were_named(frames: list[int]) -> None:
    words = [f"part{number}={frame}" for number, frame in enumerate(frames[:-1])]
    found = read_sections([*words, f"end={frames[-1]}"], int)
    assert [section.start for section in found] == frames[:-1]
    assert all(one.end == other.start for one, other in pairwise(found))
    assert found[-1].end == frames[-1]
    assert found == read_sections(words, int, end=frames[-1])


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (["verse1=0"], "form.end"),
        (["end=10"], "form.section"),
        (["verse1=0", "verse1=5", "end=10"], "form.section"),
        (["verse1=5", "chorus1=5", "end=10"], "form.order"),
        (["verse1=5", "chorus1=4", "end=10"], "form.order"),
        (["verse1=5", "end=5"], "form.order"),
        (["end=5", "verse1=8"], "form.order"),
        (["verse1=0", f"end={10**12}"], "form.order"),
        *((["verse1=0", f"{name}=5", "end=10"], "form.section") for name in (
            "", "pre--chorus", "chorus-", "l5-8", "L5-8", "l1-chorus", "1st", "_x", "a b", "l5", "L5", "pass3", "mix",
            "mix2", "master1", "a" * 41, "a-" * 20 + "a", "a.b", "a@b",
        )),
        (["verse1", "end=10"], "form.section"),
        ([f"x{number}={number}" for number in range(MOST_SECTIONS + 1)] + ["end=9999"], "form.section"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else value,
)  # fmt: skip
def test_what_is_no_form_is_refused(words: list[str], rule: str) -> None:
    with pytest.raises(Misused) as refusal:
        read_sections(words, int)
    assert refusal.value.rule == rule


def test_names_are_told_apart_by_their_letters_alone() -> None:
    assert [section.name for section in sections("Strophe1=0", "副歌=5", "ENDE=7", "end=9")] == [
        "strophe1",
        "副歌",
        "ende",
    ]


def test_an_unknown_section_is_answered_with_those_there_are() -> None:
    with pytest.raises(NotFound, match=r"section\.unknown.*intro, verse1, chorus1, verse2, outro"):
        section_named(ROOF, sections(), "bridge")
    with pytest.raises(NotFound, match=r"no form yet") as refusal:
        section_named(ROOF, (), "bridge")
    assert refusal.value.next == first_form(ROOF)


def test_the_same_form_again_is_nothing_new_and_another_takes_its_place() -> None:
    there = formed()
    assert form(there, song=ROOF, sections=sections(), tempo=None) == []
    (new,) = form(there, song=ROOF, sections=sections("verse1=0", "end=9"), tempo=None)
    assert [section.name for section in arrangement.evolve(there, new).sections] == ["verse1"]


def test_a_form_that_would_lose_a_section_of_an_edited_song_is_refused_with_the_way_out() -> None:
    there = edited(formed(), SongEdit("repeated", "chorus1"))
    with pytest.raises(Refused, match=r"form\.used.*intro, chorus1, verse2, outro") as refusal:
        form(there, song=ROOF, sections=sections("verse1=0", "end=9"), tempo=None)
    assert refusal.value.next == suggest("edit song", ROOF, reset=True)
    moved = sections("intro=0", "verse1=90", "chorus1=310", "verse2=450", "outro=700", "end=800")
    (new,) = form(there, song=ROOF, sections=moved, tempo=None)
    assert arrangement.evolve(there, new).stretches[0].end == moved[2].end, "the edit follows its sections"
