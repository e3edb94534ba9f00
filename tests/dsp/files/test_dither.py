"""Quantisation: dither with the statistics of its theory, and reproducible."""

import numpy as np
import pytest

from dsp.audio import Audio, Unsound
from dsp.files.dither import F_WEIGHTED, Shaped, quantise

M = (1 << 64) - 1


def mix(z: int) -> int:
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & M
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & M
    return z ^ (z >> 31)


def triangular(seed: int, channel: int, frame: int) -> float:
    """The dither by its definition, in Python's integers."""
    drawn = mix(mix(mix(seed) + channel + 1 & M) + (frame + 1) * 0x9E3779B97F4A7C15 & M)
    return ((drawn >> 32) + (drawn & 0xFFFFFFFF) + 1) / 2**32 - 1


def ramp(frames: int, lsb: float) -> Audio:
    return np.tile(np.linspace(-3 * lsb, 3 * lsb, frames, dtype=np.float32), (2, 1))


@pytest.mark.parametrize("bits", [16, 24])
def test_the_error_has_no_mean_and_a_quarter_of_a_step_squared_as_variance(bits: int) -> None:
    lsb = 2.0 ** (1 - bits)
    signal = ramp(1_000_000, lsb)
    error = quantise(signal, bits, start=0, seed=1) - signal / lsb
    for part in np.array_split(error, 10, axis=1):  # and neither depends on the signal
        assert abs(part.mean()) < 0.01
        assert part.var() == pytest.approx(0.25, rel=0.02)


def test_the_error_is_white_and_each_channel_has_its_own() -> None:
    error = quantise(np.zeros((2, 500_000), np.float32), 16, start=0, seed=1)
    assert abs(np.corrcoef(error[0], error[1])[0, 1]) < 0.01
    for lag in (1, 2, 3, 100):
        assert abs(np.corrcoef(error[0, lag:], error[0, :-lag])[0, 1]) < 0.01


def test_anybody_can_compute_the_dither_again() -> None:
    for seed in (0, 7, 2**63 - 1):
        for start in (0, 2**40):
            got = quantise(np.zeros((2, 50), np.float32), 16, start=start, seed=seed)
            told = [[np.floor(triangular(seed, c, start + n) + 0.5) for n in range(50)] for c in range(2)]
            np.testing.assert_array_equal(got, told)


def test_where_a_block_begins_changes_nothing() -> None:
    signal = ramp(5000, 2.0**-15)
    whole = quantise(signal, 16, start=0, seed=3)
    np.testing.assert_array_equal(quantise(signal[:, 777:], 16, start=777, seed=3), whole[:, 777:])
    assert (quantise(signal, 16, start=0, seed=4) != whole).any()


def test_without_dither_integers_pass_and_what_is_too_loud_is_held_at_full_scale() -> None:
    exact = np.array([[-1.0, -(2.0**-15), 0.0, 32767 / 32768]], np.float32)
    assert quantise(exact, 16, start=0, seed=None).tolist() == [[-32768, -1, 0, 32767]]
    assert quantise(np.array([[9.0, -9.0]], np.float32), 16, start=0, seed=0).tolist() == [[32767, -32768]]
    assert quantise(np.array([[9.0, -9.0]], np.float32), 24, start=0, seed=0).tolist() == [[8388607, -8388608]]


def shaped(signal: Audio, step: int = 65_536, seed: int = 1) -> Audio:
    shaper = Shaped(44_100, len(signal), 16, seed)
    starts = range(0, signal.shape[1], step)
    return np.concatenate([shaper.quantise(signal[:, at : at + step], at) for at in starts], axis=1)


def test_shaped_noise_has_the_spectrum_of_its_filter_and_is_least_where_the_ear_is_best() -> None:
    lsb, frames, size = 2.0**-15, 1 << 19, 1024
    signal = (1000 * lsb * np.sin(np.arange(frames) / 7))[None].astype(np.float32)
    pieces = (shaped(signal)[0] - signal[0].astype(np.float64) / lsb).reshape(-1, size) * np.hanning(size)
    found = (np.abs(np.fft.rfft(pieces)) ** 2).mean(axis=0) / (np.hanning(size) ** 2).sum()
    flat = 0.25  # steps squared: rounding and two rectangular variables
    wanted = flat * np.abs(np.fft.rfft(np.concatenate([[1], -F_WEIGHTED]), size)) ** 2
    np.testing.assert_allclose(10 * np.log10(found[2:-2] / wanted[2:-2]), 0, atol=1.0)
    hz = np.fft.rfftfreq(size, 1 / 44_100)
    assert 10 * np.log10(found[(hz > 2500) & (hz < 4500)].mean() / flat) < -20
    assert hz[found.argmax()] > 15_000


def test_shaped_dither_is_the_same_wherever_blocks_begin_and_has_its_seed() -> None:
    signal = ramp(5000, 2.0**-15)
    np.testing.assert_array_equal(shaped(signal, step=777), shaped(signal))
    assert (shaped(signal, seed=2) != shaped(signal)).any()


def test_shaping_recovers_from_what_is_too_loud() -> None:
    signal = np.zeros((1, 4000), np.float32)
    signal[0, :1000] = 3
    out = shaped(signal)
    assert (out[0, 10:1000] == 32767).all()
    assert np.abs(out[0, 1100:]).max() < 30


def test_other_rates_have_no_shaped_dither() -> None:
    with pytest.raises(Unsound, match="not for 96000 Hz"):
        Shaped(96_000, 2, 16, 0)
