"""A reverb after Schroeder and Moorer: parallel comb filters, then all-pass filters in series.

Every delay is longer than the piece processed at a time, so that within a piece no sample depends on its own echo:
combs run four at a time, and their outputs are summed once.
"""

import numpy as np
from numba import void
from numba.core.types import f4, f8, i8
from numpy.typing import NDArray

from dsp.kernels import READ_BLOCK, kernel

Block = NDArray[np.float32]
Samples = NDArray[np.float64]
Frames = NDArray[np.int64]

INAUDIBLE = 1e-30
"""Values in feedback loops below this become zero, before they decay into denormals."""


@kernel("void(f8[::1], f8[:,::1], i8[::1], i8[::1], f8[::1], f8, f8, f8[::1])")
def four_combs(  # noqa: PLR0917 - compiled code is called by position
    dry: Samples,
    lines: Samples,
    lengths: Frames,
    at: Frames,
    kept: Samples,
    damping: float,
    feedback: float,
    wet: Samples,
) -> None:
    """Add the output of four combs for *dry* to *wet*.

    Args:
        dry: input, no longer than the shortest comb.
        lines: four rings.
        lengths: length of each ring.
        at: index of the oldest frame in each; updated.
        kept: state of each comb's low-pass; updated.
        damping: share of that state kept each frame.
        feedback: gain of each repetition.
        wet: shape of *dry*.
    """
    i, j, k, m = at
    a, b, c, d = kept
    new = 1.0 - damping
    for n in range(dry.shape[0]):
        w, x, y, z = lines[0, i], lines[1, j], lines[2, k], lines[3, m]
        wet[n] += (w + x) + (y + z)
        a, b, c, d = new * w + damping * a, new * x + damping * b, new * y + damping * c, new * z + damping * d
        lines[0, i] = dry[n] + feedback * a
        lines[1, j] = dry[n] + feedback * b
        lines[2, k] = dry[n] + feedback * c
        lines[3, m] = dry[n] + feedback * d
        i = i + 1 if i + 1 < lengths[0] else 0
        j = j + 1 if j + 1 < lengths[1] else 0
        k = k + 1 if k + 1 < lengths[2] else 0
        m = m + 1 if m + 1 < lengths[3] else 0
    at[0], at[1], at[2], at[3] = i, j, k, m
    kept[0], kept[1], kept[2], kept[3] = a, b, c, d


@kernel("i8(f8[::1], f8[::1], i8, i8)")
def all_pass(wet: Samples, line: Samples, length: int, at: int) -> int:
    """Freeverb's all-pass, in place; the new index of the oldest frame in its ring."""
    for n in range(wet.shape[0]):
        heard = line[at]
        line[at] = wet[n] + 0.5 * heard
        wet[n] = heard - wet[n]
        at = at + 1 if at + 1 < length else 0
    return at


@kernel(void(READ_BLOCK, i8, f8, f8[::1]))
def both_sides(block: Block, start: int, gain: float, out: Samples) -> None:
    """Write *gain* times the sum of both sides of *block*, from frame *start* on, to *out*."""
    for n in range(out.shape[0]):
        out[n] = gain * (np.float64(block[0, start + n]) + np.float64(block[1, start + n]))


@kernel("void(f8[:,::1])")
def settle(lines: Samples) -> None:
    """Set tiny values to zero."""
    for row in range(lines.shape[0]):
        for n in range(lines.shape[1]):
            if abs(lines[row, n]) < INAUDIBLE:
                lines[row, n] = 0.0


@kernel(
    void(READ_BLOCK, f8[:, ::1], i8[::1], i8[::1], f8[:, ::1], f8[:, ::1], i8[::1], i8[::1], f8[::1], f4[:, ::1])
)  # fmt: skip
def room(  # noqa: PLR0917 - compiled code is called by position
    block: Block,
    combs: Samples,
    comb_frames: Frames,
    comb_at: Frames,
    kept: Samples,
    passes: Samples,
    pass_frames: Frames,
    pass_at: Frames,
    law: Samples,
    out: Block,
) -> None:
    """A reverb over one block, fully wet.

    Args:
        block: shape (2, frames).
        combs: rings of the left side, then of the right, equally many; a multiple of four.
        comb_frames: length of each.
        comb_at: index of the oldest frame in each.
        kept: state of each comb's low-pass, four a row.
        passes: rings of the all-passes, left then right.
        pass_frames: length of each.
        pass_at: index of the oldest frame in each.
        law: input gain (of the sum of both sides), damping, feedback, and the gain of each side's reverb on
            its own and on the other side.
        out: shape of *block*.
    """
    gain, damping, feedback, own, other = law
    sides, each = combs.shape[0] // 2, passes.shape[0] // 2
    most = min(comb_frames.min(), pass_frames.min())
    for start in range(0, block.shape[1], most):
        size = min(most, block.shape[1] - start)
        dry = np.empty(size)
        both_sides(block, start, gain, dry)
        wet = np.zeros((2, size))
        for side in range(2):
            for k in range(side * sides, (side + 1) * sides, 4):
                four = slice(k, k + 4)
                four_combs(
                    dry, combs[four], comb_frames[four], comb_at[four], kept[k // 4], damping, feedback, wet[side]
                )
            for k in range(side * each, (side + 1) * each):
                pass_at[k] = all_pass(wet[side], passes[k], pass_frames[k], pass_at[k])
        for n in range(size):
            out[0, start + n] = np.float32(own * wet[0, n] + other * wet[1, n])
            out[1, start + n] = np.float32(own * wet[1, n] + other * wet[0, n])
    settle(combs)
    settle(passes)
    settle(kept)
