"""A channel strip over one block in one pass: polarity, tone, automation, fader and pan."""

import numpy as np
from numba import boolean, void
from numba.core.types import f4, f8, i8
from numpy.typing import NDArray

from dsp.kernels import READ_BLOCK, kernel
from dsp.kernels.fader import automate
from dsp.kernels.level.dynamics import ride
from dsp.kernels.tone import PIECE_FRAMES, end_block, load, shape_piece

Block = NDArray[np.float32]
Samples = NDArray[np.float64]
Frames = NDArray[np.int64]


@kernel(boolean(READ_BLOCK, f8[:, :, ::1], f8[::1]))
def silent(block: Block, filter_state: Samples, detector: Samples) -> bool:
    """True if the block is digital silence and all state is zero, so that the output is silence."""
    for channel in range(block.shape[0]):
        for n in range(block.shape[1]):
            if block[channel, n] != 0.0:
                return False
    return not np.any(filter_state) and not np.any(detector)


@kernel(void(READ_BLOCK, f8[:, ::1], f8[:, :, ::1], f8[::1], f8[::1], i8, i8[::1], f8[::1], f8[::1], f4[:, ::1]))
def strip_block(  # noqa: PLR0917 - compiled code is called by position
    block: Block,
    sections: Samples,
    filter_state: Samples,
    law: Samples,
    detector: Samples,
    start: int,
    frames: Frames,
    gains_db: Samples,
    gains: Samples,
    out: Block,
) -> None:
    """Process one block through a whole strip.

    Args:
        block: one or two channels.
        sections: as in :func:`dsp.kernels.filters.filter_sections`.
        filter_state: as *state* of :func:`dsp.kernels.filters.filter_sections`.
        law: as in :func:`dsp.kernels.level.dynamics.compress`; empty for no compressor.
        detector: as *state* of :func:`dsp.kernels.level.dynamics.compress`.
        start: frame of the song at which the block begins.
        frames: frames of the automation's breakpoints; empty for none.
        gains_db: gains at the breakpoints.
        gains: polarity at the input; left and right at the output (fader and pan).
        out: shape (2, frames of the block).
    """
    if silent(block, filter_state, detector):
        out[:] = np.float32(0.0)
        return
    channels, length = block.shape
    polarity, left, right = gains
    scratch = np.empty(PIECE_FRAMES)
    for begin in range(0, length, PIECE_FRAMES):
        size = min(PIECE_FRAMES, length - begin)
        work = np.empty((channels, size))
        load(block, begin, polarity, work)
        shape_piece(work, sections, filter_state, law, detector, scratch)
        if frames.shape[0] > 0:
            automate(start + begin, frames, gains_db, scratch[:size])
            ride(work, scratch[:size])
        for n in range(size):
            out[0, begin + n] = np.float32(work[0, n] * left)
            out[1, begin + n] = np.float32(work[channels - 1, n] * right)
    end_block(filter_state, detector)
