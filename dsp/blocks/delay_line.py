"""Delay of a stream by a whole number of frames."""

from decimal import Decimal

import numpy as np

from dsp.audio import Audio


def frames_of(ms: Decimal, rate: int) -> int:
    """*ms* as frames at *rate* (Hz), rounded to the nearest, halves to even."""
    return round(ms * rate / 1000)


class DelayLine:
    """Delays a stream of blocks by *frames*, beginning with silence."""

    def __init__(self, frames: int, channels: int) -> None:
        self._late: Audio = np.zeros((channels, frames), np.float32)

    def process(self, block: Audio) -> Audio:
        """The next delayed block, as long as *block*; *block* itself if the delay is 0."""
        if not self._late.shape[1]:
            return block
        both = np.concatenate([self._late, block], axis=1)
        self._late = both[:, block.shape[1] :].copy()
        return both[:, : block.shape[1]]
