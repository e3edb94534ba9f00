"""Faults planted in a band that was made for it, and in real recordings: flat tops at any level, and holes that end in
noise or with a fade.

The real recordings lie in ``shared/audio`` beside the project; without them, their tests are skipped.
"""

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
KINDS = ("zero", "fade", "noise")
RECORDINGS = Path(__file__).parents[3].parent / "shared" / "audio"
REAL = ("guit_e_slide", "guit_em9", "bass_voxy_c", "loop_tabla", "ambi_piano")
real = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="no recordings lie in shared/audio beside the project")
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


def findings(folder: Path, signal: Signal, rate: int = RATE) -> list[tuple[str, float]]:
    soundfile.write(folder / "t.wav", signal, rate, subtype="PCM_24")
    return [(one.kind, one.at_s) for one in check({"t": Source(folder / "t.wav")})]


def test_the_band_itself_has_no_faults(band: dict[str, Signal], tmp_path: Path) -> None:
    for name, line in band.items():
        assert not {"clipping", "dropout"} & {kind for kind, _ in findings(tmp_path, line)}, name


@pytest.mark.parametrize("ceiling", [0.999, 0.9, 0.7, 0.2])
def test_a_flat_top_is_heard_at_any_level(band: dict[str, Signal], tmp_path: Path, ceiling: float) -> None:
    for name, line in band.items():
        cut = np.clip(1.6 * ceiling * line / np.abs(line).max(), -ceiling, ceiling)
        assert "clipping" in dict(findings(tmp_path, cut)), name


@pytest.mark.parametrize("kind", KINDS)
def test_a_hole_is_heard_against_the_noise_floor_around_it(band: dict[str, Signal], tmp_path: Path, kind: str) -> None:
    found = 0
    for line in (band[name] for name in STRINGS):
        for turn, ms in enumerate((4, 6, 10, 20, 40)):
            at = sounding(line, turn, round(ms * RATE / 1000))
            found += hears(tmp_path, planted(line, at, round(ms * RATE / 1000), kind), at)
    assert found >= 24


def hears(folder: Path, signal: Signal, at: int, rate: int = RATE) -> bool:
    """True if the check finds a hole that was planted from the frame *at* on."""
    near = [at_s for one, at_s in findings(folder, signal, rate) if one == "dropout"]
    return any(abs(at_s - at / rate) < 0.004 for at_s in near)


def pulses(hz: float) -> Signal:
    """Four seconds of a synthetic bass: at each period a loud pulse that dies away, over a soft drone."""
    at = np.arange(4 * RATE) / RATE
    phase = (at * hz) % 1 / hz
    drone = sum(np.sin(2 * np.pi * 7.3 * hz * k * at + k * k) for k in (1, 2, 3, 5))
    pulse = np.exp(-phase * 450) * np.sin(2 * np.pi * 900 * phase)
    return np.asarray(pulse + 0.05 * drone + 1e-3 * np.random.default_rng(3).standard_normal(len(at)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_hole_is_heard_between_the_pulses_of_a_bass(tmp_path: Path, kind: str) -> None:
    found = 0
    for hz in (31, 43, 55, 61, 73):
        line = 0.6 * pulses(hz)
        assert "dropout" not in dict(findings(tmp_path, line))
        for turn, ms in enumerate((3, 5, 10, 30, 100)):
            at = round((turn + 0.6 + (8 + turn) / hz % 0.3) * 0.7 * RATE)
            found += hears(tmp_path, planted(line, at, round(ms * RATE / 1000), kind), at)
    assert found >= 24


def test_a_hole_is_heard_where_a_sound_is_soft_beside_its_loudest_moment(tmp_path: Path) -> None:
    line = 0.7 * guitar(196)[0] / np.abs(guitar(196)).max() * np.exp(-np.arange(4 * RATE) / RATE)
    line += 3e-4 * np.random.default_rng(7).standard_normal(len(line))
    at = 2 * RATE
    for kind in KINDS:
        assert hears(tmp_path, planted(line, at, round(0.1 * RATE), kind), at), kind
    assert "dropout" not in dict(findings(tmp_path, line))


def recording(name: str) -> tuple[Signal, int]:
    signal, rate = soundfile.read(RECORDINGS / f"{name}.flac", always_2d=True)
    return signal, rate


@real
def test_real_recordings_have_no_more_faults_than_those_that_are_in_them() -> None:
    kinds = {"clipping", "dropout"}
    found = {
        (file.stem, one.kind)
        for file in sorted(RECORDINGS.glob("*.flac"))
        for one in check({"t": Source(file)})
        if one.kind in kinds
    }
    assert found == {("drum_bass_hard", "clipping")}


@real
@pytest.mark.parametrize("ceiling", [0.999, 0.9, 0.7])
def test_a_flat_top_is_heard_in_every_real_recording(tmp_path: Path, ceiling: float) -> None:
    for name in REAL:
        signal, rate = recording(name)
        cut = np.clip(1.4 * ceiling * signal / np.abs(signal).max(), -ceiling, ceiling)
        assert "clipping" in dict(findings(tmp_path, cut, rate)), name


@real
@pytest.mark.parametrize("kind", KINDS)
def test_a_hole_is_heard_in_real_recordings(tmp_path: Path, kind: str) -> None:
    found = 0
    for name in REAL:
        signal, rate = recording(name)
        for turn, ms in enumerate((3, 5, 10, 30, 100)):
            frames = int(ms * rate / 1000)
            at = sounding_in(signal, turn, frames, rate)
            found += hears(tmp_path, planted(signal, at, frames, kind, rate), at, rate)
    assert found >= 24


def sounding_in(signal: Signal, turn: int, frames: int, rate: int) -> int:
    """A frame of a recording of several channels from which *frames* and 20 ms on both sides sound."""
    width = int(0.02 * rate)
    level = np.sqrt(np.convolve((signal**2).mean(axis=1), np.ones(width) / width, "same"))
    loud = np.flatnonzero(level > 10 ** (-40 / 20))
    loud = loud[(loud > 3 * width) & (loud < len(signal) - frames - 3 * width)]
    both = loud[level[loud + frames + width // 2] > 10 ** (-40 / 20)]
    return int(both[(2 * turn + 1) * len(both) // 10])


def planted(line: Signal, at: int, frames: int, kind: str, rate: int = RATE) -> Signal:
    """*line*, of one channel or several, with a hole: to zero at once, with fades of half a millisecond, or a noise."""
    gain, fade = np.ones(len(line)), int(0.0005 * rate)
    gain[at : at + frames] = 0
    if kind == "fade":
        gain[at - fade : at] = np.linspace(1, 0, fade)
        gain[at + frames : at + frames + fade] = np.linspace(0, 1, fade)
    gain = gain.reshape(-1, *[1] * (line.ndim - 1))
    noise = np.random.default_rng(at).standard_normal(line.shape) * 10 ** (-85 / 20) if kind == "noise" else 0.0
    return np.asarray(line * gain + (1 - gain) * noise)


def sounding(line: Signal, turn: int, frames: int) -> int:
    """A frame from which *frames* and 30 ms on both sides sound."""
    width = round(0.02 * RATE)
    level = np.sqrt(np.convolve(line * line, np.ones(width) / width, "same"))
    loud = np.flatnonzero(level > 10 ** (-40 / 20))
    both = loud[np.isin(loud + frames + width, loud) & (loud > 2 * width) & (loud < len(line) - frames - 3 * width)]
    return int(both[(2 * turn + 1) * len(both) // 11])
