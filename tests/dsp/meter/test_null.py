"""The null test tells where two sounds differ, and how much."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from dsp.audio import BLOCK_FRAMES, Source, Unsound
from dsp.meter.null import DIFFERS, Difference, difference

RATE = 48_000
Signal = NDArray[np.float32]


def noise(seconds: float = 5.0, channels: int = 2) -> Signal:
    drawn = np.random.default_rng(4).standard_normal((round(seconds * RATE), channels))
    return np.asarray(0.1 * drawn, np.float32)


def written(path: Path, signal: Signal, rate: int = RATE) -> Source:
    soundfile.write(path, signal, rate, subtype="FLOAT")
    return Source(path)


def between(folder: Path, one: Signal, other: Signal) -> Difference:
    return difference(written(folder / "one.wav", one), written(folder / "other.wav", other))


def test_the_same_samples_are_equal_to_the_bit(tmp_path: Path) -> None:
    found = between(tmp_path, noise(), noise())
    assert found.equal
    assert found.stretches == ()
    assert found.whole.rms_dbfs is None


@pytest.mark.parametrize("start", [0, 100_000, BLOCK_FRAMES - 1, 230_000])
def test_a_changed_stretch_is_found_where_it_is_with_its_level(tmp_path: Path, start: int) -> None:
    other = noise()
    other[start : start + 9600] += np.float32(0.01)
    (stretch,) = between(tmp_path, noise(), other).stretches
    step = RATE // 20
    assert 0 <= start - stretch.start < step
    assert 0 <= stretch.end - (start + 9600) < step
    assert stretch.peak_dbfs == pytest.approx(-40, abs=0.01)
    share = 9600 / (stretch.end - stretch.start)
    assert stretch.rms_dbfs == pytest.approx(-40 + 10 * np.log10(share), abs=0.01)


def test_differences_far_apart_are_stretches_of_their_own_and_near_ones_are_one(tmp_path: Path) -> None:
    for gap_s, count in ((0.5, 1), (2.0, 2)):
        other = noise()
        for at_s in (1.0, 1.1 + gap_s):
            other[round(at_s * RATE) : round((at_s + 0.1) * RATE)] *= np.float32(0.5)
        assert len(between(tmp_path, noise(), other).stretches) == count


def test_what_24_bits_cannot_hold_is_not_equal_and_no_stretch_either(tmp_path: Path) -> None:
    other = noise()
    other[1000] += np.float32(0.4 * DIFFERS)
    found = between(tmp_path, noise(), other)
    assert not found.equal
    assert found.stretches == ()
    assert found.whole.peak_dbfs is not None


def test_a_longer_sound_differs_where_the_shorter_one_has_ended(tmp_path: Path) -> None:
    found = between(tmp_path, noise(3.0), noise(5.0)[: 4 * RATE])
    assert found.frames == (3 * RATE, 4 * RATE)
    assert not found.equal
    assert [stretch.end for stretch in found.stretches][-1] == 4 * RATE


def test_other_rates_and_channels_cannot_be_laid_over_one_another(tmp_path: Path) -> None:
    one = written(tmp_path / "one.wav", noise())
    with pytest.raises(Unsound, match="44100 Hz"):
        difference(one, written(tmp_path / "other.wav", noise(), 44_100))
    with pytest.raises(Unsound, match="1 at 48000"):
        difference(one, written(tmp_path / "other.wav", noise(channels=1)))
