"""A channel strip over one block in one pass: polarity, tone, automation, fader and pan."""

import numpy as np
from numba import boolean, void
from numba.core.types import f4, f8, i8
from numpy.typing import NDArray

from dsp.kernels import READ_BLOCK, kernel
from dsp.kernels.dynamics import ride
from dsp.kernels.tone import PIECE_FRAMES, end_block, load, shape_piece
from dsp.maths import DB_TO_LOG2, SILENCE_DB, exp2

Block = NDArray[np.float32]
Samples = NDArray[np.float64]
Frames = NDArray[np.int64]


@kernel("void(i8, i8[::1], f8[::1], f8[::1])")
def automate(start: int, frames: Frames, gains_db: Samples, out: Samples) -> None:
    """The factor of an automation from frame *start* of the song on: straight lines in dB between the breakpoints.

    Args:
        start: frame of the first sample of *out*.
        frames: of the breakpoints, increasing; at least one.
        gains_db: at the breakpoints; -144 is silence.
        out: becomes the factors.
    """
    last = frames.shape[0] - 1
    point = 0  # the next one
    while point <= last and frames[point] <= start:
        point += 1
    n = 0
    while n < out.shape[0]:
        stop = out.shape[0] if point > last else min(out.shape[0], frames[point] - start)
        from_db = gains_db[max(point - 1, 0)]
        to_db = gains_db[min(point, last)]
        if from_db == to_db:
            out[n:stop] = 0.0 if from_db <= SILENCE_DB else exp2(from_db * DB_TO_LOG2)
        else:
            begun = frames[point - 1]
            slope = (to_db - from_db) / np.float64(frames[point] - begun)
            for k in range(n, stop):
                db = from_db + slope * np.float64(start + k - begun)
                out[k] = 0.0 if db <= SILENCE_DB else exp2(db * DB_TO_LOG2)
        n = stop
        point += 1


@kernel(boolean(READ_BLOCK, f8[:, :, ::1], f8[::1]))
def silent(block: Block, filter_state: Samples, detector: Samples) -> bool:
    """Whether nothing goes in and nothing rings: then nothing comes out."""
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
    """A whole strip from *block* to *out*.

    Args:
        block: one or two channels.
        sections: as in :func:`dsp.kernels.filters.filter_sections`.
        filter_state: likewise.
        law: as in :func:`dsp.kernels.dynamics.compress`; empty where there is no compressor.
        detector: likewise.
        start: frame of the song at which the block begins.
        frames: of the automation's breakpoints; empty where there is none.
        gains_db: at the breakpoints.
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
