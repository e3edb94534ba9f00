"""A performance: notes in ticks, and the clock that converts ticks to time."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final, TypeAlias

Tick: TypeAlias = int | Fraction

DRUM_CHANNEL: Final = 9
"""Channel 10 of General MIDI, counted from 0."""


@dataclass(frozen=True, slots=True)
class Note:
    """One note in ticks, from its stroke until its release by the key or, if later, by the pedal."""

    start: Tick
    end: Tick
    channel: int
    key: int
    """0 to 127; 60 is middle C."""
    velocity: int
    """1 to 127."""


@dataclass(frozen=True, slots=True)
class Division:
    """Meaning of a tick: a fraction of a quarter, whose length the tempo gives, or a fixed time."""

    quarter: int | None
    """Ticks per quarter; None for SMPTE time code."""
    unit_s: Fraction
    """Seconds a tick lasts at a tempo of 1 (µs a quarter; time code always has tempo 1)."""


Tempo: TypeAlias = tuple[int, int]
"""A tick, and the tempo from it on in microseconds a quarter."""


@dataclass(frozen=True, slots=True)
class Score:
    """A performance read from a MIDI file, its notes in the order of their strokes."""

    division: Division
    tempos: tuple[Tempo, ...]
    """Tempo changes in order, the first at tick 0."""
    notes: tuple[Note, ...]
    stuck: int = 0
    """Number of notes without release; they end with the file."""
    bends: int = 0
    """Number of pitch-bend messages, which the built-in instruments ignore."""


class Clock:
    """Exact conversion of ticks to seconds and frames.

    Args:
        division: meaning of a tick.
        tempos: tempo changes in order, the first at tick 0.
    """

    def __init__(self, division: Division, tempos: Sequence[Tempo]) -> None:
        self._unit_s = division.unit_s
        self._ticks = [tick for tick, _ in tempos]
        self._tempos = [tempo for _, tempo in tempos]
        self._elapsed = [0]
        for (tick, tempo), (after, _) in pairwise(tempos):
            self._elapsed.append(self._elapsed[-1] + (after - tick) * tempo)

    def seconds(self, tick: Tick) -> Fraction:
        """Seconds from the start of the file to *tick*."""
        return self._units(tick) * self._unit_s

    def frame(self, tick: Tick, rate: int) -> int:
        """The frame nearest to *tick* at *rate* Hz; halves round up."""
        scale = 2 * self._unit_s * rate
        numerator, denominator = scale.numerator, scale.denominator
        return int((self._units(tick) * numerator + denominator) // (2 * denominator))

    def _units(self, tick: Tick) -> Tick:
        place = bisect_right(self._ticks, tick) - 1
        return self._elapsed[place] + (tick - self._ticks[place]) * self._tempos[place]
