"""True peak: the level of the continuous signal, also between samples (ITU-R BS.1770-5, Annex 2).

The signal is interpolated to eight times its rate by a Kaiser-windowed sinc of 32 samples.  On recordings this agrees
with sixteen times through soxr VHQ within 0.02 dB.
"""

import math

import numpy as np
from numpy.typing import NDArray

from dsp.audio import Audio
from dsp.kernels.level import truepeak
from dsp.kernels.level.truepeak import AFTER, BEFORE, OVERSAMPLING, TAPS
from dsp.kernels.maths import forty_bits

KAISER_BETA = 5.0
EXACT_OVERSAMPLING = 16
CONTEXT = BEFORE + AFTER


def _phases() -> NDArray[np.float32]:
    """Interpolation filters for the seven values between two samples, shape (7, TAPS); each has unit gain at DC."""
    between = np.arange(1, OVERSAMPLING)[:, None] / OVERSAMPLING
    at = np.arange(-BEFORE, AFTER + 1) - between
    taps = np.sinc(at) * np.i0(KAISER_BETA * np.sqrt(1 - (at / (TAPS / 2)) ** 2))
    taps /= taps.sum(axis=1, keepdims=True)
    return np.array([[forty_bits(tap) for tap in phase] for phase in taps.tolist()], np.float32)


PHASES = _phases()
REACH = np.float32(math.ceil(100 * float(np.abs(PHASES).sum(axis=1).max())) / 100)
"""Largest ratio of an interpolated value to the largest sample around it."""


class PeakMeter:
    """The true peak of a stream of blocks."""

    def __init__(self, channels: int) -> None:
        self._context: Audio = np.zeros((channels, CONTEXT), np.float32)
        self._peak = np.float32(0)

    def add(self, block: Audio) -> None:
        """Add the next block, shape (channels, frames)."""
        lines = np.concatenate([self._context, block], axis=1)
        for line in lines:
            self._peak = np.float32(truepeak.peak(line, PHASES, REACH, self._peak))
        self._context = lines[:, -CONTEXT:].copy()

    def peak(self) -> float:
        """The largest magnitude so far, as if silence followed."""
        after = PeakMeter(len(self._context))
        after._context, after._peak = self._context, self._peak
        after.add(np.zeros((len(self._context), CONTEXT), np.float32))
        return float(after._peak)
