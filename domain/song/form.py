"""A song's form: its named sections, stretches of recorded time in frames of the song's rate."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, StringConstraints

from domain.core.address import folded, is_name
from domain.core.event import Event, SongId, Value
from domain.core.refusal import Misused, NotFound, Suggestion, suggest
from domain.song.tempo import TempoMap
from domain.takes.takes import LONGEST_FRAMES

LONGEST_NAME: Final = 40
"""Letters."""
SectionName = Annotated[str, StringConstraints(pattern=r"^[^\W\d_]\w*(?:-\w+)*$", max_length=LONGEST_NAME)]
Frame = Annotated[int, Field(ge=0, le=LONGEST_FRAMES)]

MOST_SECTIONS: Final = 500
END: Final = "end"
"""Names no section, but where the last one ends."""

_TAKEN = re.compile(r"l\d+(?:-.*)?|(?:pass|mix|master)\d*")
"""What stands for something else after an @."""


class Section(Value):
    """A named stretch, half open."""

    name: SectionName
    start: Frame
    end: Frame


Sections = Annotated[tuple[Section, ...], Field(min_length=1, max_length=MOST_SECTIONS)]


class SongFormed(Event):
    """Somebody named the sections of a song, in place of those named before."""

    schema_number: ClassVar[int] = 2
    kind: Literal["song-formed"] = "song-formed"
    song: SongId
    sections: Sections
    tempo: TempoMap | None = None
    """Where the bars lie, where somebody said it."""


def read_sections(words: Sequence[str], frame: Callable[[str], int], *, end: int | None = None) -> tuple[Section, ...]:
    """Sections from words such as ``verse1=0:12``: each lasts until the next, the last until ``end=3:20``.

    Args:
        words: in the order of time.
        frame: the frame that a time, or a bar, means.
        end: the frame the last section ends at, where no word says so.

    Raises:
        Misused: ``form.section`` for what is no section; ``form.order`` where they do not follow each other;
            ``form.end`` where nothing says where the last one ends.
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
    """The section of that name.  Raises: NotFound ``section.unknown``, with the names there are."""
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
    """Suggest how *song* gets a form."""
    return suggest("song form", song, "verse1=0:00", "chorus1=0:36", "end=3:20")
