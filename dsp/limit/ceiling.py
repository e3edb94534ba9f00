"""A ceiling that holds: what a limiter let through is read exactly, and turned down where it is, and only there.

A limiter reads between the samples through a short filter.  Close to half the rate (the noise of hats and snares) an
exact reading can find up to some tenths of a dB more at single places.  Lowering the whole ceiling for these would cost
the record loudness; a second gain that acts for a few milliseconds around each costs nothing one can measure.
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
"""How far below the ceiling is aimed, for what a reading between the samples may miss."""
MOST_PASSES = 5
"""So often is a song made and read at most; two passes hold as a rule."""

PIECE_FRAMES = 8192

STEPS = np.float32(2**14)
"""Of full scale; peaks are read in whole ones, rounded up, so that what differs in soxr's last bits makes no sound."""


@dataclass(frozen=True, slots=True)
class Overshoots:
    """Where a signal exceeds its ceiling: frames, rising, and the largest magnitude from each to the next."""

    frames: NDArray[np.int64]
    peaks: NDArray[np.float64]

    def __bool__(self) -> bool:
        return len(self.frames) > 0

    @property
    def highest_db(self) -> float | None:
        """dBTP; None where nothing exceeds."""
        return decibels(float(self.peaks.max(initial=0.0)))


def overshoots(blocks: Iterable[Audio], frames: int, ceiling_db: float, times: int = EXACT_OVERSAMPLING) -> Overshoots:
    """Read a signal at so many times its rate through soxr VHQ, streamed.

    Args:
        blocks: shape (channels, frames) each.
        frames: of all of them.
        ceiling_db: dBTP; what is at most as loud is no overshoot.
        times: sixteen are exact.
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
    """The signal in pieces of which many times as many samples still are near at hand."""
    for block in blocks:
        for first in range(0, block.shape[1], PIECE_FRAMES):
            yield block[:, first : first + PIECE_FRAMES]


class Mender(Limiter):
    """Turns a signal down around its overshoots, as smoothly as a limiter, and nowhere else."""

    def __init__(self, rate: int, channels: int, ceiling: float, overshoots: Overshoots) -> None:
        super().__init__(rate, channels, ceiling)
        self._over = overshoots
        self._heard = -AFTER
        """The frame that the next envelope begins with: as late as one that is read."""

    def envelope(self, block: Audio) -> NDArray[np.float32]:
        """Silence, and the peaks that were found."""
        frames = block.shape[1]
        out = np.zeros(frames, np.float32)
        first, last = np.searchsorted(self._over.frames, (self._heard, self._heard + frames))
        out[self._over.frames[first:last] - self._heard] = self._over.peaks[first:last]
        self._heard += frames
        return out


def limited(limiter: Limiter, blocks: Iterable[Audio], gain_db: Decimal) -> Iterator[Audio]:
    """The whole signal in *blocks* with a gain, through *limiter*: no frame more or less, in blocks of any length."""
    factor = np.float32(amplitude(float(gain_db)))
    return _through(limiter, (block * factor for block in blocks))


def mended(menders: Iterable[Mender], blocks: Iterable[Audio]) -> Iterable[Audio]:
    """The whole signal in *blocks* through *menders*, one for each reading that found overshoots."""
    for mender in menders:
        blocks = _through(mender, blocks)
    return blocks


def limiter(rate: int, channels: int, ceiling_db: float) -> Limiter:
    """A limiter that aims a little below a ceiling."""
    return Limiter(rate, channels, amplitude(ceiling_db - MARGIN_DB))


def mender(rate: int, channels: int, ceiling_db: float, overshoots: Overshoots) -> Mender:
    """What turns these down, to a little below the ceiling."""
    return Mender(rate, channels, amplitude(ceiling_db - MARGIN_DB), overshoots)


def _through(stage: Limiter, blocks: Iterable[Audio]) -> Generator[Audio]:
    for block in blocks:
        yield stage.process(block)
    yield stage.flush()


Made = TypeVar("Made")


def hold(make: Callable[[tuple[Overshoots, ...]], tuple[Made, Overshoots]], ceiling_db: float) -> Made:
    """Make something until nothing of it exceeds its ceiling.

    Args:
        make: given the overshoots to mend, the readings of earlier passes in their order; answers with what it made
            and the overshoots that are left.
        ceiling_db: dBTP, for the message.

    Raises:
        Unsound: something is left after :data:`MOST_PASSES` passes.
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
