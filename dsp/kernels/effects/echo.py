"""A feedback delay line."""

import numpy as np
from numba import i8
from numba.core.types import f4, f8
from numpy.typing import NDArray

from dsp.kernels import READ_BLOCK, kernel

Block = NDArray[np.float32]
Samples = NDArray[np.float64]

INAUDIBLE = 1e-30
"""Values below this become zero, before they decay into denormals."""


@kernel(i8(READ_BLOCK, f8[:, ::1], i8, f8, f4[:, ::1]))
def echo(block: Block, line: Samples, at: int, feedback: float, out: Block) -> int:
    """The echoes of *block*, without *block* itself.

    Args:
        block: shape (channels, frames).
        line: ring buffer, shape (channels, delay in frames).
        at: index of the oldest frame in the ring.
        feedback: gain of each repetition, below 1.
        out: shape of *block*.

    Returns:
        Index of the oldest frame after this block.
    """
    length = line.shape[1]
    begin = at
    for channel in range(block.shape[0]):
        at = begin
        ring = line[channel]
        for n in range(block.shape[1]):
            heard = ring[at]
            out[channel, n] = np.float32(heard)
            again = block[channel, n] + feedback * heard
            ring[at] = again if abs(again) >= INAUDIBLE else 0.0
            at = at + 1 if at + 1 < length else 0
    return at


@kernel(i8(READ_BLOCK, f8[:, ::1], i8, f8, i8, f8[::1], f8[:, ::1], f4[:, ::1]))
def damped_echo(  # noqa: PLR0917 - compiled code is called by position
    block: Block,
    line: Samples,
    at: int,
    feedback: float,
    crossed: int,
    kept: Samples,
    filters: Samples,
    out: Block,
) -> int:
    """The echoes of *block*, filtered on each pass, without *block* itself.

    Args:
        block: shape (2, frames).
        line: as in :func:`echo`, as are *at*, *feedback* and the result.
        at: index of the oldest frame in the ring.
        feedback: gain of each repetition.
        crossed: 1 is ping-pong: the sum of both sides goes into the left line, and each line's echoes into the other.
        kept: coefficients of the subtracted one-pole low-pass (a high-pass) and of the low-pass; 0 is no filter.
        filters: filter states, shape (2 channels, 2), carried from block to block.
        out: shape of *block*.
    """
    length = line.shape[1]
    high, low = kept[0], kept[1]
    heard = np.zeros(2)
    for n in range(block.shape[1]):
        for channel in range(2):
            x = line[channel, at]
            if high > 0.0:
                bottom = x + high * (filters[channel, 0] - x)
                filters[channel, 0] = bottom if abs(bottom) >= INAUDIBLE else 0.0
                x -= bottom
            if low > 0.0:
                x += low * (filters[channel, 1] - x)
                filters[channel, 1] = x if abs(x) >= INAUDIBLE else 0.0
            heard[channel] = x
            out[channel, n] = np.float32(x)
        left, right = np.float64(block[0, n]), np.float64(block[1, n])
        if crossed > 0:
            left = 0.5 * (left + right) + feedback * heard[1]
            right = feedback * heard[0]
        else:
            left, right = left + feedback * heard[0], right + feedback * heard[1]
        line[0, at] = left if abs(left) >= INAUDIBLE else 0.0
        line[1, at] = right if abs(right) >= INAUDIBLE else 0.0
        at = at + 1 if at + 1 < length else 0
    return at
