"""True peak over samples: a signal interpolated to eight times its rate, only where that can matter.

Samples are float32, which is enough for the interpolation; nothing is reordered, so vectors give equal bits.
"""

import numpy as np
from numpy.typing import NDArray

from dsp.kernels import kernel

Line = NDArray[np.float32]

OVERSAMPLING = 8
TAPS = 32
BEFORE, AFTER = 15, 16
"""Samples that the interpolation between a sample and the next uses before and after that sample."""
CHUNK = 256


@kernel("void(f4[::1], i8, i8, f4[:,::1], f4[::1], f4[::1])")
def chunk_envelope(  # noqa: PLR0917 - compiled code is called by position
    line: Line, start: int, length: int, phases: Line, sums: Line, out: Line
) -> None:
    """Raise ``out[n]`` to the largest magnitude between sample *n* and the next, phase by phase."""
    x = line[start : start + length + TAPS]
    for phase in range(phases.shape[0]):
        sums[:length] = np.float32(0)
        for tap in range(0, TAPS, 4):
            a, b, c, d = phases[phase, tap], phases[phase, tap + 1], phases[phase, tap + 2], phases[phase, tap + 3]
            for n in range(length):
                k = n + tap
                sums[n] += (a * x[k] + b * x[k + 1]) + (c * x[k + 2] + d * x[k + 3])
        for n in range(length):
            out[n] = max(out[n], abs(sums[n]))


@kernel("f4(f4[::1], i8, i8)")
def largest(line: Line, start: int, stop: int) -> np.float32:
    """The largest magnitude of the samples *start* to *stop*."""
    peak = np.float32(0)
    for n in range(start, stop):
        peak = max(peak, abs(line[n]))
    return peak


@kernel("void(f4[::1], f4[:,::1], f4, f4, f4[::1])")
def envelope(line: Line, phases: Line, reach: np.float32, floor: np.float32, out: Line) -> None:
    """Raise *out* to the magnitudes of a line and of the interpolated values between its samples.

    Args:
        line: float32, ``BEFORE`` samples, then those of *out*, then ``AFTER``.
        phases: interpolation filters, shape (phases, TAPS).
        reach: largest ratio of an interpolated value to the largest sample around it.
        floor: passages that cannot exceed this are not interpolated.
        out: one value a frame, changed in place; repeated calls keep the loudest channel.
    """
    sums = np.empty(CHUNK, np.float32)
    frames = out.shape[0]
    for start in range(0, frames, CHUNK):
        stop = min(start + CHUNK, frames)
        for n in range(start, stop):
            out[n] = max(out[n], abs(line[n + BEFORE]))
        if largest(line, start, stop + BEFORE + AFTER) * reach > floor:
            chunk_envelope(line, start, stop - start, phases, sums, out[start:stop])


@kernel("f4(f4[::1], f4[:,::1], f4, f4)")
def peak(line: Line, phases: Line, reach: np.float32, least: np.float32) -> np.float32:
    """The largest magnitude of a line, interpolated values included, at least *least*; see :func:`envelope`."""
    sums, found = np.empty(CHUNK, np.float32), np.empty(CHUNK, np.float32)
    frames = line.shape[0] - BEFORE - AFTER
    for start in range(0, frames, CHUNK):
        stop = min(start + CHUNK, frames)
        if largest(line, start, stop + BEFORE + AFTER) * reach > least:
            for n in range(start, stop):
                found[n - start] = abs(line[n + BEFORE])
            chunk_envelope(line, start, stop - start, phases, sums, found)
            least = max(least, largest(found, 0, stop - start))
    return least
