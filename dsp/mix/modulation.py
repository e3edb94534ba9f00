"""Chorus and phaser of a bus, and the length of their tails."""

import math

import numpy as np

from domain.recipe import Chorus, Phaser
from dsp.audio import STEREO, Audio
from dsp.kernels.effects import modulation
from dsp.kernels.maths import forty_bits

LARGEST_SWING_S = 0.010
OCTAVES = 2.0
"""Sweep of a phaser at full depth to either side, in octaves."""


class ChorusProcessor:
    """A chorus over a stream of blocks; one instance per render."""

    def __init__(self, chorus: Chorus, rate: int) -> None:
        centre = float(chorus.centre_delay_ms) / 1000 * rate
        swing = float(chorus.depth) * min(0.9 * centre, LARGEST_SWING_S * rate)
        law = float(chorus.rate_hz) / rate, centre, swing, float(chorus.feedback), float(chorus.mix)
        self._law = np.array([forty_bits(number) for number in law])
        self._line = np.zeros((STEREO, math.ceil(centre + swing) + 8))
        self._at = self._frame = 0

    def process(self, block: Audio) -> Audio:
        """The next block, shape (2, frames)."""
        out = np.empty(block.shape, np.float32)
        self._at = modulation.chorus(block, self._line, self._at, self._frame, self._law, out)
        self._frame += block.shape[1]
        return out


class PhaserProcessor:
    """A phaser over a stream of blocks; one instance per render."""

    def __init__(self, phaser: Phaser, rate: int) -> None:
        centre, octaves = float(phaser.centre_hz) / rate, OCTAVES * float(phaser.depth)
        law = float(phaser.rate_hz) / rate, centre, octaves, float(phaser.feedback), float(phaser.mix)
        self._law = np.array([forty_bits(number) for number in law])
        self._state, self._last = np.zeros((STEREO, modulation.STAGES)), np.zeros(STEREO)
        self._frame = 0

    def process(self, block: Audio) -> Audio:
        """The next block, shape (2, frames)."""
        out = np.empty(block.shape, np.float32)
        modulation.phaser(block, self._state, self._last, self._frame, self._law, out)
        self._frame += block.shape[1]
        return out


def chorus_s(chorus: Chorus, *, until_db: float) -> float:
    """Seconds until a chorus has decayed by *until_db*."""
    longest = float(chorus.centre_delay_ms) / 1000 + LARGEST_SWING_S
    return longest * (1 + _rounds(float(chorus.feedback), until_db))


def phaser_s(phaser: Phaser, *, until_db: float) -> float:
    """Seconds until a phaser has decayed by *until_db*, from its feedback and the longest delay of its filters."""
    lowest_hz = float(phaser.centre_hz) / 2 ** (OCTAVES * float(phaser.depth))
    once = 3 * modulation.STAGES / (math.pi * lowest_hz)
    return once * (1 + _rounds(float(phaser.feedback), until_db))


def _rounds(feedback: float, until_db: float) -> int:
    return math.ceil(until_db / (-20.0 * math.log10(abs(feedback)))) if feedback else 0
