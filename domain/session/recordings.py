"""Recordings of a session that belong to no part yet, and the recorder's clock by which they are found.

A recording is whole and in the vault.  Claimed, it is a take of a part; it is never lost and never asks for a decision
while the tape rolls.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal, assert_never

from pydantic import Field
from typing_extensions import override

from domain.booking.slots import Moment
from domain.core.blob_reference import BlobReference
from domain.core.event import Event, RecordId, RecordingId, SessionId, TakeId, Traits
from domain.core.fold import fold_events
from domain.core.refusal import Misused, NotFound, Refused, suggest
from domain.takes.takes import Track, sound_of

MOST_AHEAD: Final = timedelta(hours=24)
"""Most by which a recorder's clock may differ from the house's."""
MOST_AHEAD_MS: Final = 24 * 3600 * 1000


class RecorderClockSet(Event):
    """The recorder's clock was compared with the house's, for the recordings of one session."""

    kind: Literal["recorder-clock-set"] = "recorder-clock-set"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    session: SessionId
    record: RecordId
    ahead_ms: Annotated[int, Field(ge=-MOST_AHEAD_MS, le=MOST_AHEAD_MS, strict=True)]
    """The recorder's clock minus the house's, in milliseconds."""

    @override
    def describe(self) -> str:
        return f"{self.session}: the recorder's clock is {clock_words(self.ahead_ms)}"


class RecordingFound(Event):
    """A whole recording was taken into the vault, and no part was running to which it belongs."""

    kind: Literal["recording-found"] = "recording-found"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    recording: RecordingId
    session: SessionId | None = None
    tracks: Annotated[tuple[Track, ...], Field(min_length=1)]
    bits: Annotated[int, Field(gt=0)]
    recorded_on: str | None = None
    """Local date and time stamped by the recorder."""
    at: Moment | None = None
    """The time by the house's clock at which it begins; None if its files do not say."""
    warnings: tuple[str, ...] = ()
    """Warnings of the take check."""

    @override
    def describe(self) -> str:
        return f"{self.recording}, {len(self.tracks)} track{'s' if len(self.tracks) > 1 else ''}"

    @override
    def blobs(self) -> Iterator[BlobReference]:
        for track in self.tracks:
            yield track.sound.refer(f"{self.record} {self.recording}.{track.name}", "audio")
            if track.original is not None:
                yield BlobReference(
                    f"{self.record} {self.recording}.{track.name} original", track.original, None, "original"
                )


class RecordingClaimed(Event):
    """A recording became a take of a part."""

    kind: Literal["recording-claimed"] = "recording-claimed"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("take",)
    record: RecordId
    recording: RecordingId
    take: TakeId

    @override
    def describe(self) -> str:
        return f"{self.recording} is {self.take}"


RecordingEvent = RecordingFound | RecordingClaimed
RECORDINGS: Final[tuple[type[Event], ...]] = (RecordingFound, RecordingClaimed)
"""Kinds of events that the recordings of a record are folded from."""
RecorderEvent = RecorderClockSet | RecordingFound | RecordingClaimed


def clock_words(ahead_ms: int) -> str:
    """How far the recorder's clock is from the house's, for people."""
    if not ahead_ms:
        return "right"
    return f"{abs(ahead_ms) / 1000:g} s {'ahead' if ahead_ms > 0 else 'behind'}"


def set_recorder_clock(before: int | None, *, session: str, record: str, ahead_ms: int) -> list[RecorderClockSet]:
    """State that the recorder's clock is *ahead_ms* ahead of the house's; the same again yields no event.

    Args:
        before: what was stated last; None if nothing was.
        session: id of the session.
        record: id of its record.
        ahead_ms: the recorder's clock minus the house's.

    Raises:
        Misused: ``recorder.clock``; it is more than a day.
    """
    if abs(ahead_ms) > MOST_AHEAD_MS:
        raise Misused(
            "recorder.clock", f"{ahead_ms / 1000:g} s; a recorder's clock is at most 86,400 s ahead or behind"
        )
    if before == ahead_ms:
        return []
    return [RecorderClockSet(session=session, record=record, ahead_ms=ahead_ms)]


@dataclass(frozen=True, slots=True)
class Recordings:
    """The recordings of one record that were found without a part, by id."""

    found: Mapping[str, RecordingFound] = field(default_factory=dict)
    claimed: Mapping[str, str] = field(default_factory=dict)
    """Ids of the takes that recordings became, by the ids of these."""

    @property
    def unclaimed(self) -> list[RecordingFound]:
        """Those that belong to no part yet."""
        return [one for name, one in self.found.items() if name not in self.claimed]

    @property
    def next(self) -> str:
        """Id of the next recording."""
        return f"R{len(self.found) + 1}"

    def recording(self, record: str, name: str) -> RecordingFound:
        """The recording by id.  Raises: NotFound ``recording.unknown``."""
        if name not in self.found:
            raise NotFound("recording.unknown", f"{record} has no recording {name}", next=suggest("take list", record))
        return self.found[name]

    def of_sound(self, sound: str) -> RecordingFound | None:
        """The recording whose tracks are *sound* together (:func:`domain.takes.takes.sound_of`); None if none is."""
        return next((one for one in self.found.values() if sound_of(one.tracks) == sound), None)


def evolve(recordings: Recordings, event: RecordingEvent) -> Recordings:
    """Fold one event into the state."""
    match event:
        case RecordingFound(recording=name):
            return replace(recordings, found={**recordings.found, name: event})
        case RecordingClaimed(recording=name, take=take):
            return replace(recordings, claimed={**recordings.claimed, name: take})
        case _:
            assert_never(event)


def recordings_after(events: Iterable[object]) -> Recordings:
    """The recordings of a record after *events*; other kinds are passed over."""
    own = (event for event in events if isinstance(event, RecordingFound | RecordingClaimed))
    return fold_events(evolve, Recordings(), own)


def find_recording(
    recordings: Recordings,
    *,
    record: str,
    session: str | None,
    tracks: tuple[Track, ...],
    bits: int,
    recorded_on: str | None = None,
    at: datetime | None = None,
    warnings: tuple[str, ...] = (),
) -> tuple[str, list[RecordingFound]]:
    """Keep *tracks* as a recording without a part.

    Returns:
        Its id and the new event; for audio that was found before, its id and no event.
    """
    if known := recordings.of_sound(sound_of(tracks)):
        return known.recording, []
    event = RecordingFound(
        record=record, recording=recordings.next, session=session, tracks=tracks, bits=bits, recorded_on=recorded_on,
        at=at, warnings=warnings,
    )  # fmt: skip
    return event.recording, [event]


def claim_recording(recordings: Recordings, *, record: str, recording: str, take: str) -> list[RecordingClaimed]:
    """Let *recording* be *take* from now on; the same again yields no event.

    Raises:
        NotFound: ``recording.unknown``.
        Refused: ``recording.claimed``; it is another take.
    """
    recordings.recording(record, recording)
    claimed = recordings.claimed.get(recording)
    if claimed == take:
        return []
    if claimed is not None:
        raise Refused(
            "recording.claimed", f"{recording} is {claimed} already", next=suggest("take move", claimed, "PART")
        )
    return [RecordingClaimed(record=record, recording=recording, take=take)]
