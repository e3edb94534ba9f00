"""Passes without a click: where the sections of each lie, and what of which pass is the song.

On a pass that followed no click each section lies where the band was.  The basic is cut from passes, section by
section, end to end from the song's 0:00: every part that was played on them is cut at the same frames, and slipped
alike.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from domain.core.event import Event, PersonId, SongId, Traits, Value
from domain.label.people import Role
from domain.song.form import Frame, Section, Sections, names_of
from domain.takes.takes import BasicCut, CompSpan

PassNumber = Annotated[int, Field(gt=0, le=999_999)]


class PassMarked(Event):
    """Somebody said where the sections of a pass lie, in the time that its takes lie in."""

    schema_number: ClassVar[int] = 2
    kind: Literal["pass-marked"] = "pass-marked"
    traits = Traits(undoable=True, newsworthy=False, searchable=False, moves_sound=True, by_driver=False)
    address_fields = ("song",)
    song: SongId
    pass_number: PassNumber
    sections: Sections

    @override
    def describe(self) -> str:
        return f"{self.song}@pass{self.pass_number}: {names_of(self.sections)}"


class BasicPiece(Value):
    """Sections in a row of one pass."""

    pass_number: PassNumber
    start: Frame
    """Where it begins in the pass."""
    at: Frame
    """Where it begins in the song."""
    sections: Sections
    """Where they lie in the song, end to end."""
    takes: Annotated[Mapping[str, int], Field(min_length=1)]
    """By part, the take that was played on the pass."""

    @property
    def end(self) -> int:
        """Where it ends in the song."""
        return self.sections[-1].end

    @property
    def slip(self) -> int:
        """Frames by which its takes sound later in the song than they lie."""
        return self.at - self.start


class BasicSet(Event):
    """Somebody cut the song from passes; its form follows, and the comp of each part that was played on them."""

    schema_number: ClassVar[int] = 2
    kind: Literal["basic-set"] = "basic-set"
    traits = Traits(undoable=True, newsworthy=False, searchable=False, moves_sound=True, by_driver=False)
    address_fields = ("song",)
    song: SongId
    pieces: Annotated[tuple[BasicPiece, ...], Field(min_length=1, max_length=200)]
    by: PersonId
    role: Role

    @property
    def sections(self) -> tuple[Section, ...]:
        """The form of the song that it makes."""
        return tuple(section for piece in self.pieces for section in piece.sections)

    def cuts(self) -> Iterator[BasicCut]:
        """What it paints, part by part; a part that was not played on a pass is silent there."""
        for part in dict.fromkeys(part for piece in self.pieces for part in piece.takes):
            spans = tuple(CompSpan(start=piece.at, take=piece.takes.get(part)) for piece in self.pieces)
            yield BasicCut(
                part=f"{self.song}/{part}",
                spans=(*spans, CompSpan(start=self.pieces[-1].end, take=None)),
                slips=(*(piece.slip for piece in self.pieces), 0),
                by=self.by,
                role=self.role,
            )

    @override
    def describe(self) -> str:
        pieces = (f"{names_of(piece.sections)} of pass {piece.pass_number}" for piece in self.pieces)
        return f"{self.song}: {', '.join(pieces)}"

    @override
    def judged_takes(self) -> frozenset[str]:
        return frozenset(take for cut in self.cuts() for take in cut.judged_takes())
