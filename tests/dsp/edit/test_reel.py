"""Reels: clips of any loudness, rate and length in one file that never clips."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from dsp.audio import Source, Unsound
from dsp.edit.reel import CLIP_LUFS, FADE_S, MOST_GAIN_DB, write_reel
from dsp.meter.loudness import measure

RATE = 48_000
FADE = round(FADE_S * RATE)


def clip(
    path: Path, level: float, *, seconds: float = 3.0, hz: float = 440, rate: int = RATE, channels: int = 2
) -> Source:
    wave = level * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)
    soundfile.write(path, np.repeat(wave[:, None], channels, axis=1), rate, subtype="FLOAT")
    return Source(path)


def reel(tmp_path: Path, *clips: Source) -> tuple[NDArray[np.float64], tuple[int, ...]]:
    path = tmp_path / "reel.wav"
    written = write_reel(clips, path, scratch=tmp_path)
    samples, rate = soundfile.read(path)
    assert (rate, len(samples)) == (written.rate, written.frames)
    return samples, written.places


def test_clips_overlap_by_a_fade_and_all_are_equally_loud(tmp_path: Path) -> None:
    clips = [clip(tmp_path / f"{number}.wav", level) for number, level in enumerate((0.9, 0.01, 0.2))]
    samples, places = reel(tmp_path, *clips)
    length = 3 * RATE
    assert places == (0, length - FADE, 2 * (length - FADE))
    assert len(samples) == 3 * length - 2 * FADE
    assert abs(samples[0]).max() < 1e-3
    assert abs(samples[-1]).max() < 1e-3
    for place in places:
        middle = tmp_path / "middle.wav"
        soundfile.write(middle, samples[place + FADE : place + length - FADE], RATE, subtype="FLOAT")
        assert measure(Source(middle)).integrated_lufs == pytest.approx(CLIP_LUFS, abs=0.3)


def test_the_loudest_clips_stay_below_full_scale_where_they_overlap(tmp_path: Path) -> None:
    def burst(name: str) -> Source:
        """Silence around two peaks: as quiet as it is, it cannot be turned up as far as its loudness asks."""
        wave = np.zeros((RATE, 2))
        wave[FADE // 2 :: RATE - FADE] = 1.0
        soundfile.write(tmp_path / name, wave, RATE, subtype="FLOAT")
        return Source(tmp_path / name)

    samples, _ = reel(tmp_path, burst("a.wav"), burst("b.wav"), burst("c.wav"))
    peak = measure(Source(tmp_path / "reel.wav")).true_peak_dbtp
    assert peak is not None
    assert peak <= -1.0
    assert abs(samples).max() > 0.5


def test_silence_and_noise_are_not_made_loud(tmp_path: Path) -> None:
    quiet = clip(tmp_path / "quiet.wav", 10 ** (-80 / 20))
    samples, _ = reel(tmp_path, clip(tmp_path / "none.wav", 0.0), quiet)
    assert abs(samples).max() <= 10 ** ((MOST_GAIN_DB - 80) / 20) * 1.05


def test_mono_other_rates_and_clips_shorter_than_a_fade_are_taken(tmp_path: Path) -> None:
    mono = clip(tmp_path / "mono.wav", 0.2, channels=1)
    other = clip(tmp_path / "other.wav", 0.2, rate=44_100)
    short = clip(tmp_path / "short.wav", 0.2, seconds=0.1)
    samples, places = reel(tmp_path, mono, short, other, short)
    half = round(0.1 * RATE) // 2
    assert places == (0, 3 * RATE - half, 3 * RATE, 6 * RATE - half)
    assert np.array_equal(samples[:RATE, 0], samples[:RATE, 1])
    with pytest.raises(Unsound):
        write_reel([], tmp_path / "none.wav", scratch=tmp_path)
