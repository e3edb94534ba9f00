"""Takes: what a part did on a pass, where it lies in the song, and what was said of it.

Keeping is not using: ``keep`` circles a take and displaces nothing; what is approved is painted into the comp.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from domain.core.event import Event, PartId, PersonId, SessionId, Sha, TakeId, Value
from domain.core.frames import Range
from domain.core.refusal import Misused, NotFound, Refused, suggest
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
    """The bytes it was converted from, where it was."""
    file: str
    """The name of the file it came from."""


class TakeIngested(Event):
    """A take was put into the library: sample-locked tracks of one rate and length."""

    kind: Literal["take-ingested"] = "take-ingested"
    take: TakeId
    part: PartId
    tracks: Annotated[tuple[Track, ...], Field(min_length=1)]
    bits: Annotated[int, Field(gt=0)]
    starts_at: Annotated[int, Field(ge=0, le=LONGEST_FRAMES)]
    """Frame of song time."""
    pass_number: Annotated[int, Field(gt=0)] | None = None
    session: SessionId | None = None
    recorded_on: str | None = None
    """Date and time as the recorder stamped it, without a zone."""
    warnings: tuple[str, ...] = ()
    """What the take check said of it."""


class TakeJudged(Event):
    """Somebody said what a take is; an approval with a range paints that range alone."""

    kind: Literal["take-judged"] = "take-judged"
    take: TakeId
    verdict: TakeVerdict
    range: Range | None = None
    """In song time."""
    by: PersonId
    role: Role


class CompSet(Event):
    """Somebody painted a part's whole comp at once: each span until the next, the last to its take's end."""

    kind: Literal["comp-set"] = "comp-set"
    part: PartId
    spans: Annotated[tuple["CompSpan", ...], Field(min_length=1)]
    by: PersonId
    role: Role


class CompSpan(Value):
    """From this frame of song time on, this take; None is silence."""

    start: Annotated[int, Field(ge=0)]
    take: Annotated[int, Field(gt=0)] | None


class BasicCut(CompSet):
    """What setting the basic paints of one part: each take slipped to where its pass lies in the song; never stored."""

    slips: tuple[int, ...]
    """Of each span, frames by which its take sounds later than it lies."""


CompSet.model_rebuild()
BasicCut.model_rebuild()
TakeEvent = TakeIngested | TakeJudged | CompSet


@dataclass(frozen=True, slots=True)
class Take:
    """A take and the last word on it."""

    number: int
    ingested: TakeIngested
    verdict: TakeVerdict | None = None
    edits: Edits = field(default_factory=dict)
    played: MidiPlayed | None = None
    """Of a MIDI take, how it sounds now."""

    @property
    def tracks(self) -> tuple[Track, ...]:
        """Its tracks as they sound now."""
        own = self.ingested.tracks
        return (own[0].model_copy(update={"sound": self.played.sound}),) if self.played else own

    @property
    def frames(self) -> int:
        """Its length; all its tracks have the same."""
        return self.tracks[0].sound.frames

    @property
    def rate(self) -> int:
        """Hz."""
        return self.tracks[0].sound.rate

    @property
    def whole(self) -> Treatment:
        """What is done to it as a whole."""
        return self.edits.get(None, NOTHING)

    @property
    def begins(self) -> int:
        """The frame of song time on which its first frame falls; it may lie before the song's zero."""
        return self.ingested.starts_at + self.whole.nudge

    @property
    def start(self) -> int:
        """The first frame of song time it sounds in."""
        return max(0, self.begins + (self.whole.trim.start if self.whole.trim else 0))

    @property
    def end(self) -> int:
        """The frame of song time after its last."""
        trim, frames = self.whole.trim, stretched_frames(self.frames, self.whole.stretch)
        return self.begins + (min(trim.end, frames) if trim else frames)  # a MIDI take may have grown shorter since

    @property
    def as_edited(self) -> EditedTake:
        """It as an edit of it finds it."""
        channels = sum(track.sound.channels for track in self.tracks)
        return EditedTake(self.ingested.take, self.begins, self.frames, self.rate, channels, self.edits)

    @property
    def sound(self) -> str:
        """One hash for what all its tracks sound like."""
        return sound_of(self.tracks)

    def is_of(self, tracks: "Sequence[Track]") -> bool:
        """Whether *tracks* are what it was made of: the same audio, or the same MIDI file."""
        same_file = self.played is not None and [track.original for track in tracks] == [self.played.file]
        return same_file or sound_of(self.ingested.tracks) == sound_of(tracks)


@dataclass(frozen=True, slots=True)
class Takes:
    """The takes of one part, by number."""

    takes: Mapping[int, Take] = field(default_factory=dict)

    def take(self, part: str, number: int) -> Take:
        """The take.  Raises: NotFound ``take.unknown``."""
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
    used = old.verdict == "approved" and verdict == "kept"  # circling a take that is used changes nothing
    return takes if used else replace(takes, takes={**takes.takes, number: replace(old, verdict=verdict)})


