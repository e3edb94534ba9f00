"""Second-order sections: coefficients of filters for the kernels.

Butterworth filters are cascades of sections whose Q is 1/(2 cos a), with the angles a equally spaced.  All filters use
the bilinear transform, prewarped to be exact at the filter's own frequency.
"""

import math
from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from domain.recipe import Tilt, ToneBand
from dsp.audio import Unsound
from dsp.kernels.maths import amplitude, forty_bits

Samples = NDArray[np.float64]
Coefficients = tuple[float, float, float, float, float]
"""b0, b1, b2, a1, a2 of a second-order section with a0 = 1."""
Three = tuple[float, float, float]
Pass = Literal["high", "low"]

THROUGH: Coefficients = (1.0, 0.0, 0.0, 0.0, 0.0)

BUTTERWORTH_Q = math.sqrt(0.5)
POLE_DB = 6
"""Slope of each pole of a filter, dB per octave."""


def cascade(sections: list[Coefficients]) -> Samples:
    """The sections as :func:`dsp.kernels.filters.filter_sections` takes them, shape (an even number, 5).

    An odd number is padded with a neutral section, because two sections run as fast as one.
    """
    even = [*sections, THROUGH] if len(sections) % 2 else sections
    return np.array(even, dtype=np.float64).reshape(len(even), 5)


def butterworth(which: Pass, hz: float, slope_db: int, rate: int) -> Iterator[Coefficients]:
    """A high- or low-pass of *slope_db* per octave, a multiple of 6; -3.01 dB at *hz*.  Raises: Unsound."""
    poles = slope_db // POLE_DB
    if poles % 2:
        yield _one_pole(which, hz, rate)
    for pair in range(poles // 2):
        yield two_poles(which, hz, _pair_q(poles, pair), rate)


def _pair_q(poles: int, pair: int) -> float:
    """Q of pole pair number *pair*, the most damped first."""
    if poles == 2:  # noqa: PLR2004 - a single pair
        return BUTTERWORTH_Q
    return 1.0 / (2.0 * math.cos(math.pi * (2 * pair + 1 + poles % 2) / (2 * poles)))


def two_poles(which: Pass, hz: float, q: float, rate: int) -> Coefficients:
    """A high- or low-pass of 12 dB per octave (RBJ audio EQ cookbook, HPF and LPF).  Raises: Unsound."""
    cosine, alpha = _angle(hz, q, rate)
    half = (1.0 + cosine) / 2.0 if which == "high" else (1.0 - cosine) / 2.0
    middle = -2.0 * half if which == "high" else 2.0 * half
    return _normal((half, middle, half), (1.0 + alpha, -2.0 * cosine, 1.0 - alpha))


def middle(hz: float, rate: int) -> Coefficients:
    """The band-pass that sums with both kinds of :func:`two_poles` at Butterworth's Q to the unchanged sound.

    (RBJ audio EQ cookbook, BPF of 0 dB peak gain.)  Raises: Unsound.
    """
    cosine, alpha = _angle(hz, BUTTERWORTH_Q, rate)
    return _normal((alpha, 0.0, -alpha), (1.0 + alpha, -2.0 * cosine, 1.0 - alpha))


def _one_pole(which: Pass, hz: float, rate: int) -> Coefficients:
    k = _tangent(hz, rate)
    above = (1.0, -1.0, 0.0) if which == "high" else (k, k, 0.0)
    return _normal(above, (1.0 + k, k - 1.0, 0.0))


def tilt(one: Tilt, rate: int) -> Coefficients:
    """A tilt, H(s) = (A s + 1)/(s + A) with s = j at the pivot: gain A far above, 1/A far below.  Raises: Unsound."""
    k, a = _tangent(float(one.pivot_hz), rate), amplitude(float(one.gain_db))
    return _normal((a + k, k - a, 0.0), (1.0 + a * k, a * k - 1.0, 0.0))


def all_pass(hz: float, rate: int) -> Coefficients:
    """The sum of a Linkwitz-Riley crossover of 24 dB per octave: H(s) = (s^2 - s/Q + 1)/(s^2 + s/Q + 1).

    Q is Butterworth's (Linkwitz, "Active Crossover Networks for Noncoincident Drivers", JAES 24(1), 1976).

    Raises:
        Unsound: *hz* is not below half the rate.
    """
    cosine, alpha = _angle(hz, BUTTERWORTH_Q, rate)
    return _normal((1.0 - alpha, -2.0 * cosine, 1.0 + alpha), (1.0 + alpha, -2.0 * cosine, 1.0 - alpha))


def bands(eq: tuple[ToneBand, ...], rate: int) -> Iterator[Coefficients]:
    """The sections of all bands that change the sound, in order.  Raises: Unsound."""
    yield from (band(one, rate) for one in eq if one.gain_db or one.type == "notch")


def band(one: ToneBand, rate: int) -> Coefficients:
    """A bell, a shelf or a notch (RBJ audio EQ cookbook: peakingEQ, lowShelf, highShelf, notch, all by Q).

    Raises:
        Unsound: its frequency is not below half the rate.
    """
    cosine, alpha = _angle(float(one.hz), float(one.q), rate)
    a = math.sqrt(amplitude(float(one.gain_db)))
    if one.type == "notch":
        return _normal((1.0, -2 * cosine, 1.0), (1 + alpha, -2 * cosine, 1 - alpha))
    if one.type == "bell":
        return _normal((1 + alpha * a, -2 * cosine, 1 - alpha * a), (1 + alpha / a, -2 * cosine, 1 - alpha / a))
    return _shelf(one.type, a, cosine, 2.0 * math.sqrt(a) * alpha)


def _shelf(kind: Literal["low_shelf", "high_shelf"], a: float, cosine: float, slope: float) -> Coefficients:
    """A shelf of the cookbook; the high shelf is the low one with cosine and middle coefficients negated."""
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
    """Cosine of the angular frequency, and alpha (RBJ audio EQ cookbook).  Raises: Unsound."""
    below_half(hz, rate)
    angle = 2.0 * math.pi * hz / rate
    return math.cos(angle), math.sin(angle) / (2.0 * q)


def _tangent(hz: float, rate: int) -> float:
    """Frequency of the analogue prototype for *hz* under the bilinear transform.  Raises: Unsound."""
    below_half(hz, rate)
    return math.tan(math.pi * hz / rate)


def below_half(hz: float, rate: int) -> None:
    """Refuse a frequency that is too high.  Raises: Unsound; *hz* is not below half of *rate*."""
    if hz >= rate / 2:
        raise Unsound(f"A filter at {hz:g} Hz cannot be had at {rate} Hz: it must lie below {rate / 2:g} Hz.")


def _normal(above: Three, below: Three) -> Coefficients:
    """Divide by a0, and round, because the last bits of the C library's sine and cosine differ between machines."""
    (b0, b1, b2), (a0, a1, a2) = above, below
    return (forty_bits(b0 / a0), forty_bits(b1 / a0), forty_bits(b2 / a0), forty_bits(a1 / a0), forty_bits(a2 / a0))
