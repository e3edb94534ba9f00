"""Offsets of submitted files: distance, polarity and likeness, and noise told from music."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from dsp.audio import Source
from dsp.check.sync import WHITE, flatness, offset, offsets, steady_offset, stretches

RATE = 48_000
Signal = NDArray[np.float64]


def band(seed: int, seconds: float = 6.0) -> Signal:
    """Something like an instrument: noise through a soft filter, swelling every half second."""
    drawn = np.random.default_rng(seed).standard_normal(round(seconds * RATE))
    soft = np.convolve(drawn, np.ones(8) / 8, "same")
    return np.asarray(0.2 * soft * (0.3 + np.abs(np.sin(2 * np.pi * np.arange(len(soft)) / RATE))))


def written(path: Path, signal: Signal) -> Source:
    soundfile.write(path, np.column_stack([signal, signal]), RATE, subtype="PCM_24")
    return Source(path)


def late(signal: Signal, frames: int) -> Signal:
    return (
        np.concatenate([np.zeros(frames), signal])[: len(signal)]
        if frames >= 0
        else np.pad(signal[-frames:], (0, -frames))
    )


@pytest.mark.parametrize("frames", [1, 64, 480, 20_000, -64, -4800])
def test_a_print_that_lies_beside_the_main_one_is_told_by_how_much(tmp_path: Path, frames: int) -> None:
    voice, rest = band(1), band(2)
    main = written(tmp_path / "main.wav", voice + rest)
    for name, other in {"listen": 1.4 * np.tanh(voice + rest), "instrumental": rest}.items():
        for sign in (1, -1):
            found = offset([main], written(tmp_path / f"{name}.wav", sign * late(other, frames)), start=0)
            assert found, name
            assert (found.frames, found.inverted) == (frames, sign < 0), name


def test_prints_in_sync_have_no_lag_whatever_they_share(tmp_path: Path) -> None:
    voice, rest = band(1), band(2)
    at = np.arange(6 * RATE) / RATE
    tone = 0.2 * np.sin(2 * np.pi * 100 * at) * np.sin(np.pi * at / 6)
    for one, other in (
        (voice + rest, rest),
        (rest, voice),
        (tone, tone),
        (tone, 0.5 * tone + rest),
        (tone, np.zeros(6 * RATE)),
    ):
        main = written(tmp_path / "main.wav", one)
        found = offset([main], written(tmp_path / "other.wav", other), start=0)
        assert found is None or (found.frames, found.inverted) == (0, False)


def test_what_shares_nothing_has_no_offset_and_a_moved_phrase_no_steady_one(tmp_path: Path) -> None:
    main = written(tmp_path / "main.wav", band(1, 20.0))
    assert offsets([main], written(tmp_path / "other.wav", band(2, 20.0)), stretches(0, 20 * RATE)) == []
    moved = np.concatenate([band(1, 20.0)[: 10 * RATE], late(band(1, 20.0), 480)[10 * RATE :]])
    found = offsets([main], written(tmp_path / "moved.wav", moved), stretches(0, 20 * RATE))
    assert len(found) == 3
    assert steady_offset(found) is None


def test_a_mix_is_alike_to_the_sum_of_its_tracks(tmp_path: Path) -> None:
    tracks = [written(tmp_path / f"{seed}.wav", band(seed)) for seed in range(4)]
    mix = np.tanh(sum(((-1) ** seed * 0.4 * band(seed) for seed in range(1, 4)), 1.5 * band(0)))
    found = offset(tracks, written(tmp_path / "mix.wav", late(mix, 96)), start=0)
    assert found
    assert found.frames == 96


def test_white_noise_is_flat_and_an_instrument_is_not(tmp_path: Path) -> None:
    noise = 0.1 * np.random.default_rng(1).standard_normal(6 * RATE)
    assert flatness(written(tmp_path / "noise.wav", noise), start=0) > WHITE
    assert flatness(written(tmp_path / "band.wav", band(1)), start=0) < WHITE / 2
    assert flatness(written(tmp_path / "none.wav", np.zeros(RATE)), start=0) == 0.0


def dark(seed: int) -> Signal:
    """Tones below 400 Hz, nothing above them, that are cut while they sound, as a loop is."""
    dice, at = np.random.default_rng(seed), np.arange(6 * RATE) / RATE
    tones = [np.sin(2 * np.pi * hz * at + turn) for hz, turn in dice.uniform((40, 0), (400, 6), (200, 2))]
    return np.asarray(0.02 * np.sum(tones, axis=0) + 0.1)


def test_files_that_are_cut_at_equal_frames_share_nothing_by_their_edges(tmp_path: Path) -> None:
    main = written(tmp_path / "main.wav", dark(1))
    for seed in range(2, 8):
        assert offset([main], written(tmp_path / "other.wav", dark(seed)), start=0) is None
        assert offset([main], written(tmp_path / "other.wav", dark(seed)[: 4 * RATE]), start=0) is None


@pytest.mark.parametrize(("given", "came"), [(1.0, 1.0), (2.7, 2.7), (4.0, 3.0), (3.0, 4.0)])
def test_short_files_that_are_cut_while_they_sound_share_nothing_by_their_ends(
    tmp_path: Path, given: float, came: float
) -> None:
    main = written(tmp_path / "main.wav", dark(1)[: round(given * RATE)])
    for seed in (2, 3):
        other = written(tmp_path / "other.wav", dark(seed)[: round(came * RATE)])
        assert offset([main], other, start=0) is None


def test_a_dark_sound_agrees_with_itself_however_few_its_frequencies(tmp_path: Path) -> None:
    main = written(tmp_path / "main.wav", dark(1))
    for other, frames, inverted in ((dark(1), 0, False), (-late(dark(1), 480), 480, True)):
        found = offset([main], written(tmp_path / "other.wav", other), start=0)
        assert found
        assert (found.frames, found.inverted) == (frames, inverted)
        assert found.share > 0.9
