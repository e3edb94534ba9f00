"""Convolution with an impulse response on a bus, in double precision and without latency.

Uniformly partitioned overlap-save (Stockham 1966; Kulp 1988) with partitions as long as a block of the grid: the input
of a block is complete when it is processed, so there is no latency.
"""

from decimal import Decimal

import numpy as np

from dsp.audio import BLOCK_FRAMES, STEREO, Audio
from dsp.blocks.delay_line import DelayLine, frames_of
from dsp.kernels.fourier import heard_through, to_signal, to_spectrum
from dsp.mix.impulse import TURNS, ImpulseResponse, Samples


class Convolved:
    """Convolution after a pre-delay, fully wet; one instance per render."""

    def __init__(self, impulse: ImpulseResponse, pre_delay_ms: Decimal, rate: int) -> None:
        self._pre_delay = DelayLine(frames_of(pre_delay_ms, rate), STEREO)
        self._impulse = impulse.spectra
        self._past = np.zeros(self._impulse.shape[1:])
        self._newest = -1
        self._before: Audio = np.zeros((STEREO, BLOCK_FRAMES), np.float32)

    def process(self, block: Audio) -> Audio:
        """The next block of the grid, shape (2, BLOCK_FRAMES)."""
        return self.exact(block).astype(np.float32)

    def exact(self, block: Audio) -> Samples:
        """Like :meth:`process`, in float64."""
        block = self._pre_delay.process(block)
        self._newest = (self._newest + 1) % len(self._past)
        newest = self._past[self._newest]
        newest[:, :BLOCK_FRAMES], newest[:, BLOCK_FRAMES:] = self._before, block
        self._before = block
        to_spectrum(newest[0], newest[1], TURNS)
        heard: Samples = np.empty_like(newest)
        heard_through(self._past, self._newest, self._impulse, heard)
        to_signal(heard[0], heard[1], TURNS)
        return heard[:, BLOCK_FRAMES:]


def convolved_frames(impulse: ImpulseResponse, pre_delay_ms: Decimal, rate: int) -> int:
    """Length of the tail in frames: pre-delay plus impulse, less one."""
    return frames_of(pre_delay_ms, rate) + impulse.frames - 1
