"""Search for the gain that brings a limited record to its target loudness."""

from collections.abc import Callable
from decimal import Decimal

from dsp.audio import Unsound

STEP_DB = Decimal("0.001")
"""Resolution of the gain, so that it is exact as text."""
CLOSE_LU, CLOSE_ENOUGH_LU = 0.01, 0.05
MOST_TRIES = 10
LEAST_SLOPE = 0.05
"""LU gained per dB below which more gain only flattens the record."""


def search(loudness_at: Callable[[Decimal], float], target_lufs: Decimal, first_db: float) -> Decimal:
    """The gain at which the record has its target loudness, by the secant method.

    Args:
        loudness_at: returns the loudness in LUFS at a gain in dB; it rises by at most 1 LU for 1 dB.
        target_lufs: target loudness.
        first_db: gain that would suffice without limiting.

    Returns:
        Gain in dB, in steps of 0.001; the loudness is within 0.05 LU, usually within 0.01.

    Raises:
        Unsound: the limiter takes away all added gain.
    """
    gain, slope = _step(first_db), 1.0
    tried: list[tuple[float, Decimal, float]] = []
    for _ in range(MOST_TRIES):
        loudness = loudness_at(gain)
        short = float(target_lufs) - loudness
        if tried and gain != tried[-1][1]:
            slope = (loudness - tried[-1][2]) / float(gain - tried[-1][1])
        tried.append((abs(short), gain, loudness))
        if abs(short) <= CLOSE_LU or slope < LEAST_SLOPE:
            break
        gain = _step(float(gain) + short / min(slope, 1.0))
    off, gain, loudness = min(tried)
    if off > CLOSE_ENOUGH_LU:
        raise Unsound(
            f"the record cannot be brought to {target_lufs} LUFS: with {gain} dB of gain the limiter leaves "
            f"{loudness:.2f} LUFS; ask for less loudness, or mix it denser"
        )
    return gain


def _step(gain_db: float) -> Decimal:
    return Decimal(gain_db).quantize(STEP_DB)
