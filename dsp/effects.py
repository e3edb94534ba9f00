"""What stands on an effect bus: an echo and a room, wholly wet, with the length of their tails declared."""

import math

import numpy as np

from domain.recipe import Bus, Delay, Reverb
from dsp.audio import STEREO, Audio
from dsp.delay_line import DelayLine, frames_of
from dsp.kernels.echo import echo
from dsp.maths import forty_bits

TAIL_DB = 90.0
"""A tail is declared until it has fallen by so much: below what 16 bits show of a sound at a usual level."""
MAX_TAIL_S = 30.0
"""No tail is longer: an echo of two seconds with a feedback of 0.95 would go on for seven minutes."""

# Freeverb (Jezar at Dreampoint, 2000), as JUCE's Reverb has it: its longest comb filter and how its size is scaled.
LONGEST_COMB_FRAMES, STEREO_SPREAD_FRAMES, AT_RATE = 1617, 23, 44_100
ROOM_SCALE, ROOM_OFFSET = 0.28, 0.7
FREEVERB_BLOCK = 8192
"""Frames at a time; a divisor of the grid, so that pedalboard never sees a block of another size."""


class Echo:
    """A feedback delay, in stereo; only what comes back is heard."""

    def __init__(self, delay: Delay, rate: int) -> None:
        self._line = np.zeros((STEREO, frames_of(delay.time_ms, rate)))
        self._feedback = forty_bits(float(delay.feedback))
        self._at = 0

    def process(self, block: Audio) -> Audio:
        """The next block, shape (2, frames)."""
        out = np.empty(block.shape, np.float32)
        self._at = echo(block, self._line, self._at, self._feedback, out)
        return out


class Room:
    """Freeverb by pedalboard, behind a pre-delay of our own.

    On one architecture its bits are always the same; another's compiler may have ordered its sums otherwise, and then
    they agree to some -120 dBFS.
    """

    def __init__(self, reverb: Reverb, rate: int) -> None:
        from pedalboard import Reverb as Freeverb

        self._rate = rate
        size, damping, width = float(reverb.size), float(reverb.damping), float(reverb.width)
        self._freeverb = Freeverb(room_size=size, damping=damping, width=width, wet_level=1.0, dry_level=0.0)
        self._pre_delay = DelayLine(frames_of(reverb.pre_delay_ms, rate), STEREO)

    def process(self, block: Audio) -> Audio:
        """The next block of the grid, shape (2, frames)."""
        late = self._pre_delay.process(block)
        heard: Audio = self._freeverb.process(late, self._rate, buffer_size=FREEVERB_BLOCK, reset=False)
        return heard


def effects_of(bus: Bus, rate: int) -> list[Echo | Room]:
    """What the bus's sound goes through: the echo first, and the room behind it."""
    echoes: list[Echo | Room] = [Echo(bus.delay, rate)] if bus.delay else []
    rooms: list[Echo | Room] = [Room(bus.reverb, rate)] if bus.reverb else []
    return echoes + rooms


def tail_frames(bus: Bus, rate: int) -> int:
    """How long the bus's effects sound on when nothing more goes in."""
    echo_frames = _echo_frames(bus.delay, rate) if bus.delay else 0
    room_frames = _room_frames(bus.reverb, rate) if bus.reverb else 0
    return min(echo_frames + room_frames, round(MAX_TAIL_S * rate))


def _echo_frames(delay: Delay, rate: int) -> int:
    """The first echo, and as many more as it takes."""
    feedback = float(delay.feedback)
    more = math.ceil(TAIL_DB / (-20.0 * math.log10(feedback))) if feedback else 0
    return (1 + more) * frames_of(delay.time_ms, rate)


def _room_frames(reverb: Reverb, rate: int) -> int:
    """How long the longest comb filter rings: it loses its feedback's worth of level each time round."""
    comb_s = (LONGEST_COMB_FRAMES + STEREO_SPREAD_FRAMES) / AT_RATE
    lost_db = -20.0 * math.log10(ROOM_OFFSET + ROOM_SCALE * float(reverb.size))
    return frames_of(reverb.pre_delay_ms, rate) + math.ceil(forty_bits(TAIL_DB / lost_db * comb_s) * rate)
