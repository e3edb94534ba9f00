import numpy as np
import pytest

from dsp.kernels.level.dynamics import wanted_reduction
from dsp.kernels.maths import log2

THRESHOLD, SLOPE = -3.0, 0.66
FRAMES = 4099


def asked(peak: float, knee: float, floor: float) -> float:
    """The static curve as in its paper, case by case."""
    if peak <= floor:
        return 0.0
    over = log2(peak) - THRESHOLD
    if 2.0 * over >= knee:
        return SLOPE * over
    if 2.0 * over <= -knee:
        return 0.0
    into = over + 0.5 * knee
    return SLOPE * into * into / (2.0 * knee)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("knee", [0.0, 0.5, 4.0])
def test_the_curve_drawn_by_vectors_is_the_curve_to_the_last_bit(knee: float, channels: int) -> None:
    random = np.random.default_rng(channels)
    work = random.uniform(-1, 1, (channels, FRAMES)) * np.logspace(-6, 1, FRAMES)
    work[:, 1000:1200] = 0.0
    floor = 2.0 ** (THRESHOLD - knee / 2)
    law = np.array([THRESHOLD, knee, SLOPE, 0.0, 0.9, 0.99, floor])
    reduction = np.empty(FRAMES)
    wanted_reduction(work, law, reduction)
    expected = [asked(float(peak), knee, floor) for peak in np.abs(work).max(axis=0)]
    np.testing.assert_array_equal(reduction, expected)
