"""The independent meters."""

from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile

from dsp.audio import Source, Unsound
from dsp.meter.independent_meter import IndependentReadings, disagreements, measure_independently
from dsp.meter.loudness import measure

RATE = 44_100


def write(path: Path, level: float, seconds: float, channels: int = 2, rate: int = RATE) -> Path:
    noise = level * np.random.default_rng(1).standard_normal((round(seconds * rate), channels))
    soundfile.write(path, noise, rate, subtype="PCM_24")
    return path


@pytest.mark.parametrize("seconds", [0.4, 0.77, 3.14159])
@pytest.mark.parametrize("channels", [1, 2, 5, 6])
def test_both_meters_agree_on_any_length_and_up_to_5_1_channels(tmp_path: Path, seconds: float, channels: int) -> None:
    path = write(tmp_path / "a.wav", 0.1, seconds, channels)
    ours = measure(Source(path))
    assert disagreements(measure_independently(path), ours.integrated_lufs, ours.true_peak_dbtp, 0) == []


@pytest.mark.parametrize("seconds", [20.4, 45.67])
def test_a_long_song_is_judged_in_pieces_and_read_as_a_whole(tmp_path: Path, seconds: float) -> None:
    rate = 11_025  # a tenth of a second is no whole number of frames
    path = write(tmp_path / "a.wav", 0.1, seconds, rate=rate)
    samples, _ = soundfile.read(path)
    samples[: 7 * rate] *= 0.01
    soundfile.write(path, samples, rate, subtype="PCM_24")
    whole = len(samples) * 10 // rate * rate // 10
    judged = pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(soundfile.read(path)[0][:whole])
    assert measure_independently(path).integrated_lufs == pytest.approx(judged, abs=1e-3)


def test_silence_and_too_little_have_no_loudness(tmp_path: Path) -> None:
    assert measure_independently(write(tmp_path / "silence.wav", 0, 2)) == IndependentReadings(None, None)
    assert measure_independently(write(tmp_path / "hiss.wav", 1e-5, 2)).integrated_lufs is None
    assert measure_independently(write(tmp_path / "short.wav", 0.1, 0.39)).integrated_lufs is None
    assert disagreements(IndependentReadings(None, None), None, None, -1) == []


@pytest.mark.parametrize("wrong", [-10.0, None])
def test_a_loudness_that_is_not_there_is_told_with_both_numbers(tmp_path: Path, wrong: float | None) -> None:
    path = write(tmp_path / "a.wav", 0.1, 2)
    (said,) = disagreements(measure_independently(path), wrong, measure(Source(path)).true_peak_dbtp)
    assert ("silent" if wrong is None else "-10.00 LUFS") in said
    assert "a second meter reads -1" in said


def test_a_file_somebody_turned_up_is_told_by_its_loudness_its_peak_and_its_ceiling(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", 0.1, 2)
    ours = measure(Source(path))
    samples, _ = soundfile.read(path)
    soundfile.write(path, 1.5 * samples, RATE, subtype="PCM_24")
    said = disagreements(measure_independently(path), ours.integrated_lufs, ours.true_peak_dbtp, ours.true_peak_dbtp)
    assert [sentence.partition(" is ")[0] for sentence in said] == ["it", "its true peak", "its true peak"]
    assert "above the ceiling" in said[-1]


def test_noise_up_to_half_the_rate_which_no_two_interpolators_read_alike_is_no_dispute(tmp_path: Path) -> None:
    for seed in range(5):
        noise = np.diff(np.random.default_rng(seed).uniform(-0.3, 0.3, (RATE, 2)), axis=0)
        soundfile.write(tmp_path / "a.wav", noise, RATE, subtype="PCM_24")
        ours = measure(Source(tmp_path / "a.wav"))
        assert disagreements(measure_independently(tmp_path / "a.wav"), ours.integrated_lufs, ours.true_peak_dbtp) == []


def test_more_channels_than_the_second_meter_hears_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Unsound, match=r"up to 5\.1 channels, and it has 8"):
        measure_independently(write(tmp_path / "a.wav", 0.1, 1, channels=8))
