"""Loudness over samples: K weighting, energy in hops of 10 ms, and the gates."""

import numpy as np
from numba import void
from numba.core.types import f8, i8
from numpy.typing import NDArray

from dsp.kernels import READ_BLOCK, kernel

Samples = NDArray[np.float64]
Block = NDArray[np.float32]


@kernel(void(READ_BLOCK, f8[:, ::1], f8[:, :, ::1], f8[::1], i8[::1], f8[::1]))
def weigh(  # noqa: PLR0917 - compiled code is called by position
    block: Block, filters: Samples, state: Samples, weights: Samples, ends: NDArray[np.int64], sums: Samples
) -> None:
    """Add the K-weighted energy of a block to *sums*, one value a hop.

    Args:
        block: shape (channels, frames).
        filters: shape (2, 5): b0, b1, b2, a1, a2 of the shelf and of the high-pass (b = 1, -2, 1).
        state: shape (channels, 2, 2), carried from block to block.
        weights: weight of each channel.
        ends: the frame of the block at which each hop ends; the last is the length of the block.
        sums: energy of each hop.
    """
    b0, b1, b2, a1, a2 = filters[0]
    c1, c2 = filters[1, 3], filters[1, 4]
    for channel in range(block.shape[0]):
        s1, s2 = state[channel, 0]
        t1, t2 = state[channel, 1]
        first = 0
        for hop in range(ends.shape[0]):
            total = 0.0
            for n in range(first, ends[hop]):
                x = np.float64(block[channel, n])
                y = b0 * x + s1
                s1 = b1 * x - a1 * y + s2
                s2 = b2 * x - a2 * y
                z = y + t1
                t1 = t2 - 2.0 * y - c1 * z
                t2 = y - c2 * z
                total += z * z
            sums[hop] += weights[channel] * total
            first = ends[hop]
        state[channel, 0, 0], state[channel, 0, 1] = s1, s2
        state[channel, 1, 0], state[channel, 1, 1] = t1, t2


@kernel("f8[::1](f8[::1], i8[::1], i8, i8)")
def windows(sums: Samples, edges: NDArray[np.int64], width: int, step: int) -> Samples:
    """The mean power of every whole window of *width* hops, one each *step* hops.

    Args:
        sums: energy a hop.
        edges: the frame at which each hop begins, and the end of the last.
        width: hops a window.
        step: hops from window to window.
    """
    count = max(0, (sums.shape[0] - width) // step + 1)
    powers = np.empty(count)
    for number in range(count):
        first = number * step
        total = 0.0
        for hop in range(first, first + width):
            total += sums[hop]
        powers[number] = total / (edges[first + width] - edges[first])
    return powers


@kernel("f8(f8[::1], f8)")
def gated_mean(powers: Samples, gate: float) -> float:
    """The mean of the powers above *gate*; 0 if there are none."""
    total, count = 0.0, 0
    for power in powers:
        if power > gate:
            total += power
            count += 1
    return total / max(count, 1)
