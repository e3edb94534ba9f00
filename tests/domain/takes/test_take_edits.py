"""Edits of takes: decided, folded, cut into spans, removed."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.core.frames import Range
from domain.core.refusal import Misused, NotFound, Refusal, Refused
from domain.recipe import EditRecipe, Ramp, Span, Treated, edit_text
from domain.takes.comps import edit_of
from domain.takes.take_edits import MOST_SAMPLES, Change, TakeEdited, edit, in_words
from domain.takes.takes import Take
from tests.domain.paper import DRUMS, Paper, take, tin_roof

ONE = f"{DRUMS}/1"
LENGTH = 480_000


def drums(frames: int = LENGTH, at: int = 0) -> Paper:
    paper = tin_roof()
    paper.say(take(1, frames=frames, at=at), take(2, frames=frames))
    paper.judge(ONE, "approved")
    return paper


def do(paper: Paper, span: tuple[int, int] | None = None, **change: Any) -> list[TakeEdited]:
    there = the_take(paper).as_edited
    new = edit(
        there,
        span=Range(start=span[0], end=span[1]) if span else None,
        change=Change(**change) if change else None,
        by="pat",
        role="producer",
    )
    paper.say(*new)
    return new


def the_take(paper: Paper) -> Take:
    return paper.state.takes_of(DRUMS).takes[1]


def recipe(paper: Paper) -> EditRecipe:
    found = edit_of(paper.state.comp(DRUMS), paper.state.takes_of(DRUMS))
    assert found is not None
    return found


def spans(paper: Paper) -> list[Span]:
    return [span for layer in recipe(paper).layers for span in layer]


def test_an_edit_makes_the_part_another_one_and_undoing_it_the_old_one_again() -> None:
    paper = drums()
    before = paper.state.edit_plan(DRUMS)
    do(paper, gain_db=-3)
    assert paper.state.edit_plan(DRUMS) != before
    do(paper, (0, 4800), mute=True)
    paper.undo()
    paper.undo()
    assert paper.state.edit_plan(DRUMS) == before


def test_a_part_that_nobody_edited_has_the_text_it_always_had() -> None:
    lines = edit_text(recipe(drums())).splitlines()
    assert lines[2:] == ["length 480000", "crossfade 480", "take 1 starts 0", "layer 1 from 0 to 480000 take 1"]


def test_what_is_so_already_yields_nothing() -> None:
    paper = drums()
    assert do(paper, gain_db=-3, mute=False)
    assert do(paper, gain_db=-3) == []
    assert do(paper, gain_db="-3.0") == []
    assert do(paper, gain_db=0)
    assert the_take(paper).edits == {}
    assert do(paper) == []


def test_a_nudged_take_moves_with_its_edited_spans() -> None:
    paper = drums(at=1000)
    do(paper, (1500, 2000), gain_db=-6)
    do(paper, nudge=-300)
    assert recipe(paper).starts == {1: 700}
    assert [(span.start, span.end, span.gain_db) for span in spans(paper)] == [
        (700, 1200, 0),
        (1200, 1700, -6),
        (1700, 480_700, 0),
    ]


def test_a_take_may_be_nudged_before_the_song_begins_and_not_out_of_it() -> None:
    paper = drums(frames=4800)
    do(paper, nudge=-4000)
    assert recipe(paper).starts == {1: -4000}
    assert [(span.start, span.end) for span in spans(paper)] == [(0, 800)]
    with pytest.raises(Refused, match=r"edit\.outside"):
        do(paper, nudge=-4800)


def test_a_nudged_span_keeps_its_place_and_what_sounds_in_it_slips() -> None:
    paper = drums()
    do(paper, (1000, 2000), nudge=48)
    assert [(span.start, span.end, span.slip) for span in spans(paper)] == [
        (0, 1000, 0),
        (1000, 2000, 48),
        (2000, LENGTH, 0),
    ]
    assert recipe(paper).search_frames == 480


def test_what_is_muted_is_not_cut_at_all_and_a_part_of_nothing_else_is_silent() -> None:
    paper = drums()
    do(paper, (1000, 2000), mute=True)
    assert [(span.start, span.end) for span in spans(paper)] == [(0, 1000), (2000, LENGTH)]
    do(paper, mute=True)
    assert spans(paper) == []
    assert recipe(paper).length == LENGTH


def test_a_trimmed_take_sounds_where_it_is_left_and_its_fades_begin_there() -> None:
    paper = drums(at=1000)
    do(paper, trim=Range(start=2000, end=9000))
    do(paper, fade_in=100, fade_out=200)
    (span,) = spans(paper)
    assert (span.start, span.end, recipe(paper).starts) == (3000, 10_000, {1: 1000})
    assert span.ramps == (Ramp(start=3000, end=3100, rises=True), Ramp(start=9800, end=10_000, rises=False))


def test_a_stretched_take_ends_later_and_a_stretched_span_where_it_did() -> None:
    paper = drums()
    do(paper, stretch="1.1", semitones=-2)
    (span,) = spans(paper)
    assert (span.end, span.treated) == (
        528_000,
        Treated(start=0, end=LENGTH, stretch=Decimal("1.1"), semitones=Decimal(-2)),
    )
    other = drums()
    do(other, (1000, 2000), stretch=2)
    assert [span.end for span in spans(other)] == [1000, 2000, LENGTH]


def test_every_edit_of_a_take_or_of_one_span_can_be_taken_off_at_once() -> None:
    paper = drums()
    do(paper, gain_db=-3)
    do(paper, (0, 1000), mute=True)
    do(paper, (2000, 3000), reverse=True)
    do(paper, (0, 1000))
    assert {place.start if place else None for place in the_take(paper).edits} == {None, 2000}
    with pytest.raises(NotFound, match=r"these are: 0\.042-0\.062"):
        do(paper, (0, 1000))
    do(paper)
    assert the_take(paper).edits == {}


@pytest.mark.parametrize(
    ("first", "then", "rule"),
    [
        ({"span": (0, 1000), "mute": True}, {"span": (999, 2000), "gain_db": 1}, "edit.overlap"),
        ({"span": (0, 1000), "mute": True}, {"reverse": True}, "edit.nested"),
        ({"stretch": "1.5"}, {"span": (0, 1000), "gain_db": 1}, "edit.nested"),
        ({"fade_in": 400_000}, {"fade_out": 80_001}, "edit.fade"),
        ({"span": (0, 100), "gain_db": 1}, {"span": (0, 100), "fade_in": 101}, "edit.fade"),
        ({"stretch": "1.5"}, {"trim": Range(start=0, end=9)}, "edit.trim"),
        ({"gain_db": 1}, {"trim": Range(start=0, end=LENGTH + 1)}, "edit.trim"),
        ({"gain_db": 1}, {"span": (LENGTH, LENGTH + 5), "mute": True}, "edit.span"),
    ],
)
def test_what_cannot_be_is_refused_by_name(first: dict[str, Any], then: dict[str, Any], rule: str) -> None:
    paper = drums()
    do(paper, **first)
    with pytest.raises(Refusal) as refusal:
        do(paper, **then)
    assert refusal.value.rule == rule


def test_an_edit_of_nothing_is_no_edit() -> None:
    there = the_take(drums()).as_edited
    with pytest.raises(Misused, match=r"edit\.nothing"):
        edit(there, span=None, change=Change(), by="pat", role="producer")


def test_more_than_memory_holds_is_not_stretched_at_once() -> None:
    paper = drums(frames=MOST_SAMPLES // 2 + 1)  # of two tracks
    with pytest.raises(Refused, match=r"edit\.long: 300\.0 s of 2 channels; at most 300\.0 s"):
        do(paper, semitones=1)
    assert do(paper, (0, MOST_SAMPLES // 2), semitones=1)


@pytest.mark.parametrize(
    "absurd",
    [
        {"gain_db": "NaN"}, {"gain_db": 49}, {"stretch": 0}, {"stretch": "0.499"}, {"semitones": "24.5"},
        {"fade_in": -1}, {"nudge": 10**12}, {"unknown": 1},
    ],
)  # fmt: skip
def test_an_absurd_number_is_no_change(absurd: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Change(**absurd)


def test_what_is_done_is_told_in_words() -> None:
    paper = drums()
    do(paper, nudge=-597, gain_db="-3.50", fade_in=4800, reverse=True, stretch="0.9", semitones=3)
    (done,) = the_take(paper).edits.values()
    assert in_words(done, 48_000) == (
        "12.438 ms earlier", "-3.50 dB", "fade in 0.100 s", "reversed", "0.9 times as long",
        "+3 semitones, formants stay",
    )  # fmt: skip


def test_a_new_pitch_says_what_happens_to_the_formants_and_without_a_pitch_they_are_refused() -> None:
    paper = drums()
    with pytest.raises(Refused, match=r"edit\.formants: .* is not shifted there"):
        do(paper, formants="move")
    (first,) = do(paper, semitones=3)
    assert first.change is not None
    assert first.change.formants == "keep"
    assert do(paper, semitones=3, formants="keep") == []
    do(paper, formants="move")
    (done,) = the_take(paper).edits.values()
    assert in_words(done, 48_000) == ("+3 semitones, formants move",)
    (again,) = do(paper, semitones=5)
    assert again.change is not None
    assert again.change.formants == "move", "what is not named stays as it is"
    do(paper, semitones=0)
    assert the_take(paper).edits == {}


def test_a_recipe_names_formants_only_where_they_move() -> None:
    paper = drums()
    do(paper, semitones=3)
    kept = recipe(paper)
    assert "formants" not in edit_text(kept) + kept.model_dump_json()
    assert EditRecipe.model_validate_json(kept.model_dump_json()) == kept
    do(paper, formants="move")
    moved = recipe(paper)
    assert edit_text(moved) == edit_text(kept).replace("pitch 3", "pitch 3 formants move")
    assert EditRecipe.model_validate_json(moved.model_dump_json()) == moved


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "nudge": st.integers(-500, 500),
        "gain_db": st.decimals(-9, 9, places=1),
        "fade_in": st.integers(0, 90),
        "mute": st.booleans(),
        "reverse": st.booleans(),
        "stretch": st.sampled_from([Decimal(1), Decimal("0.75"), Decimal("1.5")]),
    },
)
PLACES = st.none() | st.tuples(st.integers(0, 900), st.integers(1, 900)).map(lambda drawn: (drawn[0], sum(drawn)))


@given(st.lists(st.tuples(PLACES, CHANGES), max_size=8))
def test_however_a_take_is_edited_its_spans_never_overlap_and_repeating_an_edit_is_harmless(
    wishes: list[tuple[tuple[int, int] | None, dict[str, Any]]],
) -> None:
    paper = drums(frames=1000)
    for place, change in wishes:
        try:
            do(paper, place, **change)
        except Refusal:
            continue
        if "nudge" not in change:  # a nudged take has moved, and with it the time of the span
            try:
                assert do(paper, place, **change) == []
            except NotFound:
                assert not change
    found = recipe(paper)
    for layer in found.layers:
        for left, right in pairwise(layer):
            assert left.start < left.end <= right.start
    assert EditRecipe.model_validate_json(found.model_dump_json()) == found


@given(at=st.integers(0, 999), ratio=st.sampled_from(["0.5", "1", "2"]), reverse=st.booleans())
def test_the_frame_that_is_heard_lies_in_what_is_treated(*, at: int, ratio: str, reverse: bool) -> None:
    treated = Treated(start=200, end=1200, reverse=reverse, stretch=Decimal(ratio))
    span = Span(start=200, end=1200, take=1, slip=7, treated=treated)
    frame = span.frame_of_take(200 + 7 + at, begins=100)
    if ratio == "1":
        assert frame == (1099 - at if reverse else 100 + at)
    elif at < treated.frames:
        assert 100 <= frame < 1100
