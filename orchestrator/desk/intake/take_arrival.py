"""Recording one ingested take: its position in the song, its number, and remarks for the caller.

Tests: ``tests/orchestrator/desk/intake/test_ingest.py``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from domain.core.address import clock
from domain.core.event import Event, Sha
from domain.core.fold import fold_events
from domain.core.ids import part_of, record_of, song_of
from domain.label.catalog import SongClockSet, catalog_after, set_clock
from domain.label.people import Role
from domain.recipe import MidiRecipe
from domain.render.jobs import Sound
from domain.session.recordings import RECORDINGS, RecordingClaimed, claim_recording, recordings_after
from domain.takes import takes
from domain.takes.midi_takes import MidiPlayed
from domain.takes.takes import TakeIngested, Takes, Track, ingest
from orchestrator.desk.addressing.addresses import catalog_query
from orchestrator.desk.intake.soundfonts import BUILT_IN, SoundFontFile
from orchestrator.desk.record_state.song_places import places_of, places_query
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio


@dataclass(frozen=True, slots=True)
class FileResult:
    """Result of ingesting one file: the take it became part of, or the reason it was refused."""

    path: Path
    taken: bool = False
    known: bool = False
    """True if the same audio was a take already."""
    take: str = ""
    reason: str = ""
    """Reason of the refusal."""
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """For ``--json``."""
        row: dict[str, object] = {"file": str(self.path), "taken": self.taken}
        return row | ({"take": self.take, "known": self.known} if self.taken else {"reason": self.reason}) | (
            {"notes": list(self.notes)} if self.notes else {}
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """Options of an ingest."""

    together: bool = False
    at: str | None = None
    """Song time of the take's start, as typed."""
    pass_number: int | None = None
    session: str | None = None
    convert: bool = False
    lossy: bool = False
    """Take lossy files too, decoded; the files are kept."""
    voice: str | None = None
    """Name of the instrument that plays a MIDI file; None chooses one by the part."""
    samples: SoundFontFile = BUILT_IN
    """SoundFont that plays a MIDI file in place of an instrument."""
    rate: int | None = None
    """Rate in Hz that a MIDI file sets as the first take of a song."""
    why: str | None = None
    tracks: Mapping[str, str] = field(default_factory=dict)
    """File or former name of each track that gets another name, by the new name."""
    recording: str | None = None
    """Id of the recording without a part that becomes the take; None for files."""


