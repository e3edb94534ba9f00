"""Checks of prints made outside: peaks, first and last sound, and sync with the main print."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.audio import Source, grid
from dsp.blocks.cross_correlation import cross_spectrum, near_lags
from dsp.check.flat_tops import FEWEST_FRAMES, FULL_SCALE, SAME
from dsp.check.take import SILENT
from dsp.files.sound import SoundReader

SYNC_FRAMES = 1 << 18
"""Frames compared between two prints: 5.5 s at 48 kHz."""
FARTHEST_S = 1.0
SURE = 3.0
"""Ratio of the correlation at a lag to that at lag 0 above which the prints are out of sync ..."""
ALIKE = 0.05
"""... and least share of phases that must agree: an a cappella shares little with the main print."""


@dataclass(frozen=True, slots=True)
class PrintFacts:
    """Measurements of one print."""

    rate: int
    frames: int
    peak: float
    clipped: int
    """Number of flat tops at full scale: runs of three samples or more."""
    first: int
    """First frame that sounds; ``frames`` if none does."""
    last: int
    """Frame after the last that sounds."""

    @property
    def silent(self) -> bool:
        """True if no frame sounds."""
        return self.first >= self.frames


def look(source: Source) -> PrintFacts:
    """Measure a print, block by block.

    Raises:
        Unsound: the file cannot be read.
    """
    peak, clipped, last = 0.0, 0, 0
    with SoundReader(source) as reader:
        first = reader.frames
        for start, frames in grid(reader.frames):
            block = reader.read(start - 1, frames + 1)  # a flat top may cross the edge of a block
            size = np.abs(block)
            peak = max(peak, float(size[:, 1:].max(initial=0.0)))
            clipped += sum(_flat_tops(line) for line in block)
            sounding = np.flatnonzero(size[:, 1:].max(axis=0) >= SILENT)
            if len(sounding):
                first, last = min(first, start + int(sounding[0])), start + int(sounding[-1]) + 1
        return PrintFacts(reader.rate, reader.frames, peak, clipped, first, last)


def _flat_tops(line: NDArray[np.float32]) -> int:
    flat = (np.abs(line) >= FULL_SCALE) & (np.abs(np.diff(line, prepend=np.float32(0))) < SAME)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flat, [False]]).astype(np.int8)))
    return int(np.count_nonzero(edges[1::2] - edges[::2] >= FEWEST_FRAMES - 1))


def lag_frames(main: Source, other: Source, *, start: int) -> int:
    """Frames by which *other* is later than *main* (negative: earlier); 0 if they are in sync.

    Prints that share too little to compare count as in sync.

    Args:
        main: the reference print.
        other: the print to compare, at the same rate.
        start: frame from which both are compared; it should not be silent.

    Raises:
        Unsound: a file cannot be read.
    """
    return _lag(main, other, start) or 0


def steady_lag_frames(main: Source, other: Source, starts: Iterable[int]) -> int:
    """The lag of :func:`lag_frames` if it is equal at each of *starts* where it can be measured; else 0.

    A file that was exported late is late everywhere; a phrase that an editor moved is not.
    """
    told = {lag for start in starts if (lag := _lag(main, other, start)) is not None}
    return told.pop() if len(told) == 1 else 0


def _lag(main: Source, other: Source, start: int) -> int | None:
    """The lag over one stretch, both summed to one channel; None if they share too little to compare.

    Generalised cross-correlation with phase transform (Knapp and Carter 1976).
    """
    with SoundReader(main) as a, SoundReader(other) as b:
        here, there = (np.asarray(reader.read(start, SYNC_FRAMES).sum(axis=0), np.float64) for reader in (a, b))
        farthest = min(int(FARTHEST_S * a.rate), SYNC_FRAMES // 4)
    cross = cross_spectrum(there, here, 2 * SYNC_FRAMES)
    sizes = np.abs(cross)
    loud = sizes > sizes.max(initial=0.0) * 1e-9
    phases = np.where(loud, cross / np.where(loud, sizes, 1.0), 0.0)
    lags = near_lags(phases, farthest)
    best = int(lags.argmax()) - farthest
    if lags[best + farthest] <= max(ALIKE, SURE * abs(float(lags[farthest]))):
        return 0 if lags[farthest] > ALIKE else None
    return best
