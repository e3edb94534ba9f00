"""Comps made outside: a part edited elsewhere, and the sound of a part with or without one.

An outside comp is bound to the edit that its maker was given.  While the decisions about takes produce that edit, the
outside comp replaces it; when they produce another edit, the painted comp sounds.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.core.blob_reference import BlobReference
from domain.core.event import Event, PartId, Sha, Stage, Traits
from domain.recipe import EditRecipe, Span, TimeStretch
from domain.render.jobs import Named, Report, edit_plan, manifest

SectionSlug = Annotated[str, StringConstraints(min_length=1, max_length=200)]
LONGEST_ORDER: Final = 1000
OUTSIDE: Final = 1
"""Number of a comp made outside as the one take that its arrangement is cut from."""


class CompSubmitted(Event):
    """A comp made outside was submitted, one file a track."""

    schema_number: ClassVar[int] = 2
    kind: Literal["comp-submitted"] = "comp-submitted"
    traits = Traits(undoable=True, newsworthy=True, searchable=True, moves_sound=True, by_driver=False)
    address_fields = ("part",)
    part: PartId
    tracks: Annotated[tuple[Named, ...], Field(min_length=1)]
    bits: Annotated[int, Field(gt=0)]
    """Bits of the file with the fewest."""
    maker: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    given: Sha
    """Plan of the edit its maker was given; the comp lapses when the takes in use have changed since."""
    order: Annotated[tuple[SectionSlug, ...], Field(max_length=LONGEST_ORDER)] | None = None
    """Sections in the order in which its maker was given them, empty for the order as recorded.

    The comp is put into the song's present order by it.  None in events of earlier releases: such a comp lapses when
    the song has another order, so that no approved mix changes by an upgrade.
    """

    @property
    @override
    def stage_evidence(self) -> Stage:
        return "editing"

    @override
    def describe(self) -> str:
        return f"{self.part} edited by {self.maker}, {len(self.tracks)} track{'s' if len(self.tracks) > 1 else ''}"

    @override
    def blobs(self) -> Iterator[BlobReference]:
        return (track.sound.refer(f"{self.part} {track.name}", "audio") for track in self.tracks)


@dataclass(frozen=True, slots=True)
class CompForm:
    """Rate, length and channels that every edit of a part must have."""

    rate: int
    frames: int
    channels: Mapping[str, int]
    """Channel count by track."""


def form_of(recipe: EditRecipe, takes: Mapping[int, tuple[Named, ...]]) -> CompForm:
    """Form of the audio that *recipe* cuts from the tracks of *takes*."""
    channels: dict[str, int] = {}
    for tracks in takes.values():
        for track in tracks:
            channels[track.name] = max(channels.get(track.name, 0), track.sound.channels)
    return CompForm(recipe.rate, recipe.result_frames, channels)


@dataclass(frozen=True, slots=True)
class ArrangedComp:
    """A comp made outside for one order of the song's sections, put into another."""

    submitted: CompSubmitted
    recipe: EditRecipe
    """Cut of the comp, which it names as take :data:`OUTSIDE`."""

    @property
    def sources(self) -> Mapping[int, tuple[Named, ...]]:
        """The tracks that *recipe* cuts."""
        return {OUTSIDE: self.submitted.tracks}

    @property
    def plan(self) -> str:
        """Plan of the cut."""
        return edit_plan(self.recipe, self.sources)


def arranged_comp(submitted: CompSubmitted, painted: EditRecipe, stretches: tuple[TimeStretch, ...]) -> ArrangedComp:
    """*submitted* cut into *stretches* of its own time, with the crossfades and the search of the *painted* edit."""
    frames = submitted.tracks[0].sound.frames
    recipe = EditRecipe(
        rate=painted.rate,
        length=frames,
        crossfade_frames=painted.crossfade_frames,
        search_frames=painted.search_frames,
        starts={OUTSIDE: 0},
        layers=((Span(start=0, end=frames, take=OUTSIDE),),),
        arrangement=stretches,
    )
    return ArrangedComp(submitted, recipe)


@dataclass(frozen=True, slots=True)
class PartSound:
    """The current sound of a painted part."""

    plan: str
    """Plan of the edit as painted, or of the arrangement of a comp made outside."""
    submitted: CompSubmitted | None
    """The comp made outside from this edit, which takes precedence."""
    report: Report | None
    """Report of the edit, if it is rendered."""
    joined: str
    """Plan of the same edit with touching stretches of one take as one: the one that outside makers are given."""
    arranged: ArrangedComp | None = None
    """The comp made outside for another order, which *plan* arranges; None if *plan* is the painted edit's."""

    @property
    def outside(self) -> CompSubmitted | None:
        """The comp made outside that sounds, as it is or arranged."""
        return self.arranged.submitted if self.arranged else self.submitted

    @property
    def tracks(self) -> tuple[Named, ...]:
        """Tracks of the part; empty while they are not rendered."""
        if self.submitted:
            return self.submitted.tracks
        return self.report.outputs if self.report else ()

    @property
    def hash(self) -> str:
        """Hash that identifies the part to an outside mixer: manifest of the outside comp's tracks, else the plan.

        The plan is the joined one, so that approving a take again where it already sounds outdates no outside mix.
        """
        if self.submitted:
            return manifest((track.name, track.sound.pcm) for track in self.submitted.tracks)
        return self.joined

    def is_given(self, hash_: str) -> bool:
        """True if *hash_* of a handoff is of this sound; earlier releases handed out the hash of the painted plan."""
        return hash_ in ({self.hash} if self.submitted else {self.joined, self.plan})


def standing_on(plans: Collection[str], submitted: Sequence[CompSubmitted]) -> CompSubmitted | None:
    """The last comp made outside from an edit that has one of *plans*; None if there is none."""
    return next((one for one in reversed(submitted) if one.given in plans), None)


def submit(submitted: Sequence[CompSubmitted], new: CompSubmitted) -> list[CompSubmitted]:
    """Add a comp made outside.  A comp equal to the one in force for the same edit yields no event."""
    return [] if standing_on({new.given}, submitted) == new else [new]
