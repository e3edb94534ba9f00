"""Adding blocks up, in double precision and in a given order."""

import numpy as np
from numba import void
from numba.core.types import f4, f8
from numpy.typing import NDArray

from dsp.kernels import READ_BLOCK, kernel

Block = NDArray[np.float32]
Samples = NDArray[np.float64]


@kernel(void(f8[:, ::1], READ_BLOCK, f8))
def add(total: Samples, block: Block, gain: float) -> None:
    """Add *block* times *gain* to *total*, both (channels, frames)."""
    for channel in range(total.shape[0]):
        for n in range(total.shape[1]):
            total[channel, n] += gain * block[channel, n]


@kernel(void(f8[:, ::1], f4[:, :]))
def round_into(total: Samples, out: Block) -> None:
    """*total* as float32."""
    for channel in range(total.shape[0]):
        for n in range(total.shape[1]):
            out[channel, n] = np.float32(total[channel, n])
