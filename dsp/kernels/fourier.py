"""The in-place fast Fourier transform for powers of two, and products in its domain.

The forward transform decimates in frequency (Gentleman and Sande, 1966), the inverse in time (Cooley and Tukey, 1965),
two stages of two at a time.  Spectra are in bit-reversed order, and nothing is ever sorted; in that order the negative
of the frequency at bin j, where 2**m <= j < 2**(m + 1), stands at bin 3 * 2**m - 1 - j.  Real and imaginary parts are
separate arrays, so that loops vectorise.

A library's transform is no option: each chooses its algorithm, and with it the last bits, by the processor.
"""

import numpy as np
from numba import void
from numba.core.types import f8, i8
from numpy.typing import NDArray

from dsp.kernels import kernel
from dsp.kernels.maths import sin

Samples = NDArray[np.float64]

CHUNK = 1024
"""Bins that are summed over all partitions before the next ones, so that their sums stay in the innermost cache."""
QUARTER_TURN = 0.25


@kernel("b1(i8)")
def halved(size: int) -> bool:
    """True if *size* is an odd power of two: its transform has one stage of two besides its stages of four."""
    while size > 2:  # noqa: PLR2004 - the stage of two itself
        size //= 4
    return size == 2  # noqa: PLR2004


@kernel("i8(f8[:,::1], i8, i8, i8)")
def turn(turns: Samples, at: int, count: int, length: int) -> int:
    """Write *count* twiddle factors of a circle of *length* steps, clockwise, from *at* on; return the next index."""
    for k in range(count):
        turns[0, at + k] = sin(k / length + QUARTER_TURN)
        turns[1, at + k] = -sin(k / length)
    return at + count


