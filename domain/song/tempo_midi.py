"""Tempo map and markers of a standard MIDI file (RP-001), read and written; all other events are skipped.

mido is not used, because tempo files are untrusted: it reads variable-length numbers of any length, and makes an object
of every note.  This reader takes each byte once and keeps two kinds of events.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from struct import pack
from typing import Final

from domain.core.refusal import Misused
from domain.song.tempo import LAST_BAR, MOST_CHANGES, TempoMap, quarter_of, tempo_map

LARGEST: Final = 4 * 1024 * 1024
"""Bytes; ten hours of tempo changes take a hundredth of that."""

_TEMPO, _METER, _END, _MARKER = 0x51, 0x58, 0x2F, 0x06
_META, _SYSEX, _ESCAPE = 0xFF, 0xF0, 0xF7
_MICROSECONDS_A_MINUTE: Final = 60_000_000
_LONGEST_NUMBER: Final = 4
"""Bytes of a variable-length quantity (RP-001, "MThd and MTrk chunks")."""


def tempo_of_midi(data: bytes) -> TempoMap:
    """Tempo map of the MIDI file *data*, from all its tracks together.

    Raises:
        Misused: ``form.midi`` if it is no MIDI file, damaged, or counts film frames; ``form.tempo`` if out of range.
    """
    if len(data) > LARGEST:
        raise Misused("form.midi", f"a tempo MIDI file has at most {LARGEST:,} bytes, this one {len(data):,}")
    try:
        division, chunks = _header(data)
        found = sorted(event for chunk in chunks for event in _track(chunk))
    except ValueError as error:
        raise Misused("form.midi", f"it is no sound MIDI file: {error}") from None
    found = [event for event in found if event[1] != _MARKER]
    if len(found) > 2 * MOST_CHANGES:
        raise Misused("form.midi", f"a tempo map has at most {MOST_CHANGES:,} changes, this file {len(found):,}")
    tempi = [
        (Fraction(tick, division), Fraction(_MICROSECONDS_A_MINUTE, max(1, int.from_bytes(data))))
        for tick, kind, data in found
        if kind == _TEMPO
    ]
    return tempo_map(tempi, list(_meters([(tick, data) for tick, kind, data in found if kind == _METER], division)))


def markers_of_midi(data: bytes) -> list[tuple[Fraction, str]]:
    """Time in seconds and text of each marker of the MIDI file *data*, by its own tempo.

    Raises:
        ValueError: it is no MIDI file, damaged, or counts film frames.
    """
    division, chunks = _header(data)
    found = sorted(event for chunk in chunks for event in _track(chunk))
    marks, seconds, since, tempo_us = list[tuple[Fraction, str]](), Fraction(0), 0, 500_000
    for tick, kind, content in found:
        seconds += Fraction((tick - since) * tempo_us, division * 1_000_000)
        since = tick
        if kind == _TEMPO:
            tempo_us = max(1, int.from_bytes(content))
        elif kind == _MARKER:
            marks.append((seconds, content.decode("utf-8", errors="replace")))
    return marks


def _header(data: bytes) -> tuple[int, list[bytes]]:
    """Ticks per quarter note, and the bytes of each track."""
    if data[:4] != b"MThd":
        raise ValueError("it does not begin with MThd")
    kind, division = int.from_bytes(data[8:10]), int.from_bytes(data[12:14])
    if kind > 1:
        raise ValueError(f"its type is {kind}, and only types 0 and 1 have one timeline")
    if not 0 < division < 0x8000:  # noqa: PLR2004 - the top bit marks SMPTE time, in film frames
        raise ValueError("it counts film frames or nothing, not ticks of a quarter note")
    chunks, at = [], 8 + int.from_bytes(data[4:8])
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8])
        if data[at : at + 4] == b"MTrk":
            chunks.append(data[at + 8 : at + 8 + size])
        at += 8 + size
    if not chunks:
        raise ValueError("it has no track")
    return division, chunks


@dataclass(slots=True)
class _Bytes:
    """Read position in the bytes of a track."""

    data: bytes
    at: int = 0

    def byte(self) -> int:
        if self.at >= len(self.data):
            raise ValueError("it ends in the middle of an event")
        self.at += 1
        return self.data[self.at - 1]

    def number(self) -> int:
        value = 0
        for _ in range(_LONGEST_NUMBER):
            byte = self.byte()
            value = value << 7 | byte & 0x7F
            if byte < 0x80:  # noqa: PLR2004 - the top bit marks that more bytes follow
                return value
        raise ValueError("a number in it is longer than four bytes")

    def cut(self) -> bytes:
        """The next bytes, whose number the variable-length quantity before them gives."""
        size = self.number()
        self.at += size
        if self.at > len(self.data):
            raise ValueError("it ends in the middle of an event")
        return self.data[self.at - size : self.at]


def _track(chunk: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Tempo, meter and marker events of a track: tick, kind and bytes."""
    left, tick, status = _Bytes(chunk), 0, 0
    while left.at < len(chunk):
        tick += left.number()
        first = left.byte()
        if first == _META:
            kind, data = left.byte(), left.cut()
            if kind == _END:
                return
            if kind == _MARKER or (kind, len(data)) in {(_TEMPO, 3), (_METER, 4)}:
                yield tick, kind, data
        elif first in {_SYSEX, _ESCAPE}:
            left.cut()
        else:
            if first < 0x80:  # noqa: PLR2004 - running status: a data byte, of the kind of the event before
                left.at -= 1
            else:
                status = first
            if not 0x80 <= status < _SYSEX:  # noqa: PLR2004 - channel messages
                raise ValueError(f"its event {status:#04x} has no place in a file")
            left.at += 1 if status >> 4 in {0xC, 0xD} else 2


