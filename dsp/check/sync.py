"""Offset of a submitted file from what its maker was given: distance, polarity, and how much of the phases agrees.

Generalised cross-correlation with phase transform (Knapp and Carter 1976), over stretches of 5.5 s at 48 kHz.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dsp.audio import Source
from dsp.blocks.cross_correlation import Line, cross_spectrum, near_lags
from dsp.files.sound import SoundReader

SYNC_FRAMES = 1 << 18
"""Frames compared between two files: 5.5 s at 48 kHz."""
FARTHEST_S = 1.0
SURE = 3.0
"""Ratio of the correlation at a lag to that at lag 0 above which the files are out of sync ..."""
ALIKE = 0.05
"""... and least share of phases that must agree: an a cappella shares little with the main print."""
CHANCE = 8.0
"""Share that chance alone gives at some lag, times the square root of the number of phases; twice what was seen."""
WHITE = 0.7
"""Spectral flatness above which a file is white noise: that of music lies below 0.1."""
BANDS = 1024
"""Bands of equal width over which the flatness is taken."""


@dataclass(frozen=True, slots=True)
class Offset:
    """Place and polarity of one file relative to another."""

    frames: int
    """Frames by which it is later; negative if it is earlier."""
    inverted: bool
    """True if its polarity is opposite."""
    share: float
    """Share of the phases that agree at this offset, 0 to 1; of the frequencies at which both files sound."""


def offset(main: Sequence[Source], other: Source, *, start: int) -> Offset | None:
    """Offset of *other* from the sum of *main*, over one stretch; None if they share too little to compare.

    Args:
        main: the reference files, summed to one channel.
        other: the file to compare, at the same rate.
        start: frame from which both are compared; it should not be silent.

    Raises:
        Unsound: a file cannot be read.
    """
    window = _window(min(max(map(_frames, main), default=0), _frames(other)) - start)
    there, rate = _line(other, start)
    there, here = there * window, np.sum([_line(source, start)[0] for source in main], axis=0) * window
    farthest = min(int(FARTHEST_S * rate), SYNC_FRAMES // 4)
    cross = cross_spectrum(there, here, 2 * SYNC_FRAMES)
    sizes = np.abs(cross)
    loud = sizes > sizes.max(initial=0.0) * 1e-9
    phases = np.where(loud, cross / np.where(loud, sizes, 1.0), 0.0)
    bands = max(1, int(np.count_nonzero(loud)))
    lags = near_lags(phases, farthest) * (len(phases) / bands)
    alike = max(ALIKE, CHANCE / bands**0.5)
    best = int(np.abs(lags).argmax())
    if abs(lags[best]) <= max(alike, SURE * abs(float(lags[farthest]))):
        best = farthest
    found = float(lags[best])
    return Offset(best - farthest, inverted=found < 0, share=min(1.0, abs(found))) if abs(found) > alike else None


def offsets(main: Sequence[Source], other: Source, starts: Iterable[int]) -> list[Offset]:
    """The offsets at each of *starts* where the files can be compared."""
    return [found for start in starts if (found := offset(main, other, start=start))]


def steady_offset(found: Sequence[Offset]) -> Offset | None:
    """The offset that is equal in all of *found*, with its largest share; None if they differ, or there are none.

    A file that was exported late is late everywhere; a phrase that an editor moved is not.
    """
    if len({(one.frames, one.inverted) for one in found}) != 1:
        return None
    return max(found, key=lambda one: one.share)


def stretches(first: int, last: int) -> list[int]:
    """First frames of the stretches to compare in a file that sounds from *first* to *last*: three if it is long."""
    sounds = max(0, last - first)
    return [first + sounds * third // 3 for third in range(3 if sounds > SYNC_FRAMES else 1)]


def flatness(source: Source, *, start: int) -> float:
    """Spectral flatness of a stretch, 0 to 1: geometric over arithmetic mean of the power of its bands.

    White noise is near 1, a tone near 0 (Johnston 1988).
    """
    line, _ = _line(source, start)
    power = np.square(np.abs(np.fft.rfft(line)))[1:]
    bands = power[: len(power) // BANDS * BANDS].reshape(BANDS, -1).mean(axis=1)
    mean = float(bands.mean())
    return float(np.exp(np.log(np.maximum(bands, mean * 1e-15)).mean()) / mean) if mean > 0.0 else 0.0


def _window(there: int) -> Line:
    """A Hann window over the *there* first frames of a stretch, 0 beyond them.

    An edge of the stretch, or a file that is cut while it sounds, is a step.  In bands without sound the steps are all
    there is, and those of unrelated files have equal phases where they lie on equal frames.
    """
    frames = min(SYNC_FRAMES, max(0, there))
    window = np.zeros(SYNC_FRAMES)
    window[:frames] = np.hanning(frames)
    return window


def _frames(source: Source) -> int:
    with SoundReader(source) as reader:
        return reader.frames


def _line(source: Source, start: int) -> tuple[Line, int]:
    """One stretch summed to one channel, and the rate in Hz."""
    with SoundReader(source) as reader:
        return np.asarray(reader.read(start, SYNC_FRAMES).sum(axis=0), np.float64), reader.rate
