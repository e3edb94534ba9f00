"""Matching of a record to a reference: the bounded difference of two spectra, and the equaliser that realises it.

The equaliser has one bell for each third-octave band, with gains solved so that the sum of all bells meets the curve:
the effect of a bell on its neighbours is nearly proportional to its gain in dB (J. S. Abel and D. P. Berners, "Filter
Design Using Second-Order Peaking and Shelving Sections", ICMC 2004; V. Valimaki and J. Liski, "Accurate Cascade Graphic
Equalizer", IEEE Signal Processing Letters 24(2), 2017).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from domain.recipe import ToneBand
from dsp.audio import Source
from dsp.kernels.maths import forty_bits, log2
from dsp.meter.loudness import DB_PER_DOUBLING
from dsp.meter.thirds import CENTRES_HZ, Energies
from dsp.tone.filters import Coefficients, band

Curve = Mapping[Decimal, Decimal]
"""Gain in dB by band centre in Hz; missing bands are 0 dB."""

MOST_DB: Final = Decimal(6)
"""Largest change of a band; beyond this a different record or mix is wanted."""
STEP_DB: Final = Decimal("0.1")
FAINT: Final = 1e-6
"""Least energy relative to the strongest band; bands fainter (-60 dB) in either recording are not compared."""
SMOOTHING: Final = (1, 2, 3, 2, 1)
"""Weights of a band and its neighbours: an octave wide at half height."""

BELL_Q: Final = Decimal(2)
"""Two thirds of an octave wide: the sum of bells is within 0.01 dB of a smooth curve at the centre of each band, and
within 0.8 dB between two; the largest error is near half the rate, where bells are narrow.
"""
MOST_OF_RATE: Final = Decimal("0.4")
"""Bands above this share of the rate are covered by the highest filter."""
PROBE_DB: Final = Decimal(3)
EDGE: Final = Decimal("1.122")
"""Ratio of a band's edge to its centre, 10^(1/20)."""
ROUNDS: Final = 4
EXACT_DB: Final = Decimal("0.001")
MOST_BELL_DB: Final = 24.0

Matrix = list[list[float]]


@dataclass(frozen=True, slots=True)
class ReferenceSpectrum:
    """A reference recording, and the share of the match: 0 none, 1 all."""

    source: Source
    amount: Decimal


def difference(own: Energies, theirs: Energies, amount: Decimal) -> Curve:
    """The smoothed difference from *own* to *theirs*, without their difference in level.

    Args:
        own: band energies of the record, see :func:`dsp.meter.thirds.band_energies`.
        theirs: band energies of the reference.
        amount: 0 to 1, share of the bounded difference.

    Returns:
        Gain by band that changes, each within 6 dB and in steps of 0.1 dB.
    """
    compared = [bool(one > FAINT * own.max() and other > FAINT * theirs.max())
                for one, other in zip(own, theirs, strict=True)]  # fmt: skip
    raw = [
        DB_PER_DOUBLING / 2 * (log2(float(other)) - log2(float(one))) if heard else 0.0
        for one, other, heard in zip(own, theirs, compared, strict=True)
    ]
    smooth = [_smoothed(raw, compared, at) for at in range(len(raw))]
    mean = sum(value for value, heard in zip(smooth, compared, strict=True) if heard) / max(1, sum(compared))
    found = {
        hz: (max(-MOST_DB, min(MOST_DB, Decimal(value - mean))) * amount).quantize(STEP_DB)
        for hz, value, heard in zip(CENTRES_HZ, smooth, compared, strict=True)
        if heard
    }
    return {hz: gain for hz, gain in found.items() if gain}


def _smoothed(raw: Sequence[float], compared: Sequence[bool], at: int) -> float:
    half = len(SMOOTHING) // 2
    near = [
        (SMOOTHING[other - at + half], raw[other])
        for other in range(max(0, at - half), min(len(raw), at + half + 1))
        if compared[other]
    ]
    return sum(weight * value for weight, value in near) / max(1, sum(weight for weight, _ in near))


def equaliser(curve: Curve, rate: int) -> tuple[ToneBand, ...]:
    """The bells that together realise *curve* at *rate* (Hz); none for a flat curve.

    Their gains are rounded to 0.001 dB, so that the last bits of the C library's cosine have no effect.
    """
    if not any(curve.values()):
        return ()
    middles = [hz for hz in CENTRES_HZ if hz < rate * MOST_OF_RATE]
    wanted = [float(curve.get(hz, 0)) for hz in middles]
    probes = [band(_filter(at, middles, PROBE_DB), rate) for at in range(len(middles))]
    shares = [[_gain_db(probe, hz, rate) / float(PROBE_DB) for probe in probes] for hz in middles]
    gains = [0.0] * len(middles)
    for _ in range(ROUNDS):
        bells = [band(_filter(at, middles, _exact(gain)), rate) for at, gain in enumerate(gains)]
        left = [
            want - sum(_gain_db(bell, hz, rate) for bell in bells) for hz, want in zip(middles, wanted, strict=True)
        ]
        gains = [gain + more for gain, more in zip(gains, solve(shares, left), strict=True)]
    return tuple(_filter(at, middles, _exact(gain)) for at, gain in enumerate(gains) if _exact(gain))


def _filter(at: int, middles: Sequence[Decimal], gain_db: Decimal) -> ToneBand:
    """Filter number *at*: a shelf at either end, which also covers the frequencies beyond the bands, else a bell."""
    if at == 0:
        return ToneBand(type="low_shelf", hz=(middles[0] * EDGE).quantize(STEP_DB), gain_db=gain_db)
    if at == len(middles) - 1:
        return ToneBand(type="high_shelf", hz=(middles[-1] / EDGE).quantize(STEP_DB), gain_db=gain_db)
    return ToneBand(hz=middles[at], gain_db=gain_db, q=BELL_Q)


def _exact(gain: float) -> Decimal:
    return Decimal(max(-MOST_BELL_DB, min(MOST_BELL_DB, gain))).quantize(EXACT_DB)


def _gain_db(section: Coefficients, hz: Decimal, rate: int) -> float:
    """Gain of *section* at *hz* in dB, from the squared sine of half the angle, which is accurate near 0 Hz."""
    b0, b1, b2, a1, a2 = section
    half = math.sin(math.pi * float(hz) / rate) ** 2
    return DB_PER_DOUBLING / 2 * (log2(_square(b0, b1, b2, half)) - log2(_square(1.0, a1, a2, half)))


def _square(c0: float, c1: float, c2: float, half: float) -> float:
    """|c0 + c1/z + c2/z^2|^2 on the unit circle."""
    return (c0 + c1 + c2) ** 2 - 4 * (c0 * c1 + 4 * c0 * c2 + c1 * c2) * half + 16 * c0 * c2 * half * half


def solve(matrix: Matrix, right: Sequence[float]) -> list[float]:
    """The x of matrix x = right, by Gaussian elimination with partial pivoting; rounded to 40 bits.

    Raises:
        ZeroDivisionError: the matrix is singular.
    """
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for at in range(size):
        best = max(range(at, size), key=lambda row: abs(rows[row][at]))
        rows[at], rows[best] = rows[best], rows[at]
        for row in rows[at + 1 :]:
            factor = row[at] / rows[at][at]
            for column in range(at, size + 1):
                row[column] -= factor * rows[at][column]
    found = [0.0] * size
    for at in reversed(range(size)):
        known = sum(rows[at][column] * found[column] for column in range(at + 1, size))
        found[at] = forty_bits((rows[at][size] - known) / rows[at][at])
    return found
