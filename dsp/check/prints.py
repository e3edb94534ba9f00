"""Measurements of files made outside: peaks, first and last sound."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.audio import Source, grid
from dsp.check.flat_tops import FEWEST_FRAMES, FULL_SCALE, SAME
from dsp.check.take import SILENT
from dsp.files.sound import SoundReader


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
