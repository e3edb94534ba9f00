"""The null test: what is left when one sound is taken from another."""

import numpy as np

from dsp.audio import Source, grid
from dsp.files import Reader
from dsp.loudness import decibels


def residual_dbfs(one: Source, other: Source) -> float | None:
    """The peak of the difference of two sounds in dBFS; None where nothing is left.

    The shorter one counts as silent behind its end; the one with fewer channels is compared in those it has.

    Raises:
        Unsound: a file cannot be read.
    """
    peak = 0.0
    with Reader(one) as a, Reader(other) as b:
        channels = min(a.channels, b.channels)
        for start, frames in grid(max(a.frames, b.frames)):
            rest = a.read(start, frames)[:channels] - b.read(start, frames)[:channels]
            peak = max(peak, float(np.abs(rest).max(initial=0.0)))
    return decibels(peak)