def evolve_edited(takes: Takes, event: TakeEdited) -> Takes:
    """Fold an edit of a take into the state."""
    number = number_of(event.take)
    old = takes.takes[number]
    return replace(takes, takes={**takes.takes, number: replace(old, edits=edited(old.edits, event))})


def number_of(take: str) -> int:
    """The number in a take's id."""
    return int(take.rpartition("/")[2])


def part_of(take: str) -> str:
    """The part in a take's id."""
    return take.rpartition("/")[0]


def takes_in(event: TakeEvent) -> frozenset[int | None]:
    """The numbers of the takes that *event* speaks of; None among them is silence."""
    if isinstance(event, CompSet):
        return frozenset(span.take for span in event.spans)
    return frozenset({number_of(event.take)})


def sound_of(tracks: Sequence[Track]) -> str:
    """What tracks sound like, whatever they are called and however they are ordered: a manifest hash over their pcm."""
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
) -> tuple[int, list[TakeEvent]]:
    """Take in *tracks* as one take of *part*.

    Returns:
        Its number and what is new; the same audio again on one part is the take there is, and nothing new.

    Raises:
        Refused: ``take.tracks`` when the tracks differ in rate or length, or two share a name.
    """
    if len({(track.sound.rate, track.sound.frames) for track in tracks}) > 1:
        sizes = ", ".join(f"{track.name} {track.sound.frames} frames at {track.sound.rate} Hz" for track in tracks)
        raise Refused("take.tracks", f"the tracks of a take have one rate and length, these differ: {sizes}"[:400])
    if len({track.name for track in tracks}) < len(tracks):
        raise Refused("take.tracks", f"two tracks share a name: {', '.join(track.name for track in tracks)}"[:400])
    for take in takes.takes.values():
        if take.is_of(tracks):
            return take.number, []
    number = max(takes.takes, default=0) + 1
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
    )
    return number, [event]


def judge(
    takes: Takes,
    standing: Sequence[TakeEvent],
    *,
    take: str,
    verdict: TakeVerdict,
    span: Range | None,
    by: str,
    role: Role,
) -> list[TakeEvent]:
    """Say what *take* is.  What its last judgement says already yields nothing.

    Args:
        takes: the part's takes.
        standing: the part's judgements that stand, in order.
        take: its id.
        verdict: what it is.
        span: of an approval: only this stretch of song time; it is cut to where the take sounds.
        by: who says so.
        role: in which role.

    Raises:
        NotFound: ``take.unknown``.
        Misused: ``take.span`` when the span is empty or outside the take, or the verdict is no approval.
    """
    there = takes.take(part_of(take), number_of(take))
    if span is not None:
        if verdict != "approved":
            raise Misused(
                "take.span", "only an approval can have a span; keep, hold and reject apply to the whole take"
            )
        span = _within(there, span)
    new = TakeJudged(take=take, verdict=verdict, range=span, by=by, role=role)
    last = next((old for old in reversed(standing) if _touches(old, new)), None)
    return [] if isinstance(last, TakeJudged) and _says(last) == _says(new) else [new]


def _within(take: Take, span: Range) -> Range:
    start, end = max(span.start, take.start), min(span.end, take.end)
    if start >= end:
        sounds = f"{take.start / take.rate:.3f} s to {take.end / take.rate:.3f} s"
        raise Misused("take.span", f"the span is empty, or outside the take, which sounds from {sounds}")
    return Range(start=start, end=end)


def _touches(old: TakeEvent, new: TakeJudged) -> bool:
    """Whether *old* spoke last of what *new* speaks of: the same take or, for an approval, the painting of the part."""
    paints = isinstance(old, CompSet) or (isinstance(old, TakeJudged) and old.verdict == "approved")
    return number_of(new.take) in takes_in(old) or (paints and new.verdict == "approved")


def _says(judged: TakeJudged) -> tuple[object, ...]:
    return judged.take, judged.verdict, judged.range


def set_comp(
    takes: Takes, standing: Sequence[TakeEvent], *, part: str, spans: tuple[CompSpan, ...], by: str, role: Role
) -> list[TakeEvent]:
    """Paint the whole comp of *part*.

    Raises:
        NotFound: ``take.unknown``.
        Misused: ``comp.order`` when the spans are not in the order of time.
    """
    for span in spans:
        if span.take is not None:
            takes.take(part, span.take)
    starts = [span.start for span in spans]
    if not spans or sorted(set(starts)) != starts:
        raise Misused("comp.order", "name the spans in the order of time, each start once: 0:00=1 0:48=3 1:20=1")
    new = CompSet(part=part, spans=spans, by=by, role=role)
    painted = next((old for old in reversed(standing) if not isinstance(old, TakeIngested) and _paints(old)), None)
    return [] if type(painted) is CompSet and painted.spans == spans else [new]


def _paints(old: TakeEvent) -> bool:
    return isinstance(old, CompSet) or (isinstance(old, TakeJudged) and old.verdict != "kept")
