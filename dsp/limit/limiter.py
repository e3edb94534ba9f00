"""A look-ahead limiter for true peaks: one gain for all channels, low enough before the peak arrives."""

import math

import numpy as np
from numpy.typing import NDArray

from dsp.audio import Audio
from dsp.kernels.level import limiter, truepeak
from dsp.kernels.level.limiter import AVERAGE, COUNTERS, FIRST_SUM, ONE, QUICK, SECOND_SUM, SLOW
from dsp.kernels.level.truepeak import AFTER
from dsp.kernels.maths import forty_bits
from dsp.meter.truepeak import CONTEXT, PHASES, REACH

WINDOW_S = 0.0025
"""Of each of the two windows that smooth the gain; together they are the look-ahead, 5 ms."""
GUARD_FRAMES = 4
"""The gain stays low this long on both sides of a peak, which lies between samples."""
QUICK_S, SLOW_S, AVERAGE_S = 0.040, 0.400, 0.500
"""How fast the gain recovers from a lone hit, and within a passage that is limited throughout."""


class Limiter:
    """Holds a stream of blocks under a ceiling, read at eight times its rate; made fresh for each render.

    What goes in comes out at the same place: :meth:`process` gives fewer frames than it got at first, and
    :meth:`flush` the rest.  A signal that stays under the ceiling comes out with the very samples it went in with.

    Args:
        rate: Hz.
        channels: of every block.
        ceiling: amplitude that no reading shall exceed.
    """

    def __init__(self, rate: int, channels: int, ceiling: float) -> None:
        window = max(2, round(WINDOW_S * rate))
        late = 2 * window - 2 + GUARD_FRAMES
        hold = late + 1 + GUARD_FRAMES
        self._ceiling = ceiling
        self._pace = np.zeros(3)
        for place, seconds in ((QUICK, QUICK_S), (SLOW, SLOW_S), (AVERAGE, AVERAGE_S)):
            self._pace[place] = forty_bits(1 - math.exp(-1 / (seconds * rate)))
        self._held = np.ones(2)
        self._queue, self._leaves = np.ones(hold), np.zeros(hold, np.int64)
        self._first, self._second = np.full(window, ONE), np.full(window, window * ONE)
        self._counters = np.zeros(COUNTERS, np.int64)
        self._counters[FIRST_SUM], self._counters[SECOND_SUM] = window * ONE, window * window * ONE
        self._context: Audio = np.zeros((channels, CONTEXT), np.float32)
        self._delayed: Audio = np.zeros((channels, AFTER + late), np.float32)
        self._early = self.latency_frames
        """Frames still to come out that lie before the first one that went in."""
        self.lowest_gain = 1.0
        """The deepest gain reduction until now, as a factor."""

    @property
    def latency_frames(self) -> int:
        """How much later than it went in a frame comes out of :meth:`process`."""
        return int(self._delayed.shape[1])

    def process(self, block: Audio) -> Audio:
        """The next frames that are ready, shape (channels, at most as many as *block* has)."""
        gain = self._gains(block)
        line = np.concatenate([self._delayed, block], axis=1)
        ready = line[:, : block.shape[1]]
        self._delayed = line[:, block.shape[1] :].copy()
        dropped = min(self._early, block.shape[1])
        self._early -= dropped
        if gain is None:
            return ready[:, dropped:]
        self.lowest_gain = min(self.lowest_gain, float(gain[dropped:].min(initial=1.0)))
        turned_down = np.empty(block.shape, np.float32)
        limiter.apply(ready, gain, turned_down)
        return turned_down[:, dropped:]

    def flush(self) -> Audio:
        """The frames that are still under way; the stream ends here."""
        return self.process(np.zeros((len(self._delayed), self.latency_frames), np.float32))

    def envelope(self, block: Audio) -> NDArray[np.float32]:
        """How loud the signal is from each frame to the next, of all channels together; late by ``AFTER`` frames."""
        lines = np.concatenate([self._context, block], axis=1)
        out = np.zeros(block.shape[1], np.float32)
        for line in lines:
            truepeak.envelope(line, PHASES, REACH, np.float32(self._ceiling), out)
        self._context = lines[:, lines.shape[1] - CONTEXT :].copy()
        return out

    def _gains(self, block: Audio) -> NDArray[np.float64] | None:
        """A gain a frame; None where all of them are 1."""
        envelope = self.envelope(block)
        state = self._pace, self._held, self._queue, self._leaves, self._first, self._second, self._counters
        if limiter.at_rest(envelope, self._ceiling, *state):
            return None
        out = np.empty(len(envelope))
        limiter.gains(envelope, self._ceiling, *state, out)
        return out
