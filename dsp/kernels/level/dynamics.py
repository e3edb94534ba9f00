"""A feed-forward compressor: one gain for all channels, computed in the logarithmic domain.

Levels and reductions are in doublings of amplitude (log2; one is 6.02 dB), which saves a conversion a sample.
Giannoulis, Massberg, Reiss: "Digital Dynamic Range Compressor Design", JAES 60(6), 2012: the soft knee is its equation
4, the smooth decoupled peak detector its equation 17, applied to the reduction.
"""

import numpy as np
from numpy.typing import NDArray

from dsp.kernels import kernel
from dsp.kernels.maths import exp2, log2

Samples = NDArray[np.float64]

CHUNK_FRAMES = 64
"""Frames that are tested together for any level above the floor."""
SILENT_REDUCTION = 1e-20
"""Reductions below this are set to zero at the end of a block, long before they become denormal."""


@kernel("void(f8[:,::1], f8[::1])")
def ride(work: Samples, factors: Samples) -> None:
    """Multiply each channel of *work* by the *factors*, frame by frame."""
    for channel in range(work.shape[0]):
        line = work[channel]
        for n in range(line.shape[0]):
            line[n] *= factors[n]


@kernel("void(f8[:,::1], f8[::1])")
def loudest(work: Samples, peaks: Samples) -> None:
    """Write the largest magnitude over all channels at each frame to *peaks*."""
    first = work[0]
    for n in range(first.shape[0]):
        peaks[n] = abs(first[n])
    for channel in range(1, work.shape[0]):
        line = work[channel]
        for n in range(line.shape[0]):
            peaks[n] = max(peaks[n], abs(line[n]))


@kernel("boolean(f8[::1], f8)")
def any_above(peaks: Samples, floor: float) -> bool:
    """True if any value of *peaks* exceeds *floor*."""
    found = 0
    for n in range(peaks.shape[0]):
        found |= peaks[n] > floor
    return found != 0


@kernel("void(f8[::1], f8[::1])")
def curve(peaks: Samples, law: Samples) -> None:
    """Replace amplitudes by the reduction of the static curve, in doublings; branchless, so that it vectorises."""
    threshold, knee, slope, floor = law[0], law[1], law[2], law[6]
    half, twice = 0.5 * knee, 2.0 * knee
    for n in range(peaks.shape[0]):
        over = log2(peaks[n]) - threshold
        into = over + half
        bent = slope * into * into / twice
        reduction = slope * over if 2.0 * over >= knee else bent
        reduction = reduction if 2.0 * over > -knee or 2.0 * over >= knee else 0.0
        peaks[n] = reduction if peaks[n] > floor else 0.0


@kernel("void(f8[:,::1], f8[::1], f8[::1])")
def wanted_reduction(work: Samples, law: Samples, reduction: Samples) -> None:
    """Write the reduction of the static curve at each frame of *work*, in doublings."""
    frames = work.shape[1]
    loudest(work, reduction)
    for start in range(0, frames, CHUNK_FRAMES):
        chunk = reduction[start : min(start + CHUNK_FRAMES, frames)]
        if any_above(chunk, law[6]):
            curve(chunk, law)
        else:
            chunk[:] = 0.0


@kernel("boolean(f8, f8, f8[::1], f8[::1])")
def smooth(attack: float, release: float, state: Samples, reduction: Samples) -> bool:
    """Smooth *reduction* in place, rising with the attack and falling with the release; True if any is above 0."""
    held, smoothed = state[0], state[1]
    any_at_all = False
    for n in range(reduction.shape[0]):
        held = max(reduction[n], release * held + (1.0 - release) * reduction[n])
        smoothed = attack * smoothed + (1.0 - attack) * held
        reduction[n] = smoothed
        any_at_all |= smoothed > 0.0
    state[0], state[1] = held, smoothed
    return any_at_all


@kernel("void(f8[::1])")
def settle(state: Samples) -> None:
    """End a block: set tiny state values to zero."""
    for k in range(2):
        if state[k] < SILENT_REDUCTION:
            state[k] = 0.0


@kernel("void(f8[:,::1], f8[::1], f8[::1], f8[::1])")
def compress(work: Samples, law: Samples, state: Samples, reduction: Samples) -> None:
    """Compress *work* in place; the loudest channel sets the gain of all.

    Args:
        work: shape (channels, frames).
        law: threshold, knee width, slope (1 - 1/ratio) and make-up, in doublings; attack and release, as the share of
            the old value kept each frame; the least amplitude that is reduced.
        state: the held and the smoothed reduction, carried from block to block.
        reduction: scratch, shape (frames,) or longer.
    """
    wanted_reduction(work, law, reduction)
    if smooth(law[4], law[5], state, reduction[: work.shape[1]]) or law[3] != 0.0:
        makeup = law[3]
        for n in range(work.shape[1]):
            reduction[n] = exp2(makeup - reduction[n])
        ride(work, reduction)


@kernel("void(f8[:,::1], f8[::1], f8, f8[::1], f8[::1])")
def listen(heard: Samples, law: Samples, most: float, state: Samples, reduction: Samples) -> None:
    """Write the smoothed reduction for *heard*, at most *most* (doublings), unapplied; else as :func:`compress`."""
    wanted_reduction(heard, law, reduction)
    for n in range(heard.shape[1]):
        reduction[n] = min(reduction[n], most)
    smooth(law[4], law[5], state, reduction)
    settle(state)


@kernel("void(f8[::1], f8, f8)")
def factors(reduction: Samples, makeup: float, mix: float) -> None:
    """Convert reductions to gain factors in place; *mix* is the share of the compressed sound."""
    for n in range(reduction.shape[0]):
        reduction[n] = (1.0 - mix) + mix * exp2(makeup - reduction[n])


@kernel("void(f8[:,::1], f8[:,::1], f8[:,::1], f8[::1])")
def ride_shelf(work: Samples, high: Samples, middle: Samples, factor: Samples) -> None:
    """Add (g - 1) times *high* and (sqrt(g) - 1) times *middle* to *work*, frame by frame: a high shelf of gain g.

    With both filters of one Butterworth denominator, the shelf's power response is (1 + g^2 w^4)/(1 + w^4), w = 1 at
    their frequency.
    """
    for channel in range(work.shape[0]):
        for n in range(work.shape[1]):
            g = factor[n]
            work[channel, n] += (g - 1.0) * high[channel, n] + (np.sqrt(g) - 1.0) * middle[channel, n]
