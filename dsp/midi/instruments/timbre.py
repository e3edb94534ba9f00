"""A timbre: the sound of one key at one velocity, as the rows that :mod:`dsp.kernels.strike` sums."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from dsp.kernels.maths import forty_bits

Rows: TypeAlias = NDArray[np.float64]

LOUDEST = 127
DECADES_60_DB = 3
LOG2_10 = 3.321928094887362
AUDIBLE_DB = 90.0
"""Decay in dB after which a sound is over."""


@dataclass(frozen=True, slots=True)
class Timbre:
    """One key at one velocity; lengths in frames.

    Attributes:
        partials: see :func:`dsp.kernels.strike.ring`.
        tones: see :func:`dsp.kernels.strike.fall`.
        noises: see :func:`dsp.kernels.strike.hiss`.
        lasts: length of the sound without release.
        attack: length of the attack.
        release: doublings a frame (negative) after the release; 0 if a release has no effect.
    """

    partials: Rows
    tones: Rows
    noises: Rows
    lasts: int
    attack: float = 1.0
    release: float = 0.0

    def sounding_frames(self, held: int) -> int:
        """Length in frames of the sound of a key that is released after *held* frames."""
        if not self.release:
            return self.lasts
        return min(self.lasts, held + int(AUDIBLE_DB / 20 * LOG2_10 / -self.release))


def hertz(key: int) -> float:
    """The frequency of a key, A4 (69) at 440 Hz, equal temperament."""
    return 440.0 * math.pow(2.0, (key - 69) / 12)


def fading(seconds: float, rate: int) -> float:
    """Rate of a decay by 60 dB in *seconds*, in doublings of amplitude a frame (negative)."""
    return -DECADES_60_DB * LOG2_10 / (seconds * rate)


def audible_frames(seconds: float, rate: int) -> int:
    """Audible length in frames of a decay by 60 dB in *seconds*."""
    return math.ceil(AUDIBLE_DB / 60 * seconds * rate)


def touch(velocity: int, power: float) -> float:
    """Amplitude of a velocity relative to the loudest."""
    return math.pow(velocity / LOUDEST, power)


def rows(found: Sequence[Sequence[float]], width: int) -> Rows:
    """Rows for a kernel, each number rounded to 40 bits, because C libraries differ in further bits."""
    exact = [[forty_bits(number) for number in row] for row in found]
    return np.array(exact, np.float64).reshape(-1, width)


PARTIAL, TONE, NOISE = 5, 6, 6
"""Row widths."""
