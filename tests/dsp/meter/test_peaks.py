"""Peaks: measurement, compact storage, and pictures."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from dsp.audio import BLOCK_FRAMES, Source
from dsp.meter.loudness import measure
from dsp.meter.peaks import FULL, from_bytes, measure_peaks, rows_of, ticks
from dsp.meter.picture import INK, WAVE, draw


def written(folder: Path, signal: NDArray[np.float64], rate: int = 48_000) -> Source:
    soundfile.write(folder / "s.wav", signal, rate, subtype="FLOAT")
    return Source(folder / "s.wav")


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
def test_the_lowest_and_highest_sample_of_each_hundredth_of_a_second_are_kept(tmp_path: Path, rate: int) -> None:
    signal = np.random.default_rng(2).uniform(-1, 1, (2 * BLOCK_FRAMES + 777, 2))
    peaks = measure_peaks(written(tmp_path, signal, rate))
    edges = [-(-hop * rate // 100) for hop in range(peaks.lows.shape[1] + 1)]
    for hop in (0, 1, len(edges) // 2, len(edges) - 2):
        own = signal[edges[hop] : edges[hop + 1]]
        assert peaks.lows[:, hop] / FULL == pytest.approx(own.min(axis=0), abs=1 / FULL)
        assert peaks.highs[:, hop] / FULL == pytest.approx(own.max(axis=0), abs=1 / FULL)
    assert edges[-1] >= len(signal) > edges[-2]


def test_the_loudness_of_kept_peaks_is_that_of_the_sound(tmp_path: Path) -> None:
    source = written(tmp_path, 0.1 * np.random.default_rng(3).standard_normal((96_000, 2)))
    kept = from_bytes(measure_peaks(source).to_bytes())
    assert kept is not None
    assert kept.integrated_lufs == pytest.approx(measure(source).integrated_lufs, abs=1e-9)
    assert kept.duration_s == 2.0


def test_what_is_no_peaks_is_measured_again_and_never_believed(tmp_path: Path) -> None:
    good = measure_peaks(written(tmp_path, np.zeros(4_800))).to_bytes()
    random = np.random.default_rng(5)
    for _ in range(300):
        bad = bytearray(good)
        bad[random.integers(18, len(bad))] ^= 1 << random.integers(8)
        assert from_bytes(bytes(bad)) is None
        assert from_bytes(good[: random.integers(0, len(good))]) is None
    assert from_bytes(b"") is None


@pytest.mark.parametrize("frames", [1, 100, 48_000])
@pytest.mark.parametrize("width", [10, 80, 333])
def test_a_terminal_is_filled_to_its_width_and_no_further(tmp_path: Path, frames: int, width: int) -> None:
    rows = rows_of(measure_peaks(written(tmp_path, np.full(frames, 0.5))), width)
    assert {len(row) for row in rows[:-1]} == {width}
    assert len(rows[-1]) <= width
    assert rows[-1].startswith("0:00")


def test_a_loud_stretch_stands_higher_than_a_soft_one_and_silence_is_blank(tmp_path: Path) -> None:
    signal = np.concatenate([np.full(48_000, 1.0), np.full(48_000, 0.06), np.zeros(48_000)])
    top, *_, bottom, _, _ = rows_of(measure_peaks(written(tmp_path, signal)), 30)
    assert (top[5], top[15], top[25]) == ("█", " ", " ")
    assert (bottom[5], bottom[15], bottom[25]) == ("█", "█", " ")


def test_times_are_round_and_few() -> None:
    assert ticks(10.0, 5) == [0, 2, 4, 6, 8]
    assert ticks(0.25, 5) == [0, 0.1, 0.2]
    assert all(len(ticks(seconds, 8)) <= 9 for seconds in (0.01, 1, 59.9, 200, 5_000, 20_000))


def pixels(data: bytes) -> NDArray[np.uint8]:
    """The pixels of a PNG, after checking every checksum."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        assert struct.unpack(">I", data[at + 8 + size : at + 12 + size]) == (zlib.crc32(name + body),)
        chunks[name], at = body, at + 12 + size
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, 1 + 3 * width)
    return rows[:, 1:].reshape(height, width, 3)


def test_a_picture_is_a_png_with_the_wave_where_the_sound_is(tmp_path: Path) -> None:
    signal = np.zeros((96_000, 2))
    signal[48_000:, 0] = np.where(np.arange(48_000) % 2, 0.5, -0.5)
    image = pixels(draw(measure_peaks(written(tmp_path, signal))))
    ink = (image == INK).all(axis=2)
    left, right = ink[:WAVE], ink[WAVE : 2 * WAVE]
    assert left[:, 1200].sum() == pytest.approx(WAVE / 2, abs=3)
    assert left[:, 400].sum() == right[:, 1200].sum() == 1
