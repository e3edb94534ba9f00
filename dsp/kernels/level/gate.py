"""A gate: from a level to how much is taken away, with hysteresis and hold; counted in doublings of amplitude."""

import numpy as np
from numpy.typing import NDArray

from dsp.kernels import kernel
from dsp.kernels.maths import log2

Samples = NDArray[np.float64]

OPENS, CLOSES, THRESHOLD, SLOPE, RANGE, ATTACK, RELEASE, DECAY, HOLD = range(9)
"""Places in the law: the amplitudes at which it opens and closes; threshold, reduction a doubling and the most of it,
in doublings; shares kept each frame: of the reduction as it opens and closes, and of the level; frames of hold."""
LEVEL, OPEN, LEFT, REDUCTION = range(4)
"""Places in the state: the level; 1 or 0; frames until it may close; what is taken away."""
SILENT_LEVEL = 1e-30
SILENT_REDUCTION = 1e-20
"""Below these a value is zero, before it decays into denormals, a hundred times slower."""


@kernel("f8(f8, f8[::1])")
def closed_reduction(level: float, law: Samples) -> float:
    """What a closed gate takes away from *level* (an amplitude)."""
    if level < SILENT_LEVEL:
        return float(law[RANGE])
    wanted = float(law[SLOPE] * (law[THRESHOLD] - log2(level)))
    return min(max(wanted, 0.0), float(law[RANGE]))


@kernel("void(f8[:,::1], f8[::1], f8[::1], f8[::1])")
def gate(heard: Samples, law: Samples, state: Samples, reduction: Samples) -> None:
    """The reduction at each frame of what is *heard*, the loudest channel's peak deciding.

    Args:
        heard: shape (channels, frames).
        law: see above.
        state: see above; carried from block to block.
        reduction: shape (frames,), becomes doublings.
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
