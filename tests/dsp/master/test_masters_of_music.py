"""Masters of a synthetic band: within 0.05 LU of the target, for dynamic, sparse and bright music."""

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile
import soxr

from domain.recipe import parse_master
from dsp import synthetic_band as instruments
from dsp.audio import Audio, Source, Unsound
from dsp.master.mastering import find_gain, render_master
from dsp.meter.loudness import measure

pytestmark = pytest.mark.slow

RATE, BARS = instruments.RATE, 5
RECIPE = parse_master("""
[targets.streaming]
integrated_lufs = -14
dither = "none"

[targets.cd]
rate = 44100
bits = 16
integrated_lufs = -12
ceiling_dbtp = -0.5
""")


def wide(line: Audio) -> Audio:
    return np.repeat(line, 2, axis=0) if len(line) == 1 else line


@cache
def kit() -> Audio:
    return np.asarray(sum(wide(track) for track in instruments.drum_kit(bars=BARS, seed=1).values()))


@cache
def voice() -> Audio:
    return wide(instruments.lead_voice(bars=BARS, seed=1))


@cache
def band() -> Audio:
    return kit() + wide(instruments.bass(bars=BARS, seed=1)) + wide(instruments.guitar(bars=BARS, seed=1)) + voice()


def long_and_uneven() -> Audio:
    """60 s: a voice alone, the band, and the band again at a quarter of its level."""
    return np.concatenate([voice() * 0.3, band() * 0.25, band() * 0.06, kit() * 0.1, voice() * 0.2], axis=1)[
        :, : 60 * RATE
    ]


MUSIC: dict[str, Callable[[], Audio]] = {
    "a band": lambda: band() * 0.15,
    "five seconds of it, soft": lambda: band()[:, : 5 * RATE] * 0.02,
    "a minute, uneven": long_and_uneven,
    "drums alone": lambda: kit() * 0.3,
    "a kick alone, loud": lambda: wide(instruments.drum_kit(bars=2, seed=2)["kick-in"]),
    "a voice and pauses": lambda: np.concatenate([voice()[:, 240_000:480_000], np.zeros((2, 200_000))], axis=1) * 0.05,
    "a lone hit in soft music": lambda: np.concatenate([voice() * 0.1, kit()[:, :24_000], voice() * 0.1], axis=1),
    "squashed already": lambda: np.tanh(3 * band()) * 0.99,
}


def mix(path: Path, block: Audio) -> Source:
    soundfile.write(path, block.T, RATE, subtype="FLOAT")
    return Source(path)


def judged(path: Path) -> float:
    samples, rate = soundfile.read(path, always_2d=True)
    return float(pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(samples))


def peak_dbtp(path: Path) -> float:
    samples, _ = soundfile.read(path, always_2d=True)
    return 20 * float(np.log10(max(np.abs(soxr.resample(line, 1, 16, quality="VHQ")).max() for line in samples.T)))


@pytest.mark.parametrize("target", ["streaming", "cd"])
@pytest.mark.parametrize("music", MUSIC)
def test_a_song_alone_is_as_loud_as_asked_and_uses_its_headroom(tmp_path: Path, music: str, target: str) -> None:
    source, wanted = mix(tmp_path / "mix.wav", MUSIC[music]()), RECIPE.targets[target]
    found = find_gain(RECIPE, target, [source], tmp_path)
    made = render_master(RECIPE, target, source, found.gain_db, tmp_path, alone=True)
    ours = measure(Source(made.printed.path)).integrated_lufs
    assert ours == pytest.approx(float(wanted.integrated_lufs or 0), abs=0.02)
    assert judged(made.printed.path) == pytest.approx(float(wanted.integrated_lufs or 0), abs=0.05)
    assert made.measures["integrated_lufs"] == found.measures["integrated_lufs"]
    peak, ceiling = peak_dbtp(made.printed.path), float(wanted.ceiling_dbtp)
    assert peak <= ceiling
    if float(made.measures["max_gain_reduction_db"] or 0):
        assert peak > ceiling - 0.1


@pytest.mark.parametrize("target", ["streaming", "cd"])
def test_three_songs_are_together_as_loud_as_asked(tmp_path: Path, target: str) -> None:
    songs = [band()[:, : 6 * RATE] * 0.1, kit()[:, : 4 * RATE] * 0.3, voice()[:, 5 * RATE : 9 * RATE] * 0.05]
    sources = [mix(tmp_path / f"{n}.wav", song) for n, song in enumerate(songs)]
    found = find_gain(RECIPE, target, sources, tmp_path)
    made = []
    for n, source in enumerate(sources):
        (tmp_path / f"out-{n}").mkdir()
        path = render_master(RECIPE, target, source, found.gain_db, tmp_path / f"out-{n}").printed.path
        assert peak_dbtp(path) <= RECIPE.targets[target].ceiling_dbtp
        made.append(soundfile.read(path, always_2d=True)[0])
    rate = RECIPE.targets[target].rate or RATE
    together = pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(np.concatenate(made))
    assert together == pytest.approx(float(RECIPE.targets[target].integrated_lufs or 0), abs=0.1)  # it hears the joints


def test_a_song_alone_that_misses_its_target_is_refused_with_the_numbers(tmp_path: Path) -> None:
    source = mix(tmp_path / "mix.wav", kit()[:, : 3 * RATE] * 0.3)
    with pytest.raises(Unsound, match=r"was to be -14 LUFS and is -\d+\.\d\d LUFS: the gain of 3 dB"):
        render_master(RECIPE, "streaming", source, Decimal(3), tmp_path, alone=True)
    assert render_master(RECIPE, "streaming", source, Decimal(3), tmp_path).printed.frames
