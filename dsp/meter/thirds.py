"""Long-term spectrum of a sound: its energy in third-octave bands.

Sums over windows of a third of a second and more, weighted by Hann's curve and overlapping by half (P. D. Welch, "The
use of fast Fourier transform for the estimation of power spectra", IEEE Trans. AU-15, 1967).
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dsp.audio import Audio

Energies = NDArray[np.float64]
"""One value per band of :data:`CENTRES_HZ`; only ratios are meaningful."""

CENTRES_HZ: Final = (
    *(Decimal(20), Decimal(25), Decimal("31.5")),
    *(Decimal(hz) for hz in (40, 50, 63, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630, 800)),
    *(Decimal(hz) for hz in (1000, 1250, 1600, 2000, 2500, 3150, 4000, 5000, 6300, 8000, 10_000, 12_500, 16_000)),
)
"""Nominal band centres of third-octave bands (IEC 61260-1, annex E)."""

WINDOW_S: Final = 0.3
"""Least length of a window: a band at 20 Hz is 4.6 Hz wide."""
GATE: Final = 1e-7
"""Least mean square of a window, -70 dBFS as in BS.1770; softer ones count as silence."""

_EDGES_HZ: Final = np.array([1000 * 10 ** ((band - 17.5) / 10) for band in range(len(CENTRES_HZ) + 1)])
"""Exact band edges: ten bands a decade around 1 kHz, which is the eighteenth (IEC 61260-1, section 5)."""


def band_energies(blocks: Iterable[Audio], rate: int) -> Energies:
    """Energy of a signal in each band, all channels together; memory does not grow with its length.

    Args:
        blocks: shape (channels, frames), of any lengths.
        rate: Hz.

    Returns:
        Shape (30,); zeros for silence, for signals shorter than a window, and beyond half the rate.
    """
    size = 1 << (int(WINDOW_S * rate) - 1).bit_length()
    window = np.hanning(size + 1)[:size]
    edges = np.minimum(_EDGES_HZ * size / rate + 0.5, size // 2 + 1)
    energies, kept = np.zeros(len(CENTRES_HZ)), np.zeros((0, 0), np.float32)
    for block in blocks:
        kept = np.concatenate([kept, block], axis=1) if kept.size else block
        begins = range(0, kept.shape[1] - size + 1, size // 2)
        for begin in begins:
            energies += _of_window(kept[:, begin : begin + size], window, edges)
        kept = kept[:, len(begins) * (size // 2) :]
    return energies


def _of_window(part: Audio, window: NDArray[np.float64], edges: NDArray[np.float64]) -> Energies:
    """Band energies of one window; each bin is shared between the bands that its width overlaps."""
    samples = part.astype(np.float64)
    if np.square(samples).mean() < GATE:
        return np.zeros(len(CENTRES_HZ))
    powers = np.square(np.abs(np.fft.rfft(samples * window, axis=1))).sum(axis=0)
    up_to = np.concatenate([[0.0], np.cumsum(powers)])
    energies: Energies = np.diff(np.interp(edges, np.arange(len(up_to)), up_to)) / len(window)
    return energies