@dataclass(frozen=True, slots=True)
class Performance:
    """The MIDI file and recipe that a take's sound was made from."""

    file: Sha
    size: int
    notes: int
    recipe: MidiRecipe

    def played(self, take: str, sound: Sound) -> MidiPlayed:
        """The event that records this performance of *take*."""
        return MidiPlayed(
            take=take, file=self.file, size=self.size, notes=self.notes, recipe=self.recipe, sound=sound
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class IncomingTake:
    """A take to be recorded, its audio already in the vault."""

    tracks: tuple[Track, ...]
    bits: int
    reference: int | None = None
    """BWF time reference, in frames at the tracks' rate."""
    recorded_on: str | None = None
    warnings: tuple[str, ...] = ()
    performance: Performance | None = None
    lossy: str | None = None
    """Codec of a lossy source; None if it is lossless."""


@dataclass(frozen=True, slots=True)
class RecordedTake:
    """Result of recording a take."""

    take: str
    known: bool
    notes: tuple[str, ...]

    def row(self, path: Path, *, told: bool = True, more: Sequence[str] = ()) -> FileResult:
        """The row of one file of the take; with *told*, and for a new take, it includes *more* and the remarks."""
        notes = (*filter(None, more), *self.notes) if told and not self.known else ()
        return FileResult(path, taken=True, known=self.known, take=self.take, notes=notes)


def arrive(studio: Studio, part: str, arrival: IncomingTake, wish: IngestOptions) -> RecordedTake:
    """Record *arrival* as a take of *part*; the same audio on the same part is the existing take.

    Raises:
        Refusal: see :func:`domain.takes.takes.ingest` and :func:`domain.label.catalog.set_clock`; also a song time
            that does not parse.
    """
    song = song_of(part)
    query = catalog_query(record_of(song)) | Query.of(TakeIngested, MidiPlayed, tags=[f"song:{song}"])
    query |= places_query(song)
    if wish.recording:
        query |= Query.of(*RECORDINGS, tags=[f"record:{record_of(song)}"])
    rate = arrival.tracks[0].sound.rate

    def decision(history: History, _: Role) -> tuple[RecordedTake, Sequence[Event]]:
        there = catalog_after(history).song(song)
        sounds = [one.event for one in history if isinstance(one.event, TakeIngested | MidiPlayed)]
        own = fold_events(takes.evolve, Takes(), (event for event in sounds if part_of(event.take) == part))
        ends = (one.starts_at + one.tracks[0].sound.frames for one in sounds if isinstance(one, TakeIngested))
        end = max(ends, default=0)
        at = replace(places_of(song, history), rate=rate).start(wish.at) if wish.at is not None else None
        starts_at, note = place(there.clock, end, arrival.reference, at, rate)
        zero = arrival.reference if wish.at is None else None
        clocks = set_clock(there, rate=rate, bits=arrival.bits, zero=zero)
        number, events = ingest(
            own,
            part=part,
            tracks=arrival.tracks,
            bits=arrival.bits,
            starts_at=starts_at,
            pass_number=wish.pass_number,
            session=wish.session,
            recorded_on=arrival.recorded_on,
            warnings=arrival.warnings,
            lossy=arrival.lossy,
            named=bool(wish.tracks),
        )
        take = f"{part}/{number}"
        claimed: list[RecordingClaimed] = []
        if wish.recording:
            recordings = recordings_after(one.event for one in history)
            claimed = claim_recording(recordings, record=record_of(song), recording=wish.recording, take=take)
        if not events:
            return RecordedTake(take, known=True, notes=()), claimed
        played = [arrival.performance.played(take, arrival.tracks[0].sound)] if arrival.performance else []
        same = _same_audio(sounds, part, arrival)
        decoded = [f"decoded from {arrival.lossy}, which is lossy; the file is kept"] if arrival.lossy else []
        names = _names_remark(own, arrival.tracks)
        notes = (*([note] if note else []), *same, *names, *decoded, *arrival.warnings)
        return RecordedTake(take, known=False, notes=notes), [*clocks, *events, *played, *claimed]

    return studio.decide(query, decision, deed="ingest", why=wish.why)


def _same_audio(sounds: Sequence[TakeIngested | MidiPlayed], part: str, arrival: IncomingTake) -> list[str]:
    """A remark if another part of the song has a track with the same audio."""
    own = {track.sound.pcm for track in arrival.tracks}
    for event in sounds:
        if isinstance(event, TakeIngested) and event.part != part:
            for track in event.tracks:
                if track.sound.pcm in own:
                    return [f"the same audio as {event.take}.{track.name}: one of the two is under the wrong part?"]
    return []


def _names_remark(own: Takes, tracks: Sequence[Track]) -> list[str]:
    """A remark on a new take that cannot be spliced with an earlier one of its part: tracks of other names, or of one.

    Also one if the part has this audio already, under other names.
    """
    if twin := next((take for take in own.takes.values() if take.is_of(tracks)), None):
        return [f"the same audio as take {twin.number}, under other track names; reject the one that is wrong"]
    mine = {track.name for track in tracks}
    for take in own.takes.values():
        others = {track.name for track in take.tracks}
        if mine - others and others - mine:
            missing, odd = ", ".join(sorted(others - mine)), ", ".join(sorted(mine - others))
            apart = f"take {take.number} has {missing} where this one has {odd}, so the two cannot be spliced"
            return [f"{apart}; ingested again with --track {min(others - mine)}=FILE it has the names of the part"]
    return []


def place(clock_: SongClockSet | None, end: int, reference: int | None, at: int | None, rate: int) -> tuple[int, str]:
    """The frame of song time at which a take starts, and a remark on it.

    Args:
        clock_: the song's clock; None before its first take.
        end: the frame after the last in which any take of the song sounds.
        reference: the BWF time reference, in frames at *rate*.
        at: the requested frame.
        rate: Hz.
    """
    if at is not None:
        return at, ""
    if reference is None:
        return 0, ""
    if clock_ is None or clock_.zero is None:
        return 0, "its stamp is 0:00 of the song from now on"
    if 0 <= reference - clock_.zero < max(end, 1):
        return reference - clock_.zero, f"lies at {clock(reference - clock_.zero, rate)} by its stamp"
    return 0, "its time stamp is outside the song, like a time of day: placed at 0:00; --at places it elsewhere"
