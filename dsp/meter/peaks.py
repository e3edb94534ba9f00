"""Peaks: the lowest and highest sample, and the energy, of every hundredth of a second, for drawing.

Peaks are derived data, which can always be measured again from the sound.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dsp.audio import Audio, Source, grid
from dsp.files.sound import SoundReader
from dsp.meter.loudness import HOPS_PER_S, MOMENTARY_HOPS, OFFSET_LUFS, Energies, LoudnessMeter, integrated

MAGIC: Final = b"takesheet-peaks-1\n"
HEAD: Final = struct.Struct("<IQHQQ")
"""Rate, frames, channels, hops, complete hops."""
FULL: Final = 32767
"""Full scale of a stored sample; larger ones are clipped."""
FLOOR_LUFS: Final = -70.0
"""The absolute gate; softer passages are drawn as silence."""


@dataclass(frozen=True, slots=True)
class Peaks:
    """Peaks and energies of a sound."""

    rate: int
    frames: int
    lows: NDArray[np.int16]
    """Shape (channels, hops)."""
    highs: NDArray[np.int16]
    energies: NDArray[np.float64]
    """K-weighted energy of each complete hop (ITU-R BS.1770-5)."""

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.frames / self.rate

    @property
    def integrated_lufs(self) -> float | None:
        """Gated loudness of the whole; None if nothing passes the gate."""
        return integrated([Energies(self.rate, self.energies)])

    def columns(self, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lowest and highest sample of each of *count* equal parts, shape (channels, count) each, -1 to 1."""
        starts = np.minimum(np.arange(count) * self.lows.shape[1] // count, self.lows.shape[1] - 1)
        lows = np.minimum.reduceat(self.lows, starts, axis=1) / FULL
        highs = np.maximum.reduceat(self.highs, starts, axis=1) / FULL
        return lows, highs

    def loudness(self, count: int) -> NDArray[np.float64]:
        """Greatest momentary loudness of each of *count* equal parts in LUFS, at least ``FLOOR_LUFS``."""
        powers = Energies(self.rate, self.energies).powers(MOMENTARY_HOPS, 1)
        if not len(powers):
            return np.full(count, FLOOR_LUFS)
        padded = np.pad(powers, (MOMENTARY_HOPS - 1, 0))  # so that a window is placed at its end
        starts = np.minimum(np.arange(count) * len(padded) // count, len(padded) - 1)
        loudest = np.maximum.reduceat(padded, starts)
        floor = 10 ** ((FLOOR_LUFS - OFFSET_LUFS) / 10)
        return np.asarray(OFFSET_LUFS + 10 * np.log10(np.maximum(loudest, floor)))

    def to_bytes(self) -> bytes:
        """The peaks in their file format."""
        channels, hops = self.lows.shape
        head = HEAD.pack(self.rate, self.frames, channels, hops, len(self.energies))
        body = self.lows.astype("<i2").tobytes() + self.highs.astype("<i2").tobytes()
        kept = head + zlib.compress(body + self.energies.astype("<f8").tobytes(), 6)
        return MAGIC + zlib.crc32(kept).to_bytes(4, "big") + kept


def from_bytes(data: bytes) -> Peaks | None:
    """Parse :meth:`Peaks.to_bytes`; None for anything else, so that the peaks are measured again."""
    kept = data[len(MAGIC) + 4 :]
    if data[: len(MAGIC) + 4] != MAGIC + zlib.crc32(kept).to_bytes(4, "big") or len(kept) < HEAD.size:
        return None
    rate, frames, channels, hops, whole = HEAD.unpack_from(kept)
    body = bytearray(zlib.decompress(kept[HEAD.size :]))
    samples = np.frombuffer(body, "<i2", 2 * channels * hops).reshape(2, channels, hops)
    return Peaks(rate, frames, samples[0], samples[1], np.frombuffer(body, "<f8", whole, 4 * channels * hops))


class Gauge:
    """Measures the peaks of one stream of blocks; one instance per stream.

    Args:
        rate: Hz.
        channels: channels of every block.
        frames: total number of frames.
    """

    def __init__(self, rate: int, channels: int, frames: int) -> None:
        hops = -(-frames * HOPS_PER_S // rate)
        self._meter = LoudnessMeter(rate, channels, true_peak=False)
        self._edges = -(-np.arange(hops + 1, dtype=np.int64) * rate // HOPS_PER_S)
        self._lows: Audio = np.ones((channels, hops), np.float32)
        self._highs = -self._lows

    def add(self, block: Audio) -> None:
        """Add the next block, shape (channels, frames), of any length."""
        for start, frames in grid(block.shape[1]):
            self._add(block[:, start : start + frames])

    def _add(self, block: Audio) -> None:
        at = self._meter.frames
        self._meter.add(block)
        first = int(np.searchsorted(self._edges, at, "right")) - 1
        last = int(np.searchsorted(self._edges, at + block.shape[1], "left"))
        starts, hops = np.maximum(self._edges[first:last] - at, 0), slice(first, last)
        self._lows[:, hops] = np.minimum(self._lows[:, hops], np.minimum.reduceat(block, starts, axis=1))
        self._highs[:, hops] = np.maximum(self._highs[:, hops], np.maximum.reduceat(block, starts, axis=1))

    def peaks(self) -> Peaks:
        """The peaks, after the last block."""
        lows, highs, energies = _kept(self._lows), _kept(self._highs), self._meter.energies().sums
        return Peaks(self._meter.rate, self._meter.frames, lows, highs, energies)


def measure_peaks(source: Source) -> Peaks:
    """Measure the peaks of a sound, streamed.

    Raises:
        Unsound: the file cannot be read.
    """
    with SoundReader(source) as reader:
        gauge = Gauge(reader.rate, reader.channels, reader.frames)
        for block in reader.blocks():
            gauge.add(block)
        return gauge.peaks()


def _kept(samples: Audio) -> NDArray[np.int16]:
    return np.rint(np.clip(samples, -1, 1) * FULL).astype(np.int16)


BLOCKS: Final = " ▁▂▃▄▅▆▇█"
ROWS: Final = 4
LOWEST_DBFS, SOFTEST_LUFS, LOUDEST_LUFS = -48.0, -48.0, 0.0


def rows_of(peaks: Peaks, width: int) -> list[str]:
    """A picture of a sound for a terminal: peaks on a scale of 12 dB a row, then loudness, then the time.

    Args:
        peaks: peaks of the sound.
        width: columns, at least 10.
    """
    lows, highs = peaks.columns(width)
    sizes = np.maximum(highs, -lows).max(axis=0)
    levels = 20 * np.log10(np.maximum(sizes, 10 ** (LOWEST_DBFS / 20)))
    steps = np.rint((levels - LOWEST_DBFS) / -LOWEST_DBFS * ROWS * 8).astype(int)
    rows = [_row(np.clip(steps - 8 * row, 0, 8)) for row in reversed(range(ROWS))]
    loud = np.clip((peaks.loudness(width) - SOFTEST_LUFS) / (LOUDEST_LUFS - SOFTEST_LUFS), 0, 1)
    return [*rows, _row(np.rint(loud * 8).astype(int)), time_axis(peaks.duration_s, width)]


def _row(eighths: Sequence[int] | NDArray[np.int_]) -> str:
    return "".join(BLOCKS[int(step)] for step in eighths)


def time_axis(duration_s: float, width: int) -> str:
    """Time labels for a picture of *width* columns, as far as they fit."""
    line = [" "] * width
    for at_s in ticks(duration_s, max(2, width // 12)):
        label = f"{int(at_s) // 60}:{int(at_s) % 60:02d}" if at_s == int(at_s) else f"{at_s:g}"
        column = int(at_s / duration_s * width)
        if column + len(label) <= width:
            line[column : column + len(label)] = label
    return "".join(line).rstrip()


def ticks(duration_s: float, most: int) -> list[float]:
    """At most *most* round times from 0 to before *duration_s*."""
    steps = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
    step = next((step for step in steps if duration_s / step <= most), steps[-1])
    return [round(number * step, 3) for number in range(int(duration_s / step) + 1) if number * step < duration_s]
