"""The search for the one gain that brings a record to its loudness, through a limiter that takes some of it away."""

from collections.abc import Callable
from decimal import Decimal

from dsp.audio import Unsound

STEP_DB = Decimal("0.001")
"""Gains are whole steps of this, so that a gain is exact as text."""
CLOSE_LU, CLOSE_ENOUGH_LU = 0.01, 0.05
MOST_TRIES = 10
LEAST_SLOPE = 0.05
"""LU gained by a dB; below this more gain only flattens the record."""


def search(loudness_at: Callable[[Decimal], float], target_lufs: Decimal, first_db: float) -> Decimal:
    """The gain at which the record has its loudness, by the secant rule.

    Args:
        loudness_at: the loudness with a gain in dB; it rises with the gain, by less than the gain does.
        target_lufs: the loudness wanted.
        first_db: the gain that would do if nothing were limited.

    Returns:
        Gain in dB, in steps of 0.001; the loudness is within 0.05 LU, as a rule within 0.01.

    Raises:
        Unsound: the limiter takes away whatever is added.
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
