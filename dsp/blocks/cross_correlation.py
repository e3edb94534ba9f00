"""Cross-correlation of two signals by the Fourier transform, up to a greatest lag.

For the phase transform (Knapp and Carter 1976) the caller divides the spectrum by its magnitude, and decides the weight
of weak frequencies: between microphones of one take, noise below the signal must not count; between a print and its
rendering, which differ by rounding alone, every frequency does.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Line: TypeAlias = NDArray[np.float64]
"""Samples of one channel, shape (frames,)."""


def cross_spectrum(late: Line, early: Line, size: int) -> NDArray[np.complex128]:
    """The spectrum of the cross-correlation of *late* with *early*, both padded with zeros to *size* frames (even)."""
    return np.asarray(np.fft.rfft(late, size) * np.conj(np.fft.rfft(early, size)))


def near_lags(spectrum: NDArray[np.complex128], farthest: int) -> Line:
    """The correlation at each lag from -*farthest* to *farthest* frames, shape (2 * farthest + 1,)."""
    correlation = np.fft.irfft(spectrum)
    return np.concatenate([correlation[-farthest:], correlation[: farthest + 1]])
