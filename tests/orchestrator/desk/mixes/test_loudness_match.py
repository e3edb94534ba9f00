"""Loudness matching: sounds become equally loud, with a note if all had to be turned down for it."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from dsp.audio import Source
from dsp.files.excerpt import LOUDEST, Layer, write_excerpt
from orchestrator.desk.mixes.loudness_match import matched
from tests.orchestrator.sounds import RATE


def hiss(path: Path, level: float, peak: float = 0.0) -> Source:
    """Two seconds of stereo noise at *level*, with one sample of *peak*."""
    wave = level * np.random.default_rng(1).standard_normal((2 * RATE, 2)).clip(-3, 3)
    wave[RATE] = peak or wave[RATE]
    soundfile.write(path, wave, RATE, subtype="FLOAT")
    return Source(path)


def test_what_fits_is_turned_down_to_the_softest_and_nothing_is_said(tmp_path: Path) -> None:
    loud, soft = matched([("a", hiss(tmp_path / "a.wav", 0.2), ""), ("b", hiss(tmp_path / "b.wav", 0.1), "a note")])
    assert (loud.gain_db, soft.gain_db) == (pytest.approx(-20 * np.log10(2), abs=0.01), 0)
    assert (loud.note, soft.note) == ("", "a note")


def test_where_the_softest_goes_beyond_full_scale_all_are_softer_by_as_much_and_it_is_said(tmp_path: Path) -> None:
    sounds = [("a", hiss(tmp_path / "a.wav", 0.2), ""), ("b", hiss(tmp_path / "b.wav", 0.1, peak=2.0), "a note")]
    loud, soft = matched(sounds)
    assert soft.gain_db == pytest.approx(-20 * np.log10(2 / LOUDEST), abs=1e-9)
    assert soft.note == "a note; b would go 6.0 dB beyond full scale: all are played softer by that"
    assert loud.note == ""
    levels = [one.loudness.integrated_lufs + one.gain_db for one in (loud, soft)]
    assert levels[0] == pytest.approx(levels[1])
    for one in (loud, soft):
        layer = Layer(one.source, gain=10 ** (one.gain_db / 20))
        assert write_excerpt([layer], tmp_path / "heard.wav").turned_down == pytest.approx(1, abs=1e-6)


def test_of_silence_nothing_is_said(tmp_path: Path) -> None:
    (quiet,) = matched([("a", hiss(tmp_path / "a.wav", 0.0), "")])
    assert (quiet.gain_db, quiet.note) == (0, "")
