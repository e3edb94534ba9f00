"""Prints made elsewhere: their peaks, their ends and their sync."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from dsp.audio import BLOCK_FRAMES, Source
from dsp.check.prints import lag_frames, look

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
        assert lag_frames(main, written(tmp_path / f"{name}.wav", late(other, frames)), start=0) == frames, name


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
        assert lag_frames(main, written(tmp_path / "other.wav", other), start=0) == 0


def test_a_print_is_read_through_to_its_ends(tmp_path: Path) -> None:
    signal = np.zeros(3 * RATE)
    signal[RATE : 2 * RATE] = 0.25
    found = look(written(tmp_path / "p.wav", signal))
    assert (found.first, found.last, found.frames, found.clipped) == (RATE, 2 * RATE, 3 * RATE, 0)
    assert found.peak == pytest.approx(0.25)
    assert look(written(tmp_path / "s.wav", np.zeros(RATE))).silent


@pytest.mark.parametrize("start", [500, BLOCK_FRAMES - 2, BLOCK_FRAMES - 1])
def test_a_flat_top_is_counted_once_a_channel_also_across_the_edge_of_a_block(tmp_path: Path, start: int) -> None:
    signal = 0.5 * np.sin(np.arange(2 * RATE) / 20)
    signal[start : start + 4] = 1.0
    found = look(written(tmp_path / "p.wav", signal))
    assert found.clipped == 2
