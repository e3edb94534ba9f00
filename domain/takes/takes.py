"""Takes: the performance of one part on a pass, its place in the song, and its verdicts.

The decisions on verdicts are in :mod:`domain.takes.take_verdicts`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.core.blob_reference import BlobReference
from domain.core.event import Event, PartId, PersonId, SessionId, Sha, Stage, TakeId, Traits, Value
from domain.core.frames import Range
from domain.core.ids import number_of
from domain.core.refusal import NotFound, Refused, suggest
from domain.label.corrections import TakeMoved
from domain.label.people import Role
from domain.recipe import stretched_frames
from domain.render.jobs import Sound, manifest
from domain.takes.midi_takes import MidiPlayed
from domain.takes.take_edits import NOTHING, EditedTake, Edits, TakeEdited, Treatment, edited

TrackName = Annotated[str, StringConstraints(pattern=r"^[^\s/@.:]{1,120}$")]
TakeVerdict = Literal["approved", "kept", "held", "rejected"]
LONGEST_FRAMES = 192_000 * 3600 * 24


class Track(Value):
    """One microphone or line of a take."""

    name: TrackName
    sound: Sound
    original: Sha | None = None
    """SHA-256 of the file it was converted from, if it was."""
    file: str
    """Name of the file it came from."""


class TakeIngested(Event):
    """A take was added: sample-locked tracks of one rate and length."""

    schema_number: ClassVar[int] = 2
    kind: Literal["take-ingested"] = "take-ingested"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=True, by_driver=False)
    address_fields = ("take",)
    take: TakeId
    part: PartId
    tracks: Annotated[tuple[Track, ...], Field(min_length=1)]
    bits: Annotated[int, Field(gt=0)]
    starts_at: Annotated[int, Field(ge=0, le=LONGEST_FRAMES)]
    """Frame of song time."""
    pass_number: Annotated[int, Field(gt=0)] | None = None
    session: SessionId | None = None
    recorded_on: str | None = None
    """Local date and time stamped by the recorder."""
    warnings: tuple[str, ...] = ()
    """Warnings of the take check."""
    lossy: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 ._-]{1,40}$")] | None = None
    """Codec of the lossy file that its sound was decoded from, such as ``MP3``; None for a lossless source.

    That file is the ``original`` of its tracks.
    """

    @property
    @override
    def stage_evidence(self) -> Stage:
        return "recording"

    @override
    def describe(self) -> str:
        return f"{self.take}, {len(self.tracks)} track{'s' if len(self.tracks) > 1 else ''}"

    @override
    def blobs(self) -> Iterator[BlobReference]:
        for track in self.tracks:
            yield track.sound.refer(f"{self.take}.{track.name}", "audio")
            if track.original is not None:
                yield BlobReference(f"{self.take}.{track.name} original", track.original, None, "original")


class TakeJudged(Event):
    """A take was judged; an approval with a range paints that range alone."""

    kind: Literal["take-judged"] = "take-judged"
    traits = Traits(undoable=True, newsworthy=False, searchable=True, moves_sound=True, by_driver=False)
    address_fields = ("take",)
    take: TakeId
    verdict: TakeVerdict
    range: Range | None = None
    """Song time."""
    by: PersonId
    role: Role

    @property
    @override
    def secret(self) -> Literal["rejections"] | None:
        return "rejections" if self.verdict == "rejected" else None

    @property
    @override
    def stage_evidence(self) -> Stage:
        return "editing"

    @override
    def describe(self) -> str:
        return f"{self.take} {self.verdict}{' in a span' if self.range else ''}"

    @override
    def judged_takes(self) -> frozenset[str]:
        return frozenset({self.take})


class CompSet(Event):
    """The whole comp of a part was painted at once: each span lasts until the next, the last until its take ends."""

    kind: Literal["comp-set"] = "comp-set"
    traits = Traits(undoable=True, newsworthy=False, searchable=True, moves_sound=True, by_driver=False)
    address_fields = ("part",)
    part: PartId
    spans: Annotated[tuple["CompSpan", ...], Field(min_length=1)]
    by: PersonId
    role: Role

    @property
    @override
    def stage_evidence(self) -> Stage:
        return "editing"

    @override
    def describe(self) -> str:
        return f"{self.part}: {', '.join(str(span.take or 'silence') for span in self.spans)}"

    @override
    def judged_takes(self) -> frozenset[str]:
        return frozenset(f"{self.part}/{span.take}" for span in self.spans if span.take)


class CompSpan(Value):
    """A take from this frame of song time on; None is silence."""

    start: Annotated[int, Field(ge=0)]
    take: Annotated[int, Field(gt=0)] | None


class BasicCut(CompSet):
    """The comp of one part after setting the band comp: takes slipped as their passes are; never stored."""

    slips: tuple[int, ...]
    """Frames by which the take of each span sounds later than its recorded position."""


CompSet.model_rebuild()
BasicCut.model_rebuild()
TakeEvent = TakeIngested | TakeJudged | CompSet


@dataclass(frozen=True, slots=True)
class Take:
    """A take with its last verdict and its edits."""

    number: int
    ingested: TakeIngested
    verdict: TakeVerdict | None = None
    edits: Edits = field(default_factory=dict)
    played: MidiPlayed | None = None
    """Current sound of a MIDI take."""

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The tracks as they sound now."""
        own = self.ingested.tracks
        return (own[0].model_copy(update={"sound": self.played.sound}),) if self.played else own

    @property
    def lossy_remark(self) -> str:
        """A remark for people if its sound was decoded from a lossy file; else empty."""
        codec = self.ingested.lossy
        return f"lossy: decoded from {codec}, whose file is kept" if codec else ""

    @property
    def frames(self) -> int:
        """Length, the same for all tracks."""
        return self.tracks[0].sound.frames

    @property
    def rate(self) -> int:
        """Hz."""
        return self.tracks[0].sound.rate

    @property
    def whole(self) -> Treatment:
        """Edits of the whole take."""
        return self.edits.get(None, NOTHING)

    @property
    def begins(self) -> int:
        """Frame of song time on which the take's first frame falls; negative if it begins before the song's zero."""
        return self.ingested.starts_at + self.whole.nudge

    @property
    def start(self) -> int:
        """The first frame of song time in which the take sounds."""
        return max(0, self.begins + (self.whole.trim.start if self.whole.trim else 0))

    @property
    def end(self) -> int:
        """The frame of song time after the take's last."""
        trim, frames = self.whole.trim, stretched_frames(self.frames, self.whole.stretch)
        return self.begins + (min(trim.end, frames) if trim else frames)  # a MIDI take may have become shorter since

    @property
    def as_edited(self) -> EditedTake:
        """Place, length, rate, channels and present edits of the take, against which a new edit is checked."""
        channels = sum(track.sound.channels for track in self.tracks)
        return EditedTake(self.ingested.take, self.begins, self.frames, self.rate, channels, self.edits)

    @property
    def sound(self) -> str:
        """One hash of the sound of all tracks."""
        return sound_of(self.tracks)

    def is_of(self, tracks: "Sequence[Track]") -> bool:
        """True if the take was made from *tracks*: the same audio, or the same MIDI file."""
        same_file = self.played is not None and [track.original for track in tracks] == [self.played.file]
        return same_file or sound_of(self.ingested.tracks) == sound_of(tracks)

    def has_names_of(self, tracks: "Sequence[Track]") -> bool:
        """True if each of the take's sounds has the name that it has in *tracks*."""
        own, other = ({(track.name, track.sound.pcm) for track in row} for row in (self.ingested.tracks, tracks))
        return own == other


