"""A strict true-peak ceiling: the limiter's output is measured exactly, and attenuated around each overshoot.

The limiter interpolates with a short filter.  Close to half the rate (the noise of hats and snares) an exact
measurement can find up to some tenths of a dB more at single places.  A lower ceiling for the whole record would cost
loudness; a second gain for a few milliseconds around each overshoot costs nothing measurable.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from dsp.audio import Audio, Unsound
from dsp.files.resample import resample
from dsp.kernels.level.truepeak import AFTER
from dsp.kernels.maths import amplitude
from dsp.limit.limiter import Limiter
from dsp.meter.loudness import decibels
from dsp.meter.truepeak import EXACT_OVERSAMPLING

MARGIN_DB = 0.03
"""Distance of the aim below the ceiling, for what the interpolation may miss."""
MOST_PASSES = 5
"""Most render-and-measure passes of a song; two are usually enough."""

PIECE_FRAMES = 8192

STEPS = np.float32(2**14)
"""Steps of full scale to which peaks are rounded up, so that differences in soxr's last bits do not reach the audio."""


@dataclass(frozen=True, slots=True)
class Overshoots:
    """Places where a signal exceeds its ceiling: ascending frames, and the largest magnitude from each to the next."""

    frames: NDArray[np.int64]
    peaks: NDArray[np.float64]

    def __bool__(self) -> bool:
        return len(self.frames) > 0

    @property
    def highest_db(self) -> float | None:
        """Highest overshoot in dBTP; None if there is none."""
        return decibels(float(self.peaks.max(initial=0.0)))


def overshoots(blocks: Iterable[Audio], frames: int, ceiling_db: float, times: int = EXACT_OVERSAMPLING) -> Overshoots:
    """Find the overshoots of a signal, oversampled through soxr VHQ, streamed.

    Args:
        blocks: shape (channels, frames) each.
        frames: total number of frames.
        ceiling_db: dBTP; equal or lower peaks are no overshoots.
        times: oversampling factor; 16 is exact.
    """
    ceiling, at = amplitude(ceiling_db), 0
    found, peaks = [np.zeros(0, np.int64)], [np.zeros(0)]
    for block in resample(_pieces(blocks), frames, 1, times):
        if block.shape[1] and max(float(block.max()), -float(block.min())) > ceiling:
            loudest = np.abs(block).max(axis=0)
            places = np.flatnonzero(loudest > ceiling)
            found.append((places + at) // times)
            peaks.append(np.ceil(loudest[places] * STEPS).astype(np.float64) / STEPS)
        at += block.shape[1]
    together = np.concatenate(found)
    first_of_each = np.flatnonzero(np.diff(together, prepend=-1))
    if not len(first_of_each):
        return Overshoots(together, np.zeros(0))
    return Overshoots(together[first_of_each], np.maximum.reduceat(np.concatenate(peaks), first_of_each))


def _pieces(blocks: Iterable[Audio]) -> Iterator[Audio]:
    """The signal in pieces short enough that their oversampled form stays in cache."""
    for block in blocks:
        for first in range(0, block.shape[1], PIECE_FRAMES):
            yield block[:, first : first + PIECE_FRAMES]


class Mender(Limiter):
    """Attenuates a signal smoothly around its overshoots, and leaves all other frames unchanged."""

    def __init__(self, rate: int, channels: int, ceiling: float, overshoots: Overshoots) -> None:
        super().__init__(rate, channels, ceiling)
        self._over = overshoots
        self._heard = -AFTER
        """First frame of the next envelope; starts as late as the envelope of a limiter."""

    def envelope(self, block: Audio) -> NDArray[np.float32]:
        """The peaks of the overshoots at their frames, silence elsewhere."""
        frames = block.shape[1]
        out = np.zeros(frames, np.float32)
        first, last = np.searchsorted(self._over.frames, (self._heard, self._heard + frames))
        out[self._over.frames[first:last] - self._heard] = self._over.peaks[first:last]
        self._heard += frames
        return out


def limited(limiter: Limiter, blocks: Iterable[Audio], gain_db: Decimal) -> Iterator[Audio]:
    """The signal in *blocks* with a gain, through *limiter*: same length, blocks of any length."""
    factor = np.float32(amplitude(float(gain_db)))
    return _through(limiter, (block * factor for block in blocks))


def mended(menders: Iterable[Mender], blocks: Iterable[Audio]) -> Iterable[Audio]:
    """The signal in *blocks* through *menders*, one for each measurement that found overshoots."""
    for mender in menders:
        blocks = _through(mender, blocks)
    return blocks


def limiter(rate: int, channels: int, ceiling_db: float) -> Limiter:
    """A limiter that aims :data:`MARGIN_DB` below a ceiling."""
    return Limiter(rate, channels, amplitude(ceiling_db - MARGIN_DB))


def mender(rate: int, channels: int, ceiling_db: float, overshoots: Overshoots) -> Mender:
    """A mender for *overshoots* that aims :data:`MARGIN_DB` below the ceiling."""
    return Mender(rate, channels, amplitude(ceiling_db - MARGIN_DB), overshoots)


def _through(stage: Limiter, blocks: Iterable[Audio]) -> Generator[Audio]:
    for block in blocks:
        yield stage.process(block)
    yield stage.flush()


Made = TypeVar("Made")


def hold(make: Callable[[tuple[Overshoots, ...]], tuple[Made, Overshoots]], ceiling_db: float) -> Made:
    """Render until no overshoot is left.

    Args:
        make: renders with the overshoots found so far, one entry a pass, attenuated; returns the result and the
            overshoots that are left.
        ceiling_db: dBTP, for the message.

    Raises:
        Unsound: overshoots are left after :data:`MOST_PASSES` passes.
    """
    mended: tuple[Overshoots, ...] = ()
    for _ in range(MOST_PASSES):
        made, left = make(mended)
        if not left:
            return made
        mended = (*mended, left)
    raise Unsound(
        f"the ceiling of {ceiling_db} dBTP cannot be held: {left.highest_db:.3f} dBTP after {MOST_PASSES} passes"
    )
