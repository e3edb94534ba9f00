"""From samples to integers: rounding, with or without dither that anybody can compute again.

The dither is triangular (TPDF), of two rectangular variables of one step (LSB) each, so that the error's mean and
variance (1/4 LSB squared) do not depend on the signal (Lipshitz, Wannamaker, Vanderkooy, "Quantization and Dither: A
Theoretical Survey", JAES 40, 1992).  It comes from a counter, not from a stream: the value of a sample depends on the
seed, the channel and the frame alone, wherever the blocks begin.
"""

import numpy as np
from numpy.typing import NDArray

from dsp.audio import Audio
from dsp.kernels import dither as kernels


def quantise(block: Audio, bits: int, *, start: int, seed: int | None) -> NDArray[np.int32]:
    """Round *block* to integers of *bits*.

    Args:
        block: shape (channels, frames), full scale 1.0.
        bits: 16 or 24.
        start: the frame of the whole signal at which the block begins.
        seed: of the dither, 0 to 2**63 - 1; None rounds without dither, halves up.

    Returns:
        Shape (channels, frames), from -2**(bits - 1) to 2**(bits - 1) - 1; what lies beyond is held there.
    """
    out = np.empty(block.shape, np.int32)
    kernels.quantise(block, bits, start, 0 if seed is None else seed, 0.0 if seed is None else 1.0, out)
    return out