def _meters(found: list[tuple[int, bytes]], division: int) -> Iterator[tuple[int, int, int]]:
    """Meter changes as (bar, beats, unit).  Raises: Misused ``form.midi`` for a change within a bar."""
    bar, since, quarters = 1, 0, Fraction(4)
    for tick, data in found:
        beats, unit = data[0], 1 << min(data[1], 7)
        passed = Fraction(tick - since, division) / quarters
        if passed.denominator > 1:
            raise Misused(
                "form.midi", f"its meter changes to {beats}/{unit} within bar {bar + int(passed)}, not at a bar"
            )
        if not beats or bar + passed > LAST_BAR:
            raise Misused("form.midi", f"bar {bar + passed} changes to {beats}/{unit}, which is no meter, or too late")
        bar, since, quarters = bar + int(passed), tick, Fraction(beats * 4, unit)
        yield bar, beats, unit


TICKS: Final = 960
"""Ticks of a quarter note in the files that are written."""


def midi_of_tempo(known: TempoMap, marks: Sequence[tuple[int, str]], rate: int) -> bytes:
    """A standard MIDI file of a tempo map, its meters, and *marks* as markers.

    Args:
        known: tempo map.
        marks: frame and text of each marker, in any order.
        rate: frames a second, Hz.
    """
    events = [
        (round(Fraction(one.quarter) * TICKS), _TEMPO, round(_MICROSECONDS_A_MINUTE / Fraction(one.bpm)).to_bytes(3))
        for one in known.tempi
    ]
    events += [
        (round(quarter_of(known, one.bar) * TICKS), _METER, bytes((one.beats, one.unit.bit_length() - 1, 24, 8)))
        for one in known.meters
    ]
    events += [(round(_quarter_at(known, Fraction(at, rate)) * TICKS), _MARKER, text.encode()) for at, text in marks]
    track, last = b"", 0
    for tick, kind, content in sorted(events):
        track += variable_length(tick - last) + bytes((0xFF, kind)) + variable_length(len(content)) + content
        last = tick
    track += b"\x00\xff\x2f\x00"
    return b"MThd" + pack(">IHHH", 6, 0, 1, TICKS) + b"MTrk" + pack(">I", len(track)) + track


def _quarter_at(known: TempoMap, seconds: Fraction) -> Fraction:
    """The quarter note at *seconds*, the inverse of :func:`domain.song.tempo.frame_of_quarter`."""
    at = Fraction(0)
    for tempo, following in pairwise((*known.tempi, None)):
        assert tempo is not None  # only the last element has no successor
        begins, bpm = Fraction(tempo.quarter), Fraction(tempo.bpm)
        lasts = (Fraction(following.quarter) - begins) * 60 / bpm if following else None
        if lasts is None or seconds < at + lasts:
            return begins + (seconds - at) * bpm / 60
        at += lasts
    raise AssertionError("a tempo map has a tempo from the start")


def variable_length(value: int) -> bytes:
    """*value* as a MIDI variable-length quantity (RP-001)."""
    parts = [value & 0x7F]
    while value := value >> 7:
        parts.append(value & 0x7F | 0x80)
    return bytes(reversed(parts))
