"""An excerpt: the plain sum of its layers at song time."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from dsp.audio import Source, Unsound
from dsp.files.excerpt import LOUDEST, Layer, write_excerpt

RATE = 8_000


def level(
    folder: Path, name: str, value: float, *, seconds: float = 1.0, channels: int = 1, rate: int = RATE
) -> Source:
    path = folder / f"{name}.wav"
    soundfile.write(path, np.full((round(seconds * rate), channels), value), rate, subtype="FLOAT")
    return Source(path)


def test_layers_lie_where_they_begin_and_a_mono_one_stands_in_the_middle(tmp_path: Path) -> None:
    bed = Layer(level(tmp_path, "bed", 0.25, seconds=2.0, channels=2))
    voice = Layer(level(tmp_path, "voice", 0.5, seconds=0.5), starts_at=RATE, gain=0.5)
    made = write_excerpt([bed, voice], tmp_path / "out.wav")
    sound, rate = soundfile.read(made.path)
    assert (rate, sound.shape, made.turned_down) == (RATE, (2 * RATE, 2), 1.0)
    assert sound[RATE - 1].tolist() == pytest.approx([0.25, 0.25], abs=1e-6)
    assert sound[RATE].tolist() == pytest.approx([0.25 + 0.25 * 0.5**0.5] * 2, abs=1e-6)
    assert sound[RATE * 3 // 2].tolist() == pytest.approx([0.25, 0.25], abs=1e-6)


def test_a_stretch_of_it_begins_and_ends_at_its_frames(tmp_path: Path) -> None:
    made = write_excerpt([Layer(level(tmp_path, "a", 0.25), starts_at=100)], tmp_path / "o.wav", start=99, end=110)
    sound, _ = soundfile.read(made.path)
    assert np.count_nonzero(sound[:, 0]) == 10
    assert sound[0, 0] == 0
    assert len(sound) == made.frames == 11


def test_a_sum_beyond_full_scale_is_turned_down_as_a_whole_and_never_clipped(tmp_path: Path) -> None:
    layers = [Layer(level(tmp_path, name, 0.9, channels=2)) for name in ("a", "b")]
    made = write_excerpt(layers, tmp_path / "o.wav")
    sound, _ = soundfile.read(made.path)
    assert made.turned_down == pytest.approx(LOUDEST / 1.8)
    assert np.abs(sound).max() <= LOUDEST


def test_where_nothing_lies_or_rates_differ_there_is_nothing_to_hear(tmp_path: Path) -> None:
    one, other = level(tmp_path, "a", 0.1), level(tmp_path, "b", 0.1, rate=16_000)
    with pytest.raises(Unsound, match="no sound in this stretch"):
        write_excerpt([Layer(one)], tmp_path / "o.wav", start=RATE)
    with pytest.raises(Unsound, match="8000 and 16000 Hz"):
        write_excerpt([Layer(one), Layer(other)], tmp_path / "o.wav")


def test_of_a_layer_only_what_is_asked_for_is_heard(tmp_path: Path) -> None:
    bed = Layer(level(tmp_path, "bed", 0.25, seconds=2.0, channels=2))
    voice = Layer(level(tmp_path, "voice", 0.5, channels=2), starts_at=RATE // 2, first=100, last=200)
    sound, _ = soundfile.read(write_excerpt([bed, voice], tmp_path / "out.wav").path)
    heard = (sound[:, 0] > 0.5).nonzero()[0]
    assert (heard[0], heard[-1], len(heard)) == (RATE // 2 + 100, RATE // 2 + 199, 100)
    assert write_excerpt([voice], tmp_path / "alone.wav").frames == RATE // 2 + 200
