"""Saturation at work: what the curve adds is made at many times the rate, and added to the sound as it is."""

from domain.recipe import Saturation
from dsp.blocks.history import History
from dsp.kernels.halfband import soft_added, tanh_added
from dsp.kernels.maths import amplitude, forty_bits
from dsp.tone.filters import butterworth, cascade
from dsp.tone.oversampling import Oversampling
from dsp.tone.step import Filters, Keys, Samples

DIRECT_HZ, DIRECT_SLOPE_DB = 5.0, 6


class SaturationAtWork:
    """A curve f: the sound, and the share ``mix`` of f(x) - x.

    Made this way, the filters of the oversampling touch only what the curve adds: a sound that it leaves as it is comes
    out as it was, and an uneven wave brings no direct current.
    """

    def __init__(self, words: Saturation, rate: int, channels: int) -> None:
        self._drive = forty_bits(amplitude(float(words.drive_db)) - 1.0)
        self._added = tanh_added if words.kind == "tanh" else soft_added
        self._mix = forty_bits(float(words.mix))
        self._rates = Oversampling(words.oversampling, channels)
        self._direct = Filters(cascade(list(butterworth("high", DIRECT_HZ, DIRECT_SLOPE_DB, rate))), channels)
        self.latency_frames = self.tail_frames = self._rates.latency_frames
        self._late = History(self.latency_frames, channels)

    def process(self, work: Samples, keys: Keys) -> None:
        """Saturate the next block in place, late by the latency."""
        fine = self._rates.up(work)
        for line in fine:
            self._added(line, self._drive)
        added = self._rates.down(fine)
        self._direct.process(added, keys)
        work[:] = self._late.before(work)[:, : work.shape[1]] + self._mix * added
