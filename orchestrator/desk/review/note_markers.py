"""Conversion of notes to markers in the files of other audio programs, and back.

A marker's name begins with the name of its note, as in ``n12 vocal louder``, so that the note is recognised when the
file is read back.

Tests: ``tests/orchestrator/cli/commands/daily/test_note_files.py``.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from struct import pack, unpack_from
from typing import Final, Literal

from domain.core.refusal import Misused
from domain.song.tempo_midi import markers_of_midi, variable_length
from orchestrator.desk.addressing.csv_table import csv_table

MarkerFormat = Literal["reaper", "midi", "wav-cue", "audacity", "csv"]

LARGEST: Final = 4 * 1024 * 1024
"""Bytes of a text or MIDI file with markers."""
MOST: Final = 10_000
"""Markers in a file."""
CUE_RATE: Final = 8_000
"""Sample rate in Hz of the silent WAV that carries cue points: programs place markers by their time."""
MOST_CUE_S: Final = 4 * 3600
"""Longest WAV with cue points, seconds."""

_NAME: Final = re.compile(r"(n[1-9][0-9]{0,8})(?:\s+|$)", re.ASCII)
_CLOCK: Final = re.compile(r"(?:(\d{1,3}):)?(?:(\d{1,4}):)?(\d{1,6}(?:\.\d{1,9})?)", re.ASCII)
_DIVISION, _TEMPO_US = 960, 500_000
"""Ticks of a quarter note, and microseconds of one, in the MIDI files that are written: a tick is 0.52 ms."""


@dataclass(frozen=True, slots=True)
class NoteMarker:
    """A marker: a time of the song in seconds, a text, and the name of its note if it has one."""

    seconds: Fraction
    text: str
    note: str | None = None

    @property
    def label(self) -> str:
        """Name of the marker in a file, one line."""
        return " ".join(f"{self.note or ''} {self.text}".split())


def marker_named(seconds: Fraction, label: str) -> NoteMarker:
    """The marker with the name *label*, which may begin with the name of a note."""
    found = _NAME.match(label.strip())
    text = label.strip()[found.end() :] if found else label.strip()
    return NoteMarker(seconds, " ".join(text.split()), found[1] if found else None)


def write_markers(markers: Sequence[NoteMarker], layout: MarkerFormat) -> bytes:
    """The file of *markers* in the format *layout*.

    Reaper: the CSV of its Region/Marker Manager.  MIDI: markers (meta event 0x06, RP-001) at 120 quarter notes a
    minute.  WAV: cue points with labels in a silent file (Multimedia Programming Interface 1.0, chapter 3).  Audacity:
    a label track.  CSV: one row a note.

    Raises:
        Misused: ``note.file``; a WAV with cue points would be longer than ``MOST_CUE_S``.
    """
    match layout:
        case "audacity":
            lines = (f"{_plain(one.seconds)}\t{_plain(one.seconds)}\t{one.label}\n" for one in markers)
            return "".join(lines).encode()
        case "csv":
            return csv_table(
                ["note", "at", "text"], ([one.note or "", _plain(one.seconds), one.text] for one in markers)
            )
        case "reaper":
            rows = ([f"M{n}", one.label, _plain(one.seconds), "", ""] for n, one in enumerate(markers, start=1))
            return csv_table(["#", "Name", "Start", "End", "Length"], rows)
        case "midi":
            return _midi(markers)
        case "wav-cue":
            return _wave(markers)


def _plain(seconds: Fraction) -> str:
    return f"{float(seconds):.6f}"


def _midi(markers: Sequence[NoteMarker]) -> bytes:
    track, last = b"\x00\xff\x51\x03" + _TEMPO_US.to_bytes(3), 0
    for one in sorted(markers, key=lambda marker: marker.seconds):
        tick = round(one.seconds * 1_000_000 * _DIVISION / _TEMPO_US)
        text = one.label.encode()
        track += variable_length(tick - last) + b"\xff\x06" + variable_length(len(text)) + text
        last = tick
    track += b"\x00\xff\x2f\x00"
    return b"MThd" + pack(">IHHH", 6, 0, 1, _DIVISION) + b"MTrk" + pack(">I", len(track)) + track


def _wave(markers: Sequence[NoteMarker]) -> bytes:
    frames = [round(one.seconds * CUE_RATE) for one in markers]
    length = max(frames, default=0) + CUE_RATE
    if length > MOST_CUE_S * CUE_RATE:
        hours = MOST_CUE_S // 3600
        raise Misused(
            "note.file", f"a WAV with cue points lasts {hours} hours at most; csv and midi have no such limit"
        )
    points = b"".join(pack("<II4sIII", n, at, b"data", 0, 0, at) for n, at in enumerate(frames, start=1))
    labels = b"".join(
        _chunk(b"labl", pack("<I", n) + one.label.encode() + b"\0") for n, one in enumerate(markers, start=1)
    )
    content = b"WAVE" + _chunk(b"fmt ", pack("<HHIIHH", 1, 1, CUE_RATE, CUE_RATE, 1, 8))
    content += _chunk(b"cue ", pack("<I", len(frames)) + points) + _chunk(b"LIST", b"adtl" + labels)
    return b"RIFF" + pack("<I", len(content) + 8 + length + length % 2) + content + _chunk(b"data", b"\x80" * length)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def read_markers(data: bytes, layout: Literal["reaper", "midi", "audacity", "csv"]) -> list[NoteMarker]:
    """The markers in the file *data*; a WAV is read by :func:`cue_markers`.

    Raises:
        Misused: ``note.file``; it is too large, or not in the format *layout*.
    """
    if len(data) > LARGEST:
        raise Misused("note.file", f"a file with markers has at most {LARGEST:,} bytes")
    if layout == "midi":
        try:
            return _bounded(marker_named(at, label) for at, label in markers_of_midi(data))
        except ValueError as error:
            raise Misused("note.file", f"it is no sound MIDI file: {error}") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Misused("note.file", "it is not UTF-8 text") from None
    if "\0" in text:
        raise Misused("note.file", "it holds bytes that are no text")
    return _bounded(_labels(text) if layout == "audacity" else _rows(text, layout))


def _bounded(markers: Iterable[NoteMarker]) -> list[NoteMarker]:
    found = list[NoteMarker]()
    for marker in markers:
        if len(found) == MOST:
            raise Misused("note.file", f"it has more than {MOST:,} markers")
        if marker.text or marker.note:
            found.append(marker)
    return found


def _labels(text: str) -> Iterator[NoteMarker]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("\\"):  # a second line of a label holds its frequencies
            start, _, rest = line.partition("\t")
            yield marker_named(_seconds(start, number), rest.partition("\t")[2])


def _rows(text: str, layout: str) -> Iterator[NoteMarker]:
    try:
        rows = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error as error:
        raise Misused("note.file", f"it is no CSV: {error}") from None
    wanted = ("Name", "Start") if layout == "reaper" else ("text", "at")
    heading = rows[0] if rows else []
    if not set(wanted) <= set(heading):
        raise Misused("note.file", f"its first line names no columns {' and '.join(wanted)}")
    name, start = (heading.index(column) for column in wanted)
    own = heading.index("note") if layout == "csv" and "note" in heading else None
    for number, row in enumerate(rows[1:], start=2):
        if row:
            if len(row) <= max(name, start):
                raise Misused("note.file", f"line {number} has too few columns")
            label = row[name].removeprefix("'")
            yield marker_named(_seconds(row[start], number), f"{row[own]} {label}" if own is not None else label)


def _seconds(text: str, line: int) -> Fraction:
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise Misused("note.file", f"line {line}: {text.strip()[:40]!r} is no time; write seconds, or 1:12.5")
    hours, minutes = (found[1], found[2]) if found[2] else (None, found[1])
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + Fraction(found[3])


def cue_markers(cue: bytes, lists: Iterable[bytes], rate: int) -> list[NoteMarker]:
    """The markers of a WAV at *rate* Hz, from the contents of its ``cue`` chunk and its ``LIST`` chunks.

    Raises:
        Misused: ``note.file``; a chunk is damaged.
    """
    labels = {number: label for content in lists if content[:4] == b"adtl" for number, label in _labelled(content)}
    count = int.from_bytes(cue[:4], "little")
    if not 0 < rate < 10**7 or len(cue) < 4 + 24 * count or count > MOST:
        raise Misused("note.file", "its cue points are damaged")
    points = (unpack_from("<II4sIII", cue, 4 + 24 * n) for n in range(count))
    return _bounded(marker_named(Fraction(point[5], rate), labels.get(point[0], "")) for point in points)


def _labelled(content: bytes) -> Iterator[tuple[int, str]]:
    """Number of the cue point and text of each label in a ``LIST`` chunk."""
    at = 4
    while at + 12 <= len(content):
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        body = content[at + 8 : at + 8 + size]
        if name == b"labl" and len(body) > 4:  # noqa: PLR2004 - the number of the cue point
            yield int.from_bytes(body[:4], "little"), body[4:].split(b"\0")[0].decode("utf-8", errors="replace")
        at += 8 + size + size % 2
