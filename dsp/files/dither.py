"""Quantisation: rounding samples to integers, with or without reproducible dither.

The dither is triangular (TPDF), of two rectangular variables of one step (LSB) each, so that the error's mean and
variance (1/4 LSB squared) do not depend on the signal (Lipshitz, Wannamaker, Vanderkooy, "Quantization and Dither: A
Theoretical Survey", JAES 40, 1992).  It comes from a counter, not from a stream: the value of a sample depends on the
seed, the channel and the frame alone, wherever the blocks begin.

Noise shaping moves the error above 15 kHz, where hearing is least sensitive: around 3 kHz the error is 20 dB lower, its
total power higher.
"""

import numpy as np
from numpy.typing import NDArray

from dsp.audio import Audio, Unsound
from dsp.kernels import dither as kernels

F_WEIGHTED = np.array([2.412, -3.370, 3.937, -4.174, 3.353, -2.205, 1.281, -0.569, 0.0847])
"""The error filter of nine coefficients that is optimal by the modified F-weighting at 44.1 kHz (R. A. Wannamaker,
"Psychoacoustically Optimal Noise Shaping", JAES 40, 1992)."""
SHAPED_HZ = (44_100, 48_000)
"""Sample rates in Hz for which the filter's curve is close enough to its design at 44.1 kHz."""


def quantise(block: Audio, bits: int, *, start: int, seed: int | None) -> NDArray[np.int32]:
    """Round *block* to integers of *bits*.

    Args:
        block: shape (channels, frames), full scale 1.0.
        bits: 16 or 24.
        start: frame of the whole signal at which the block begins.
        seed: seed of the dither, 0 to 2**63 - 1; None rounds without dither, halves up.

    Returns:
        Shape (channels, frames), from -2**(bits - 1) to 2**(bits - 1) - 1; larger values are clipped.
    """
    out = np.empty(block.shape, np.int32)
    kernels.quantise(block, bits, start, 0 if seed is None else seed, 0.0 if seed is None else 1.0, out)
    return out


class Shaped:
    """Rounds a stream of blocks with shaped dither; one instance per stream.

    Args:
        rate: Hz, 44100 or 48000.
        channels: channels of every block.
        bits: 16 or 24.
        seed: seed of the dither, 0 to 2**63 - 1.

    Raises:
        Unsound: another rate.
    """

    def __init__(self, rate: int, channels: int, bits: int, seed: int) -> None:
        if rate not in SHAPED_HZ:
            raise Unsound(f"shaped dither is made for 44.1 and 48 kHz, not for {rate} Hz: take tpdf")
        self._bits, self._seed = bits, seed
        self._errors = np.zeros((channels, len(F_WEIGHTED)))

    def quantise(self, block: Audio, start: int) -> NDArray[np.int32]:
        """The next *block*, which begins at frame *start* of the whole signal; see :func:`quantise`."""
        out = np.empty(block.shape, np.int32)
        kernels.quantise_shaped(block, self._bits, start, self._seed, F_WEIGHTED, self._errors, out)
        return out
