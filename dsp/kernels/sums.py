"""Weighted sums of blocks, in double precision and in a given order."""

import numpy as np
from numba import void
from numba.core.types import f4, f8, i8
from numpy.typing import NDArray

from dsp.kernels import READ_LINES, kernel

Block = NDArray[np.float32]
Samples = NDArray[np.float64]
Line = NDArray[np.float32]


@kernel(void(f8[:, ::1], i8, READ_LINES, f8))
def add(total: Samples, start: int, block: Block, gain: float) -> None:
    """Add *block*, from frame *start* on, times *gain* to *total*, both (channels, frames)."""
    frames = total.shape[1]
    for channel in range(total.shape[0]):
        line, a = total[channel], block[channel, start : start + frames]
        for n in range(frames):
            line[n] += gain * a[n]


@kernel(void(f8[:, ::1], i8, READ_LINES, READ_LINES, READ_LINES, READ_LINES, f8, f8, f8, f8))
def add_four(  # noqa: PLR0917 - compiled code is called by position
    total: Samples,
    start: int,
    first: Block,
    second: Block,
    third: Block,
    fourth: Block,
    gain: float,
    gain_2: float,
    gain_3: float,
    gain_4: float,
) -> None:
    """:func:`add` for four blocks in order, with one load and store of the total."""
    frames = total.shape[1]
    for channel in range(total.shape[0]):
        line, piece = total[channel], slice(start, start + frames)
        a, b, c, d = first[channel, piece], second[channel, piece], third[channel, piece], fourth[channel, piece]
        for n in range(frames):
            line[n] = (((line[n] + gain * a[n]) + gain_2 * b[n]) + gain_3 * c[n]) + gain_4 * d[n]


@kernel("f8(f4[:])")
def energy(line: Line) -> float:
    """The sum of the squares of *line*, in order."""
    total = 0.0
    for sample in line:
        total += np.float64(sample) * np.float64(sample)
    return total


@kernel(void(f8[:, ::1], i8, f4[:, ::1]))
def round_into(total: Samples, start: int, out: Block) -> None:
    """Write *total* as float32 into *out* from frame *start* on."""
    frames = total.shape[1]
    for channel in range(total.shape[0]):
        line, rounded = total[channel], out[channel, start : start + frames]
        for n in range(frames):
            rounded[n] = np.float32(line[n])
