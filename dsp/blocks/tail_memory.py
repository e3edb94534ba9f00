"""The last frames of a stream, for filters that need earlier samples."""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]


class TailMemory:
    """Keeps the last *frames* of a stream of float64 blocks, silence at first."""

    def __init__(self, frames: int, channels: int) -> None:
        self._last: Samples = np.zeros((channels, frames))

    def before(self, block: Samples) -> Samples:
        """The kept frames followed by *block*, shape (channels, kept + frames)."""
        line = np.concatenate([self._last, block], axis=1)
        self._last = line[:, block.shape[1] :].copy()
        return line
