"""Filters and compressor over one block, in pieces that fit the processor's innermost cache."""

import numpy as np
from numba import void
from numba.core.types import f4, f8, i8
from numpy.typing import NDArray

from dsp.kernels import READ_BLOCK, filters, kernel
from dsp.kernels.level import dynamics

Block = NDArray[np.float32]
Samples = NDArray[np.float64]

PIECE_FRAMES = 2048
"""Frames processed at a time: 16 KiB a channel."""


@kernel("void(f8[:,::1], f8[:,::1], f8[:,:,::1], f8[::1], f8[::1], f8[::1])")
def shape_piece(  # noqa: PLR0917 - compiled code is called by position
    work: Samples, sections: Samples, filter_state: Samples, law: Samples, detector: Samples, scratch: Samples
) -> None:
    """Apply filters and compressor to one piece in place; an empty *law* is no compressor."""
    filters.filter_sections(work, sections, filter_state)
    if law.shape[0] > 0:
        dynamics.compress(work, law, detector, scratch)


@kernel("void(f8[:,:,::1], f8[::1])")
def end_block(filter_state: Samples, detector: Samples) -> None:
    """Set tiny state values to zero at the end of a block."""
    filters.settle(filter_state)
    dynamics.settle(detector)


@kernel(void(READ_BLOCK, i8, f8, f8[:, ::1]))
def load(block: Block, start: int, gain: float, work: Samples) -> None:
    """Fill *work* from frame *start* of *block* on, times *gain*."""
    for channel in range(work.shape[0]):
        for n in range(work.shape[1]):
            work[channel, n] = gain * block[channel, start + n]


@kernel(void(READ_BLOCK, f8[:, ::1], f8[:, :, ::1], f8[::1], f8[::1], f4[:, ::1]))
def shape_block(  # noqa: PLR0917 - compiled code is called by position
    block: Block, sections: Samples, filter_state: Samples, law: Samples, detector: Samples, out: Block
) -> None:
    """Apply filters and compressor from *block* to *out*, both (channels, frames)."""
    channels, frames = block.shape
    scratch = np.empty(PIECE_FRAMES)
    for start in range(0, frames, PIECE_FRAMES):
        stop = min(start + PIECE_FRAMES, frames)
        work = np.empty((channels, stop - start))
        load(block, start, 1.0, work)
        shape_piece(work, sections, filter_state, law, detector, scratch)
        for channel in range(channels):
            for n in range(stop - start):
                out[channel, start + n] = np.float32(work[channel, n])
    end_block(filter_state, detector)
