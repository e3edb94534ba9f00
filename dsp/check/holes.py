"""Holes: moments at which a sound falls far below the noise floor around it, and comes back as suddenly.

Tape, disks and wireless microphones drop out to zero or to their own noise, often with a short fade.  A rest ends
slowly, and the softest moments around it are as soft as it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dsp.check.fault import Fault

HOP_S: Final = 0.00025
FEWEST_HOPS: Final = 3
"""Least length of a hole."""
SHORT_HOPS: Final = 20
"""Hops below which it may also be that two tones cancel, or that a bass crosses zero ..."""
DEEP, DEEPEST, DEEP_STEPS = 0.008, 0.006, 0.5
"""... so that its level must fall below DEEP of that beside it (DEEPEST where it has only FEWEST_HOPS), and the steps
from sample to sample below DEEP_STEPS of theirs: they are largest where a bass crosses zero."""
LONG_HOPS, SUSTAINED = 320, 0.03
"""Hops from which it may also be a rest: then the floor around it must be that near to the levels beside it ..."""
LOUD: Final = 0.1
"""... or these as near as this to the highest peak of all."""
FAINT: Final = 0.03
"""RMS beside a hole, relative to the highest peak of all, below which a word or a drum ends there."""
MOST_OTHERS: Final = 14
"""More of them within 0.3 s are a bass of many overtones, or a rattle, which pauses at each turn."""
LONGEST_S: Final = 1.0
"""Longer holes are rests."""
EDGE_S: Final = 0.003
"""Longest time in which the sound falls and comes back."""
LONGEST_FADE: Final = 2
"""Hops at each end of a hole in which a fade may still be heard."""
FALL: Final = 0.1
"""Highest peak within a hole, relative to those within EDGE_S on both sides."""
RISE: Final = 4.0
"""Rise over the first peaks within a hole that ends it, if FALL does not end it before."""
FADING: Final = 0.17
"""Least peak within EDGE_S beside a hole, relative to that within 20 ms: a sound that fades there is no hole."""
AROUND_S: Final = 0.1
"""Seconds on both sides in which the noise floor is measured."""
AROUND_LENGTHS: Final = 3
"""AROUND_S in lengths of the hole, whichever is longer."""
SOFTEST_SHARE: Final = 0.05
"""Share of the hops around that are softer than the floor."""
UNDER: Final = 0.5
"""Highest level within a hole, relative to the floor."""
SOUNDING: Final = 10 ** (-45 / 20)
"""RMS that must sound within 10 ms on both sides."""
BESIDE_S: Final = 0.010
ALIKE: Final = 10.0
"""Largest ratio of the levels before and after: a sound that dies away and begins anew is no hole."""
VOID_HOPS: Final = 8
"""Least length of a void: a hole so deep that what sounds beside it need not be loud or steady ..."""
VOID: Final = 0.0125
"""... with its highest peak, relative to the softer of its sides ..."""
VOID_UNDER: Final = 0.05
"""... and its level, relative to the floor, below these.  No rest is as soft in a sound that has none around it."""

Line = NDArray[np.float64]


def holes(line: Line, rate: int) -> Iterator[Fault]:
    """The holes of *line*, which must hold :data:`LONGEST_S` and a little more behind the stretch that matters."""
    hop = max(1, round(HOP_S * rate))
    levels, steps = _Levels(line, hop), _Levels(np.diff(line, prepend=0.0), hop)
    beside, highest = round(BESIDE_S / HOP_S), float(levels.peaks.max(initial=0.0))
    stretches = list(_soft(levels.peaks))
    for stretch, others in zip(stretches, _others(stretches), strict=True):
        start, end = stretch.start, stretch.end
        if start < beside or end + beside > len(levels.peaks):
            continue
        before, after = levels.beside(start, end, beside)
        sounds = before > SOUNDING and after > SOUNDING and max(before, after) < ALIKE * min(before, after)
        inside, floor = levels.inside(start, end), levels.floor(start, end)
        if not sounds or inside >= UNDER * floor:
            continue
        if stretch.is_void and inside < VOID_UNDER * floor:
            yield _fault(stretch, hop)
            continue
        if not stretch.between_steady or min(before, after) < FAINT * highest:
            continue
        soft = min(before, after) < LOUD * highest
        if end - start >= LONG_HOPS and soft and floor < SUSTAINED * min(before, after):
            continue
        least = DEEPEST if end - start == FEWEST_HOPS else DEEP
        slow = steps.inside(start, end) < DEEP_STEPS * min(steps.beside(start, end, beside))
        deep = slow and inside < least * min(before, after) and others <= MOST_OTHERS
        if end - start >= SHORT_HOPS or deep:
            yield _fault(stretch, hop)


@dataclass(frozen=True, slots=True)
class SoftStretch:
    """Neighbouring hops far below both the peaks before and those after them."""

    start: int
    end: int
    depth: float
    """Highest peak within, relative to those of the softer side."""
    steadiest: float
    """Peak within EDGE_S beside it relative to that within 20 ms, on the side on which this is higher ..."""
    least_steady: float
    """... and on the other one."""

    @property
    def between_steady(self) -> bool:
        """True if the sound neither fades before nor swells after it."""
        return self.least_steady >= FADING

    @property
    def is_void(self) -> bool:
        """True if it is as deep and as long as a void, and on one side the sound is as loud as farther from it."""
        return self.end - self.start >= VOID_HOPS and self.depth < VOID and self.steadiest >= FADING


def _fault(stretch: SoftStretch, hop: int) -> Fault:
    frames = (stretch.end - stretch.start) * hop
    return Fault(stretch.start * hop, frames, frames, 0.8)


def _others(stretches: Sequence[SoftStretch]) -> list[int]:
    """Number of other soft stretches between steady sound near each of *stretches*."""
    every = np.array([stretch.start for stretch in stretches], np.int64)
    starts = np.array([stretch.start for stretch in stretches if stretch.between_steady], np.int64)
    near = 3 * round(AROUND_S / HOP_S)
    counts = np.searchsorted(starts, every + near, "right") - np.searchsorted(starts, every - near) - 1
    return [int(count) for count in counts]


class _Levels:
    """Peaks and powers of a signal, hop by hop."""

    def __init__(self, line: Line, hop: int) -> None:
        pieces = line[: len(line) // hop * hop].reshape(-1, hop)
        self.peaks = np.abs(pieces).max(axis=1)
        self._powers = np.square(pieces).mean(axis=1)
        self._energy = np.concatenate([[0.0], np.cumsum(self._powers)])

    def beside(self, start: int, end: int, hops: int) -> tuple[float, float]:
        """RMS of as many hops before *start* and after *end*."""
        energy = self._energy
        before, after = energy[start] - energy[start - hops], energy[end + hops] - energy[end]
        return float(np.sqrt(max(0.0, before) / hops)), float(np.sqrt(max(0.0, after) / hops))

    def inside(self, start: int, end: int) -> float:
        """RMS of the median hop: a fade at an end of a hole does not count."""
        return float(np.sqrt(np.median(self._powers[start:end])))

    def floor(self, start: int, end: int) -> float:
        """RMS of the softest moments around a stretch."""
        around, margin, powers = round(AROUND_S / HOP_S), round(EDGE_S / HOP_S), self._powers
        around = max(around, AROUND_LENGTHS * (end - start))
        beside = [powers[max(0, start - around) : max(0, start - margin)], powers[end + margin : end + around]]
        both = np.concatenate(beside)
        return float(np.sqrt(np.quantile(both, SOFTEST_SHARE))) if len(both) else 0.0


def _soft(peaks: Line) -> Iterator[SoftStretch]:
    """The soft stretches of a signal with these *peaks*, hop by hop."""
    near, longest, last = round(EDGE_S / HOP_S), round(LONGEST_S / HOP_S), -1
    before = np.concatenate([np.zeros(near), _highest(peaks, near)])[: len(peaks)]
    for start in np.flatnonzero(peaks < FALL * before).tolist():
        if start < last:
            continue
        floor = peaks[start + LONGEST_FADE : start + 3 * LONGEST_FADE].max(initial=0.0)
        limit = min(FALL, max(RISE * floor / before[start], FALL / 5)) * before[start]
        stretch = peaks[start + LONGEST_FADE : start + longest + 1] >= limit
        end = start + LONGEST_FADE + int(stretch.argmax()) if stretch.any() else start
        fade = min(LONGEST_FADE, (end - start - 1) // 2)
        inner = peaks[start + fade : end - fade].max(initial=0.0)
        after = peaks[end : end + near].max(initial=0.0)
        far = round(2 * BESIDE_S / HOP_S)
        if end - start >= FEWEST_HOPS and inner < FALL * after:
            sides = (
                float(before[start] / peaks[max(0, start - far) : start].max()),
                float(after / peaks[end : end + far].max()),
            )
            last = end
            yield SoftStretch(start, end, float(inner / min(before[start], after)), max(sides), min(sides))


def _highest(peaks: Line, near: int) -> Line:
    """Highest of each *near* peaks in a row, by the first of them."""
    if len(peaks) < near:
        return np.zeros(len(peaks))
    return np.asarray(np.lib.stride_tricks.sliding_window_view(peaks, near).max(axis=1))
