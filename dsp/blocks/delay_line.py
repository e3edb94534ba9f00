"""Sound, later by a whole number of frames."""

from decimal import Decimal

import numpy as np

from dsp.audio import Audio


def frames_of(ms: Decimal, rate: int) -> int:
    """The whole number of frames nearest to *ms* at *rate* (Hz), halves to even."""
    return round(ms * rate / 1000)


class DelayLine:
    """Delays a stream of blocks by *frames*, beginning with silence."""

    def __init__(self, frames: int, channels: int) -> None:
        self._late: Audio = np.zeros((channels, frames), np.float32)

    def process(self, block: Audio) -> Audio:
        """The next block, as long as *block* and as much later as was asked; *block* itself if not at all."""
        if not self._late.shape[1]:
            return block
        both = np.concatenate([self._late, block], axis=1)
        self._late = both[:, block.shape[1] :].copy()
        return both[:, : block.shape[1]]
