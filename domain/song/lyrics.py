"""Lyrics: the lines of a song, and the time at which each line is sung."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.core.address import frames_of
from domain.core.blob_reference import BlobReference
from domain.core.event import Event, Sha, SongId, Traits, Value
from domain.core.refusal import Misused, NotFound, suggest
from domain.song.form import Frame

LARGEST: Final = 256 * 1024
"""Bytes of a lyrics file."""
MOST_LINES: Final = 2000

LineNumber = Annotated[int, Field(gt=0, le=MOST_LINES)]

_STAMP = re.compile(r"\[(\d{1,4}:[0-5]\d(?:\.\d{1,3})?)\]", re.ASCII)
_WORD_STAMP = re.compile(r"\s*[<\[]\d{1,4}:[0-5]\d(?:\.\d{1,3})?[>\]]\s*", re.ASCII)
"""Time of a word within a line, as karaoke programs write it."""
_OFFSET = re.compile(r"\[offset:\s*([+-]?\d{1,7})\s*\]", re.ASCII | re.IGNORECASE)
"""Milliseconds by which all lines are sung *earlier* than their stamps say."""
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_HEADING = re.compile(r"\[[^\]]*\]")
"""A line in brackets that is not sung: ``[Chorus]``, or metadata of an LRC file such as ``[ar:The Ferrymen]``."""


class LineTime(Value):
    """Frame of recorded time at which a line begins."""

    line: LineNumber
    at: Frame


class LyricsAttached(Event):
    """Lyrics were attached to a song, replacing earlier ones; the file is in the vault."""

    kind: Literal["lyrics-attached"] = "lyrics-attached"
    traits = Traits(undoable=True, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("song",)
    song: SongId
    blob: Sha
    size: Annotated[int, Field(gt=0, le=LARGEST)]
    """Bytes of the file."""
    file: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    lines: LineNumber
    """Number of sung lines."""
    times: tuple[LineTime, ...] = ()

    @override
    def describe(self) -> str:
        return f"{self.song}: {self.lines} lines from {self.file}"

    @override
    def blobs(self) -> Iterator[BlobReference]:
        yield BlobReference(self.song, self.blob, self.size, "lyrics")


class LyricsTimed(Event):
    """Lines of the lyrics were timed; these times replace earlier ones of the same lines."""

    kind: Literal["lyrics-timed"] = "lyrics-timed"
    traits = Traits(undoable=True, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("song",)
    song: SongId
    times: Annotated[tuple[LineTime, ...], Field(min_length=1)]

    @override
    def describe(self) -> str:
        return f"{self.song}: {', '.join(f'L{time.line}' for time in self.times)}"


LyricsEvent = LyricsAttached | LyricsTimed


@dataclass(frozen=True, slots=True)
class Lyrics:
    """The lyrics of one song and the times of their lines."""

    attached: LyricsAttached | None = None
    times: Mapping[int, int] = field(default_factory=dict)
    """Frame of recorded time by line number."""

    def start(self, song: str, line: int) -> int:
        """Start of a line.  Raises: NotFound ``lyrics.unknown``, ``lyrics.time``."""
        self.known(song, line)
        if line not in self.times:
            raise NotFound(
                "lyrics.time",
                f"L{line} has no time yet",
                next=suggest("song attach", song, at=f"L{line}=0:12"),
            )
        return self.times[line]

    def end(self, song: str, line: int) -> int | None:
        """End of a line: the start of the next line that begins later; None after the last.  Raises: as ``start``."""
        start = self.start(song, line)
        return next((self.times[one] for one in sorted(self.times) if one > line and self.times[one] > start), None)

    def known(self, song: str, line: int) -> None:
        """Check that *song* has *line*.  Raises: NotFound ``lyrics.unknown``."""
        if self.attached is None:
            raise NotFound("lyrics.unknown", f"{song} has no lyrics", next=suggest("song attach", song, lyrics="FILE"))
        if line > self.attached.lines:
            raise NotFound("lyrics.unknown", f"{song} has {self.attached.lines} lines, there is no L{line}")


def evolve(lyrics: Lyrics, event: LyricsEvent) -> Lyrics:
    """Fold one event into the state."""
    times = {one.line: one.at for one in event.times}
    if isinstance(event, LyricsAttached):
        return Lyrics(attached=event, times=times)
    return replace(lyrics, times={**lyrics.times, **times})


@dataclass(frozen=True, slots=True)
class LyricLine:
    """One sung line, and its time as written in the file."""

    text: str
    time: str | None = None


def read_lines(data: bytes) -> list[LyricLine]:
    """The sung lines of a text file, in order: plain text, or LRC with ``[00:12.00]`` before a line.

    Empty lines and headings in brackets are skipped, and so are the times of single words.  A line with several stamps
    is repeated; if every line has a stamp, the lines are sorted by time.  ``[offset:500]`` has all of them sung half a
    second earlier, never before 0:00.  The text is UTF-8, UTF-16 with its byte order mark, or else Latin-1.

    Raises:
        Misused: ``lyrics.file``; too large, no text, or without a line.
    """
    if len(data) > LARGEST:
        raise Misused("lyrics.file", f"a lyrics file has at most {LARGEST:,} bytes")
    text = _decoded(data)
    if "\0" in text:
        raise Misused("lyrics.file", "it holds zero bytes; it is no text")
    rows = [row.strip() for row in text.splitlines()]
    offsets = [int(offset[1]) for row in rows if (offset := _OFFSET.fullmatch(row))]
    found = [_moved(line, offsets[-1]) if offsets else line for row in rows for line in _lines(row)]
    if all(line.time for line in found):
        found.sort(key=_order)
    if not 0 < len(found) <= MOST_LINES:
        raise Misused("lyrics.file", f"lyrics have 1 to {MOST_LINES:,} lines, these {len(found):,}")
    return found


def _lines(row: str) -> list[LyricLine]:
    times = []
    while stamp := _STAMP.match(row):
        times.append(stamp[1])
        row = row[stamp.end() :].lstrip()
    row = _WORD_STAMP.sub(" ", row).strip() if times else row
    if not row or _HEADING.fullmatch(row):
        return []
    return [LyricLine(row, time) for time in times] or [LyricLine(row)]


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _moved(line: LyricLine, earlier_ms: int) -> LyricLine:
    if line.time is None:
        return line
    ms = max(0, frames_of(line.time, 1000) - earlier_ms)
    return replace(line, time=f"{ms // 60_000}:{ms % 60_000 / 1000:06.3f}")


def _order(line: LyricLine) -> int:
    return frames_of(line.time or "0", 1000)


def attach(
    lyrics: Lyrics, *, song: str, blob: str, size: int, file: str, lines: int, times: Sequence[LineTime]
) -> list[LyricsEvent]:
    """Attach lyrics to a song.  The same file and times again yield no event.

    Raises:
        Misused: ``lyrics.order``; a line begins before the one above it.
    """
    new = LyricsAttached(song=song, blob=blob, size=size, file=file, lines=lines, times=tuple(times))
    _in_order({one.line: one.at for one in times})
    known = lyrics.attached
    return [] if known and (known.blob, known.times) == (new.blob, new.times) else [new]


def time_lines(lyrics: Lyrics, *, song: str, times: Sequence[LineTime]) -> list[LyricsEvent]:
    """Set the times of lines.  Unchanged times yield no event.

    Raises:
        NotFound: ``lyrics.unknown``.
        Misused: ``lyrics.order``; a line would begin before the one above it.
    """
    for one in times:
        lyrics.known(song, one.line)
    said = {one.line: one.at for one in times}
    if said.items() <= lyrics.times.items():
        return []
    _in_order({**lyrics.times, **said})
    return [LyricsTimed(song=song, times=tuple(times))]


def _in_order(times: Mapping[int, int]) -> None:
    for one, other in pairwise(sorted(times)):
        if times[other] < times[one]:
            raise Misused("lyrics.order", f"lines are sung in their order: L{other} comes before L{one}")
