"""A gate: from a level to its reduction, with hysteresis and hold; in doublings of amplitude."""

import numpy as np
from numpy.typing import NDArray

from dsp.kernels import kernel
from dsp.kernels.maths import log2

Samples = NDArray[np.float64]

OPENS, CLOSES, THRESHOLD, SLOPE, RANGE, ATTACK, RELEASE, DECAY, HOLD = range(9)
"""Indices of the law: amplitudes at which it opens and closes; threshold, reduction per doubling and largest reduction,
in doublings; shares kept each frame, of the reduction as it opens and as it closes, and of the level; frames of hold.
"""
LEVEL, OPEN, LEFT, REDUCTION = range(4)
"""Indices of the state: level; 1 if open, else 0; frames until it may close; reduction."""
SILENT_LEVEL = 1e-30
SILENT_REDUCTION = 1e-20
"""Smaller values are set to zero, before they decay into denormals, which are 100 times slower."""


@kernel("f8(f8, f8[::1])")
def closed_reduction(level: float, law: Samples) -> float:
    """Reduction of a closed gate at *level* (an amplitude), in doublings."""
    if level < SILENT_LEVEL:
        return float(law[RANGE])
    wanted = float(law[SLOPE] * (law[THRESHOLD] - log2(level)))
    return min(max(wanted, 0.0), float(law[RANGE]))


@kernel("void(f8[:,::1], f8[::1], f8[::1], f8[::1])")
def gate(heard: Samples, law: Samples, state: Samples, reduction: Samples) -> None:
    """Write the reduction at each frame of *heard*, from the loudest channel's peak.

    Args:
        heard: shape (channels, frames).
        law: values by the indices above.
        state: values by the indices above; carried from block to block.
        reduction: shape (frames,), receives doublings.
    """
    level, is_open, left, smoothed = state[LEVEL], state[OPEN], state[LEFT], state[REDUCTION]
    for n in range(heard.shape[1]):
        level *= law[DECAY]
        for channel in range(heard.shape[0]):
            level = max(level, abs(heard[channel, n]))
        if level < SILENT_LEVEL:
            level = 0.0
        if level >= law[OPENS] or (is_open > 0.0 and level >= law[CLOSES]):
            is_open, left = 1.0, law[HOLD]
        elif left > 0.0:
            left -= 1.0
        else:
            is_open = 0.0
        wanted = 0.0 if is_open > 0.0 else closed_reduction(level, law)
        kept = law[ATTACK] if wanted < smoothed else law[RELEASE]
        smoothed = kept * smoothed + (1.0 - kept) * wanted
        if smoothed < SILENT_REDUCTION:
            smoothed = 0.0
        reduction[n] = smoothed
    state[LEVEL], state[OPEN], state[LEFT], state[REDUCTION] = level, is_open, left, smoothed