class MovedTake(NamedTuple):
    """A take that was moved to another part."""

    take: Take
    """The take under its old number."""
    to: str
    """The take id that it has now."""


@dataclass(frozen=True, slots=True)
class Takes:
    """The takes of one part, by number."""

    takes: Mapping[int, Take] = field(default_factory=dict)
    moved: Mapping[int, MovedTake] = field(default_factory=dict)
    """Takes of other parts now; their numbers are not given again."""

    @property
    def next(self) -> int:
        """Number of the next take."""
        return max((*self.takes, *self.moved), default=0) + 1

    def take(self, part: str, number: int) -> Take:
        """The take by number.  Raises: NotFound ``take.unknown``, ``take.moved``."""
        if number in self.moved:
            there = self.moved[number].to
            raise NotFound("take.moved", f"{part}/{number} is {there} now", next=suggest("take show", there))
        if number not in self.takes:
            raise NotFound("take.unknown", f"{part} has no take {number}", next=suggest("take list", part))
        return self.takes[number]


def evolve(takes: Takes, event: TakeEvent | MidiPlayed) -> Takes:
    """Fold one event into the state."""
    match event:
        case TakeIngested(take=take):
            number = number_of(take)
            return replace(takes, takes={**takes.takes, number: Take(number, event)})
        case TakeJudged(take=take, verdict=verdict):
            return _judged(takes, number_of(take), verdict)
        case CompSet(spans=spans):
            named = {span.take for span in spans}
            approved = {n: replace(take, verdict="approved") for n, take in takes.takes.items() if n in named}
            return replace(takes, takes={**takes.takes, **approved})
        case MidiPlayed(take=take):
            old = takes.takes[number_of(take)]
            return replace(takes, takes={**takes.takes, old.number: replace(old, played=event)})


