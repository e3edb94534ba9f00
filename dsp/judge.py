"""A second opinion on loudness: pyloudnorm with its exact K filter, which shares no code with our meter.

It holds the whole file in memory and loads scipy, so it is asked at quality control and never while rendering.
"""

from pathlib import Path

import pyloudnorm
import soundfile

from dsp.audio import Unsound
from dsp.door import opened
from dsp.loudness import ABSOLUTE_GATE_LUFS

LEAST_S = 0.4
AGREEMENT_LU = 0.1


def judge(path: Path) -> float | None:
    """The integrated loudness of a file in LUFS; None for silence and for less than 400 ms.

    Raises:
        Unsound: the file cannot be read.
    """
    with opened(path) as file:
        try:
            samples = file.sound.read(always_2d=True)
        except soundfile.LibsndfileError as error:
            raise Unsound(f"it is truncated or damaged: {error.error_string}") from error
        rate = file.sound.samplerate
    whole = len(samples) * 10 // rate * rate // 10  # pyloudnorm counts a last block that is not whole
    if whole < LEAST_S * rate:
        return None
    loudness = float(pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(samples[:whole]))
    return loudness if loudness > ABSOLUTE_GATE_LUFS else None


def agree(path: Path, measured_lufs: float | None) -> None:
    """Hold our own measure of a file against the second opinion.

    Raises:
        Unsound: they differ by more than 0.1 LU, so one of the meters is wrong.
    """
    opinion = judge(path)
    if opinion is None and measured_lufs is None:
        return
    if opinion is None or measured_lufs is None or abs(opinion - measured_lufs) > AGREEMENT_LU:
        raise Unsound(
            f"two meters disagree on its loudness: ours reads {measured_lufs} LUFS, pyloudnorm {opinion} LUFS"
        )
