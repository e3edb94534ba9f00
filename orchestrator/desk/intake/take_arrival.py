"""A take arrives: where it lies in its song, which number it has, and what its bringer is told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from domain.core.address import clock
from domain.core.event import Event, Sha
from domain.label import catalog
from domain.label.catalog import Catalog, PartAdded, RecordOpened, SongAdded, SongClockSet, set_clock
from domain.label.people import Role
from domain.recipe import MidiRecipe
from domain.render.jobs import Sound
from domain.takes import takes
from domain.takes.midi_takes import MidiPlayed
from domain.takes.takes import TakeIngested, Takes, Track, ingest, part_of
from orchestrator.desk.addressing.addresses import catalog_query
from orchestrator.desk.intake.soundfonts import BUILT_IN, SoundFontFile
from orchestrator.desk.record_state.song_places import places_of, places_query
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio


@dataclass(frozen=True, slots=True)
class FileResult:
    """One file that somebody brought, and what became of it."""

    path: Path
    taken: bool = False
    known: bool = False
    """The same audio was a take already."""
    take: str = ""
    reason: str = ""
    """Why it was refused."""
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """For ``--json``."""
        row: dict[str, object] = {"file": str(self.path), "taken": self.taken}
        return row | ({"take": self.take, "known": self.known} if self.taken else {"reason": self.reason}) | (
            {"notes": list(self.notes)} if self.notes else {}
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """How the files shall be taken."""

    together: bool = False
    at: str | None = None
    """Song time, as typed."""
    pass_number: int | None = None
    session: str | None = None
    convert: bool = False
    voice: str | None = None
    """What a MIDI file is played by."""
    samples: SoundFontFile = BUILT_IN
    """A SoundFont that sounds in its place."""
    rate: int | None = None
    """Hz a song shall run at whose first take is a MIDI file."""
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Performance:
    """What a MIDI file adds to the take that its sound is."""

    file: Sha
    size: int
    notes: int
    recipe: MidiRecipe

    def played(self, take: str, sound: Sound) -> MidiPlayed:
        """The event that says so of *take*."""
        return MidiPlayed(
            take=take, file=self.file, size=self.size, notes=self.notes, recipe=self.recipe, sound=sound
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class IncomingTake:
    """A take as it comes, its audio in the vault."""

    tracks: tuple[Track, ...]
    bits: int
    reference: int | None = None
    """The BWF time reference in frames of the tracks' rate."""
    recorded_on: str | None = None
    warnings: tuple[str, ...] = ()
    performance: Performance | None = None


@dataclass(frozen=True, slots=True)
class RecordedTake:
    """What became of it."""

    take: str
    known: bool
    notes: tuple[str, ...]

    def row(self, path: Path, *, told: bool = True, more: Sequence[str] = ()) -> FileResult:
        """The row of one of its files; one of them is *told* what there is to tell, and *more*."""
        notes = (*filter(None, more), *self.notes) if told and not self.known else ()
        return FileResult(path, taken=True, known=self.known, take=self.take, notes=notes)


def arrive(studio: Studio, part: str, arrival: IncomingTake, wish: IngestOptions) -> RecordedTake:
    """Record *arrival* as a take of *part*; what is a take of it already is that one.

    Raises:
        Refusal: as :func:`domain.takes.ingest` and :func:`domain.catalog.set_clock`; a song time that does not parse.
    """
    song = part.rpartition("/")[0]
    query = catalog_query(song.partition("/")[0]) | Query.of(TakeIngested, MidiPlayed, tags=[f"song:{song}"])
    query |= places_query(song)
    rate = arrival.tracks[0].sound.rate

    def decision(history: History, _: Role) -> tuple[RecordedTake, Sequence[Event]]:
        there = _catalog(history).song(song)
        own, end = Takes(), 0
        for recorded in history:
            if isinstance(event := recorded.event, TakeIngested | MidiPlayed):
                own = takes.evolve(own, event) if part_of(event.take) == part else own
            if isinstance(event, TakeIngested):
                end = max(end, event.starts_at + event.tracks[0].sound.frames)
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
        )
        take = f"{part}/{number}"
        if not events:
            return RecordedTake(take, known=True, notes=()), []
        played = [arrival.performance.played(take, arrival.tracks[0].sound)] if arrival.performance else []
        notes = (*([note] if note else []), *arrival.warnings)
        return RecordedTake(take, known=False, notes=notes), [*clocks, *events, *played]

    return studio.decide(query, decision, deed="ingest", why=wish.why)


def _catalog(history: History) -> Catalog:
    state = Catalog()
    for recorded in history:
        if isinstance(recorded.event, RecordOpened | SongAdded | PartAdded | SongClockSet):
            state = catalog.evolve(state, recorded.event)
    return state


def place(clock_: SongClockSet | None, end: int, reference: int | None, at: int | None, rate: int) -> tuple[int, str]:
    """The frame of song time a take starts at, and what to say about it.

    Args:
        clock_: the song's clock, once a take has set it.
        end: the frame after the last that any take of the song sounds in.
        reference: the BWF time reference, in frames at *rate*.
        at: the frame that was asked for.
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
