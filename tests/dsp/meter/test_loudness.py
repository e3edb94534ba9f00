"""Loudness compared with other meters; the signals of EBU Tech 3341 and 3342 are in test_ebu_mode.py."""

from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile
import soxr

from dsp.audio import BLOCK_FRAMES, Audio, Source
from dsp.meter.loudness import Loudness, LoudnessMeter, integrated, k_weighting, measure

RATE = 48_000


def sine(level_dbfs: float, seconds: float, hz: float = 1000.0, rate: int = RATE, channels: int = 2) -> Audio:
    at = np.arange(round(seconds * rate)) / rate
    wave = 10 ** (level_dbfs / 20) * np.sin(2 * np.pi * hz * at)
    return np.tile(wave, (channels, 1)).astype(np.float32)


def read(block: Audio, rate: int = RATE, step: int = BLOCK_FRAMES) -> Loudness:
    meter = LoudnessMeter(rate, len(block))
    for start in range(0, block.shape[1], step):
        meter.add(block[:, start : start + step])
    return meter.result()


def test_mono_counts_as_one_channel() -> None:
    assert read(sine(-20, 4, channels=1)).integrated_lufs == pytest.approx(-23.01, abs=0.05)


def test_short_bursts_are_caught_at_any_sample() -> None:
    for offset in (0, 1234, 40_000):
        block = np.pad(sine(-20, 0.4), ((0, 0), (offset, 3 * RATE)))
        assert read(block).max_momentary_lufs == pytest.approx(-20, abs=0.2)
        block = np.pad(sine(-20, 3), ((0, 0), (offset, 3 * RATE)))
        assert read(block).max_short_term_lufs == pytest.approx(-20, abs=0.1)


def music(seconds: float, rate: int, seed: int = 5) -> Audio:
    """Band-limited bursts of noise whose level wanders: a stand-in for music."""
    rng = np.random.default_rng(seed)
    frames = round(seconds * rate)
    steps = rng.uniform(0.02, 1, int(seconds * 4) + 1)
    level = np.interp(np.arange(frames), np.arange(len(steps)) * rate / 4, steps)
    return (0.2 * rng.standard_normal((2, frames)) * level).astype(np.float32)


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000, 96_000])
def test_an_independent_meter_agrees_within_a_hundredth(rate: int) -> None:
    block = music(5, rate)
    judge = pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(block.T.astype(float))
    assert read(block, rate).integrated_lufs == pytest.approx(judge, abs=0.01)


def test_soxr_finds_the_same_peak_between_the_samples() -> None:
    block = soxr.resample(music(2, 32_000).T, 32_000, 48_000, quality="VHQ").T  # nothing next to half the rate
    judge = max(np.abs(soxr.resample(line, 1, 16, quality="VHQ")).max() for line in block)
    assert read(block).true_peak_dbtp == pytest.approx(20 * np.log10(judge), abs=0.03)


def test_a_peak_at_the_very_end_is_found() -> None:
    block = np.zeros((1, 1000), np.float32)
    block[0, -2:] = 0.5  # 0.5 and 0.5 and nothing: higher in between
    true_peak, sample_peak = read(block).true_peak_dbtp, read(block).sample_peak_dbfs
    assert true_peak is not None
    assert sample_peak == pytest.approx(-6.02, abs=0.01)
    assert true_peak > -5


@pytest.mark.parametrize("step", [1000, 4410, 65_536])
def test_how_the_stream_is_cut_does_not_matter(step: int) -> None:
    block = music(5, 44_100)
    whole, pieces = read(block, 44_100, block.shape[1]), read(block, 44_100, step)
    assert pieces.integrated_lufs == pytest.approx(whole.integrated_lufs, abs=1e-9)
    assert (pieces.true_peak_dbtp, pieces.sample_peak_dbfs) == (whole.true_peak_dbtp, whole.sample_peak_dbfs)


def test_silence_and_what_is_too_short_have_no_measure() -> None:
    silence = read(np.zeros((2, 5 * RATE), np.float32))
    assert silence == Loudness(None, None, None, None, None, None, 5.0, RATE, 2)
    click = read(sine(-20, 0.3))
    assert (click.integrated_lufs, click.max_momentary_lufs, click.loudness_range_lu) == (None, None, None)
    assert read(sine(-20, 2)).max_short_term_lufs is None
    assert LoudnessMeter(RATE, 2).result().duration_s == 0


def test_below_the_absolute_gate_nothing_is_heard() -> None:
    assert read(sine(-75, 4)).integrated_lufs is None


def test_songs_measured_as_one_programme_are_gated_together() -> None:
    loud, soft = LoudnessMeter(RATE, 2), LoudnessMeter(RATE, 2)
    loud.add(sine(-20, 10))
    soft.add(sine(-40, 10))
    assert integrated([loud.energies(), soft.energies()]) == pytest.approx(-20, abs=0.1)


def test_the_filter_at_48_khz_is_the_one_in_the_standard() -> None:  # BS.1770-5, tables 1 and 2
    shelf, high_pass = k_weighting(RATE)
    table_1 = [1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585]
    np.testing.assert_allclose(shelf, table_1, atol=1e-8)
    np.testing.assert_allclose(high_pass, [1, -2, 1, -1.99004745483398, 0.99007225036621], atol=1e-8)


def test_a_file_is_measured_with_or_without_its_true_peak(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", music(2, RATE).T, RATE, subtype="PCM_24")
    full, quick = measure(Source(tmp_path / "a.wav")), measure(Source(tmp_path / "a.wav"), true_peak=False)
    assert quick.true_peak_dbtp is None
    assert quick.integrated_lufs == full.integrated_lufs
    assert full.duration_s == 2.0
