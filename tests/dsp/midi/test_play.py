"""Rendered notes: their time, pitch, level and reproducible bits."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from domain.recipe import Instrument, MidiRecipe
from dsp.audio import Printed, Source, Unsound
from dsp.check.take import check
from dsp.midi.file import parse
from dsp.midi.play import play
from tests.dsp.midi import performances
from tests.dsp.midi.performances import delta, events, performance, raw

RATE = 48_000
Line = NDArray[np.float64]


def printed(data: bytes, folder: Path, instrument: Instrument = "keys", rate: int = RATE, **asked: Any) -> Printed:
    return play(parse(data), MidiRecipe(instrument=instrument, version=1, **asked), rate, folder / "played.wav")


def played(data: bytes, folder: Path, instrument: Instrument = "keys", **asked: Any) -> Line:
    sound, _ = soundfile.read(printed(data, folder, instrument, **asked).path, always_2d=True)
    return np.asarray(sound.T, np.float64)


@pytest.mark.parametrize(
    ("instrument", "key", "hz"), [("keys", 69, 440.0), ("keys", 40, 82.41), ("bass", 28, 41.2), ("bass", 40, 82.41)]
)
def test_a_key_is_in_tune(tmp_path: Path, instrument: Instrument, key: int, hz: float) -> None:
    sound = played(performance([(0, 4, key, 100)]), tmp_path, instrument)[0, :RATE]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 16 * RATE))
    window = slice(round(hz * 16 * 0.94), round(hz * 16 * 1.06))
    assert (int(spectrum[window].argmax()) + window.start) / 16 == pytest.approx(hz, rel=0.002)


@pytest.mark.parametrize("instrument", ["drums", "bass", "keys"])
def test_every_stroke_begins_at_its_frame_and_not_before(tmp_path: Path, instrument: Instrument) -> None:
    key = 38 if instrument == "drums" else 40
    strokes = [(beat, 0.1, key, 110) for beat in (1.0, 5.37, 6.02)]
    sound = np.abs(played(performance(strokes), tmp_path, instrument)).max(axis=0)
    assert not sound[: RATE // 2].any()
    for beat, *_ in strokes:
        at = round(round(beat * 480) * RATE / 960)
        assert sound[at : at + 480].max() > 20 * sound[max(0, at - 480) : at].max()


def test_a_hit_across_the_edge_of_a_block_sounds_as_it_does_within_one(tmp_path: Path) -> None:
    early = played(performance([(0, 2, 60, 100)]), tmp_path)
    beats = 65_000 / RATE * 2
    late = played(performance([(beats, 2, 60, 100)]), tmp_path)[:, 65_000:]
    ear = slice(2400, early.shape[1])  # the hammer's noise differs at each stroke
    np.testing.assert_allclose(early[:, ear], late[:, ear], atol=2e-7)


def test_a_harder_stroke_is_louder_and_brighter(tmp_path: Path) -> None:
    soft, hard = (played(performance([(0, 2, 48, velocity)]), tmp_path)[0, 4800:RATE] for velocity in (30, 120))
    low, high = (np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) for sound in (soft, hard))
    assert np.abs(hard).max() > 4 * np.abs(soft).max()
    assert high[1000:].sum() / high[:300].sum() > 1.5 * low[1000:].sum() / low[:300].sum()


def test_a_key_let_go_is_damped_and_a_pedalled_one_rings(tmp_path: Path) -> None:
    short = played(performance([(0, 1, 60, 100)]), tmp_path)
    track = events((0, [0xB0, 64, 127]), (0, [0x90, 60, 100]), (480, [0x80, 60, 0]), (4 * 480, [0xB0, 64, 0]))
    rings = played(raw(track), tmp_path)
    later = slice(round(0.8 * RATE), round(0.85 * RATE))
    assert np.abs(rings[:, later]).max() > 30 * np.abs(short[:, later]).max()


def test_an_open_hat_is_choked_by_the_next_stroke_on_it(tmp_path: Path) -> None:
    open_, shut = (0.0, 0.1, 46, 110), (1.0, 0.1, 44, 1)
    ringing = played(performance([open_], channel=9), tmp_path, "drums")
    choked = played(performance([open_, shut], channel=9), tmp_path, "drums")
    after = slice(round(0.56 * RATE), round(0.6 * RATE))
    assert np.abs(ringing[:, after]).max() > 5 * np.abs(choked[:, after]).max()


@pytest.mark.parametrize("instrument", ["drums", "bass", "keys"])
def test_the_take_check_finds_nothing_wrong_with_it(tmp_path: Path, instrument: Instrument) -> None:
    file = printed(getattr(performances, instrument)(), tmp_path, instrument)
    assert check({"main": Source(file.path)}) == []
    sound, _ = soundfile.read(file.path)
    assert 0.2 < np.abs(sound).max() < 1.0


def test_the_same_notes_are_at_one_time_at_any_rate(tmp_path: Path) -> None:
    for rate in (44_100, 96_000):
        file = printed(performance([(0, 1, 60, 100), (3, 1, 60, 100)]), tmp_path, rate=rate)
        sound, _ = soundfile.read(file.path)
        before, after = (np.abs(sound[round(at * rate) : round((at + 0.01) * rate)]).max() for at in (1.48, 1.5))
        assert after > 20 * before


@pytest.mark.parametrize(
    ("data", "instrument", "reason"),
    [
        (raw(events((0, [0x90, 60, 90]), (2**28 - 1, [0x80, 60, 0]), (0, [0x90, 60, 90]))), "keys", "lasts 279620 s"),
        (raw(b"\x00\x90\x14\x40" + b"\x00\x14\x40" * 20_000 + delta(10_000) + b"\x14\x00"), "keys", "ring for"),
        (performance([(0, 1, 99, 90)], channel=9), "drums", "no notes in it that drums can play"),
        (performance([(0, 1, 36, 90)], channel=9), "bass", "no notes in it that bass can play"),
    ],
)
def test_what_nobody_could_have_played_is_refused(
    tmp_path: Path, data: bytes, instrument: Instrument, reason: str
) -> None:
    with pytest.raises(Unsound, match=reason):
        printed(data, tmp_path, instrument)
    assert not list(tmp_path.iterdir())


def test_an_instrument_of_another_version_is_not_played_as_if_it_were_this_one(tmp_path: Path) -> None:
    with pytest.raises(Unsound, match="keys 999, and this takesheet has version 1"):
        play(parse(performances.keys()), MidiRecipe(instrument="keys", version=999), RATE, tmp_path / "x.wav")
