"""A look-ahead limiter for true peaks: one gain for all channels, low enough before each peak arrives."""

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
"""Length of each of the two windows that smooth the gain; together they are the look-ahead, 5 ms."""
GUARD_FRAMES = 4
"""Frames for which the gain stays low on both sides of a peak, which lies between samples."""
QUICK_S, SLOW_S, AVERAGE_S = 0.040, 0.400, 0.500
"""Time constants of the recovery after a single hit, in continuously limited passages, and of the average."""


class Limiter:
    """Holds a stream of blocks under a ceiling, measured at eight times its rate; one instance per render.

    Output is in time with the input: :meth:`process` returns fewer frames than it gets at first, and
    :meth:`flush` the rest.  A signal below the ceiling passes unchanged.

    Args:
        rate: Hz.
        channels: channels of every block.
        ceiling: amplitude that no measured value may exceed.
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
        """Frames of output still to be dropped, as they precede the first input."""
        self.lowest_gain = 1.0
        """Lowest gain applied so far, as a factor."""

    @property
    def latency_frames(self) -> int:
        """Number of frames that :meth:`process` holds back."""
        return int(self._delayed.shape[1])

    def process(self, block: Audio) -> Audio:
        """The next finished frames, shape (channels, at most as many as *block* has)."""
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
        """The remaining frames; ends the stream."""
        return self.process(np.zeros((len(self._delayed), self.latency_frames), np.float32))

    def envelope(self, block: Audio) -> NDArray[np.float32]:
        """True-peak magnitude from each frame to the next over all channels, delayed by ``AFTER`` frames."""
        lines = np.concatenate([self._context, block], axis=1)
        out = np.zeros(block.shape[1], np.float32)
        for line in lines:
            truepeak.envelope(line, PHASES, REACH, np.float32(self._ceiling), out)
        self._context = lines[:, lines.shape[1] - CONTEXT :].copy()
        return out

    def _gains(self, block: Audio) -> NDArray[np.float64] | None:
        """A gain for each frame; None if all are 1."""
        envelope = self.envelope(block)
        state = self._pace, self._held, self._queue, self._leaves, self._first, self._second, self._counters
        if limiter.at_rest(envelope, self._ceiling, *state):
            return None
        out = np.empty(len(envelope))
        limiter.gains(envelope, self._ceiling, *state, out)
        return out
