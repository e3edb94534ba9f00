"""Flat tops: peaks that a converter, a limiter of integers or a save cut off, at full scale or below it.

A peak that was not cut is smooth: the steps from sample to sample shrink towards its top, and the step into its flat
part is at most three times those within (a parabola).  A cut one falls from the full slope into a level stretch.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dsp.check.fault import Fault, runs

FULL_SCALE: Final = 1 - 2.0**-14
LEVEL: Final = 2.0**-14
"""Largest step within a flat top: two units of 16 bits, as dither leaves them."""
SAME: Final = 2.0**-12
"""Largest step within a flat top at full scale."""
EDGE: Final = 8 * LEVEL
"""Least step into and out of a flat top below full scale."""
GRAINS: Final = 8
"""Least such step in units of the file's own resolution."""
STEEPEST: Final = 0.5
"""Largest step on at least one side, relative to the height: a square wave jumps on both."""
FEWEST_FRAMES: Final = 3
"""Samples in a row that make a flat top; one or two are a legitimate peak."""
FEWEST_AT_CEILING: Final = 6
LONGEST_PEAK: Final = 4
"""Below full scale as many samples of one height beside a flat top, or one flat top of this length, are a ceiling."""
ALIKE: Final = 2 * LEVEL
"""Largest distance between a ceiling and the highest sample of its stretch."""
STRETCH_FRAMES: Final = 1 << 14
LOWEST: Final = 0.25
"""Least height of a ceiling, relative to the highest peak of the window."""
SOFTEST: Final = 2.0**-7
"""Least height of a ceiling; below it, few steps of 16 bits are left to tell a cut from a smooth peak."""

Line = NDArray[np.float64]


def flat_tops(line: Line) -> Iterator[Fault]:
    """The flat tops of *line*; float peaks above full scale are not flat and are no fault."""
    heights = np.abs(line)
    steps = np.abs(np.diff(line, prepend=0.0))
    starts, ends = runs((heights >= FULL_SCALE) & (steps < SAME), FEWEST_FRAMES - 1)
    taken = set(starts.tolist())
    cut_starts, cut_ends = _ceilings(heights, steps)
    more = [index for index, start in enumerate(cut_starts.tolist()) if start not in taken]
    both = (np.concatenate([starts, cut_starts[more]]), np.concatenate([ends, cut_ends[more]]))
    for start, end in zip(*(each.tolist() for each in both), strict=True):
        frames = end - start + 1  # the first sample of a flat top is as high as the second
        yield Fault(start - 1, frames, frames, min(1.0, 0.3 + frames / 10))


def _ceilings(heights: Line, steps: Line) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Starts and ends of the flat tops below full scale, as :func:`runs` gives those of equal steps."""
    highest = float(heights.max(initial=0.0))
    starts, ends = runs((steps < LEVEL) & (heights > max(SOFTEST, LOWEST * highest)), FEWEST_FRAMES - 1)
    whole = (starts > 1) & (ends < len(heights))
    starts, ends = starts[whole], ends[whole]
    tops = heights[starts]
    before, after = tops - heights[starts - 2], tops - heights[ends]
    least = np.minimum(before, after)
    grain = float(steps.min(initial=1.0, where=steps > 0))  # of 8 and 12 bits every peak is flat
    sharp = (least > max(EDGE, GRAINS * grain)) & (least < STEEPEST * tops)
    starts, ends, tops = starts[sharp], ends[sharp], tops[sharp]
    found = _at_ceiling(tops, ends - starts + 1, heights)
    for at in range(0, len(heights), STRETCH_FRAMES):
        own = (starts >= at) & (starts < at + STRETCH_FRAMES)
        found[own] |= _at_ceiling(tops[own], (ends - starts + 1)[own], heights[at : at + STRETCH_FRAMES])
    return starts[found], ends[found]


def _at_ceiling(tops: Line, frames: NDArray[np.intp], heights: Line) -> NDArray[np.bool_]:
    """True for each of *tops* that is as high as *heights* get, if enough samples are that high."""
    highest = heights.max(initial=0.0) - ALIKE
    high = tops > highest
    if not high.any() or (
        np.count_nonzero(heights > highest) < FEWEST_AT_CEILING and frames[high].max() < LONGEST_PEAK
    ):
        return np.zeros(len(tops), np.bool_)
    return np.asarray(high)
