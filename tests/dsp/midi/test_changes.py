"""Quantise, transpose and velocity."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.recipe import MidiRecipe, midi_words
from dsp.audio import Unsound
from dsp.midi.changes import changed, grid
from dsp.midi.file import parse
from tests.dsp.midi.performances import events, performance, raw

LOOSE = performance([(0.05, 0.5, 60, 100), (0.45, 0.5, 62, 60), (1.1, 0.25, 64, 1)])


def starts(**asked: Any) -> list[float]:
    recipe = MidiRecipe(instrument="keys", version=1, **asked)
    return [float(note.start / 480) for note in changed(parse(LOOSE), recipe).notes]


def test_quantise_puts_strokes_on_the_grid_and_leaves_how_long_they_are_held() -> None:
    assert starts(quantise="1/8") == [0, 0.5, 1]
    notes = changed(parse(LOOSE), MidiRecipe(instrument="keys", version=1, quantise="1/8")).notes
    assert [(note.end - note.start) / Fraction(480) for note in notes] == [0.5, 0.5, 0.25]


def test_strength_moves_a_stroke_part_of_the_way() -> None:
    assert starts(quantise="1/8", strength=50) == [0.025, 0.475, 1.05]
    assert starts(quantise="1/8", strength=0) == [0.05, 0.45, 1.1]


def test_swing_delays_every_second_step_and_triplets_are_thirds() -> None:
    assert starts(quantise="1/8", swing=60) == [0, 0.6, 1]
    assert starts(quantise="1/8T") == [0, float(Fraction(1, 3)), 1]


@given(st.fractions(0, 10**6, max_denominator=10**4), st.fractions(50, 75, max_denominator=10))
def test_quantising_twice_is_quantising_once(tick: Fraction, swing: Fraction) -> None:
    nearest = grid(Fraction(120), swing)
    assert nearest(nearest(tick)) == nearest(tick)
    assert abs(nearest(tick) - tick) <= 90  # half the longer step of the widest swing


def test_transpose_moves_keys_and_velocity_is_held_within_what_there_is() -> None:
    recipe = MidiRecipe(instrument="bass", version=1, transpose=-12, velocity_times=Decimal("1.5"), velocity_plus=-2)
    assert [(note.key, note.velocity) for note in changed(parse(LOOSE), recipe).notes] == [(48, 127), (50, 88), (52, 1)]
    assert midi_words(recipe) == "bass 1, transposed -12, velocity times 1.5, velocity -2"


def test_nothing_asked_changes_nothing() -> None:
    score = parse(LOOSE)
    assert changed(score, MidiRecipe(instrument="keys", version=1)) == score


@pytest.mark.parametrize(
    ("asked", "reason"),
    [({"instrument": "drums", "transpose": 1}, "a kick"), ({"transpose": -40, "instrument": "keys"}, None)],
)
def test_a_kit_has_no_pitch(asked: dict[str, Any], reason: str | None) -> None:
    recipe = MidiRecipe(version=1, **asked)
    if reason is None:
        assert changed(parse(LOOSE), recipe).notes[0].key == 20
        return
    with pytest.raises(Unsound, match=reason):
        changed(parse(LOOSE), recipe)


def test_a_note_that_would_leave_the_keys_is_refused_with_both_numbers() -> None:
    high = parse(performance([(0, 1, 120, 100)]))
    with pytest.raises(Unsound, match=r"\+12, key 120 would be 132"):
        changed(high, MidiRecipe(instrument="keys", version=1, transpose=12))


def test_time_code_has_no_grid() -> None:
    score = parse(raw(events((0, [0x90, 60, 90]), (4, [0x80, 60, 0])), division=(-25 << 8) | 40))
    with pytest.raises(Unsound, match="no grid"):
        changed(score, MidiRecipe(instrument="keys", version=1, quantise="1/16"))


@pytest.mark.parametrize(
    "asked",
    [
        {"quantise": "1/7"}, {"quantise": "1/16t"}, {"strength": 101}, {"swing": 49}, {"swing": "NaN"},
        {"transpose": 49}, {"velocity_times": 0}, {"velocity_plus": 200}, {"instrument": "tuba"}, {"hands": 2},
    ],
)  # fmt: skip
def test_absurd_numbers_are_no_recipe(asked: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        MidiRecipe(**{"instrument": "keys", "version": 1, **asked})
