"""The tempo map: the times of a song's bars.

Bar 1 begins at 0:00.  A tempo counts quarter notes a minute whatever the meter, as MIDI files and DAWs count them; it
changes at any quarter note, the meter only at a bar.  Positions are fractions until they are rounded to a frame, so
that bar 1000 is as exact as bar 2.
"""

import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from domain.core.event import Value
from domain.core.refusal import Misused

Ratio = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}(/[1-9][0-9]{0,17})?$")]
"""A fraction as text, such as ``120`` or ``257/2``."""

MOST_CHANGES: Final = 4096
"""Changes of tempo or of meter in one map; a drawn tempo curve of an hour has fewer."""
LAST_BAR: Final = 100_000
SLOWEST_BPM, FASTEST_BPM = 5, 1000
UNITS: Final = (1, 2, 4, 8, 16, 32, 64)

_BPM = re.compile(r"\d{1,4}(?:\.\d{1,6})?", re.ASCII)
_METER = re.compile(r"(\d{1,2})/(\d{1,2})", re.ASCII)
_BAR = re.compile(r"([1-9]\d{0,5})(?:\.([1-9]\d?))?", re.ASCII)


class Tempo(Value):
    """Tempo in quarter notes a minute, from a quarter note on (counted from 0, the first of bar 1)."""

    quarter: Ratio
    bpm: Ratio


class Meter(Value):
    """Meter from a bar on: ``beats`` notes of value 1/``unit`` a bar."""

    bar: Annotated[int, Field(gt=0, le=LAST_BAR)]
    beats: Annotated[int, Field(gt=0, le=99)]
    unit: Annotated[int, Field(gt=0, le=64)]

    @property
    def quarters(self) -> Fraction:
        """Quarter notes in a bar."""
        return Fraction(self.beats * 4, self.unit)


class TempoMap(Value):
    """Tempi and meters of a song, each in order; the first applies from the start."""

    tempi: Annotated[tuple[Tempo, ...], Field(min_length=1, max_length=MOST_CHANGES)]
    meters: Annotated[tuple[Meter, ...], Field(min_length=1, max_length=MOST_CHANGES)]


def tempo_map(tempi: Sequence[tuple[Fraction, Fraction]], meters: Sequence[tuple[int, int, int]]) -> TempoMap:
    """Tempo map from ``(quarter, bpm)`` and ``(bar, beats, unit)``; the later of two entries for one place counts.

    Defaults are 120 and 4/4, as in a MIDI file.

    Raises:
        Misused: ``form.tempo``; a tempo, a meter or the number of changes is out of range.
    """
    speeds = {Fraction(0): Fraction(120)} | dict(tempi)
    bars = {1: (4, 4)} | {bar: (beats, unit) for bar, beats, unit in meters}
    if max(len(speeds), len(bars)) > MOST_CHANGES:
        raise Misused("form.tempo", f"a tempo map has at most {MOST_CHANGES:,} changes, this one {len(speeds):,}")
    for bpm in speeds.values():
        if not SLOWEST_BPM <= bpm <= FASTEST_BPM:
            raise Misused(
                "form.tempo", f"a tempo is {SLOWEST_BPM} to {FASTEST_BPM} quarter notes a minute, not {float(bpm):g}"
            )
    for bar, (beats, unit) in bars.items():
        if unit not in UNITS or not 0 < beats < 100 or not 0 < bar <= LAST_BAR:  # noqa: PLR2004 - two digits
            raise Misused("form.tempo", f"bar {bar}: {beats}/{unit} is no meter; write one like 4/4 or 7/8")
    return TempoMap(
        tempi=tuple(Tempo(quarter=str(at), bpm=str(bpm)) for at, bpm in sorted(speeds.items())),
        meters=tuple(Meter(bar=bar, beats=beats, unit=unit) for bar, (beats, unit) in sorted(bars.items())),
    )


def read_tempo_map(tempi: Sequence[str], meters: Sequence[str]) -> TempoMap:
    """Tempo map from words: ``120`` or ``33=124.5`` (from bar 33 on), and ``4/4`` or ``17=7/8``.

    Raises:
        Misused: ``form.tempo``.
    """
    bars = [(bar, *_meter(word)) for bar, word in map(_from_bar, meters)]
    plain = tempo_map((), bars)
    return tempo_map([(quarter_of(plain, bar), _bpm(word)) for bar, word in map(_from_bar, tempi)], bars)


def _from_bar(text: str) -> tuple[int, str]:
    bar, equals, word = text.rpartition("=")
    if not equals:
        return 1, word
    found = _BAR.fullmatch(bar)
    if not found or found[2] or int(found[1]) > LAST_BAR:
        raise Misused("form.tempo", f"{text!r}: before = comes a bar, 1 to {LAST_BAR:,}")
    return int(bar), word


def _bpm(word: str) -> Fraction:
    if not _BPM.fullmatch(word):
        raise Misused("form.tempo", f"{word!r} is no tempo; write 120, or 33=124.5 for from bar 33 on")
    return Fraction(word)


def _meter(word: str) -> tuple[int, int]:
    found = _METER.fullmatch(word)
    if not found:
        raise Misused("form.tempo", f"{word!r} is no meter; write 4/4, or 17=7/8 for from bar 17 on")
    return int(found[1]), int(found[2])


def quarter_of(known: TempoMap, bar: int) -> Fraction:
    """The quarter note at which *bar* begins, counted from 0."""
    at = Fraction(0)
    for meter, following in pairwise((*known.meters, None)):
        assert meter is not None  # only the last element has no successor
        end = bar if following is None else min(bar, following.bar)
        at += max(0, end - meter.bar) * meter.quarters
    return at


def frame_of_quarter(known: TempoMap, quarter: Fraction, rate: int) -> int:
    """The frame nearest to *quarter*, at *rate* Hz."""
    seconds = Fraction(0)
    for tempo, following in pairwise((*known.tempi, None)):
        assert tempo is not None  # only the last element has no successor
        begins = Fraction(tempo.quarter)
        ends = quarter if following is None else min(quarter, Fraction(following.quarter))
        if ends <= begins:
            break
        seconds += (ends - begins) * 60 / Fraction(tempo.bpm)
    return int(seconds * rate + Fraction(1, 2))


def frame_of_bar(known: TempoMap, text: str, rate: int) -> int:
    """The frame of a bar (``33``) or of a beat of a bar (``33.3``), at *rate* Hz.

    Raises:
        Misused: ``form.bar``; *text* does not parse, or the bar has no such beat.
    """
    found = _BAR.fullmatch(text)
    if not found or int(found[1]) > LAST_BAR:
        raise Misused("form.bar", f"{text!r} is no bar; write 33, 33.3 for its third beat, or a time like 0:48")
    bar, beat = int(found[1]), int(found[2] or 1)
    meter = next(meter for meter in reversed(known.meters) if meter.bar <= bar)
    if beat > meter.beats:
        raise Misused("form.bar", f"bar {bar} has {meter.beats} beats, there is no beat {beat}")
    return frame_of_quarter(known, quarter_of(known, bar) + (beat - 1) * Fraction(4, meter.unit), rate)
