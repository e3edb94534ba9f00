"""Findings of the take check, and sounds without findings."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from dsp.audio import Source
from dsp.check.take import WINDOW_FRAMES, Finding, check

RATE = 48_000
Signal = NDArray[np.float64]


def guitar(seconds: float = 3.0, hz: float = 196.0) -> Signal:
    """A steady tone with overtones, as long as the window of the check."""
    at = np.arange(round(seconds * RATE)) / RATE
    return np.asarray(
        0.3 * sum(np.sin(2 * np.pi * hz * k * at) / k for k in range(1, 8)) * (0.6 + 0.4 * np.cos(3 * at))
    )


def drums(seconds: float = 3.0) -> Signal:
    at = np.arange(round(seconds * RATE)) / RATE
    noise = np.random.default_rng(1).standard_normal(len(at))
    return np.asarray(
        0.25 * noise * np.exp(-30 * (at % 0.25)) + 0.4 * np.sin(2 * np.pi * 60 * at) * np.exp(-9 * (at % 0.5))
    )


def saw(seconds: float = 3.0) -> Signal:
    at = np.arange(round(seconds * RATE)) / RATE
    return np.asarray(0.5 * (2 * (at * 55 % 1) - 1))


def found(folder: Path, signal: Signal) -> list[Finding]:
    soundfile.write(folder / "t.wav", signal, RATE, subtype="FLOAT")
    return check({"t": Source(folder / "t.wav")})


@pytest.mark.parametrize("signal", [guitar(), drums(), saw(), np.pad(guitar(), 20_000), guitar()[:100]])
def test_clean_sound_is_left_alone(tmp_path: Path, signal: Signal) -> None:
    assert found(tmp_path, signal) == []


@pytest.mark.parametrize("signal", [guitar(), drums()])
@pytest.mark.parametrize("at", [31_000, 105_001])
def test_a_lone_wrong_sample_is_a_click(tmp_path: Path, signal: Signal, at: int) -> None:
    signal = signal.copy()
    signal[at] -= 0.4
    (click,) = found(tmp_path, signal)
    assert (click.kind, round(click.at_s * RATE), click.count) == ("click", at, 1)
    assert click.size == pytest.approx(0.4, abs=0.05)
    assert click.sentence == f"t: a click at 0:{at / RATE:06.3f}"


@pytest.mark.parametrize("frames", [48, 960, 20_000])
def test_a_hole_in_the_sound_is_a_dropout_and_its_edges_are_no_clicks(tmp_path: Path, frames: int) -> None:
    signal = guitar()
    signal[50_030 : 50_030 + frames] = 0
    (hole,) = found(tmp_path, signal)
    assert (hole.kind, round(hole.at_s * RATE)) == ("dropout", 50_030)
    assert hole.size == pytest.approx(frames / RATE)
    assert f"drops out for {1000 * frames / RATE:.1f} ms at 0:01.042" in hole.sentence


def test_a_rest_that_fades_is_no_dropout(tmp_path: Path) -> None:
    signal = guitar()
    signal[50_000:60_000] = 0
    signal[49_000:50_000] *= np.linspace(1, 0, 1000)
    signal[60_000:61_000] *= np.linspace(0, 1, 1000)
    assert found(tmp_path, signal) == []


def test_flat_tops_are_clipping_and_a_single_full_sample_is_not(tmp_path: Path) -> None:
    honest = guitar() / np.abs(guitar()).max()
    assert found(tmp_path, honest) == []
    (clipped,) = found(tmp_path, np.clip(honest * 1.2, -1, 1))
    assert clipped.kind == "clipping"
    assert clipped.count > 10
    assert found(tmp_path, honest * 1.2) == []  # peaks above full scale in a float file are not clipped


def test_an_offset_and_an_empty_track_are_told(tmp_path: Path) -> None:
    (offset,) = found(tmp_path, guitar() + 0.03)
    assert (offset.kind, offset.sentence) == ("dc", "t: a constant offset of +3.0 % of full scale")
    (silence,) = found(tmp_path, np.zeros(RATE))
    assert (silence.kind, silence.sentence) == ("silence", "t: there is nothing on it")


def test_each_track_is_told_by_its_name_and_both_sides_of_one_once(tmp_path: Path) -> None:
    signal = guitar()
    signal[50_000] += 0.5
    soundfile.write(tmp_path / "s.wav", np.stack([signal, signal], axis=1), RATE)
    soundfile.write(tmp_path / "m.wav", guitar(), RATE)
    findings = check({"room": Source(tmp_path / "s.wav"), "bass": Source(tmp_path / "m.wav")})
    assert [(finding.track, finding.kind, finding.count) for finding in findings] == [("room", "click", 1)]


@pytest.mark.parametrize("offset", [-701, -350, -2, -1, 0, 1, 30])
@pytest.mark.parametrize("kind", ["click", "dropout"])
def test_a_fault_at_the_seam_of_two_windows_is_found_once(tmp_path: Path, offset: int, kind: str) -> None:
    at = WINDOW_FRAMES + offset
    signal = guitar(WINDOW_FRAMES / RATE + 2)
    signal[at : at + 700] *= 0 if kind == "dropout" else 1
    signal[at] += 0.5 if kind == "click" else 0
    (fault,) = found(tmp_path, signal)
    assert (fault.kind, fault.count) == (kind, 1)
    assert abs(fault.at_s - at / RATE) < 0.001


@pytest.mark.parametrize("shape", [(0.4, 0.4), (0.4, -0.4), (0.2, 0.35)])
@pytest.mark.parametrize("signal", [guitar(), drums()])
def test_two_wrong_samples_are_a_click_too(tmp_path: Path, signal: Signal, shape: tuple[float, float]) -> None:
    signal = signal.copy()
    signal[105_001:105_003] += shape
    (click,) = found(tmp_path, signal)
    assert click.kind == "click"
    assert abs(click.at_s - 105_001 / RATE) < 0.0005


def phrases(seconds: float = 12.0) -> Signal:
    """A melody with rests, as people play."""
    at = np.arange(round(seconds * RATE)) / RATE
    return np.asarray(0.3 * np.sin(2 * np.pi * 220 * at) * np.maximum(np.sin(2 * np.pi * 0.4 * at), 0))


@pytest.mark.parametrize("mains", [50.0, 60.0])
@pytest.mark.parametrize("drift", [0.999, 1.0, 1.001])
def test_hum_is_told_with_the_frequency_of_its_mains(tmp_path: Path, mains: float, drift: float) -> None:
    at = np.arange(12 * RATE) / RATE
    hum = sum(10 ** (-60 / 20) * np.sin(2 * np.pi * mains * drift * k * at) / k for k in range(1, 9))
    (finding,) = found(tmp_path, phrases() + hum)
    assert (finding.kind, round(finding.size)) == ("hum", pytest.approx(-63, abs=3))
    assert f"hum of {mains:.0f} Hz mains" in finding.sentence


@pytest.mark.parametrize("hz", [48.999, 51.913, 58.270, 61.735, 97.999, 110.0])
def test_a_bass_note_beside_the_mains_is_no_hum(tmp_path: Path, hz: float) -> None:
    at = np.arange(12 * RATE) / RATE
    assert found(tmp_path, np.asarray(0.1 * sum(np.sin(2 * np.pi * hz * k * at) / k for k in range(1, 9)))) == []


def hiss(level_db: float) -> Signal:
    return np.asarray(10 ** (level_db / 20) * np.random.default_rng(8).standard_normal(12 * RATE))


@pytest.mark.parametrize("level_db", [-45, -55])
def test_steady_noise_under_the_music_is_told_with_its_level(tmp_path: Path, level_db: float) -> None:
    (noise,) = found(tmp_path, phrases() + hiss(level_db))
    assert noise.kind == "noise"
    assert noise.size == pytest.approx(level_db - 7.8, abs=1.5), "a sixth of white noise lies between 2 and 6 kHz"


@pytest.mark.parametrize("level_db", [-70, -90])
def test_noise_that_nobody_hears_is_left_alone(tmp_path: Path, level_db: float) -> None:
    assert found(tmp_path, phrases() + hiss(level_db)) == []


def test_noise_that_breathes_with_the_music_is_part_of_it(tmp_path: Path) -> None:
    swells = np.abs(np.sin(2 * np.pi * 0.7 * np.arange(12 * RATE) / RATE))
    assert found(tmp_path, 0.2 * swells * np.random.default_rng(9).standard_normal(12 * RATE)) == []


def take(folder: Path, **tracks: Signal) -> list[Finding]:
    for name, signal in tracks.items():
        soundfile.write(folder / f"{name}.wav", signal, RATE, subtype="FLOAT")
    return check({name: Source(folder / f"{name}.wav") for name in tracks})


def test_a_microphone_against_its_neighbours_is_told_once_with_whom(tmp_path: Path) -> None:
    near = drums()
    far = 0.3 * np.roll(near, 3)
    (finding,) = take(tmp_path, near=near, far=-far, room=0.5 * np.roll(near, 2), bass=guitar())
    assert (finding.kind, finding.track) == ("polarity", "far")
    assert "its polarity is against that of room (correlation -0.99" in finding.sentence


def test_microphones_that_agree_or_hear_other_things_are_left_alone(tmp_path: Path) -> None:
    noise = np.random.default_rng(6).standard_normal(3 * RATE) * 0.1
    assert take(tmp_path, near=drums(), far=0.3 * np.roll(drums(), 3), bass=guitar(), other=noise) == []
    assert [one.kind for one in take(tmp_path, near=drums(), none=np.zeros(3 * RATE))] == ["silence"]
