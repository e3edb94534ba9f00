"""Effect of a take's edits on its samples: gain, fades, mute, reverse, stretch and pitch, equal on all tracks."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from domain.recipe import EditRecipe, Ramp, Span, Treated
from dsp.audio import BLOCK_FRAMES, Audio
from dsp.edit.cut import render_edit
from tests.dsp.edit.cutting import RATE, Takes, file, noise, recipe, render, step

LENGTH = BLOCK_FRAMES + 24_000
FADE = 100


@pytest.fixture
def samples() -> Audio:
    return noise(1, LENGTH)


@pytest.fixture
def takes(tmp_path: Path, samples: Audio) -> Takes:
    return {1: {"a": file(tmp_path / "a.wav", samples)}}


def of(*spans: Span, search: int = 0) -> EditRecipe:
    return recipe(LENGTH, [(0, LENGTH, 1)], crossfade=FADE).model_copy(
        update={"layers": (spans,), "search_frames": search}
    )


def test_a_gain_is_a_factor_on_every_sample(takes: Takes, samples: Audio, tmp_path: Path) -> None:
    got = render(of(Span(start=0, end=LENGTH, take=1, gain_db=Decimal(-6))), takes, tmp_path / "out")["a"]
    np.testing.assert_allclose(got, samples * 10 ** (-6 / 20), rtol=1e-6)


def test_a_span_with_a_gain_of_its_own_comes_and_goes_without_a_step(takes: Takes, tmp_path: Path) -> None:
    ones = np.full((1, LENGTH), 0.5, np.float32)
    takes = {1: {"a": file(tmp_path / "ones.wav", ones)}}
    cut = of(
        Span(start=0, end=9000, take=1),
        Span(start=9000, end=12_000, take=1, gain_db=Decimal(-12)),
        Span(start=12_000, end=LENGTH, take=1),
        search=480,
    )
    got = render(cut, takes, tmp_path / "out")["a"][0]
    assert np.abs(np.diff(got)).max() < 0.5 * 2.5 / FADE
    assert np.all(np.diff(got[8950:9050]) <= 1e-7)
    np.testing.assert_allclose(got[9050:11_950], 0.5 * 10 ** (-12 / 20), rtol=1e-6)
    np.testing.assert_array_equal(got[:8950], 0.5)
    assert [splice.at for splice in render_edit(cut, takes, tmp_path).splices] == [9000, 12_000]


def test_a_fade_follows_its_law_and_takes_the_place_of_the_short_one_at_a_border(
    takes: Takes, samples: Audio, tmp_path: Path
) -> None:
    ramps = (Ramp(start=2000, end=4000, rises=True), Ramp(start=LENGTH - 3000, end=LENGTH - 1000, rises=False))
    got = render(of(Span(start=2000, end=LENGTH - 1000, take=1, ramps=ramps)), takes, tmp_path / "out")["a"]
    assert not got[:, :2000].any()
    rising, falling = slice(2000, 4000), slice(LENGTH - 3000, LENGTH - 1000)
    np.testing.assert_array_equal(got[:, rising], (samples[:, rising] * step(2000)).astype(np.float32))
    np.testing.assert_array_equal(got[:, 4000 : LENGTH - 3000], samples[:, 4000 : LENGTH - 3000])
    np.testing.assert_array_equal(got[:, falling], (samples[:, falling] * (1 - step(2000))).astype(np.float32))


def test_a_reversed_take_is_the_take_backwards_to_the_bit(takes: Takes, samples: Audio, tmp_path: Path) -> None:
    backwards = Span(start=0, end=LENGTH, take=1, treated=Treated(start=0, end=LENGTH, reverse=True))
    got = render(of(backwards), takes, tmp_path / "out")["a"]
    np.testing.assert_array_equal(got, samples[:, ::-1])


def test_a_reversed_span_is_joined_to_what_is_around_it(takes: Takes, samples: Audio, tmp_path: Path) -> None:
    cut = of(
        Span(start=0, end=9000, take=1),
        Span(start=9000, end=12_000, take=1, treated=Treated(start=9000, end=12_000, reverse=True)),
        Span(start=12_000, end=LENGTH, take=1),
    )
    got = render(cut, takes, tmp_path / "out")["a"]
    np.testing.assert_array_equal(got[:, 9050:11_950], samples[:, 9000:12_000][:, ::-1][:, 50:-50])
    np.testing.assert_array_equal(got[:, :8950], samples[:, :8950])
    np.testing.assert_array_equal(got[:, 12_050:], samples[:, 12_050:])


def test_a_stretched_take_has_its_new_length_to_the_sample_the_same_bits_again_and_tracks_that_stay_together(
    tmp_path: Path,
) -> None:
    clicks = np.zeros((1, RATE), np.float32)
    clicks[:, 6000::12_000] = 0.9
    room = (clicks + noise(3, RATE) / 1000).astype(np.float32)
    takes = {1: {"kick": file(tmp_path / "k.wav", clicks), "room": file(tmp_path / "r.wav", room)}}
    length = round(RATE * 1.25)
    longer = Treated(start=0, end=RATE, stretch=Decimal("1.25"))
    cut = recipe(length, [(0, length, 1)]).model_copy(
        update={"layers": ((Span(start=0, end=length, take=1, treated=longer),),)}
    )
    first, again = (render(cut, takes, tmp_path / name) for name in ("one", "two"))
    assert first["kick"].shape == (1, length)
    for name in first:
        np.testing.assert_array_equal(first[name], again[name])
    for click in range(6000, RATE, 12_000):
        window = slice(round(click * 1.25) - 1500, round(click * 1.25) + 1500)
        kick, rooms = (int(np.abs(first[name][0, window]).argmax()) for name in ("kick", "room"))
        assert kick == rooms
        assert abs(kick - 1500) < 480, "a click is where it would be, to ten milliseconds"
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == ["kick.wav", "room.wav"]


@pytest.mark.parametrize("semitones", [-5, 7])
def test_a_shifted_take_is_as_long_as_it_was_and_its_tone_is_higher_or_lower(tmp_path: Path, semitones: int) -> None:
    tone = (0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE))[None].astype(np.float32)
    takes = {1: {"a": file(tmp_path / "a.wav", tone)}}
    higher = Treated(start=0, end=RATE, semitones=Decimal(semitones))
    cut = recipe(RATE, [(0, RATE, 1)]).model_copy(
        update={"layers": ((Span(start=0, end=RATE, take=1, treated=higher),),)}
    )
    got = render(cut, takes, tmp_path / "out")["a"][0]
    spectrum = np.abs(np.fft.rfft(got[12_000:36_000] * np.hanning(24_000)))
    assert int(spectrum.argmax()) * RATE / 24_000 == pytest.approx(440 * 2 ** (semitones / 12), abs=4)


def vowel(hz: int, formant: int) -> Audio:
    """One second of harmonics of *hz* under one resonance at *formant* Hz."""
    time, sound = np.arange(RATE) / RATE, np.zeros(RATE)
    for harmonic in range(hz, 4000, hz):
        sound += np.sin(2 * np.pi * harmonic * time + harmonic) / (1 + ((harmonic - formant) / 120) ** 2)
    return np.asarray(0.3 * sound / np.abs(sound).max(), np.float32)[None]


@pytest.mark.parametrize(("formants", "resonance"), [("keep", 1000), ("move", 1498)])
def test_formants_stay_where_they_are_or_move_with_the_pitch(tmp_path: Path, formants: Any, resonance: int) -> None:
    takes = {1: {"a": file(tmp_path / "a.wav", vowel(110, 1000))}}
    higher = Treated(start=0, end=RATE, semitones=Decimal(7), formants=formants)
    cut = recipe(RATE, [(0, RATE, 1)]).model_copy(
        update={"layers": ((Span(start=0, end=RATE, take=1, treated=higher),),)}
    )
    got = render(cut, takes, tmp_path / "out")["a"][0]
    spectrum = np.abs(np.fft.rfft(got[12_000:36_000] * np.hanning(24_000)))
    assert int(spectrum.argmax()) * RATE / 24_000 == pytest.approx(resonance, abs=100)


def test_a_part_that_is_muted_whole_is_silence_of_its_length(takes: Takes, tmp_path: Path) -> None:
    got = render(of().model_copy(update={"layers": ()}), takes, tmp_path / "out")["a"]
    assert got.shape == (1, LENGTH)
    assert not got.any()


@pytest.mark.parametrize("frames", [1, 2, 3, 4])
def test_a_piece_of_fewer_frames_than_microphones_is_stretched_all_the_same(tmp_path: Path, frames: int) -> None:
    takes = {1: {name: file(tmp_path / f"{name}.wav", noise(1, 100)) for name in ("kick", "snare", "room")}}
    longer = Treated(start=10, end=10 + frames, stretch=Decimal(2))
    cut = recipe(2 * frames, [(0, 2 * frames, 1)]).model_copy(
        update={"layers": ((Span(start=0, end=2 * frames, take=1, treated=longer),),)}
    )
    assert {track.shape for track in render(cut, takes, tmp_path / "out").values()} == {(1, 2 * frames)}
