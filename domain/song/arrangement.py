"""The arrangement: the order and repetitions of a song's sections.

**Two times.**  *Recorded time* is the time line of the takes: spans, comps, sections and lyric lines are frames of it,
and no edit of the song ever moves them.  *Arranged time* is the time line of the listener: each part is first cut in
recorded time, then its stretches are put in the order of the arrangement, all parts at the same frames.  Mixes, their
automation, notes on mixes, and masters are in arranged time.  Until the song is edited, the two are equal.

Material before the first section stays in front; in an edited song nothing sounds after its last section.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar, Final, Literal, assert_never

from pydantic import Field
from typing_extensions import override

from domain.core.event import Event, PersonId, SectionName, SongId, Traits
from domain.core.refusal import Refused, suggest
from domain.label.people import Role
from domain.recipe import TimeStretch
from domain.song.form import Section, SongFormed
from domain.song.passes import BasicSet, PassMarked
from domain.song.tempo import TempoMap

Deed = Literal["moved", "repeated", "cut", "reset"]
Row = tuple[SectionName, ...]

LONGEST_ROW: Final = 1000
"""Sections in one running order."""


class SongArranged(Event):
    """The whole song was edited; ``row`` is the new running order, empty for the order as recorded."""

    schema_number: ClassVar[int] = 2
    kind: Literal["song-arranged"] = "song-arranged"
    traits = Traits(undoable=True, newsworthy=False, searchable=False, moves_sound=True, by_driver=False)
    address_fields = ("song",)
    song: SongId
    row: Annotated[Row, Field(max_length=LONGEST_ROW)]
    deed: Deed
    section: SectionName | None = None
    """Section that was moved, repeated or cut."""
    by: PersonId
    role: Role

    @override
    def describe(self) -> str:
        edit = f" ({self.section} {self.deed})" if self.section else ""
        return f"{self.song}: {' '.join(self.row) or 'as recorded'}{edit}"


ArrangementEvent = SongFormed | SongArranged | PassMarked | BasicSet


@dataclass(frozen=True, slots=True)
class SoundingSection:
    """One section of the running order, in frames of arranged time, half open."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ArrangedPiece:
    """Frames of recorded time, half open, and the frame of arranged time at which they sound."""

    at: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Form, tempo map and running order of a song, and the section marks of its passes."""

    sections: tuple[Section, ...] = ()
    tempo: TempoMap | None = None
    edited: Row = ()
    """Running order set by an edit; empty while the song sounds as recorded."""
    marks: Mapping[int, tuple[Section, ...]] = field(default_factory=dict)
    """Sections of each marked pass, by pass number."""
    basic: BasicSet | None = None
    """The pieces of passes that the song was cut from, if it was."""

    @property
    def row(self) -> Row:
        """Section names in the order they sound."""
        known = {section.name for section in self.sections}
        return tuple(name for name in self.edited if name in known) or tuple(section.name for section in self.sections)

    @property
    def stretches(self) -> tuple[TimeStretch, ...]:
        """Stretches of recorded time in the order they sound; empty while the song sounds as recorded."""
        if self.row == tuple(section.name for section in self.sections):
            return ()
        return tuple(self._stretches())

    def _stretches(self) -> list[TimeStretch]:
        by_name = {section.name: section for section in self.sections}
        first = self.sections[0].start
        found = [TimeStretch(start=0, end=first)] if first else []
        for name in self.row:
            section = by_name[name]
            if found and found[-1].end == section.start:  # contiguous in recorded time: no joint
                found[-1] = TimeStretch(start=found[-1].start, end=section.end)
            else:
                found.append(TimeStretch(start=section.start, end=section.end))
        return found

    @property
    def running_order(self) -> tuple[SoundingSection, ...]:
        """Sections in the order they sound, in frames of arranged time."""
        lengths = {section.name: section.end - section.start for section in self.sections}
        at, found = self.sections[0].start if self.sections else 0, []
        for name in self.row:
            found.append(SoundingSection(name=name, start=at, end=at + lengths[name]))
            at += lengths[name]
        return tuple(found)

    def pieces_of(self, start: int, end: int) -> list[ArrangedPiece]:
        """The pieces of arranged time in which frames *start* to *end* of recorded time sound, in order."""
        if not self.stretches:
            return [ArrangedPiece(start, start, end)]
        at, found = 0, []
        for stretch in self.stretches:
            first, last = max(start, stretch.start), min(end, stretch.end)
            if first < last:
                found.append(ArrangedPiece(at + first - stretch.start, first, last))
            at += stretch.frames
        return found

    def recorded(self, frame: int) -> int:
        """Frame of recorded time that sounds at *frame* of arranged time; behind the last section, its end."""
        stretches, at = self.stretches, 0
        for stretch in stretches:
            if frame < at + stretch.frames:
                return stretch.start + frame - at
            at += stretch.frames
        return stretches[-1].end if stretches else frame

    @property
    def frames(self) -> int:
        """End of the last section that sounds, in arranged time."""
        return self.running_order[-1].end if self.sections else 0


def evolve(arrangement: Arrangement, event: ArrangementEvent) -> Arrangement:
    """Fold one event into the state."""
    match event:
        case SongFormed(sections=sections, tempo=tempo):
            return replace(arrangement, sections=sections, tempo=tempo or arrangement.tempo)
        case PassMarked(pass_number=number, sections=sections):
            return replace(arrangement, marks={**arrangement.marks, number: sections})
        case BasicSet(sections=sections):
            return replace(arrangement, sections=sections, tempo=None, basic=event)
        case SongArranged(row=row):
            return replace(arrangement, edited=row)
        case _:
            assert_never(event)


def form(
    arrangement: Arrangement, *, song: str, sections: tuple[Section, ...], tempo: TempoMap | None
) -> list[ArrangementEvent]:
    """Set a song's sections and tempo map.  An unchanged form yields no event.

    Raises:
        Refused: ``form.used``; the running order plays a section that is not in *sections*.
    """
    refuse_losing(arrangement, song, sections)
    if arrangement.sections == sections and tempo in {None, arrangement.tempo}:
        return []
    return [SongFormed(song=song, sections=sections, tempo=tempo)]


def refuse_losing(arrangement: Arrangement, song: str, sections: Sequence[Section]) -> None:
    """Refuse to lose a section.  Raises: Refused ``form.used``; the running order plays one not in *sections*."""
    kept = {section.name for section in sections}
    gone = [name for name in dict.fromkeys(arrangement.edited) if name not in kept]
    if gone:
        raise Refused(
            "form.used",
            f"{song} is edited, and its running order plays {', '.join(gone)}, which this form has not",
            next=suggest("edit song", song, reset=True),
        )
