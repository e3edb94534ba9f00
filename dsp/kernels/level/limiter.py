"""The gain of a limiter: from an envelope of magnitudes to a gain that is low enough before each peak arrives.

The gain is kept in integers of 2**-40, so that the running sums of the two smoothing windows never drift: without
peaks above the ceiling it returns to exactly 1, wherever the blocks begin.
"""

import numpy as np
from numba import void
from numba.core.types import f4, f8
from numpy.typing import NDArray

from dsp.kernels import READ_BLOCK, kernel

Samples = NDArray[np.float64]
Counts = NDArray[np.int64]

ONE = 1 << 40
SETTLED = 1.0 - 1e-6
"""Recovering gains above this (-0.00001 dB) are set to 1."""

HEAD, COUNT, FRAME, FIRST_AT, SECOND_AT, FIRST_SUM, SECOND_SUM = range(7)
"""Indices of the counters: head and length of the queue of minima, frames so far, positions and sums of both rings."""
COUNTERS = 7
QUICK, SLOW, AVERAGE = range(3)
"""Indices of the pace, shares of the way gone each frame: quick and slow recovery, and the average between them."""


@kernel("i8(i8, i8)")
def _place(at: int, size: int) -> int:
    """*at* wrapped into a ring of *size*, for at most one turn ahead."""
    return at - size if at >= size else at


@kernel("f8(f8, f8[::1], f8[::1])")
def recover(lowest: float, held: Samples, pace: Samples) -> float:
    """The gain after one more frame: down to *lowest* at once, up quickly to its recent average, and slowly above it.

    After a single hit the average is near 1 and recovery is quick; in a continuously limited passage the gain stays
    near its average and does not pump.
    """
    gain, average = float(held[0]), float(held[1])
    average += (lowest - average) * pace[AVERAGE]
    share = pace[QUICK] if gain < average else pace[SLOW]
    gain = min(lowest, gain + (lowest - gain) * share)
    if gain > SETTLED:
        gain = 1.0
    held[0], held[1] = gain, average
    return gain


@kernel("b1(f4[::1], f8, f8[::1], f8[::1], f8[::1], i8[::1], i8[::1], i8[::1], i8[::1])")
def at_rest(  # noqa: PLR0917 - compiled code is called by position
    envelope: NDArray[np.float32],
    ceiling: float,
    pace: Samples,
    held: Samples,
    queue: Samples,
    leaves: Counts,
    first: Counts,
    second: Counts,
    counters: Counts,
) -> bool:
    """True if nothing is limited, nor will be by *envelope*; then the state is advanced as :func:`gains` would.

    The gain is then 1 for every value.  Arguments are those of :func:`gains`.
    """
    size, window, frames = queue.shape[0], first.shape[0], envelope.shape[0]
    head = counters[HEAD]
    full = counters[FIRST_SUM] == window * ONE and counters[SECOND_SUM] == window * window * ONE
    if not (full and counters[COUNT] == 1 and queue[head] == 1.0 and held[0] == 1.0) or frames == 0:
        return False
    for n in range(frames):
        if np.float64(envelope[n]) > ceiling:
            return False
    average = float(held[1])
    for _ in range(frames):
        average += (1.0 - average) * pace[AVERAGE]
    held[1] = average
    counters[FRAME] += frames
    leaves[head] = counters[FRAME] - 1 + size
    counters[FIRST_AT] = (counters[FIRST_AT] + frames) % window
    counters[SECOND_AT] = (counters[SECOND_AT] + frames) % second.shape[0]
    return True


@kernel("void(f4[::1], f8, f8[::1], f8[::1], f8[::1], i8[::1], i8[::1], i8[::1], i8[::1], f8[::1])")
def gains(  # noqa: PLR0917 - compiled code is called by position
    envelope: NDArray[np.float32],
    ceiling: float,
    pace: Samples,
    held: Samples,
    queue: Samples,
    leaves: Counts,
    first: Counts,
    second: Counts,
    counters: Counts,
    out: Samples,
) -> None:
    """The gain for each value of *envelope*, delayed by the look-ahead.

    The gain that a peak needs is held over the whole window (a queue of rising minima), released slowly, then averaged
    over two windows in turn.  An average of values none of which exceeds the need at the peak does not exceed it
    either, and its slope has no step.

    Args:
        envelope: magnitudes.
        ceiling: largest magnitude allowed.
        pace: see :func:`recover`.
        held: state of :func:`recover`.
        queue: ring of minima, as long as the window.
        leaves: ring of the frames at which the minima leave the queue.
        first: ring of the first average's values.
        second: ring of the second average's values.
        counters: values by the indices above.
        out: one gain a frame.
    """
    size = queue.shape[0]
    head, count, frame = counters[HEAD], counters[COUNT], counters[FRAME]
    a, b = counters[FIRST_AT], counters[SECOND_AT]
    first_sum, second_sum = counters[FIRST_SUM], counters[SECOND_SUM]
    unit = 1.0 / (np.float64(first.shape[0]) * np.float64(second.shape[0]) * ONE)
    for n in range(envelope.shape[0]):
        level = np.float64(envelope[n])
        need = ceiling / level if level > ceiling else 1.0
        if count > 0 and leaves[head] <= frame:
            head = head + 1 if head + 1 < size else 0
            count -= 1
        last = _place(head + count, size)
        while count > 0 and queue[_place(head + count - 1, size)] >= need:
            count -= 1
            last = _place(head + count, size)
        queue[last], leaves[last] = need, frame + size
        count += 1
        frame += 1
        value = np.int64(recover(queue[head], held, pace) * ONE)
        first_sum += value - first[a]
        first[a] = value
        a = _place(a + 1, first.shape[0])
        second_sum += first_sum - second[b]
        second[b] = first_sum
        b = _place(b + 1, second.shape[0])
        out[n] = second_sum * unit
    counters[HEAD], counters[COUNT], counters[FRAME] = head, count, frame
    counters[FIRST_AT], counters[SECOND_AT] = a, b
    counters[FIRST_SUM], counters[SECOND_SUM] = first_sum, second_sum


@kernel(void(READ_BLOCK, f8[::1], f4[:, ::1]))
def apply(block: NDArray[np.float32], gain: Samples, out: NDArray[np.float32]) -> None:
    """Write *block* times *gain*, one gain for all channels, to *out*."""
    for channel in range(block.shape[0]):
        for n in range(block.shape[1]):
            out[channel, n] = np.float32(block[channel, n] * gain[n])
