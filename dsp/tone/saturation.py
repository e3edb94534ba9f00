"""Saturation at work: what the curve adds is made at many times the rate, and added to the sound as it is."""

import numpy as np

from domain.recipe import Saturation
from dsp.blocks.tail_memory import TailMemory
from dsp.kernels.halfband import soft_added, tanh_added
from dsp.kernels.maths import amplitude, forty_bits
from dsp.tone.filters import butterworth, cascade
from dsp.tone.oversampling import Oversampling
from dsp.tone.step import Filters, Keys, Samples

DIRECT_HZ, DIRECT_SLOPE_DB = 5.0, 6
INAUDIBLE = 1e-7
"""Of so little no curve takes anything; and what it would take is less than it is computed to."""


class SaturationAtWork:
    """A curve f: the sound, and the share ``mix`` of f(x) - x.

    Made this way, the filters of the oversampling touch only what the curve adds: a sound that it leaves as it is comes
    out as it was, and an uneven wave brings no direct current.

    A curve is a gain, too, which each sample asks for anew: f(x)/x.  Channels beside the leaders get the gain of their
    leader, so that shares of a sound sum to what the curve makes of their sum.
    """

    def __init__(self, words: Saturation, rate: int, channels: int, leaders: int | None = None) -> None:
        self._leaders = leaders or channels
        self._drive = forty_bits(amplitude(float(words.drive_db)) - 1.0)
        self._added = tanh_added if words.kind == "tanh" else soft_added
        self._mix = forty_bits(float(words.mix))
        self._rates = Oversampling(words.oversampling, channels)
        self._direct = Filters(cascade(list(butterworth("high", DIRECT_HZ, DIRECT_SLOPE_DB, rate))), channels)
        self.latency_frames = self.tail_frames = self._rates.latency_frames
        self._late = TailMemory(self.latency_frames, channels)

    def process(self, work: Samples, keys: Keys) -> None:
        """Saturate the next block in place, late by the latency."""
        fine = self._rates.up(work)
        self._add(fine)
        added = self._rates.down(fine)
        self._direct.process(added, keys)
        work[:] = self._late.before(work)[:, : work.shape[1]] + self._mix * added

    def _add(self, fine: Samples) -> None:
        """From a sound to what is added to it, in place."""
        leaders, followers = fine[: self._leaders], fine[self._leaders :]
        before = leaders.copy() if len(followers) else leaders
        for line in leaders:
            self._added(line, self._drive)
        for first in range(0, len(followers), len(leaders)):
            followers[first : first + len(leaders)] *= _gain(leaders, before)


def _gain(added: Samples, of: Samples) -> Samples:
    """How much is added to each sample of a sound, as a factor of it."""
    return np.divide(added, of, out=np.zeros_like(of), where=np.abs(of) > INAUDIBLE)
