"""A channel strip at work: delay, polarity, tone, then automation, fader and pan, in this order.

``gain_db`` is the fader: it stands behind the compressor, and moving it changes the level alone.
"""

import math

import numpy as np
from numpy.typing import NDArray

from domain.recipe import Point, Strip
from dsp.audio import BLOCK_FRAMES, STEREO, Audio
from dsp.delay_line import DelayLine, frames_of
from dsp.kernels.strip import strip_block
from dsp.maths import amplitude, forty_bits
from dsp.tone import design

MONO = 1


def constant_power(pan: float) -> tuple[float, float]:
    """Left and right factor of a mono sound at *pan* (-1 to 1).

    cos and sin of (pan + 1) pi/4: together always the same power, -3.01 dB each in the centre.
    """
    if abs(pan) == 1.0:
        return (1.0, 0.0) if pan < 0 else (0.0, 1.0)  # where the C library's cosine is not quite 0
    angle = (pan + 1.0) * math.pi / 4.0
    return forty_bits(math.cos(angle)), forty_bits(math.sin(angle))


def balance(pan: float) -> tuple[float, float]:
    """Left and right factor of a stereo sound at *pan* (-1 to 1).

    The nearer side stays as it is, the farther one falls from 1 in the centre to 0: sqrt(2) times its factor of
    :func:`constant_power`, so that a balanced stereo sound moves as a panned mono one does.
    """
    if pan == 0.0:
        return 1.0, 1.0
    left, right = (min(1.0, forty_bits(math.sqrt(2.0) * factor)) for factor in constant_power(pan))
    return left, right


def breakpoints(points: tuple[Point, ...], rate: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Frames and gains in dB of an automation; each point at its nearest frame, of two at one frame the later one."""
    at = {round(point.at_s * rate): float(point.gain_db) for point in points}
    return np.array(list(at), dtype=np.int64), np.array(list(at.values()), dtype=np.float64)


class StripAtWork:
    """A strip over a stream of blocks on the grid; made fresh for each render.

    Args:
        strip: the recipe's.
        rate: Hz.
        channels: of the input: 1 is panned at constant power, 2 are balanced.

    Raises:
        Unsound: a filter at or above half the rate.
    """

    def __init__(self, strip: Strip, rate: int, channels: int) -> None:
        self._design = design(strip, rate)
        self._filters = np.zeros((channels, len(self._design.sections), 2))
        self._detector = np.zeros(2)
        self._delay = DelayLine(frames_of(strip.delay_ms, rate), channels)
        self._frames, self._gains_db = breakpoints(strip.automation, rate)
        fader = amplitude(float(strip.gain_db))
        sides = constant_power(float(strip.pan)) if channels == MONO else balance(float(strip.pan))
        self._gains = np.array([-1.0 if strip.invert else 1.0, *(fader * side for side in sides)])
        self._neutral = self._design.neutral and not len(self._frames) and bool((self._gains == 1.0).all())

    def process(self, number: int, block: Audio) -> Audio:
        """Block *number* of the song, shape (channels, frames), as stereo; the input is untouched.

        A stereo block through a neutral strip is the answer itself.
        """
        block = self._delay.process(block)
        if self._neutral:
            return block
        out = np.empty((STEREO, block.shape[1]), np.float32)
        tone = self._design.sections, self._filters, self._design.law, self._detector
        start = number * BLOCK_FRAMES
        strip_block(block, *tone, start, self._frames, self._gains_db, self._gains, out)
        return out
