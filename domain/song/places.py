"""Places in a song: parsed words to frames of recorded time.

A place is a song time (``0:48``), a section (``chorus1``), a lyric line (``L5``) or ``end``.  A span lasts from the
start of its first place to the end of its last one; a time has no length.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.core.address import folded, frames_of, is_name, is_time, span_of
from domain.core.frames import Range
from domain.core.refusal import Misused, NotFound
from domain.song.arrangement import Arrangement
from domain.song.form import END, first_form, section_named
from domain.song.lyrics import Lyrics
from domain.song.span_words import ends_of
from domain.takes.comps import FOREVER
from domain.takes.takes import CompSpan

_LINE = re.compile(r"l([1-9]\d{0,4})", re.ASCII)
_TAKE = re.compile(r"-|[1-9]\d{0,8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Places:
    """Resolves the places of one song."""

    song: str
    rate: int
    """Hz."""
    arrangement: Arrangement = field(default_factory=Arrangement)
    lyrics: Lyrics = field(default_factory=Lyrics)

    def start(self, word: str) -> int:
        """Frame at which a place begins.  Raises: Misused ``time``; NotFound ``section.unknown``, ``lyrics.*``."""
        if is_time(word):
            return frames_of(word, self.rate)
        name = folded(word)
        if line := _LINE.fullmatch(name):
            return self.lyrics.start(self.song, int(line[1]))
        if name == END:
            return self._end()
        if not is_name(name):
            return frames_of(word, self.rate)  # raises the refusal of a song time
        return section_named(self.song, self.arrangement.sections, name).start

    def end(self, word: str) -> int:
        """Frame at which a place ends.  Raises: as ``start``."""
        name = folded(word)
        if line := _LINE.fullmatch(name):
            last = self.lyrics.end(self.song, int(line[1]))
            return last if last is not None else self._end() if self.arrangement.sections else FOREVER
        if is_time(word) or name == END or not is_name(name):
            return self.start(word)
        return section_named(self.song, self.arrangement.sections, name).end

    def _end(self) -> int:
        if not self.arrangement.sections:
            raise NotFound("section.unknown", f"{self.song} has no form yet, so no end", next=first_form(self.song))
        return self.arrangement.sections[-1].end

    def span(self, span: tuple[str, str]) -> Range:
        """Frames from the start of the first place to the end of the last.

        Raises:
            Misused: ``take.span`` if the span is empty; ``section.which`` if it can be read in several ways;
                else as ``start``.
        """
        first, last = self._ends(span)
        start, end = self.start(first), self.end(last)
        if start >= end:
            raise Misused("take.span", f"the span {first} to {last} is empty")
        return Range(start=start, end=end)

    def arranged(self, word: str) -> int:
        """Frame of arranged time at which a place begins; of a section, its first occurrence.

        Raises:
            Misused: ``time``; NotFound ``section.unknown``; ``section.which`` if it was cut; ``lyrics.*``.
        """
        name = folded(word)
        if is_time(word) or not is_name(name):
            return frames_of(word, self.rate)
        if name == END:
            self._end()
            return self.arrangement.frames
        recorded = self.start(word)
        inside = {s.name: s.start for s in self.arrangement.sections if s.start <= recorded < s.end}
        for section in self.arrangement.running_order:
            if section.name in inside:
                return section.start + recorded - inside[section.name]
        if inside:
            raise NotFound("section.which", f"{word} was cut from {self.song}, and sounds nowhere")
        return recorded

    def arranged_span(self, span: tuple[str, str]) -> Range:
        """:meth:`span` in arranged time; of sections, the first occurrence of each.  Raises: as ``arranged``."""
        first, last = self._ends(span)
        start, end = self.arranged(first), self.arranged(last) + self.end(last) - self.start(last)
        if start >= end:
            raise Misused("take.span", f"the span {first} to {last} is empty")
        return Range(start=start, end=end)

    def _ends(self, span: tuple[str, str]) -> tuple[str, str]:
        """Both places of a span; a single word is split by :func:`domain.song.span_words.ends_of`."""
        names = {section.name for section in self.arrangement.sections}
        return ends_of(folded(span[0]), names) if span[0] == span[1] else span

    def painting(self, words: Sequence[str]) -> tuple[CompSpan, ...]:
        """Spans of a comp, from words of ``comp set`` such as ``0:00=1``, ``chorus1=3`` and ``L1-4=2``.

        A take set at a time sounds until the next word's start; a take set to a section, lines or a span sounds in that
        range only.  All other ranges are silent.

        Raises:
            Misused: ``comp.span`` for an invalid word; ``comp.order`` if spans overlap; else as ``start``.
        """
        found = [self._painted(word) for word in words]
        for (_, end, _), (start, _, _), word in zip(found[:-1], found[1:], words[1:], strict=True):
            if end is not None and start < end:
                raise Misused("comp.order", f"{word} begins before the span in front of it ends")
        spans = []
        nexts = [start for start, _, _ in found[1:]]
        for (start, end, take), following in zip(found, [*nexts, FOREVER], strict=True):
            spans.append(CompSpan(start=start, take=take))
            if end is not None and end < following:
                spans.append(CompSpan(start=end, take=None))
        return tuple(spans)

    def _painted(self, word: str) -> tuple[int, int | None, int | None]:
        """Start, end (None: until the next one) and take number (None: silence) of one word."""
        place, equals, take = word.rpartition("=")
        span = span_of(place)
        if not equals or not span or not _TAKE.fullmatch(take):
            raise Misused("comp.span", f"{word!r} is no span; write 0:48=3, chorus1=3, L1-4=2, or 0:48=- for silence")
        number = None if take == "-" else int(take)
        if is_time(place):
            return self.start(place), None, number
        both = self.span(span)
        return both.start, both.end, number
