"""Independent meter: measurement of a finished file by libraries that share no code with our own meters.

Loudness is pyloudnorm's, with its exact K filter (``DeMan``); true peak is soxr's (VHQ, sixteen times the rate).  The
file is decoded again for this.  pyloudnorm imports scipy, so renders do not use this module.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyloudnorm
import soundfile
from numpy.typing import NDArray

from dsp.audio import Source, Unsound
from dsp.files.open_sound_file import opened
from dsp.files.resample import resample
from dsp.files.sound import SoundReader
from dsp.meter.truepeak import EXACT_OVERSAMPLING

AGREEMENT_LU = 0.1
"""Largest difference of two EBU mode meters (EBU Tech 3341, table 1)."""
AGREEMENT_DB = 1.0
"""Readings of noise near half the rate, where interpolators roll off differently, differed by up to 0.42 dB; those of
music by 0.02 dB.  The ceiling itself is checked exactly.
"""

LEAST_S, STEP_HZ = 0.4, 10
"""Gating blocks last 400 ms, and ten of them begin in a second (ITU-R BS.1770-5, Annex 1)."""
PIECE_S, RUN_UP_S = 20, 1
"""Lengths of the arrays given to pyloudnorm, in seconds: a piece, and before it a run-up in which filters settle."""
ABSOLUTE_GATE_LUFS, RELATIVE_GATE_LU = -70.0, -10.0
WITHOUT_LFE = {6: [0, 1, 2, 4, 5]}
"""Channels of L R C LFE Ls Rs without the LFE."""
MOST_CHANNELS = 5

Samples = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class IndependentReadings:
    """Readings of the independent meters; None for silence, and for files shorter than 400 ms."""

    integrated_lufs: float | None
    true_peak_dbtp: float | None


def measure_independently(path: Path) -> IndependentReadings:
    """Measure a whole file; memory does not grow with its length.

    Raises:
        Unsound: the file cannot be read, or has more channels than 5.1.
    """
    with opened(path) as file:
        powers = list(_powers(file.sound))
    return IndependentReadings(_gated(np.array(powers)), _true_peak(path))


def disagreements(
    readings: IndependentReadings, lufs: float | None, dbtp: float | None, ceiling_dbtp: float | None = None
) -> list[str]:
    """Differences between the independent readings and the stated values that exceed the tolerance, one sentence each.

    Args:
        readings: readings of the file.
        lufs: stated integrated loudness; None for silence.
        dbtp: stated true peak; None for silence.
        ceiling_dbtp: ceiling that the reading must not exceed; None for no check.
    """
    found = []
    if _apart(readings.integrated_lufs, lufs, AGREEMENT_LU):
        found.append(f"it is said to be {_said(lufs, 'LUFS')} and a second meter reads "
                     f"{_said(readings.integrated_lufs, 'LUFS')}")  # fmt: skip
    if _apart(readings.true_peak_dbtp, dbtp, AGREEMENT_DB):
        found.append(f"its true peak is said to be {_said(dbtp, 'dBTP')} and a second meter reads "
                     f"{_said(readings.true_peak_dbtp, 'dBTP')}")  # fmt: skip
    peak = readings.true_peak_dbtp
    if ceiling_dbtp is not None and peak is not None and peak > ceiling_dbtp:
        found.append(f"its true peak is {peak:.3f} dBTP, above the ceiling of {ceiling_dbtp:g} dBTP")
    return found


def _apart(one: float | None, other: float | None, most: float) -> bool:
    if one is None or other is None:
        return one is not other
    return abs(one - other) > most


def _said(value: float | None, unit: str) -> str:
    return "silent" if value is None else f"{value:.2f} {unit}"


def _powers(sound: Any) -> Iterator[float]:  # noqa: ANN401 - soundfile ships no types
    """K-weighted power of every complete gating block."""
    rate, frames = sound.samplerate, sound.frames
    whole = frames * STEP_HZ // rate * rate // STEP_HZ  # pyloudnorm counts an incomplete last block
    for start_s in range(0, math.ceil(frames / rate), PIECE_S):
        first = max(0, start_s - RUN_UP_S) * rate
        last = min(whole, (start_s + PIECE_S + RUN_UP_S) * rate)
        if last - start_s * rate < LEAST_S * rate:
            break
        meter = pyloudnorm.Meter(rate, filter_class="DeMan")  # it keeps state: a new meter for each piece
        meter.integrated_loudness(_read(sound, first, last))
        before = start_s * STEP_HZ - first // rate * STEP_HZ
        for loudness in meter.blockwise_loudness[before : before + PIECE_S * STEP_HZ]:
            yield 10 ** (float(loudness) / 10)


def _read(sound: Any, first: int, last: int) -> Samples:  # noqa: ANN401 - soundfile ships no types
    try:
        sound.seek(first)
        samples: Samples = sound.read(last - first, always_2d=True)
    except soundfile.LibsndfileError as error:
        raise Unsound(f"it is truncated or damaged: {error.error_string}") from error
    samples = samples[:, WITHOUT_LFE.get(sound.channels, slice(None))]
    if samples.shape[1] > MOST_CHANNELS:
        raise Unsound(f"the second meter hears up to 5.1 channels, and it has {sound.channels}")
    return samples


def _gated(powers: Samples) -> float | None:
    """Integrated loudness by BS.1770-5, Annex 1, equations 5 to 7; pyloudnorm's offset is in *powers* already."""
    heard = powers[powers > 10 ** (ABSOLUTE_GATE_LUFS / 10)]
    if not len(heard):
        return None
    loud = heard[heard > heard.mean() * 10 ** (RELATIVE_GATE_LU / 10)]
    return 10 * math.log10(loud.mean())


def _true_peak(path: Path) -> float | None:
    peak = 0.0
    with SoundReader(Source(path)) as reader:
        for block in resample(reader.blocks(), reader.frames, 1, EXACT_OVERSAMPLING):
            peak = max(peak, float(block.max(initial=0)), -float(block.min(initial=0)))
    return 20 * math.log10(peak) if peak else None