@kernel("f8[:,::1](i8)")
def turns_of(size: int) -> Samples:
    """Twiddle factors of a transform of *size*, shape (2, ...): real and imaginary parts, all stages in sequence."""
    turns, at, length = np.empty((2, size)), 0, size
    if halved(size):
        length = size // 2
        at = turn(turns, at, length, size)
    while length > 1:
        at = turn(turns, at, length // 4, length)
        length //= 4
    return turns[:, :at].copy()


@kernel("void(f8[::1], f8[::1], f8[::1], f8[::1])")
def two_down(re: Samples, im: Samples, cos: Samples, sin: Samples) -> None:
    """Radix-2 stage of the forward transform."""
    h = re.shape[0] // 2
    for k in range(h):
        x, y = re[k] - re[k + h], im[k] - im[k + h]
        re[k], im[k] = re[k] + re[k + h], im[k] + im[k + h]
        re[k + h], im[k + h] = x * cos[k] - y * sin[k], x * sin[k] + y * cos[k]


@kernel("void(f8[::1], f8[::1], f8[::1], f8[::1])")
def two_up(re: Samples, im: Samples, cos: Samples, sin: Samples) -> None:
    """Radix-2 stage of the inverse transform."""
    h = re.shape[0] // 2
    for k in range(h):
        x, y = re[k + h] * cos[k] + im[k + h] * sin[k], im[k + h] * cos[k] - re[k + h] * sin[k]
        re[k + h], im[k + h] = re[k] - x, im[k] - y
        re[k], im[k] = re[k] + x, im[k] + y


@kernel("void(f8[:,::1], f8[:,::1], f8[::1], f8[::1])")
def four_down(re: Samples, im: Samples, cos: Samples, sin: Samples) -> None:
    """Radix-4 stage of the forward transform on each row; twiddle factors are those of a row's length."""
    q = re.shape[1] // 4
    for row in range(re.shape[0]):
        for k in range(q):
            ar, ai, br, bi = re[row, k], im[row, k], re[row, k + q], im[row, k + q]
            cr, ci, dr, di = re[row, k + 2 * q], im[row, k + 2 * q], re[row, k + 3 * q], im[row, k + 3 * q]
            c, s = cos[k], sin[k]
            c2, s2 = c * c - s * s, 2.0 * c * s
            c3, s3 = c * c2 - s * s2, c * s2 + s * c2
            er, ei, fr, fi = ar + cr, ai + ci, br + dr, bi + di
            gr, gi, hr, hi = ar - cr, ai - ci, br - dr, bi - di
            re[row, k], im[row, k] = er + fr, ei + fi
            x, y = er - fr, ei - fi
            re[row, k + q], im[row, k + q] = x * c2 - y * s2, x * s2 + y * c2
            x, y = gr + hi, gi - hr
            re[row, k + 2 * q], im[row, k + 2 * q] = x * c - y * s, x * s + y * c
            x, y = gr - hi, gi + hr
            re[row, k + 3 * q], im[row, k + 3 * q] = x * c3 - y * s3, x * s3 + y * c3


@kernel("void(f8[:,::1], f8[:,::1], f8[::1], f8[::1])")
def four_up(re: Samples, im: Samples, cos: Samples, sin: Samples) -> None:
    """Inverse of :func:`four_down`, scaled by 4."""
    q = re.shape[1] // 4
    for row in range(re.shape[0]):
        for k in range(q):
            c, s = cos[k], -sin[k]
            c2, s2 = c * c - s * s, 2.0 * c * s
            c3, s3 = c * c2 - s * s2, c * s2 + s * c2
            ar, ai = re[row, k], im[row, k]
            x, y = re[row, k + q], im[row, k + q]
            br, bi = x * c2 - y * s2, x * s2 + y * c2
            x, y = re[row, k + 2 * q], im[row, k + 2 * q]
            cr, ci = x * c - y * s, x * s + y * c
            x, y = re[row, k + 3 * q], im[row, k + 3 * q]
            dr, di = x * c3 - y * s3, x * s3 + y * c3
            er, ei, fr, fi = ar + br, ai + bi, ar - br, ai - bi
            gr, gi, hr, hi = cr + dr, ci + di, cr - dr, ci - di
            re[row, k], im[row, k] = er + gr, ei + gi
            re[row, k + q], im[row, k + q] = fr - hi, fi + hr
            re[row, k + 2 * q], im[row, k + 2 * q] = er - gr, ei - gi
            re[row, k + 3 * q], im[row, k + 3 * q] = fr + hi, fi - hr


@kernel("void(f8[::1], f8[::1], f8[:,::1])")
def to_spectrum(re: Samples, im: Samples, turns: Samples) -> None:
    """Forward transform of re + i im, in place, into bit-reversed order; *turns* are its twiddle factors."""
    size, at, length = re.shape[0], 0, re.shape[0]
    if halved(size):
        length = at = size // 2
        two_down(re, im, turns[0, :at], turns[1, :at])
    while length > 1:
        rows, end = size // length, at + length // 4
        four_down(re.reshape((rows, length)), im.reshape((rows, length)), turns[0, at:end], turns[1, at:end])
        at = end
        length //= 4


@kernel("void(f8[::1], f8[::1], f8[:,::1])")
def to_signal(re: Samples, im: Samples, turns: Samples) -> None:
    """Inverse transform of a spectrum in bit-reversed order, in place, scaled by its length."""
    size, end, length = re.shape[0], turns.shape[1], 4
    while length <= size:
        rows, at = size // length, end - length // 4
        four_up(re.reshape((rows, length)), im.reshape((rows, length)), turns[0, at:end], turns[1, at:end])
        end = at
        length *= 4
    if halved(size):
        two_up(re, im, turns[0, :end], turns[1, :end])


@kernel("void(f8[:,::1], f8[:,::1], f8[:,::1], i8, i8)")
def add_product(total: Samples, heard: Samples, by: Samples, first: int, size: int) -> None:
    """Add the product of two spectra, shape (2, bins), to a third: *size* bins from *first* on."""
    for j in range(first, first + size):
        x, y, c, d = heard[0, j], heard[1, j], by[0, j], by[1, j]
        total[0, j] += x * c - y * d
        total[1, j] += x * d + y * c


@kernel("void(f8[:,::1], f8[:,::1], f8[:,::1], i8, i8, i8)")
def add_mirrored_product(  # noqa: PLR0917 - compiled code is called by position
    total: Samples, heard: Samples, by: Samples, first: int, size: int, mirror: int
) -> None:
    """:func:`add_product` with the conjugate of *heard* at the negative frequencies: bin j's is at *mirror* - j."""
    for j in range(first, first + size):
        x, y, c, d = heard[0, mirror - j], -heard[1, mirror - j], by[0, j], by[1, j]
        total[0, j] += x * c - y * d
        total[1, j] += x * d + y * c


@kernel(void(f8[:, :, ::1], i8, f8[:, :, :, ::1], f8[:, ::1]))
def heard_through(past: Samples, newest: int, impulse: Samples, total: Samples) -> None:
    """The output spectrum of a partitioned convolution: each partition of the impulse times the input of as long ago.

    Args:
        past: a ring of spectra, shape (partitions, 2, bins); the entry before the newest is the next older.
        newest: index of the newest entry.
        impulse: shape (1 or 2, partitions, 2, bins): factors of a spectrum and, if there are two,
            of the conjugate of its negative frequencies.
        total: shape (2, bins), written.
    """
    partitions, bins = past.shape[0], past.shape[2]
    total[:] = 0.0
    first, size = 0, 1
    while first < bins:
        mirror = 3 * first - 1 if first else 0
        for start in range(first, first + size, CHUNK):
            count = min(CHUNK, first + size - start)
            for k in range(partitions):
                heard = past[(newest - k) % partitions]
                add_product(total, heard, impulse[0, k], start, count)
                if impulse.shape[0] > 1:
                    add_mirrored_product(total, heard, impulse[1, k], start, count, mirror)
        first, size = first + size, max(1, first + size)
