"""Chorus and phaser, modulated by a slow sine and reproducible bit for bit.

JUCE's effects in pedalboard sometimes start in a different state.
"""

import numpy as np
from numba import i8, void
from numba.core.types import f4, f8
from numpy.typing import NDArray

from dsp.kernels import READ_BLOCK, kernel
from dsp.kernels.maths import exp2, sin

Block = NDArray[np.float32]
Samples = NDArray[np.float64]

INAUDIBLE = 1e-30
"""Values in feedback loops below this become zero, before they decay into denormals."""
STAGES = 6
QUARTER = 0.25


@kernel("f8(f8[::1], i8, f8)")
def read_between(ring: Samples, at: int, late: float) -> float:
    """The value *late* frames (2 or more) before index *at*, by cubic interpolation (Catmull-Rom)."""
    length = ring.shape[0]
    whole = np.int64(late)
    f = late - whole
    i = (at - whole) % length
    y0, y1 = ring[(i + 1) % length], ring[i]
    y2, y3 = ring[(i - 1) % length], ring[(i - 2) % length]
    between: float = y1 + 0.5 * f * (
        y2 - y0 + f * (2.0 * y0 - 5.0 * y1 + 4.0 * y2 - y3 + f * (3.0 * (y1 - y2) + y3 - y0))
    )
    return between


@kernel(i8(READ_BLOCK, f8[:, ::1], i8, i8, f8[::1], f4[:, ::1]))
def chorus(block: Block, line: Samples, at: int, frame: int, law: Samples, out: Block) -> int:  # noqa: PLR0917 - compiled
    """A chorus voice on each side; the right side's modulation leads by a quarter turn.

    Args:
        block: shape (2, frames).
        line: a ring for each side, longer than the longest delay by four frames.
        at: index in the ring of the next frame.
        frame: number of frames before this block.
        law: turns a frame, centre delay and swing (frames), feedback, and the share of the wet signal.
        out: shape of *block*.

    Returns:
        Index of the next frame after this block.
    """
    speed, centre, swing, feedback, mix = law
    for n in range(block.shape[1]):
        for side in range(2):
            late = max(2.0, centre + swing * sin(speed * np.float64(frame + n) + QUARTER * side))
            wet = read_between(line[side], at, late)
            dry = np.float64(block[side, n])
            goes = dry + feedback * wet
            line[side, at] = goes if abs(goes) >= INAUDIBLE else 0.0
            out[side, n] = np.float32(dry + mix * (wet - dry))
        at = at + 1 if at + 1 < line.shape[1] else 0
    return at


@kernel(void(READ_BLOCK, f8[:, ::1], f8[::1], i8, f8[::1], f4[:, ::1]))
def phaser(block: Block, state: Samples, last: Samples, frame: int, law: Samples, out: Block) -> None:  # noqa: PLR0917 - compiled
    """Six first-order all-pass filters in series, their frequency swept in octaves, mixed with the input.

    Each is y = a (x - y') + x', a = (t - 1)/(t + 1), t = tan(pi f/rate); negated, to keep the lows upright.

    Args:
        block: shape (2, frames).
        state: state of each side's filters, shape (2, 6).
        last: last output of each side's filters, shape (2,).
        frame: number of frames before this block.
        law: turns a frame, centre frequency over rate, swing in octaves, feedback, the share of the wet signal.
        out: shape of *block*.
    """
    speed, centre, octaves, feedback, mix = law
    for n in range(block.shape[1]):
        turns = 0.5 * min(0.49, centre * exp2(octaves * sin(speed * np.float64(frame + n))))
        t = sin(turns) / sin(QUARTER - turns)
        a = (1.0 - t) / (1.0 + t)
        for side in range(2):
            dry = np.float64(block[side, n])
            x = dry + feedback * last[side]
            for stage in range(STAGES):
                y = state[side, stage] - a * x
                s = x + a * y
                state[side, stage] = s if abs(s) >= INAUDIBLE else 0.0
                x = y
            last[side] = x if abs(x) >= INAUDIBLE else 0.0
            out[side, n] = np.float32(dry + mix * (x - dry))
