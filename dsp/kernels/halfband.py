"""Half-band filters for doubling and halving the rate: every other tap but the middle one is zero.

Each loop runs over many samples and few taps at a time, so that it vectorises without reordering any sum.
"""

import numpy as np
from numpy.typing import NDArray

from dsp.kernels import kernel
from dsp.kernels.maths import tanh

Samples = NDArray[np.float64]

CHUNK = 256


@kernel("void(f8[::1], f8[::1], f8[::1])")
def between(line: Samples, taps: Samples, out: Samples) -> None:
    """The values halfway between those of *line*.

    Args:
        line: len(out) + 2 m - 1 samples, for m taps.
        taps: taps of one side, from the middle outwards; an even number.
        out: ``out[n]`` lies between ``line[n + m - 1]`` and ``line[n + m]``.
    """
    m, length = taps.shape[0], out.shape[0]
    out[:] = 0.0
    for k in range(0, m, 2):
        a, b = taps[k], taps[k + 1]
        x, y = line[m - 1 - k : m - 1 - k + length], line[m + k : m + k + length]
        v, w = line[m - 2 - k : m - 2 - k + length], line[m + k + 1 : m + k + 1 + length]
        for n in range(length):
            out[n] += a * (x[n] + y[n]) + b * (v[n] + w[n])


@kernel("void(f8[::1], f8[::1], f8[::1])")
def double(line: Samples, taps: Samples, out: Samples) -> None:
    """Double the rate with a half-band filter of m taps a side; the result is delayed by m input frames.

    Args:
        line: the last 2 m - 1 frames followed by the new ones.
        taps: as in :func:`between`.
        out: twice as many frames as are new.
    """
    m, frames = taps.shape[0], out.shape[0] // 2
    middle = np.empty(CHUNK)
    for start in range(0, frames, CHUNK):
        length = min(CHUNK, frames - start)
        between(line[start : start + length + 2 * m - 1], taps, middle[:length])
        for n in range(length):
            out[2 * (start + n)] = line[start + n + m - 1]
            out[2 * (start + n) + 1] = middle[n]


@kernel("void(f8[::1], f8[::1], f8[::1])")
def halve(line: Samples, taps: Samples, out: Samples) -> None:
    """Halve the rate with a half-band filter of m taps a side; the result is delayed by m - 1 output frames.

    Args:
        line: the last 4 m - 2 frames followed by the new ones.
        taps: as in :func:`between`.
        out: half as many frames as are new.
    """
    m, frames = taps.shape[0], out.shape[0]
    odd, middle = np.empty(CHUNK + 2 * m - 1), np.empty(CHUNK)
    for start in range(0, frames, CHUNK):
        length = min(CHUNK, frames - start)
        for n in range(length + 2 * m - 1):
            odd[n] = line[2 * (start + n) + 1]
        between(odd[: length + 2 * m - 1], taps, middle[:length])
        for n in range(length):
            out[start + n] = 0.5 * (line[2 * (start + n + m)] + middle[n])


@kernel("void(f8[::1], f8)")
def tanh_added(line: Samples, drive: float) -> None:
    """Replace each x by tanh(drive x)/drive - x."""
    for n in range(line.shape[0]):
        line[n] = tanh(drive * line[n]) / drive - line[n]


@kernel("void(f8[::1], f8)")
def soft_added(line: Samples, drive: float) -> None:
    """Replace each x by x/sqrt(1 + (drive x)^2) - x."""
    for n in range(line.shape[0]):
        driven = drive * line[n]
        line[n] = line[n] / np.sqrt(1.0 + driven * driven) - line[n]
