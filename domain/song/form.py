"""Song form: named sections, half-open ranges of recorded time in frames of the song's rate."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field
from typing_extensions import override

from domain.core.address import folded, is_name
from domain.core.event import Event, SectionName, SongId, Stage, Traits, Value
from domain.core.refusal import Misused, NotFound, Suggestion, suggest
from domain.song.tempo import TempoMap
from domain.takes.takes import LONGEST_FRAMES

LONGEST_NAME: Final = 40
"""Characters."""
Frame = Annotated[int, Field(ge=0, le=LONGEST_FRAMES)]

MOST_SECTIONS: Final = 500
END: Final = "end"
"""Place name for the end of the last section; no section may have it."""

_TAKEN = re.compile(r"l\d+(?:-.*)?|(?:pass|mix|master)\d*")
"""Words with another meaning after an @: lyric lines, passes, mixes and masters."""


class Section(Value):
    """A named section, half open."""

    name: SectionName
    start: Frame
    end: Frame


Sections = Annotated[tuple[Section, ...], Field(min_length=1, max_length=MOST_SECTIONS)]


def names_of(sections: Iterable[Section]) -> str:
    """The names of *sections*, with spaces between them."""
    return " ".join(section.name for section in sections)


class SongFormed(Event):
    """The sections of a song were set, replacing earlier ones."""

    schema_number: ClassVar[int] = 2
    kind: Literal["song-formed"] = "song-formed"
    traits = Traits(undoable=True, newsworthy=False, searchable=False, moves_sound=True, by_driver=False)
    address_fields = ("song",)
    song: SongId
    sections: Sections
    tempo: TempoMap | None = None
    """Tempo map, if one was given."""

    @property
    @override
    def stage_evidence(self) -> Stage:
        return "preproduction"

    @override
    def describe(self) -> str:
        return f"{self.song}: {names_of(self.sections)}"


def read_sections(words: Sequence[str], frame: Callable[[str], int], *, end: int | None = None) -> tuple[Section, ...]:
    """Sections from words such as ``verse1=0:12``: each lasts until the next, the last until ``end=3:20``.

    Args:
        words: in the order of time.
        frame: converts a time or bar to a frame.
        end: end frame of the last section, if no word gives it.

    Raises:
        Misused: ``form.section`` for an invalid word; ``form.order`` if they are not in the order of time;
            ``form.end`` if the end of the last one is not given.
    """
    starts: dict[str, int] = {}
    for word in words:
        name, equals, place = word.partition("=")
        name = folded(name)
        if not equals or not is_name(name) or len(name) > LONGEST_NAME or _TAKEN.fullmatch(name):
            raise Misused(
                "form.section",
                f"{word!r} names no section; write verse1=0:12 or pre-chorus=0:30: letters first, then letters, "
                "digits, _ and hyphens, and not what means something else in an address (L5, pass3, mix2)",
            )
        if name in starts:
            raise Misused(
                "form.section", f"{name} is named twice; sections have names of their own, like verse1 and verse2"
            )
        starts[name] = frame(place)
    if END not in starts and end is None:
        raise Misused("form.end", "say where the last section ends, with end=3:20")
    return _row(starts if END in starts else {**starts, END: end or 0})


def _row(starts: Mapping[str, int]) -> tuple[Section, ...]:
    if len(starts) == 1 or len(starts) > MOST_SECTIONS + 1:
        raise Misused(
            "form.section", f"a form has 1 to {MOST_SECTIONS} sections and an end, this one {len(starts) - 1}"
        )
    for one, other in pairwise(starts):
        if one == END or starts[other] <= starts[one]:
            raise Misused("form.order", f"name the sections in the order of time: {other} does not come after {one}")
    if starts[END] > LONGEST_FRAMES:
        raise Misused("form.order", "a form lasts 24 hours at most")
    return tuple(Section(name=one, start=starts[one], end=starts[other]) for one, other in pairwise(starts))


def section_named(song: str, sections: Sequence[Section], name: str) -> Section:
    """The section called *name*.  Raises: NotFound ``section.unknown``, with the existing names."""
    for section in sections:
        if section.name == name:
            return section
    if not sections:
        raise NotFound("section.unknown", f"{song} has no section {name}: it has no form yet", next=first_form(song))
    there = ", ".join(section.name for section in sections)
    raise NotFound(
        "section.unknown", f"{song} has no section {name}; there are {there}", next=suggest("song form", song)
    )


def first_form(song: str) -> Suggestion:
    """Suggest the use case that gives *song* its first form."""
    return suggest("song form", song, "verse1=0:00", "chorus1=0:36", "end=3:20")
