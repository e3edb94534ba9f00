"""Reverb of a bus: Freeverb (Jezar at Dreampoint, 2000, public domain) in double precision, and its decay time."""

import math

import numpy as np
from numpy.typing import NDArray

from domain.recipe import Reverb
from dsp.audio import STEREO, Audio
from dsp.blocks.delay_line import DelayLine, frames_of
from dsp.kernels.effects.room import room
from dsp.kernels.maths import forty_bits

COMBS = (1116, 1188, 1277, 1356, 1422, 1491, 1557, 1617)
ALL_PASSES = (556, 441, 341, 225)
"""Freeverb's delays, in frames at 44,100 Hz; those of the right side are longer by SPREAD."""
SPREAD, AT_RATE = 23, 44_100
IN, WET = 0.015, 3.0
SIZE_SCALE, SIZE_OFFSET, DAMPING_SCALE = 0.28, 0.7, 0.4


Samples = NDArray[np.float64]
Frames = NDArray[np.int64]


class Room:
    """A reverb after a pre-delay, fully wet; one instance per render."""

    def __init__(self, reverb: Reverb, rate: int) -> None:
        self._pre_delay = DelayLine(frames_of(reverb.pre_delay_ms, rate), STEREO)
        self._combs, self._passes = _rings(COMBS, rate), _rings(ALL_PASSES, rate)
        self._kept = np.zeros((2 * len(COMBS) // 4, 4))
        width = float(reverb.width)
        law = IN, DAMPING_SCALE * float(reverb.damping), _feedback(reverb), WET / 2 * (1 + width), WET / 2 * (1 - width)
        self._law = np.array([forty_bits(number) for number in law])

    def process(self, block: Audio) -> Audio:
        """The next block, shape (2, frames)."""
        out = np.empty(block.shape, np.float32)
        room(self._pre_delay.process(block), *self._combs, self._kept, *self._passes, self._law, out)
        return out


def _rings(delays: tuple[int, ...], rate: int) -> tuple[Samples, Frames, Frames]:
    """Ring buffers of both sides, the length of each, and the index of the oldest frame in each."""
    frames = np.array([rate * (delay + spread) // AT_RATE for spread in (0, SPREAD) for delay in delays])
    return np.zeros((len(frames), frames.max())), frames, np.zeros(len(frames), np.int64)


def _feedback(reverb: Reverb) -> float:
    return SIZE_OFFSET + SIZE_SCALE * float(reverb.size)


def room_frames(reverb: Reverb, rate: int, *, until_db: float) -> int:
    """Frames until a reverb has decayed by *until_db*, from the delay and the feedback of its longest comb."""
    comb_s = (COMBS[-1] + SPREAD) / AT_RATE
    lost_db = -20.0 * math.log10(_feedback(reverb))
    return frames_of(reverb.pre_delay_ms, rate) + math.ceil(forty_bits(until_db / lost_db * comb_s) * rate)
