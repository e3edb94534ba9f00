"""Passes without a click: section marks of each pass, and the band comp, the song cut from passes.

Without a click each pass has its sections at times of its own.  The band comp joins sections of passes end to end from
the song's 0:00: every part played on a pass is cut at the same frames and moved (slipped) by the same amount.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from domain.core.event import Event, PersonId, SongId, Stage, Traits, Value
from domain.label.people import Role
from domain.song.form import Frame, Section, Sections, names_of
from domain.takes.takes import BasicCut, CompSpan

PassNumber = Annotated[int, Field(gt=0, le=999_999)]


class PassMarked(Event):
    """The sections of a pass were marked, in the time line of its takes."""

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
    """Consecutive sections of one pass."""

    pass_number: PassNumber
    start: Frame
    """Frame of the pass at which the piece begins."""
    at: Frame
    """Frame of the song at which the piece begins."""
    sections: Sections
    """Sections in the time line of the song, end to end."""
    takes: Annotated[Mapping[str, int], Field(min_length=1)]
    """Number of the take played on the pass, by part."""

    @property
    def end(self) -> int:
        """Frame of the song at which the piece ends."""
        return self.sections[-1].end

    @property
    def slip(self) -> int:
        """Frames by which the piece lies later in the song than on the pass."""
        return self.at - self.start


class BasicSet(Event):
    """The song was cut from passes, which sets its form and the comp of each part that was played on them."""

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
        """The resulting form of the song."""
        return tuple(section for piece in self.pieces for section in piece.sections)

    def cuts(self) -> Iterator[BasicCut]:
        """The resulting comp of each part; a part that was not played on a pass is silent in its pieces."""
        for part in dict.fromkeys(part for piece in self.pieces for part in piece.takes):
            spans = tuple(CompSpan(start=piece.at, take=piece.takes.get(part)) for piece in self.pieces)
            yield BasicCut(
                part=f"{self.song}/{part}",
                spans=(*spans, CompSpan(start=self.pieces[-1].end, take=None)),
                slips=(*(piece.slip for piece in self.pieces), 0),
                by=self.by,
                role=self.role,
            )

    @property
    @override
    def stage_evidence(self) -> Stage:
        return "editing"

    @override
    def describe(self) -> str:
        pieces = (f"{names_of(piece.sections)} of pass {piece.pass_number}" for piece in self.pieces)
        return f"{self.song}: {', '.join(pieces)}"

    @override
    def judged_takes(self) -> frozenset[str]:
        return frozenset(take for cut in self.cuts() for take in cut.judged_takes())
