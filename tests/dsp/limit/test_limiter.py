"""The limiter: no measured peak exceeds the ceiling, and nothing else is changed."""

import numpy as np
import pytest
import soxr

from dsp.audio import Audio
from dsp.limit.limiter import Limiter

RATE = 48_000
CEILING = 10 ** (-1 / 20)


def limited(signal: Audio, step: int = 65_536, rate: int = RATE) -> tuple[Audio, Limiter]:
    limiter = Limiter(rate, len(signal), CEILING)
    blocks = [limiter.process(signal[:, start : start + step]) for start in range(0, signal.shape[1], step)]
    return np.concatenate([*blocks, limiter.flush()], axis=1), limiter


def true_peak_dbtp(signal: Audio) -> float:
    return 20 * float(np.log10(max(np.abs(soxr.resample(line, 1, 16, quality="VHQ")).max() for line in signal)))


def loud(seed: int = 1, seconds: float = 2, rate: int = RATE) -> Audio:
    """Drum-like bursts over a bass, up to +9 dBFS, with no content near half the rate."""
    rng = np.random.default_rng(seed)
    at = np.arange(round(seconds * rate)) / rate
    bass = 0.8 * np.sin(2 * np.pi * 55 * at)
    hits = rng.standard_normal((2, len(at) * 2 // 3)) * np.exp(-8 * (np.arange(len(at) * 2 // 3) / rate * 1.5 % 0.5))
    bursts = soxr.resample(hits.T, 2, 3, quality="VHQ").T
    frames = min(len(at), bursts.shape[1])
    return np.asarray(bass[:frames] + bursts[:, :frames] * 0.7, np.float32)


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
def test_the_ceiling_holds_between_the_samples(rate: int) -> None:
    signal = loud(rate=rate)
    assert true_peak_dbtp(signal) > 3
    assert true_peak_dbtp(limited(signal, rate=rate)[0]) <= -1 + 0.05


def test_a_peak_that_lies_wholly_between_two_samples_is_caught() -> None:
    at = np.arange(RATE)
    hidden = (1.2 * np.sin(np.pi / 2 * at + np.pi / 4))[None].astype(np.float32)  # samples of 0.85, a peak of 1.2
    assert np.abs(hidden).max() < CEILING
    inside, _ = limited(hidden)
    assert np.abs(soxr.resample(inside[0], 1, 16, quality="VHQ"))[RATE * 4 : RATE * 12].max() <= CEILING * 1.001


def test_what_stays_under_the_ceiling_is_not_touched() -> None:
    signal = (loud() * 0.2).astype(np.float32)
    out, limiter = limited(signal)
    np.testing.assert_array_equal(out, signal)
    assert limiter.lowest_gain == 1.0


def test_long_after_a_hit_the_gain_is_exactly_one_again() -> None:
    signal = np.full((1, 12 * RATE), 0.1, np.float32)
    signal[0, RATE] = 4
    out, _ = limited(signal)
    np.testing.assert_array_equal(out[:, -RATE:], signal[:, -RATE:])
    assert out[0, RATE + 300] < 0.1


@pytest.mark.parametrize("step", [1, 333, 4096])
def test_how_the_stream_is_cut_changes_no_bit(step: int) -> None:
    signal = loud()[:, :9000]
    np.testing.assert_array_equal(limited(signal, step)[0], limited(signal)[0])


def test_all_channels_have_one_gain() -> None:
    signal = np.zeros((2, RATE), np.float32)
    signal[0], signal[1] = 0.3, -0.2
    signal[0, 20_000] = 3
    out, _ = limited(signal)
    steady = np.arange(RATE) != 20_000
    np.testing.assert_allclose(out[0, steady] / 0.3, out[1, steady] / -0.2, rtol=1e-6)


def test_the_gain_has_no_step() -> None:
    signal = np.full((1, RATE), 0.5, np.float32)
    signal[0, RATE // 2] = 4
    out, _ = limited(signal)
    gain = np.delete(out[0] / 0.5, RATE // 2)
    assert np.abs(np.diff(gain)).max() < 0.02
    assert np.abs(np.diff(gain, 2)).max() < 0.001


def test_as_much_comes_out_as_went_in_at_the_same_place() -> None:
    for frames in (1, 100, 5000):
        signal = loud()[:, :frames]
        assert limited(signal)[0].shape == signal.shape
    click = np.zeros((1, 3000), np.float32)
    click[0, 1234] = 2
    assert int(np.abs(limited(click)[0]).argmax()) == 1234


def test_a_limiter_at_rest_meets_the_next_hit_as_one_that_never_rested() -> None:
    signal = np.full((1, 14 * RATE), 0.1, np.float32)
    signal[0, [1000, 13 * RATE]] = 2
    in_pieces, at_once = limited(signal, 1024)[0], limited(signal, signal.shape[1])[0]
    np.testing.assert_array_equal(in_pieces[:, 11 * RATE : 12 * RATE], signal[:, 11 * RATE : 12 * RATE])
    np.testing.assert_array_equal(in_pieces, at_once)
    assert in_pieces[0, 13 * RATE + 100] < 0.1
