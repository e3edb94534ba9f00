"""A feedback delay line."""

import numpy as np
from numba import i8
from numba.core.types import f4, f8
from numpy.typing import NDArray

from dsp.kernels import READ_BLOCK, kernel

Block = NDArray[np.float32]
Samples = NDArray[np.float64]

INAUDIBLE = 1e-30
"""What goes round below this becomes zero, before it decays into denormals."""


@kernel(i8(READ_BLOCK, f8[:, ::1], i8, f8, f4[:, ::1]))
def echo(block: Block, line: Samples, at: int, feedback: float, out: Block) -> int:
    """The echoes of *block*, without *block* itself.

    Args:
        block: shape (channels, frames).
        line: shape (channels, delay in frames): what is on its way, a ring.
        at: where in the ring the oldest frame lies.
        feedback: what part of an echo goes round again, below 1.
        out: as *block*.

    Returns:
        Where the oldest frame lies now.
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
