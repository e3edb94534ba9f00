"""Submitted comps: a part that somebody edited elsewhere, and what it sounds like with that and without.

What was brought stands on the edit its maker was given.  While the decisions about takes give that edit, what was
brought is what the part sounds like; when they give another, the painted comp rules again, until they give the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.core.blob_reference import BlobReference
from domain.core.event import Event, PartId, Sha, Traits
from domain.recipe import EditRecipe
from domain.render.jobs import Named, Report, manifest


class CompSubmitted(Event):
    """A part came back edited, as files: one a track."""

    kind: Literal["comp-submitted"] = "comp-submitted"
    traits = Traits(undoable=True, newsworthy=True, searchable=True, moves_sound=True, by_driver=False)
    address_fields = ("part",)
    part: PartId
    tracks: Annotated[tuple[Named, ...], Field(min_length=1)]
    bits: Annotated[int, Field(gt=0)]
    """Of the file with the fewest."""
    maker: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    given: Sha
    """The plan of the edit its maker was given; it lapses when the part's edit has another."""

    @override
    def describe(self) -> str:
        return f"{self.part} edited by {self.maker}, {len(self.tracks)} track{'s' if len(self.tracks) > 1 else ''}"

    @override
    def blobs(self) -> Iterator[BlobReference]:
        return (track.sound.refer(f"{self.part} {track.name}", "audio") for track in self.tracks)


@dataclass(frozen=True, slots=True)
class CompForm:
    """What every edit of a part has, whoever makes it."""

    rate: int
    frames: int
    channels: Mapping[str, int]
    """By track."""


def form_of(recipe: EditRecipe, takes: Mapping[int, tuple[Named, ...]]) -> CompForm:
    """The form of what *recipe* cuts from the tracks of *takes*."""
    channels: dict[str, int] = {}
    for tracks in takes.values():
        for track in tracks:
            channels[track.name] = max(channels.get(track.name, 0), track.sound.channels)
    return CompForm(recipe.rate, recipe.result_frames, channels)


@dataclass(frozen=True, slots=True)
class PartSound:
    """What a part that is painted sounds like today."""

    plan: str
    """Of its edit as it is painted."""
    submitted: CompSubmitted | None
    """What was made elsewhere of that very edit, and rules."""
    report: Report | None
    """Of the edit, where it is rendered."""

    @property
    def tracks(self) -> tuple[Named, ...]:
        """Its tracks; none while they are to be rendered."""
        if self.submitted:
            return self.submitted.tracks
        return self.report.outputs if self.report else ()

    @property
    def hash(self) -> str:
        """What a mixer who is given it is given: the tracks that were brought, else the plan."""
        if self.submitted:
            return manifest((track.name, track.sound.pcm) for track in self.submitted.tracks)
        return self.plan


def standing_on(plan: str, submitted: Sequence[CompSubmitted]) -> CompSubmitted | None:
    """The last of those that were made of the edit with this *plan*."""
    return next((one for one in reversed(submitted) if one.given == plan), None)


def submit(submitted: Sequence[CompSubmitted], new: CompSubmitted) -> list[CompSubmitted]:
    """Take in an edit made elsewhere.  What stands on the same edit already yields nothing new."""
    return [] if standing_on(new.given, submitted) == new else [new]
