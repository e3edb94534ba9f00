"""Sample-rate conversion."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from dsp.audio import Audio, Source
from dsp.files.resample import convert, resample, resampled_frames
from dsp.files.sound import inspect

RATES = [(44_100, 48_000), (48_000, 44_100), (96_000, 44_100), (44_100, 96_000), (48_000, 48_000)]


def sine(rate: int, frames: int, hz: float = 1000.0) -> Audio:
    return np.sin(2 * np.pi * hz * np.arange(frames) / rate)[None].astype(np.float32)


def at(signal: Audio, rate: int, to_rate: int, step: int = 65_536) -> Audio:
    blocks = (signal[:, start : start + step] for start in range(0, signal.shape[1], step))
    return np.concatenate(list(resample(blocks, signal.shape[1], rate, to_rate)), axis=1)


@pytest.mark.parametrize(("rate", "to_rate"), RATES)
@pytest.mark.parametrize("frames", [1, 2, 1000, 100_000])
def test_the_length_is_the_same_time(rate: int, to_rate: int, frames: int) -> None:
    out = at(sine(rate, frames), rate, to_rate)
    assert out.shape[1] == resampled_frames(frames, rate, to_rate)
    assert abs(out.shape[1] * rate - frames * to_rate) * 2 <= rate


@pytest.mark.parametrize(("rate", "to_rate"), RATES)
def test_a_sine_stays_in_time_and_level(rate: int, to_rate: int) -> None:
    out, expected = at(sine(rate, rate), rate, to_rate), sine(to_rate, to_rate)
    middle = slice(to_rate // 4, to_rate // 2)
    np.testing.assert_allclose(out[:, middle], expected[:, middle], atol=2e-6)


@pytest.mark.parametrize(
    ("rate", "to_rate", "hz"), [(48_000, 44_100, 22_500), (96_000, 44_100, 30_000), (96_000, 48_000, 25_000)]
)
def test_what_the_new_rate_cannot_hold_leaves_nothing_above_minus_120_db(rate: int, to_rate: int, hz: float) -> None:
    out = at(sine(rate, rate, hz), rate, to_rate)[0, to_rate // 4 : -to_rate // 4]
    assert np.abs(out).max() < 1e-6


@pytest.mark.parametrize(("rate", "to_rate"), RATES[:-1])
@pytest.mark.parametrize("hz", [997.0, 19_000.0])
def test_no_image_of_a_sine_is_above_minus_120_db(rate: int, to_rate: int, hz: float) -> None:
    out = at(sine(rate, rate, hz), rate, to_rate)[0, to_rate // 4 : -to_rate // 4].astype(np.float64)
    turns = 2 * np.pi * hz * (np.arange(len(out)) + to_rate // 4) / to_rate
    quadrature = np.stack([np.sin(turns), np.cos(turns)])
    rest = out - np.linalg.lstsq(quadrature.T, out, rcond=None)[0] @ quadrature
    spectrum = np.abs(np.fft.rfft(rest * np.hanning(len(rest)))) / (len(rest) / 4)
    assert spectrum.max() < 1e-6


def test_how_the_stream_is_cut_changes_no_bit() -> None:
    noise = np.random.default_rng(1).standard_normal((2, 100_000)).astype(np.float32)
    whole = at(noise, 48_000, 44_100, 100_000)
    for step in (1000, 65_536):
        np.testing.assert_array_equal(at(noise, 48_000, 44_100, step), whole)


def test_the_same_rate_gives_the_same_samples() -> None:
    signal = sine(48_000, 5000)
    np.testing.assert_array_equal(at(signal, 48_000, 48_000), signal)


def test_a_file_is_converted(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", sine(44_100, 44_100)[0], 44_100, subtype="PCM_24")
    printed = convert(Source(tmp_path / "a.wav"), 48_000, tmp_path / "b.wav")
    assert (printed.rate, printed.frames, printed.channels) == (48_000, 48_000, 1)
    assert inspect(tmp_path / "b.wav").pcm == printed.pcm
