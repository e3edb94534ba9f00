"""Oversampling by four or eight and back: linear phase, by half-band filters in series.

The taps are a sinc with a Kaiser window for 100 dB of attenuation (Kaiser, "Nonrecursive digital filter design using
the I0-sinh window function", ISCAS 1974): the first filter is flat to 0.4535 of the rate, 20 kHz at 44.1 kHz, and its
transition band, up to 0.5465, lies above the audible range.  The later filters have wider transition bands, with 92 dB
of attenuation at their edge.
"""

import math

import numpy as np

from dsp.blocks.tail_memory import TailMemory
from dsp.kernels.halfband import double, halve
from dsp.kernels.maths import forty_bits
from dsp.tone.step import Samples

KAISER_BETA = 0.1102 * (100 - 8.7)
TAPS = (36, 8, 6)
"""Taps of one side of each filter, from the lowest rate on."""
STAGES = {4: 2, 8: 3}


def half_band(taps: int) -> Samples:
    """Taps on one side of the middle, from the middle outwards; both sides sum to 1, so that DC is unchanged."""
    at = [n + 0.5 for n in range(taps)]
    raw = [math.sin(math.pi * x) / (math.pi * x) * bessel(KAISER_BETA * math.sqrt(1 - (x / taps) ** 2)) for x in at]
    return np.array([forty_bits(tap / (2 * sum(raw))) for tap in raw])


def bessel(x: float) -> float:
    """I0, the modified Bessel function of order 0, by its power series."""
    terms, k = [1.0], 0
    while terms[-1] > 1e-17 * terms[0]:
        k += 1
        terms.append(terms[-1] * (x / (2 * k)) ** 2)
    return math.fsum(terms)


class Oversampling:
    """Oversampling up and down; one instance per render.

    Each filter adds 2 m - 1 frames of latency at its lower rate, up and down together (m taps).  A delay at the highest
    rate makes the total a whole number of frames of the signal.

    Args:
        factor: 4 or 8.
        channels: channels of every block.
    """

    def __init__(self, factor: int, channels: int) -> None:
        self._taps = [half_band(taps) for taps in TAPS[: STAGES[factor]]]
        self._up = [TailMemory(2 * len(taps) - 1, channels) for taps in self._taps]
        self._down = [TailMemory(4 * len(taps) - 2, channels) for taps in self._taps]
        late = sum((2 * len(taps) - 1) * factor >> stage for stage, taps in enumerate(self._taps))
        self.latency_frames = -(-late // factor)
        self._fill = TailMemory(self.latency_frames * factor - late, channels)

    def up(self, block: Samples) -> Samples:
        """The next block, (channels, frames), at the higher rate."""
        for taps, history in zip(self._taps, self._up, strict=True):
            out = np.empty((len(block), 2 * block.shape[1]))
            for line, of in zip(history.before(block), out, strict=True):
                double(line, taps, of)
            block = out
        return np.ascontiguousarray(self._fill.before(block)[:, : block.shape[1]])

    def down(self, block: Samples) -> Samples:
        """The next block from :meth:`up`, at the original rate."""
        for taps, history in zip(reversed(self._taps), reversed(self._down), strict=True):
            out = np.empty((len(block), block.shape[1] // 2))
            for line, of in zip(history.before(block), out, strict=True):
                halve(line, taps, of)
            block = out
        return block
