"""Elementary functions as fixed polynomials: equal bits everywhere, which no C library promises.

glibc picks its ``exp2`` and ``sin`` by processor (with or without fused multiply-add), and their last bits differ.
These functions use + - * / alone, take and return float64, and can be called from Python and from kernels.
"""

import math

import numpy as np

from dsp.kernels import kernel

DB_TO_LOG2 = 0.16609640474436813
"""log2(10) / 20: doublings of amplitude per decibel."""

_NEAREST = 6755399441055744.0
"""1.5 * 2**52: adding and subtracting it rounds to an integer, ties to even (|x| < 2**51)."""
_HALF_ROOT = np.uint64(0x3FE6A09E667F3BCD)  # the bits of sqrt(1/2)
_MANTISSA = np.uint64(52)
_UPPER, _BIAS = np.uint64(0xFFF << 52), np.uint64(1023 << 52)
_TWO_52, _TWO_52_AND_BIAS = np.uint64(0x433 << 52), 2.0**52 + 1023
"""The bits of 2**52, used to read a small integer as a float: vector units have no conversion."""
_QUARTER = 0.25
_PER_LN2 = 2.8853900817779268  # 2 / ln 2


@kernel("float64(float64)")
def exp2(x: float) -> float:
    """2 to the power of *x*, relative error below 3e-12; exactly 1 at 0; *x* is clamped to [-1022, 1023].

    2**x = 2**whole (1 + r p(r)), |r| <= 1/2; p is the Chebyshev interpolation of (2**r - 1)/r of degree 7.
    """
    x = min(max(x, -1022.0), 1023.0)
    shifted = x + _NEAREST  # its lowest bits now hold the integer part
    r = x - (shifted - _NEAREST)
    p = 1.325522962609682e-06
    p = p * r + 1.5303702358338e-05
    p = p * r + 0.00015403455834022805
    p = p * r + 0.0013333478467451015
    p = p * r + 0.009618129159422673
    p = p * r + 0.05550410906331766
    p = p * r + 0.24022650695812936
    p = p * r + 0.6931471805568317
    p = p * r + 1.0
    return np.int64(np.float64(p).view(np.int64) + (np.float64(shifted).view(np.int64) << 52)).view(np.float64)


@kernel("float64(float64)")
def log2(x: float) -> float:
    """The binary logarithm of *x*, a positive normal number; absolute error below 3e-12, exact at powers of two.

    x = m 2**e with m in [sqrt(1/2), sqrt(2)); then log2 m = s p(s*s), s = (m - 1)/(m + 1), |s| < 0.1716; p is the
    Chebyshev interpolation of 2/ln 2 artanh(s)/s of degree 4.
    """
    bits = np.float64(x).view(np.uint64)
    upper = (bits - _HALF_ROOT) & _UPPER
    exponent = np.uint64(((upper + _BIAS) >> _MANTISSA) | _TWO_52).view(np.float64) - _TWO_52_AND_BIAS
    m = np.uint64(bits - upper).view(np.float64)
    s = (m - 1.0) / (m + 1.0)
    q = s * s
    p = 0.3407251599827184
    p = p * q + 0.4116729948060411
    p = p * q + 0.5770835801724279
    p = p * q + 0.9617966733684079
    p = p * q + 2.885390081790063
    return exponent + s * p


@kernel("float64(float64)")
def sin(turns: float) -> float:
    """The sine of *turns* full circles (|turns| < 2**51), absolute error below 1e-15; exact at quarter turns.

    An angle in turns is reduced without error.  Taylor's series on [-pi/2, pi/2] to the 21st power.
    """
    t = turns - ((turns + _NEAREST) - _NEAREST)
    if t > _QUARTER:
        t = 0.5 - t
    elif t < -_QUARTER:
        t = -0.5 - t
    if abs(t) == _QUARTER:
        return 4.0 * t
    a = t * 6.283185307179586
    q = a * a
    p = 1.9572941063391263e-20
    p = p * q - 8.22063524662433e-18
    p = p * q + 2.8114572543455206e-15
    p = p * q - 7.647163731819816e-13
    p = p * q + 1.6059043836821613e-10
    p = p * q - 2.505210838544172e-08
    p = p * q + 2.7557319223985893e-06
    p = p * q - 0.0001984126984126984
    p = p * q + 0.008333333333333333
    p = p * q - 0.16666666666666666
    p = p * q + 1.0
    return a * p


@kernel("float64(float64)")
def tanh(x: float) -> float:
    """The hyperbolic tangent of *x*, absolute error below 3e-12; odd, and exactly 0 at 0."""
    a = min(abs(x), 20.0)
    grown = exp2(_PER_LN2 * a)  # exp(2 a)
    t = (grown - 1.0) / (grown + 1.0)
    return -t if x < 0.0 else t


def forty_bits(x: float) -> float:
    """*x* rounded to 40 bits of mantissa, where every C library's ``sin`` and ``pow`` agree."""
    mantissa, exponent = math.frexp(x)
    return math.ldexp(round(math.ldexp(mantissa, 40)), exponent - 40)


def amplitude(gain_db: float) -> float:
    """The factor of a gain in dB: exactly 1 at 0 dB, and 0 at -144 dB, the silence of a recipe."""
    if gain_db <= SILENCE_DB:
        return 0.0
    return forty_bits(10.0 ** (gain_db / 20.0))


SILENCE_DB = -144.0
"""Gains up to this are silence (:data:`domain.recipe.Gain`)."""
