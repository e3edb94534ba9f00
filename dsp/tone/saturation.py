"""Saturation: the distortion of a curve is computed oversampled, and added to the original sound."""

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
"""Samples up to this get no added gain; the curve's effect there is below its accuracy."""


class SaturationProcessor:
    """A curve f: the sound plus the share ``mix`` of f(x) - x.

    The filters of the oversampling thus affect only the added distortion: a sound without distortion is unchanged, and
    an asymmetric wave adds no DC.

    A curve is equal to a gain per sample, f(x)/x.  Each channel beyond the leaders gets the gain of its leader, so that
    the processed shares of a sound sum to the processed sound.
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
        """Saturate the next block in place, delayed by the latency."""
        fine = self._rates.up(work)
        self._add(fine)
        added = self._rates.down(fine)
        self._direct.process(added, keys)
        work[:] = self._late.before(work)[:, : work.shape[1]] + self._mix * added

    def _add(self, fine: Samples) -> None:
        """Replace a sound by the curve's addition to it, in place."""
        leaders, followers = fine[: self._leaders], fine[self._leaders :]
        before = leaders.copy() if len(followers) else leaders
        for line in leaders:
            self._added(line, self._drive)
        for first in range(0, len(followers), len(leaders)):
            followers[first : first + len(leaders)] *= _gain(leaders, before)


def _gain(added: Samples, of: Samples) -> Samples:
    """The addition *added* to each sample, divided by the sample *of*: the curve's gain less 1."""
    return np.divide(added, of, out=np.zeros_like(of), where=np.abs(of) > INAUDIBLE)
