"""Coverage: in which sections of a song each of its parts has a keeper, or takes that wait for a verdict."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from domain.label.catalog import PartAdded
from domain.song.form import Section
from domain.status.record_state import RecordState

Cover = Literal["kept", "partly", "takes", "none", "unwanted"]
"""Cover of a section by a part.

``kept`` where a keeper sounds from its first frame to its last, ``partly`` where one sounds somewhere in it, ``takes``
where takes without a verdict reach into it, ``none`` without any, ``unwanted`` where the part is wanted in other
sections.  A part may rest within a section, so that ``partly`` is no fault.
"""


@dataclass(frozen=True, slots=True)
class PartCover:
    """Cover of each section of the song by one part."""

    part: str
    """Id of the part."""
    sections: Mapping[str, Cover]
    """Cover by name of section, in the order of the form; empty for a song without a form."""
    kept: bool
    """True if the part has a keeper anywhere."""
    unheard: int
    """Number of takes without a verdict."""
    unformed: tuple[str, ...] = ()
    """Sections in which the part is wanted and that the form does not have."""

    missing: tuple[str, ...] = ()
    """Sections without a keeper in which the part is wanted by name."""


def coverage(state: RecordState, song: str) -> Iterator[PartCover]:
    """Yield the cover of the sections of *song* by each part that is neither removed nor shelved."""
    sections = state.arrangement(song).sections
    for part in state.catalog.song(song).living.values():
        yield _cover(state, part, sections)


def _cover(state: RecordState, part: PartAdded, sections: tuple[Section, ...]) -> PartCover:
    takes, comp = state.takes_of(part.part), state.comp(part.part)
    heard = [(one.start, one.end) for layer in comp.sounding_layers(takes) for one in layer if one.take]
    waiting = [(one.start, one.end) for one in takes.takes.values() if one.verdict is None]
    wanted = set(part.sections)
    found: dict[str, Cover] = {}
    for section in sections:
        if wanted and section.name not in wanted:
            found[section.name] = "unwanted"
        elif share := _share(section, heard):
            found[section.name] = "kept" if share == section.end - section.start else "partly"
        else:
            found[section.name] = "takes" if _share(section, waiting) else "none"
    names = {section.name for section in sections}
    lacking = tuple(name for name, cover in found.items() if wanted and cover in {"none", "takes"})
    return PartCover(
        part.part, found, kept=bool(heard), unheard=len(waiting),
        unformed=tuple(name for name in part.sections if name not in names), missing=lacking,
    )  # fmt: skip


def _share(section: Section, ranges: list[tuple[int, int]]) -> int:
    """Number of frames of *section* that lie in *ranges*, which may overlap."""
    share, reached = 0, section.start
    for start, end in sorted(ranges):
        start, end = max(start, reached), min(end, section.end)  # noqa: PLW2901 - clipped to what is not counted yet
        if start < end:
            share, reached = share + end - start, end
    return share