def _judged(takes: Takes, number: int, verdict: TakeVerdict) -> Takes:
    old = takes.takes[number]
    used = old.verdict == "approved" and verdict == "kept"  # keeping a take that is approved changes nothing
    return takes if used else replace(takes, takes={**takes.takes, number: replace(old, verdict=verdict)})


def evolve_edited(takes: Takes, event: TakeEdited) -> Takes:
    """Fold an edit of a take into the state."""
    number = number_of(event.take)
    old = takes.takes[number]
    return replace(takes, takes={**takes.takes, number: replace(old, edits=edited(old.edits, event))})


def evolve_moved(takes: Takes, event: TakeMoved) -> Takes:
    """Fold the move of a take to another part into the state of the part that it leaves."""
    number = number_of(event.take)
    if number not in takes.takes:
        return takes
    moved = {**takes.moved, number: MovedTake(takes.takes[number], event.to)}
    return replace(takes, takes={n: one for n, one in takes.takes.items() if n != number}, moved=moved)


def takes_in(event: TakeEvent) -> frozenset[int | None]:
    """Numbers of the takes that *event* concerns; None among them is silence."""
    if isinstance(event, CompSet):
        return frozenset(span.take for span in event.spans)
    return frozenset({number_of(event.take)})


def sound_of(tracks: Sequence[Track]) -> str:
    """One hash of the sound of *tracks*, independent of names and order: a manifest over their sorted pcm hashes."""
    return manifest((f"{number:04d}", pcm) for number, pcm in enumerate(sorted(track.sound.pcm for track in tracks)))


def ingest(
    takes: Takes,
    *,
    part: str,
    tracks: tuple[Track, ...],
    bits: int,
    starts_at: int,
    pass_number: int | None = None,
    session: str | None = None,
    recorded_on: str | None = None,
    warnings: tuple[str, ...] = (),
    lossy: str | None = None,
    named: bool = False,
) -> tuple[int, list[TakeEvent]]:
    """Add *tracks* as one take of *part*; *lossy* names the codec that their sound was decoded from.

    With *named* a person chose the names of the tracks, and the audio of a take under other names is a new take.

    Returns:
        Take number and new events; for audio that is already a take of the part, its number and no events.

    Raises:
        Refused: ``take.tracks`` when the tracks differ in rate or length, or two share a name.
    """
    if len({(track.sound.rate, track.sound.frames) for track in tracks}) > 1:
        sizes = ", ".join(f"{track.name} {track.sound.frames} frames at {track.sound.rate} Hz" for track in tracks)
        raise Refused("take.tracks", f"the tracks of a take have one rate and length, these differ: {sizes}"[:400])
    if len({track.name for track in tracks}) < len(tracks):
        raise Refused("take.tracks", f"two tracks share a name: {', '.join(track.name for track in tracks)}"[:400])
    for take in takes.takes.values():
        if take.is_of(tracks) and (not named or take.has_names_of(tracks)):
            return take.number, []
    for moved in takes.moved.values():  # the file of a recorder that named the part wrongly, ingested again
        if moved.take.is_of(tracks) and (not named or moved.take.has_names_of(tracks)):
            return moved.take.number, []
    number = takes.next
    event = TakeIngested(
        take=f"{part}/{number}",
        part=part,
        tracks=tracks,
        bits=bits,
        starts_at=starts_at,
        pass_number=pass_number,
        session=session,
        recorded_on=recorded_on,
        warnings=warnings,
        lossy=lossy,
    )
    return number, [event]
