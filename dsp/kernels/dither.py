"""Quantisation over samples, with counter-based dither."""

import numpy as np
from numba import void
from numba.core.types import f8, i4, i8
from numpy.typing import NDArray

from dsp.kernels import READ_BLOCK, kernel

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX_1, MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
SHIFTS = np.uint64(30), np.uint64(27), np.uint64(31)
HALF = np.uint64(32)
LOW = np.uint64(0xFFFFFFFF)
STEP = 2.0**-32


@kernel("u8(u8)")
def mix(z: np.uint64) -> np.uint64:
    """64 bits mixed by the output function of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014)."""
    z = (z ^ (z >> SHIFTS[0])) * MIX_1
    z = (z ^ (z >> SHIFTS[1])) * MIX_2
    return z ^ (z >> SHIFTS[2])


@kernel("f8(u8, u8)")
def triangular(key: np.uint64, frame: np.uint64) -> float:
    """A triangular random number between -1 and 1: the sum of both halves of ``mix(key + (frame + 1) * golden)``."""
    drawn = mix(key + (frame + np.uint64(1)) * GOLDEN)
    return (np.float64(drawn >> HALF) + np.float64(drawn & LOW) + 1.0) * STEP - 1.0


@kernel("u8(i8, i8)")
def channel_key(seed: int, channel: int) -> np.uint64:
    """Start of a channel's counter: ``mix(mix(seed) + channel + 1)``."""
    return mix(mix(np.uint64(seed)) + np.uint64(channel) + np.uint64(1))


MOST_ERROR = 1.5
"""Largest error of rounding and dither, in steps; more is clipping, which must not be fed back."""


@kernel(void(READ_BLOCK, i8, i8, i8, f8[::1], f8[:, ::1], i4[:, ::1]))
def quantise_shaped(  # noqa: PLR0917 - compiled code is called by position
    block: NDArray[np.float32],
    bits: int,
    start: int,
    seed: int,
    shaper: NDArray[np.float64],
    errors: NDArray[np.float64],
    out: NDArray[np.int32],
) -> None:
    """Round to integers with triangular dither, feeding the errors of the last frames back.

    Args:
        block: shape (channels, frames).
        bits: of the integers.
        start: index of the first frame in the whole signal.
        seed: seed of the dither.
        shaper: coefficients of the last errors, the newest first.
        errors: shape (channels, len(shaper)), in steps; changed in place.
        out: shape of *block*.
    """
    scale, taps = np.float64(np.int64(1) << (bits - 1)), shaper.shape[0]
    for channel in range(block.shape[0]):
        key, last = channel_key(seed, channel), errors[channel]
        for n in range(block.shape[1]):
            wanted = np.float64(block[channel, n]) * scale
            for tap in range(taps):
                wanted += shaper[tap] * last[tap]
            given = np.floor(wanted + triangular(key, np.uint64(start + n)) + 0.5)
            given = min(max(given, -scale), scale - 1.0)
            for tap in range(taps - 1, 0, -1):
                last[tap] = last[tap - 1]
            last[0] = min(max(wanted - given, -MOST_ERROR), MOST_ERROR)
            out[channel, n] = np.int32(given)


@kernel(void(READ_BLOCK, i8, i8, i8, f8, i4[:, ::1]))
def quantise(  # noqa: PLR0917 - compiled code is called by position
    block: NDArray[np.float32],
    bits: int,
    start: int,
    seed: int,
    dither: float,
    out: NDArray[np.int32],
) -> None:
    """Round to integers, halves up, after adding *dither* times triangular dither.

    Args:
        block: shape (channels, frames).
        bits: of the integers.
        start: index of the first frame in the whole signal.
        seed: seed of the dither.
        dither: 1 for triangular dither of two steps, 0 for none.
        out: shape of *block*.
    """
    scale = np.float64(np.int64(1) << (bits - 1))
    for channel in range(block.shape[0]):
        key = channel_key(seed, channel)
        for n in range(block.shape[1]):
            value = np.float64(block[channel, n]) * scale + 0.5
            if dither > 0.0:
                value += dither * triangular(key, np.uint64(start + n))
            out[channel, n] = np.int32(min(max(np.floor(value), -scale), scale - 1.0))
