"""Exact overshoot measurement of successive renders that differ in a few places only."""

from collections.abc import Callable, Iterator
from hashlib import blake2b

import numpy as np

from dsp.audio import Audio, grid
from dsp.limit.ceiling import Overshoots, overshoots

STRETCH_FRAMES = 8192
"""Length of the stretches that are compared with the previous render, in frames."""
AROUND_FRAMES = 1024
"""Reach of the measurement in frames: soxr VHQ interpolates over some 260 frames on each side."""


class ExactReading:
    """Finds overshoots; ranges that are unchanged since the last call are not measured again.

    Args:
        ceiling_db: dBTP.
    """

    def __init__(self, ceiling_db: float) -> None:
        self._ceiling_db = ceiling_db
        self._known: list[bytes] = []
        self._found = Overshoots(np.zeros(0, np.int64), np.zeros(0))

    def overshoots(self, read: Callable[[int, int], Audio], frames: int) -> Overshoots:
        """The overshoots of a signal.

        Args:
            read: returns frames from a start frame on, as :meth:`dsp.files.sound.SoundReader.read` does.
            frames: length of the signal, equal in all calls.
        """
        stretches = list(_digests(read, frames))
        if not self._known:
            blocks = (read(start, length) for start, length in grid(frames))
            self._found = overshoots(blocks, frames, self._ceiling_db)
        else:
            changed = [one != other for one, other in zip(stretches, self._known, strict=True)]
            for first, last in _runs(changed, frames):
                self._found = _replaced(self._found, first, last, self._again(read, first, last, frames))
        self._known = stretches
        return self._found

    def _again(self, read: Callable[[int, int], Audio], first: int, last: int, frames: int) -> Overshoots:
        start = max(0, first - AROUND_FRAMES)  # clipped to the signal, as a measurement of the whole is
        length = min(frames, last + AROUND_FRAMES) - start
        found = overshoots([read(start, length)], length, self._ceiling_db)
        return _within(Overshoots(found.frames + start, found.peaks), first, last)


def _digests(read: Callable[[int, int], Audio], frames: int) -> Iterator[bytes]:
    for start, length in grid(frames):
        block = read(start, length)
        for first in range(0, length, STRETCH_FRAMES):
            yield blake2b(block[:, first : first + STRETCH_FRAMES].tobytes(), digest_size=16).digest()


def _runs(changed: list[bool], frames: int) -> Iterator[tuple[int, int]]:
    """Ranges of frames to measure again: each run of changed ranges, widened by :data:`AROUND_FRAMES`."""
    edges = np.flatnonzero(np.diff([False, *changed, False]))
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield max(0, begin * STRETCH_FRAMES - AROUND_FRAMES), min(frames, end * STRETCH_FRAMES + AROUND_FRAMES)


def _within(one: Overshoots, first: int, last: int) -> Overshoots:
    kept = (one.frames >= first) & (one.frames < last)
    return Overshoots(one.frames[kept], one.peaks[kept])


def _replaced(one: Overshoots, first: int, last: int, other: Overshoots) -> Overshoots:
    kept = (one.frames < first) | (one.frames >= last)
    frames, peaks = np.append(one.frames[kept], other.frames), np.append(one.peaks[kept], other.peaks)
    order = np.argsort(frames)
    return Overshoots(frames[order], peaks[order])
