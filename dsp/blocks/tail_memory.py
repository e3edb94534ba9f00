"""The last frames of a stream, which a filter with a memory of samples needs before the next block."""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]


class TailMemory:
    """Remembers the last *frames* of a stream of float64 blocks, silence at first."""

    def __init__(self, frames: int, channels: int) -> None:
        self._last: Samples = np.zeros((channels, frames))

    def before(self, block: Samples) -> Samples:
        """The frames before *block*, (channels, frames), and *block* itself, in one array."""
        line = np.concatenate([self._last, block], axis=1)
        self._last = line[:, block.shape[1] :].copy()
        return line
