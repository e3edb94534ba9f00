"""What was played: notes in ticks, and the clock that says when a tick sounds."""

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
    """One note, from its stroke until it is let go (by the key or, later, by the pedal), in ticks."""

    start: Tick
    end: Tick
    channel: int
    key: int
    """0 to 127; 60 is middle C."""
    velocity: int
    """1 to 127."""


@dataclass(frozen=True, slots=True)
class Division:
    """What a tick is: a share of a quarter, whose length the tempo gives, or a fixed time."""

    quarter: int | None
    """Ticks in a quarter; None of a file that counts time code."""
    unit_s: Fraction
    """Seconds a tick lasts at a tempo of 1 (µs a quarter; a file of time code has but this one)."""


Tempo: TypeAlias = tuple[int, int]
"""From this tick on, so many microseconds a quarter."""


@dataclass(frozen=True, slots=True)
class Score:
    """A MIDI file as it is to be played, its notes in the order of their strokes."""

    division: Division
    tempos: tuple[Tempo, ...]
    """In order, the first at tick 0."""
    notes: tuple[Note, ...]
    stuck: int = 0
    """Notes that nobody let go; they end with the file."""
    bends: int = 0
    """Pitch-bend messages, which the built-in instruments do not follow."""


class Clock:
    """Ticks to seconds and frames, exactly.

    Args:
        division: what a tick is.
        tempos: in order, the first at tick 0.
    """

    def __init__(self, division: Division, tempos: Sequence[Tempo]) -> None:
        self._unit_s = division.unit_s
        self._ticks = [tick for tick, _ in tempos]
        self._tempos = [tempo for _, tempo in tempos]
        self._elapsed = [0]
        for (tick, tempo), (after, _) in pairwise(tempos):
            self._elapsed.append(self._elapsed[-1] + (after - tick) * tempo)

    def seconds(self, tick: Tick) -> Fraction:
        """When *tick* is, from the beginning of the file."""
        return self._units(tick) * self._unit_s

    def frame(self, tick: Tick, rate: int) -> int:
        """The frame nearest to *tick* at *rate* Hz; halves go up."""
        scale = 2 * self._unit_s * rate
        numerator, denominator = scale.numerator, scale.denominator
        return int((self._units(tick) * numerator + denominator) // (2 * denominator))

    def _units(self, tick: Tick) -> Tick:
        place = bisect_right(self._ticks, tick) - 1
        return self._elapsed[place] + (tick - self._ticks[place]) * self._tempos[place]
