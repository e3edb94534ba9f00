"""Faults planted in a band that was made for it: flat tops at any level, and holes that end in noise or with a fade."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from dsp import synthetic_band
from dsp.audio import Source
from dsp.check.take import check

RATE = synthetic_band.RATE
Signal = NDArray[np.float64]
BAND = ("kick", "low guitar", "bass", "voice", "guitar", "high guitar", "mandolin")
STRINGS = ("low guitar", "bass", "guitar", "high guitar", "mandolin")


@pytest.fixture(scope="module")
def band() -> dict[str, Signal]:
    """Recordings of some seconds, each with the noise floor of a microphone."""
    kit = synthetic_band.drum_kit(bars=3, seed=3)
    lines = [next(iter(kit.values())), guitar(98), synthetic_band.bass(bars=3), synthetic_band.lead_voice(bars=3)]
    lines += [guitar(hz) for hz in (196, 311, 466)]
    noise = np.random.default_rng(11)
    return {
        name: np.asarray(0.5 * line[0] / np.abs(line).max() + 3e-4 * noise.standard_normal(line.shape[1]), np.float64)
        for name, line in zip(BAND, lines, strict=True)
    }


def guitar(hz: float) -> Signal:
    """A string of four seconds that dies away."""
    at = np.arange(4 * RATE) / RATE
    return np.asarray([sum(np.sin(2 * np.pi * hz * k * at) / k for k in range(1, 8)) * np.exp(-0.6 * at)])


def findings(folder: Path, signal: Signal) -> list[tuple[str, float]]:
    soundfile.write(folder / "t.wav", signal, RATE, subtype="PCM_24")
    return [(one.kind, one.at_s) for one in check({"t": Source(folder / "t.wav")})]


def test_the_band_itself_has_no_faults(band: dict[str, Signal], tmp_path: Path) -> None:
    for name, line in band.items():
        assert not {"clipping", "dropout"} & {kind for kind, _ in findings(tmp_path, line)}, name


@pytest.mark.parametrize("ceiling", [0.999, 0.9, 0.7, 0.2])
def test_a_flat_top_is_heard_at_any_level(band: dict[str, Signal], tmp_path: Path, ceiling: float) -> None:
    for name, line in band.items():
        cut = np.clip(1.6 * ceiling * line / np.abs(line).max(), -ceiling, ceiling)
        assert "clipping" in dict(findings(tmp_path, cut)), name


@pytest.mark.parametrize("kind", ["zero", "fade", "noise"])
def test_a_hole_is_heard_against_the_noise_floor_around_it(band: dict[str, Signal], tmp_path: Path, kind: str) -> None:
    found = 0
    for line in (band[name] for name in STRINGS):
        for turn, ms in enumerate((4, 6, 10, 20, 40)):
            at = sounding(line, turn, round(ms * RATE / 1000))
            hole = planted(line, at, round(ms * RATE / 1000), kind)
            near = [at_s for one, at_s in findings(tmp_path, hole) if one == "dropout"]
            found += any(abs(at_s - at / RATE) < 0.003 for at_s in near)
    assert found >= 24


def planted(line: Signal, at: int, frames: int, kind: str) -> Signal:
    """*line* with a hole: to zero at once, to zero with fades of half a millisecond, or to a noise at -85 dBFS."""
    gain, fade = np.ones(len(line)), round(0.0005 * RATE)
    gain[at : at + frames] = 0
    if kind == "fade":
        gain[at - fade : at] = np.linspace(1, 0, fade)
        gain[at + frames : at + frames + fade] = np.linspace(0, 1, fade)
    noise = np.random.default_rng(at).standard_normal(len(line)) * 10 ** (-85 / 20) if kind == "noise" else 0.0
    return np.asarray(line * gain + (1 - gain) * noise)


def sounding(line: Signal, turn: int, frames: int) -> int:
    """A frame from which *frames* and 30 ms on both sides sound."""
    width = round(0.02 * RATE)
    level = np.sqrt(np.convolve(line * line, np.ones(width) / width, "same"))
    loud = np.flatnonzero(level > 10 ** (-40 / 20))
    both = loud[np.isin(loud + frames + width, loud) & (loud > 2 * width) & (loud < len(line) - frames - 3 * width)]
    return int(both[(2 * turn + 1) * len(both) // 11])
