"""Automation, fader and pan of one block."""

import numpy as np
from numba import void
from numba.core.types import f4, f8, i8
from numpy.typing import NDArray

from dsp.kernels import READ_BLOCK, kernel
from dsp.kernels.maths import DB_TO_LOG2, SILENCE_DB, exp2, sin

Block = NDArray[np.float32]
Samples = NDArray[np.float64]
Frames = NDArray[np.int64]

ROOT_2 = 1.4142135623730951
PIECE_FRAMES = 2048


@kernel("void(i8, i8[::1], f8[::1], f8[::1])")
def lines(start: int, frames: Frames, values: Samples, out: Samples) -> None:
    """Linear interpolation between breakpoints, held before the first and after the last.

    Args:
        start: frame of the song of the first sample of *out*; may lie before the song begins.
        frames: frames of the breakpoints, increasing; at least one.
        values: values at the breakpoints.
        out: receives the value at each frame.
    """
    last = frames.shape[0] - 1
    point = 0  # index of the next breakpoint
    while point <= last and frames[point] <= start:
        point += 1
    n = 0
    while n < out.shape[0]:
        stop = out.shape[0] if point > last else min(out.shape[0], frames[point] - start)
        old = values[max(point - 1, 0)]
        new = values[min(point, last)]
        if old == new:
            out[n:stop] = old
        else:
            begun = frames[point - 1]
            slope = (new - old) / np.float64(frames[point] - begun)
            for k in range(n, stop):
                out[k] = old + slope * np.float64(start + k - begun)
        n = stop
        point += 1


@kernel("void(f8[::1])")
def factors(decibels: Samples) -> None:
    """Convert decibels to factors in place; -144 is silence."""
    last_db, factor = 0.0, 1.0
    for n in range(decibels.shape[0]):
        db = decibels[n]
        if db != last_db:  # consecutive values are often equal
            last_db, factor = db, 0.0 if db <= SILENCE_DB else exp2(db * DB_TO_LOG2)
        decibels[n] = factor


@kernel("void(i8, i8[::1], f8[::1], f8[::1])")
def automate(start: int, frames: Frames, gains_db: Samples, out: Samples) -> None:
    """Write the gain factors of an automation that is linear in dB; see :func:`lines`."""
    lines(start, frames, gains_db, out)
    factors(out)


@kernel("void(f8[::1], i8, f8[:,::1])")
def places(pan: Samples, channels: int, sides: Samples) -> None:
    """Write the factors of both sides, (2, frames), at each pan position (-1 to 1), as in :mod:`dsp.mix.fader`.

    One channel: cos and sin of (pan + 1) pi/4.  Two: sqrt(2) times these, and never above 1.
    """
    for n in range(pan.shape[0]):
        turns = (pan[n] + 1.0) * 0.125
        left, right = sin(0.25 - turns), sin(turns)
        if channels > 1:
            left, right = min(1.0, ROOT_2 * left), min(1.0, ROOT_2 * right)
        sides[0, n], sides[1, n] = left, right


@kernel(void(READ_BLOCK, i8, i8[::1], f8[::1], i8[::1], f8[::1], f8[::1], f4[:, ::1]))
def fade_block(  # noqa: PLR0917 - compiled code is called by position
    block: Block,
    start: int,
    frames: Frames,
    gains_db: Samples,
    pan_frames: Frames,
    pans: Samples,
    gains: Samples,
    out: Block,
) -> None:
    """Apply automation, fader and pan to a block.

    Args:
        block: one or two channels.
        start: frame of the song at which the block begins.
        frames: frames of the automation's breakpoints; empty for none.
        gains_db: gains at the breakpoints.
        pan_frames: frames of the pan automation's breakpoints; empty for none.
        pans: positions at its breakpoints.
        gains: left and right factor (fader, and pan if it is not automated).
        out: shape (2, frames of the block).
    """
    channels, length = block.shape
    ride = np.ones(PIECE_FRAMES)
    position = np.zeros(PIECE_FRAMES)
    sides = np.ones((2, PIECE_FRAMES))
    for begin in range(0, length, PIECE_FRAMES):
        size = min(PIECE_FRAMES, length - begin)
        if frames.shape[0] > 0:
            automate(start + begin, frames, gains_db, ride[:size])
        if pan_frames.shape[0] > 0:
            lines(start + begin, pan_frames, pans, position[:size])
            places(position, channels, sides)
        for n in range(size):
            out[0, begin + n] = np.float32(block[0, begin + n] * ride[n] * sides[0, n] * gains[0])
            out[1, begin + n] = np.float32(block[channels - 1, begin + n] * ride[n] * sides[1, n] * gains[1])
