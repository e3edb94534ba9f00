"""Lyrics: a song's words, line by line, and when each line is sung."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from domain.core.address import frames_of
from domain.core.event import Event, Sha, SongId, Value
from domain.core.refusal import Misused, NotFound, suggest
from domain.song.form import Frame

LARGEST: Final = 256 * 1024
"""Bytes of a lyrics file."""
MOST_LINES: Final = 2000

LineNumber = Annotated[int, Field(gt=0, le=MOST_LINES)]

_STAMP = re.compile(r"\[(\d{1,3}:[0-5]\d(?:\.\d{1,3})?)\]", re.ASCII)
_HEADING = re.compile(r"\[[^\]]*\]")
"""``[Chorus]``, or what an LRC file says of itself, such as ``[ar:The Ferrymen]``: no line that is sung."""


class LineTime(Value):
    """The frame of recorded time at which a line begins."""

    line: LineNumber
    at: Frame


class LyricsAttached(Event):
    """A song's words were put into the vault, in place of those before."""

    kind: Literal["lyrics-attached"] = "lyrics-attached"
    song: SongId
    blob: Sha
    size: Annotated[int, Field(gt=0, le=LARGEST)]
    """Bytes."""
    file: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    lines: LineNumber
    """How many are sung."""
    times: tuple[LineTime, ...] = ()


class LyricsTimed(Event):
    """Somebody said when lines are sung; of a line that had a time this one counts."""

    kind: Literal["lyrics-timed"] = "lyrics-timed"
    song: SongId
    times: Annotated[tuple[LineTime, ...], Field(min_length=1)]


LyricsEvent = LyricsAttached | LyricsTimed


@dataclass(frozen=True, slots=True)
class Lyrics:
    """What a song's lyrics are."""

    attached: LyricsAttached | None = None
    times: Mapping[int, int] = field(default_factory=dict)
    """By line, frames of recorded time."""

    def start(self, song: str, line: int) -> int:
        """Where a line begins.  Raises: NotFound ``lyrics.unknown``, ``lyrics.time``."""
        self.known(song, line)
        if line not in self.times:
            raise NotFound(
                "lyrics.time",
                f"L{line} has no time yet",
                next=suggest("song attach", song, at=f"L{line}=0:12"),
            )
        return self.times[line]

    def end(self, song: str, line: int) -> int | None:
        """Where a line ends: where the next line with a time begins; None after the last.  Raises: as ``start``."""
        self.start(song, line)
        return next((self.times[later] for later in sorted(self.times) if later > line), None)

    def known(self, song: str, line: int) -> None:
        """Raises: NotFound ``lyrics.unknown``; the song has no such line."""
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
    """One line that is sung, and when, as the file has it."""

    text: str
    time: str | None = None


def read_lines(data: bytes) -> list[LyricLine]:
    """The lines of a text file, in the order they are sung: plain, or LRC with ``[00:12.00]`` before a line.

    Empty lines and headings in brackets are not counted.  A line of several stamps is sung as often; where every line
    has a stamp, the stamps give the order.

    Raises:
        Misused: ``lyrics.file``; too large, not UTF-8, or without a line.
    """
    if len(data) > LARGEST:
        raise Misused("lyrics.file", f"a lyrics file has at most {LARGEST:,} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Misused("lyrics.file", "it is no UTF-8 text") from None
    if "\0" in text:
        raise Misused("lyrics.file", "it holds zero bytes; it is no text")
    found = [line for row in text.splitlines() for line in _lines(row.strip())]
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
    if not row or _HEADING.fullmatch(row):
        return []
    return [LyricLine(row, time) for time in times] or [LyricLine(row)]


def _order(line: LyricLine) -> int:
    return frames_of(line.time or "0", 1000)


def attach(
    lyrics: Lyrics, *, song: str, blob: str, size: int, file: str, lines: int, times: Sequence[LineTime]
) -> list[LyricsEvent]:
    """Give a song its words.  The same bytes again yield nothing new.

    Raises:
        Misused: ``lyrics.order``; a line begins before the one above it.
    """
    new = LyricsAttached(song=song, blob=blob, size=size, file=file, lines=lines, times=tuple(times))
    _in_order({one.line: one.at for one in times})
    known = lyrics.attached
    return [] if known and (known.blob, known.times) == (new.blob, new.times) else [new]


def time_lines(lyrics: Lyrics, *, song: str, times: Sequence[LineTime]) -> list[LyricsEvent]:
    """Say when lines are sung.  What was said already yields nothing new.

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
        if times[other] <= times[one]:
            raise Misused("lyrics.order", f"lines are sung in their order: L{other} does not come after L{one}")
