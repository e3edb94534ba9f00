"""Alignment: known delays, polarities and noise are measured."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.audio import Audio
from dsp.edit.alignment import between_microphones, between_performances, phase_lag
from tests.dsp.edit.cutting import RATE, file, noise

SECOND = RATE


def later(sound: Audio, frames: int) -> Audio:
    return np.roll(sound, frames, axis=1)


@settings(max_examples=40)
@given(frames=st.integers(-2000, 2000), inverted=st.booleans(), hiss=st.floats(0, 0.5))
def test_a_microphone_s_delay_is_found_to_the_sample_with_its_polarity_in_noise(
    *,
    frames: int,
    inverted: bool,
    hiss: float,
) -> None:
    near = noise(1, SECOND)
    far = (later(near, frames) * (-0.3 if inverted else 0.3) + hiss * 0.3 * noise(2, SECOND)).astype(np.float32)
    found = phase_lag(far[0].astype(np.float64), near[0].astype(np.float64), 2400)
    assert (found.frames, found.inverted) == (frames, inverted)
    assert found.confidence > 0.3


def test_the_microphones_of_a_kit_are_compared_with_one_of_them(tmp_path: Path) -> None:
    near = noise(1, SECOND)
    dull = later(near, 233).copy()
    dull[0] = np.convolve(dull[0], [0.25, 0.5, 0.25], "same")
    tracks = {"snare": near, "under": -near, "room": later(near, 911), "dull": dull}
    take = {name: file(tmp_path / f"{name}.wav", block) for name, block in tracks.items()}
    found = between_microphones(take, "snare")
    assert {name: (lag.frames, lag.inverted) for name, lag in found.items()} == {
        "snare": (0, False), "under": (0, True), "room": (911, False), "dull": (233, False),
    }  # fmt: skip
    assert found["snare"].confidence == pytest.approx(1, abs=0.01)


def test_unrelated_and_silent_tracks_are_not_trusted(tmp_path: Path) -> None:
    tracks = {"a": noise(1, SECOND), "b": noise(2, SECOND), "off": np.zeros((1, SECOND), np.float32)}
    found = between_microphones({name: file(tmp_path / f"{name}.wav", block) for name, block in tracks.items()}, "a")
    assert found["b"].confidence < 0.1
    assert (found["off"].frames, found["off"].confidence) == (0, 0)


def hits(seed: int, offset: int) -> Audio:
    """Twelve hits of different noise at uneven times: another performance of one rhythm."""
    sound = np.zeros(8 * SECOND)
    random = np.random.default_rng(seed)
    for at in (0.3, 0.8, 1.1, 1.9, 2.4, 2.6, 3.5, 4.1, 4.3, 5.2, 6.0, 6.6):
        start = round(at * RATE) + offset
        sound[start : start + 4800] += random.uniform(-0.5, 0.5, 4800) * np.exp(-np.arange(4800) / 900)
    return (sound + random.normal(0, 0.002, len(sound))).astype(np.float32)[None]


@pytest.mark.parametrize("offset", [-4801, -60, 0, 577, 12_345])
@pytest.mark.parametrize("lead", [0, 1000, -777])
def test_another_performance_of_the_same_is_found_by_its_onsets_to_three_milliseconds(
    tmp_path: Path, offset: int, lead: int
) -> None:
    one = {"a": file(tmp_path / "1.wav", hits(1, 0))}
    other = {"a": file(tmp_path / "2.wav", hits(2, offset))}
    found = between_performances(other, one, lead)
    assert abs(found.frames - (offset + lead)) < 0.003 * RATE
    assert found.confidence > 0.6


def test_performances_of_different_things_are_not_trusted(tmp_path: Path) -> None:
    one = {"a": file(tmp_path / "1.wav", hits(1, 0))}
    other = {"a": file(tmp_path / "2.wav", noise(3, 8 * SECOND))}
    assert between_performances(other, one, 0).confidence < 0.5
    silent = {"a": file(tmp_path / "3.wav", np.zeros((1, SECOND), np.float32))}
    assert between_performances(silent, one, 0).confidence == 0
