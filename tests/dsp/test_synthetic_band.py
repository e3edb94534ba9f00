"""The synthetic band: in time, in tune, of one length, and human."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from dsp.audio import Audio, Source
from dsp.check.take import check
from dsp.synthetic_band import RATE, bass, drum_kit, frames_of, guitar, lead_voice, with_click, with_dropout

pytestmark = pytest.mark.slow

BARS = 4


def band(seed: int) -> dict[str, Audio]:
    players = {"bass": bass, "guitar": guitar, "lead": lead_voice}
    return drum_kit(bars=BARS, seed=seed) | {name: player(bars=BARS, seed=seed) for name, player in players.items()}


@pytest.fixture(scope="module")
def played() -> dict[str, Audio]:
    return band(1)


def test_the_kit_has_four_microphones_and_all_tracks_have_one_length(played: dict[str, Audio]) -> None:
    channels = {name: len(track) for name, track in played.items()}
    assert channels == {"kick-in": 1, "snare-top": 1, "overhead": 2, "room": 1, "bass": 1, "guitar": 1, "lead": 1}
    assert {track.shape[1] for track in played.values()} == {frames_of(bars=BARS)}
    for track in played.values():
        assert track.dtype == np.float32
        assert 0.4 < np.abs(track).max() < 0.95


def test_the_same_day_is_the_same_pass_and_another_day_is_another(played: dict[str, Audio]) -> None:
    again, another = band(1), band(2)
    for name, track in played.items():
        np.testing.assert_array_equal(track, again[name])
        assert (track != another[name]).any()


def test_the_snare_bleeds_into_every_microphone(played: dict[str, Audio]) -> None:
    beat = round(60 / 100 * RATE)
    for name in ("kick-in", "overhead", "room"):
        hit = played[name][0, beat - 200 : beat + 3000]
        before = played[name][0, beat - 3000 : beat - 700]
        assert np.abs(hit).max() > 1.5 * np.abs(before).std()


def spectrum(track: Audio, bar: int) -> NDArray[np.float64]:
    length = round(4 * 60 / 100 * RATE)
    part = track[0, bar * length : (bar + 1) * length].astype(np.float64)
    return np.asarray(np.abs(np.fft.rfft(part * np.hanning(len(part)), 4 * RATE)))


@pytest.mark.parametrize(("bar", "root_hz"), [(0, 55.0), (1, 43.65), (2, 65.41), (3, 49.0)])
def test_the_bass_plays_the_roots_in_tune(played: dict[str, Audio], bar: int, root_hz: float) -> None:
    assert np.abs(int(spectrum(played["bass"], bar)[: 75 * 4].argmax()) / 4 - root_hz) < 0.6


@pytest.mark.parametrize(("bar", "note_hz"), [(0, 220.0), (1, 174.61), (2, 261.63), (3, 196.0)])
def test_the_guitar_strums_the_chords_in_tune(played: dict[str, Audio], bar: int, note_hz: float) -> None:
    near = spectrum(played["guitar"], bar)[round(note_hz * 4 * 0.97) : round(note_hz * 4 * 1.03)]
    assert abs(int(near.argmax()) / 4 + round(note_hz * 4 * 0.97) / 4 - note_hz) < note_hz * 0.006


def test_take_check_finds_nothing_but_what_was_planted(tmp_path: Path, played: dict[str, Audio]) -> None:
    tracks = {**played, "late": with_dropout(played["guitar"], 5.0), "crackling": with_click(played["lead"], 7.0)}
    for name, track in tracks.items():
        soundfile.write(tmp_path / f"{name}.wav", track.T, RATE, subtype="PCM_24")
    findings = check({name: Source(tmp_path / f"{name}.wav") for name in tracks})
    assert [(finding.track, finding.kind, finding.count) for finding in findings] == [
        ("late", "dropout", 1),
        ("crackling", "click", 1),
    ]
    assert findings[0].at_s == pytest.approx(5, abs=0.03)
    assert findings[1].at_s == pytest.approx(7, abs=0.001)
