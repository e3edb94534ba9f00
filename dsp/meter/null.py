"""The null test: level and place of the difference between two sounds."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dsp.audio import Audio, Source, Unsound, grid
from dsp.files.sound import SoundReader
from dsp.meter.loudness import decibels

STEPS_PER_S = 20
"""Resolution in time of a difference."""

DIFFERS = 2.0**-23
"""Least peak that counts as a difference: -138 dBFS, one step of 24 bits, which no deliverable resolves."""

APART_S = 1.0
"""Differences closer than this are one range."""


@dataclass(frozen=True, slots=True)
class DifferingRange:
    """A range of song time in which two sounds differ."""

    start: int
    end: int
    """Frames; the end is the first equal one again."""
    rms_dbfs: float | None
    """RMS of the difference over this range and all channels; 0 dBFS is a full-scale square wave."""
    peak_dbfs: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference of two sounds."""

    rate: int
    frames: tuple[int, int]
    """Lengths of both sounds."""
    equal: bool
    """True if all samples and the lengths are equal."""
    whole: DifferingRange
    """Range from the first frame to the last of the longer sound."""
    stretches: tuple[DifferingRange, ...]
    """Differing ranges in order; none if the difference stays below one step of 24 bits."""


def residual_dbfs(one: Source, other: Source) -> float | None:
    """Peak of the difference of two sounds in dBFS; None if they are equal.

    The shorter one counts as silent after its end; only channels that both have are compared.

    Raises:
        Unsound: a file cannot be read.
    """
    with SoundReader(one) as a, SoundReader(other) as b:
        return decibels(max((float(np.abs(rest).max(initial=0.0)) for rest in _rests(a, b)), default=0.0))


def difference(one: Source, other: Source) -> Difference:
    """Locate and measure the difference of two sounds, streamed; memory holds two numbers per twentieth of a second.

    The shorter one counts as silent after its end.

    Raises:
        Unsound: a file cannot be read, or the two differ in rate or channels.
    """
    with SoundReader(one) as a, SoundReader(other) as b:
        if (a.rate, a.channels) != (b.rate, b.channels):
            raise Unsound(
                f"{a.channels} channels at {a.rate} Hz and {b.channels} at {b.rate} Hz cannot be laid over one another"
            )
        step, frames, channels = a.rate // STEPS_PER_S, max(a.frames, b.frames), a.channels
        steps = NullSteps(step, -(-frames // step))
        for rest in _rests(a, b):
            steps.add(rest)
        return Difference(
            rate=a.rate,
            frames=(a.frames, b.frames),
            equal=not steps.peaks.any() and a.frames == b.frames,
            whole=steps.stretch(0, len(steps.peaks), frames, channels),
            stretches=tuple(
                steps.stretch(first, last, frames, channels) for first, last in _runs(steps, STEPS_PER_S * APART_S)
            ),
        )


def _rests(one: SoundReader, other: SoundReader) -> Iterator[Audio]:
    """The difference of two sounds on the fixed grid, in the channels that both have."""
    channels = min(one.channels, other.channels)
    for start, frames in grid(max(one.frames, other.frames)):
        yield one.read(start, frames)[:channels] - other.read(start, frames)[:channels]


class NullSteps:
    """Peak and energy of a difference per time step.

    Args:
        step: frames of a step.
        count: number of steps.
    """

    def __init__(self, step: int, count: int) -> None:
        self.step = step
        self.peaks = np.zeros(count)
        self.energies = np.zeros(count)
        self._at = 0

    def add(self, rest: Audio) -> None:
        """Add the next block, shape (channels, frames)."""
        frames = rest.shape[1]
        first, last = self._at // self.step, (self._at + frames - 1) // self.step
        edges = np.maximum(np.arange(first, last + 1) * self.step - self._at, 0)
        size = np.abs(rest).max(axis=0).astype(np.float64)
        power = np.square(rest, dtype=np.float64).sum(axis=0)
        self.peaks[first : last + 1] = np.maximum(self.peaks[first : last + 1], np.maximum.reduceat(size, edges))
        self.energies[first : last + 1] += np.add.reduceat(power, edges)
        self._at += frames

    def stretch(self, first: int, last: int, frames: int, channels: int) -> DifferingRange:
        """The range of steps *first* to before *last* of a sound of *frames*."""
        start, end = first * self.step, min(last * self.step, frames)
        energy = float(self.energies[first:last].sum()) / max(1, (end - start) * channels)
        return DifferingRange(
            start, end, decibels(float(np.sqrt(energy))), decibels(float(self.peaks[first:last].max(initial=0.0)))
        )


def _runs(steps: NullSteps, apart: float) -> Iterator[tuple[int, int]]:
    """Runs of differing steps; runs less than *apart* steps from one another are merged."""
    differing = np.flatnonzero(steps.peaks >= DIFFERS)
    if not len(differing):
        return
    breaks = np.flatnonzero(np.diff(differing) > apart)
    starts = differing[np.concatenate([[0], breaks + 1])]
    ends = differing[np.concatenate([breaks, [len(differing) - 1]])] + 1
    yield from zip(starts.tolist(), ends.tolist(), strict=True)
