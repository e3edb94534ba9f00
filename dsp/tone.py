"""The tone of a strip, bus or master: high-pass, bands and compressor, from a recipe's words to a kernel's numbers."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from domain.recipe import Band, Compressor, Tone
from dsp.audio import Audio, Unsound
from dsp.kernels.tone import shape_block
from dsp.maths import DB_TO_LOG2, amplitude, forty_bits

Samples = NDArray[np.float64]
Coefficients = tuple[float, float, float, float, float]
"""b0, b1, b2, a1, a2 of a second-order section with a0 = 1."""

THROUGH: Coefficients = (1.0, 0.0, 0.0, 0.0, 0.0)

BUTTERWORTH_Q = math.sqrt(0.5)


@dataclass(frozen=True, slots=True)
class Design:
    """A tone as numbers for the kernels.

    Attributes:
        sections: shape (sections, 5), see :data:`Coefficients`.
        law: of the compressor, see :func:`dsp.kernels.dynamics.compress`; empty where there is none.
    """

    sections: Samples
    law: Samples

    @property
    def neutral(self) -> bool:
        """Whether it changes nothing, to the bit."""
        return not len(self.sections) and not len(self.law)


def design(tone: Tone, rate: int) -> Design:
    """Compute the filters and the compressor of *tone* for *rate* (Hz).

    An odd number of sections is filled up with one that changes nothing, for two run as fast as one.  A band of 0 dB is
    left out; so is a compressor with ratio 1 and no make-up.

    Raises:
        Unsound: a filter at or above half the rate.
    """
    sections = list(_sections(tone, rate))
    if len(sections) % 2:
        sections.append(THROUGH)
    law = _law(tone.compressor, rate) if tone.compressor else ()
    return Design(np.array(sections, dtype=np.float64).reshape(len(sections), 5), np.array(law, dtype=np.float64))


def _sections(tone: Tone, rate: int) -> Iterator[Coefficients]:
    if tone.high_pass_hz is not None:
        yield high_pass(float(tone.high_pass_hz), rate)
    yield from (band(one, rate) for one in tone.eq if one.gain_db)


def high_pass(hz: float, rate: int) -> Coefficients:
    """A Butterworth high-pass of 12 dB per octave, -3.01 dB at *hz* (RBJ audio EQ cookbook, HPF at Q = sqrt(1/2))."""
    cosine, alpha = _angle(hz, BUTTERWORTH_Q, rate)
    half = (1.0 + cosine) / 2.0
    return _normal((half, -2.0 * half, half), (1.0 + alpha, -2.0 * cosine, 1.0 - alpha))


def band(one: Band, rate: int) -> Coefficients:
    """A bell or a shelf (RBJ audio EQ cookbook: peakingEQ, lowShelf, highShelf, all by Q)."""
    cosine, alpha = _angle(float(one.hz), float(one.q), rate)
    a = math.sqrt(amplitude(float(one.gain_db)))
    if one.type == "bell":
        return _normal((1 + alpha * a, -2 * cosine, 1 - alpha * a), (1 + alpha / a, -2 * cosine, 1 - alpha / a))
    return _shelf(one.type, a, cosine, 2.0 * math.sqrt(a) * alpha)


def _shelf(kind: Literal["low_shelf", "high_shelf"], a: float, cosine: float, slope: float) -> Coefficients:
    """The high shelf is the low one mirrored: the cosine and the middle coefficients change sign."""
    c = cosine if kind == "low_shelf" else -cosine
    sign = 1.0 if kind == "low_shelf" else -1.0
    above = (
        a * ((a + 1) - (a - 1) * c + slope),
        sign * 2 * a * ((a - 1) - (a + 1) * c),
        a * ((a + 1) - (a - 1) * c - slope),
    )
    below = (a + 1) + (a - 1) * c + slope, sign * -2 * ((a - 1) + (a + 1) * c), (a + 1) + (a - 1) * c - slope
    return _normal(above, below)


def _angle(hz: float, q: float, rate: int) -> tuple[float, float]:
    """The cosine and the alpha of the cookbook.  Raises: Unsound."""
    if hz >= rate / 2:
        raise Unsound(f"A filter at {hz:g} Hz cannot be had at {rate} Hz: it must lie below {rate / 2:g} Hz.")
    angle = 2.0 * math.pi * hz / rate
    return math.cos(angle), math.sin(angle) / (2.0 * q)


def _normal(above: tuple[float, float, float], below: tuple[float, float, float]) -> Coefficients:
    """Divide by a0, and round: the C library's sine and cosine differ in their last bits between machines."""
    (b0, b1, b2), (a0, a1, a2) = above, below
    return (forty_bits(b0 / a0), forty_bits(b1 / a0), forty_bits(b2 / a0), forty_bits(a1 / a0), forty_bits(a2 / a0))


def _law(compressor: Compressor, rate: int) -> tuple[float, ...]:
    slope = 1.0 - 1.0 / float(compressor.ratio)
    makeup = float(compressor.makeup_db)
    if not slope and not makeup:
        return ()
    threshold, knee = float(compressor.threshold_db), float(compressor.knee_db)
    in_doublings = (forty_bits(db * DB_TO_LOG2) for db in (threshold, knee))
    times = (_kept(float(ms), rate) for ms in (compressor.attack_ms, compressor.release_ms))
    least = forty_bits(amplitude(threshold - knee / 2))
    return (*in_doublings, slope, forty_bits(makeup * DB_TO_LOG2), *times, least)


def _kept(ms: float, rate: int) -> float:
    """The share of the old value kept each frame, so that 1 - 1/e (63 %) of a step is reached after *ms*."""
    return forty_bits(math.exp(-1000.0 / (ms * rate)))


class ToneChain:
    """A tone at work on a stream of blocks; made fresh for each render.

    The result depends on where the blocks begin in nothing but what lies 600 dB down, which is settled to zero at the
    end of each; give it the grid (:data:`dsp.audio.BLOCK_FRAMES`) and it is the same to the bit.

    Args:
        tone: what to do.
        rate: Hz.
        channels: of every block.

    Raises:
        Unsound: a filter at or above half the rate.
    """

    def __init__(self, tone: Tone, rate: int, channels: int) -> None:
        self._design = design(tone, rate)
        self._filters = np.zeros((channels, len(self._design.sections), 2))
        self._detector = np.zeros(2)

    def process(self, block: Audio) -> Audio:
        """The next *block*, (channels, frames), shaped; *block* itself is untouched, and is the answer if neutral."""
        if self._design.neutral:
            return block
        out = np.empty(block.shape, dtype=np.float32)
        shape_block(block, self._design.sections, self._filters, self._design.law, self._detector, out)
        return out
