"""Catalog: records, their songs and parts, each song's sample rate and time zero, with all corrections applied.

A removed, shelved or dropped entry is absent.  It keeps its id, which is never reused, and all its decisions; new
decisions about it are refused until it is restored.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Final, Literal, assert_never

from pydantic import Field
from typing_extensions import override

from domain.core.event import Event, PartId, PersonId, Recorded, RecordId, SongId, Stage, Title, Traits
from domain.core.fold import fold_events
from domain.core.ids import lineage, record_of, slug_of, song_of
from domain.core.money import Currency
from domain.core.refusal import NotFound, Refused, Suggestion, suggest
from domain.label.corrections import (
    Absence,
    Correction,
    EntryEvent,
    EntryRenamed,
    PartEdited,
    RecordEdited,
    WantedSections,
    absences_after,
    noun_of_entry,
)

RATES: Final = (44_100, 48_000, 88_200, 96_000, 176_400, 192_000)
"""Sample rates in Hz that a song may have."""


class RecordOpened(Event):
    """A record was opened."""

    kind: Literal["record-opened"] = "record-opened"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    title: Title
    artist: Title
    due: date | None = None
    currency: Currency

    @override
    def describe(self) -> str:
        return f"{self.record}: {self.title} by {self.artist}"


class SongAdded(Event):
    """A song was added at the end of a record."""

    kind: Literal["song-added"] = "song-added"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("song",)
    song: SongId
    title: Title
    like: SongId | None = None
    """Song whose parts were copied."""

    @override
    def describe(self) -> str:
        return f"{self.song}: {self.title}"


class PartAdded(Event):
    """A part of a song was planned: its name, instrument and player.

    A guide is played for the other musicians and never mixed; an optional part needs no keeper; all keepers of a stack
    sound together.
    """

    schema_number = 2
    kind: Literal["part-added"] = "part-added"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("part",)
    part: PartId
    name: Title
    instrument: str = ""
    player: PersonId | None = None
    guide: bool = False
    optional: bool = False
    stack: bool = False
    sections: WantedSections = ()

    @property
    @override
    def stage_evidence(self) -> Stage:
        return "preproduction"

    @override
    def describe(self) -> str:
        return f"{self.part}: {self.name}"


class SongClockSet(Event):
    """A song's sample rate was set by its first take; all its takes have this rate.

    ``zero`` is the BWF time reference (frames since midnight) that is 0:00 of the song, if a take had one.
    """

    kind: Literal["song-clock-set"] = "song-clock-set"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("song",)
    song: SongId
    rate: Annotated[int, Field(gt=0)]
    bits: Annotated[int, Field(gt=0)]
    zero: Annotated[int, Field(ge=0)] | None = None

    @override
    def describe(self) -> str:
        return f"{self.song} runs at {self.rate} Hz, {self.bits} bits"


CatalogEvent = RecordOpened | SongAdded | PartAdded | SongClockSet | Correction


@dataclass(frozen=True, slots=True)
class Song:
    """A song: a unit of production on a record."""

    id: str
    title: str
    parts: Mapping[str, PartAdded] = field(default_factory=dict)
    """Every part by slug, also the removed and shelved ones."""
    clock: SongClockSet | None = None
    absence: Absence | None = None
    absent_parts: Mapping[str, Absence] = field(default_factory=dict)
    """Removed and shelved parts by slug."""

    @property
    def living(self) -> Mapping[str, PartAdded]:
        """Parts by slug that are neither removed nor shelved."""
        if not self.absent_parts:
            return self.parts
        return {slug: part for slug, part in self.parts.items() if slug not in self.absent_parts}

    @property
    def non_guides(self) -> Mapping[str, PartAdded]:
        """Parts by slug that are no guides, so that a mix may hold them.

        Removed and shelved parts are included, so that an existing mix of such a part keeps its plan; new revisions use
        ``mixable``.
        """
        return {slug: part for slug, part in self.parts.items() if not part.guide}

    @property
    def mixable(self) -> Mapping[str, PartAdded]:
        """Parts by slug that a new mix may hold: neither guides, nor removed, nor shelved."""
        return {slug: part for slug, part in self.living.items() if not part.guide}


@dataclass(frozen=True, slots=True)
class Catalog:
    """Records and songs by id, in the order they were added, also the removed and shelved ones."""

    records: Mapping[str, RecordOpened] = field(default_factory=dict)
    """Records by id, with their present title, artist and due date."""
    songs: Mapping[str, Song] = field(default_factory=dict)
    absent_records: Mapping[str, Absence] = field(default_factory=dict)
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Song ids in the order that was set last, by record."""

    def record(self, record: str) -> RecordOpened:
        """The record by id.  Raises: NotFound ``record.unknown``."""
        if record not in self.records:
            raise NotFound("record.unknown", f"there is no record {record}", next=suggest("record list"))
        return self.records[record]

    def song(self, song: str) -> Song:
        """The song by id.  Raises: NotFound ``song.unknown``."""
        if song not in self.songs:
            raise NotFound("song.unknown", f"there is no song {song}", next=suggest("song list", record_of(song)))
        return self.songs[song]

    def part(self, part: str) -> PartAdded:
        """The part by id.  Raises: NotFound ``part.unknown``."""
        song, name = song_of(part), slug_of(part)
        if name not in self.song(song).parts:
            raise NotFound("part.unknown", f"{song} has no part {name}", next=suggest("part list", song))
        return self.songs[song].parts[name]

    def all_songs_of(self, record: str) -> list[Song]:
        """Every song of *record*: the songs in the order set last, then all others as they were added."""
        songs = [song for id_, song in self.songs.items() if record_of(id_) == record]
        if record not in self.orders:
            return songs
        ranks = {id_: rank for rank, id_ in enumerate(self.orders[record])}
        return sorted(songs, key=lambda song: ranks.get(song.id, len(ranks)))

    def songs_of(self, record: str) -> list[Song]:
        """The songs of *record* that are neither removed nor shelved, in order; none if the record itself is."""
        if record in self.absent_records:
            return []
        return [song for song in self.all_songs_of(record) if song.absence is None]

    def own_absence(self, id_: str) -> Absence | None:
        """The absence of the record, song or part *id_* itself, not of its record or song; None if it is not absent."""
        match noun_of_entry(id_):
            case "record":
                return self.absent_records.get(id_)
            case "song":
                return self.songs[id_].absence if id_ in self.songs else None
            case _:
                song = self.songs.get(song_of(id_))
                return song.absent_parts.get(slug_of(id_)) if song else None

    def absent_entry(self, id_: str) -> str | None:
        """The outermost removed or shelved entry at or above the record, song or part *id_*; None if there is none."""
        return next((one for one in lineage(id_) if self.own_absence(one)), None)

    def refuse_absent(self, id_: str) -> None:
        """Refuse a decision about the record, song or part *id_* if it, its song or its record is absent.

        Raises:
            Refused: ``entry.removed``, ``entry.shelved``, ``entry.dropped``.
        """
        absent = self.absent_entry(id_)
        if absent is not None:
            absence = self.own_absence(absent)
            within = "" if absent == id_ else f", and {id_} lies in it"
            raise Refused(f"entry.{absence}", f"{absent} is {absence}{within}", next=restoring(absent, absence))


def restoring(entry: str, absence: Absence | None = None) -> Suggestion:
    """Suggest restoring a record, song, part, mix or master; with a reason if its *absence* is that it was dropped."""
    why: dict[str, str] = {"why": "REASON"} if absence == "dropped" else {}
    match noun_of_entry(entry):
        case "record":
            return suggest("record restore", entry, **why)
        case "song":
            return suggest("song restore", entry, **why)
        case "part":
            return suggest("part restore", entry)
        case "mix":
            return suggest("mix restore", entry)
        case "master":
            return suggest("master restore", entry)


def evolve(catalog: Catalog, event: CatalogEvent) -> Catalog:
    """Fold one event into the state."""
    if isinstance(event, Correction):
        return _corrected(catalog, event)
    match event:
        case RecordOpened(record=record):
            return replace(catalog, records={**catalog.records, record: event})
        case SongAdded(song=song, title=title):
            return replace(catalog, songs={**catalog.songs, song: Song(id=song, title=title)})
        case PartAdded(part=part):
            song, name = song_of(part), slug_of(part)
            old = catalog.songs[song]
            return _with_song(catalog, replace(old, parts={**old.parts, name: event}))
        case SongClockSet(song=song):
            return _with_song(catalog, replace(catalog.songs[song], clock=event))
        case _:
            assert_never(event)


def _corrected(catalog: Catalog, event: Correction) -> Catalog:
    """Fold a correction; a correction of an entry that is not in this catalog changes nothing."""
    if isinstance(event, EntryEvent):
        place = event.place
        return catalog if place is None else _entry_corrected(catalog, place, event)
    if isinstance(event, PartEdited):
        return _with_part(catalog, event.part, event.changes)
    if event.record not in catalog.records:
        return catalog
    if isinstance(event, RecordEdited):
        told = {"artist": event.artist or catalog.records[event.record].artist}
        due = {"due": event.due} if event.due or event.without_due else {}
        return _with_record(catalog, event.record, {**told, **due})
    return replace(catalog, orders={**catalog.orders, event.record: event.songs})


def _entry_corrected(catalog: Catalog, entry: str, event: EntryEvent) -> Catalog:
    if isinstance(event, EntryRenamed):
        return _renamed(catalog, entry, event.title)
    noun = noun_of_entry(entry)
    if noun == "record":
        return replace(catalog, absent_records=absences_after(catalog.absent_records, entry, event))
    song = catalog.songs.get(song_of(entry))
    if song is None:
        return catalog
    if noun == "part":
        return _with_song(catalog, replace(song, absent_parts=absences_after(song.absent_parts, slug_of(entry), event)))
    own: Mapping[str, Absence] = absences_after({}, entry, event)
    return _with_song(catalog, replace(song, absence=own.get(entry)))


def _renamed(catalog: Catalog, entry: str, title: str) -> Catalog:
    match noun_of_entry(entry):
        case "record":
            return _with_record(catalog, entry, {"title": title}) if entry in catalog.records else catalog
        case "part":
            return _with_part(catalog, entry, {"name": title})
        case _:
            song = catalog.songs.get(entry)
            return _with_song(catalog, replace(song, title=title)) if song else catalog


def _with_record(catalog: Catalog, record: str, changes: Mapping[str, object]) -> Catalog:
    return replace(
        catalog, records={**catalog.records, record: catalog.records[record].model_copy(update=dict(changes))}
    )


def _with_part(catalog: Catalog, part: str, changes: Mapping[str, object]) -> Catalog:
    song, name = catalog.songs.get(song_of(part)), slug_of(part)
    if song is None or name not in song.parts:
        return catalog
    edited = song.parts[name].model_copy(update=dict(changes))
    return _with_song(catalog, replace(song, parts={**song.parts, name: edited}))


def catalog_after(history: Iterable[Recorded[Event]]) -> Catalog:
    """The catalog after *history*; events of other kinds change nothing."""
    return fold_events(evolve, Catalog(), (one.event for one in history if isinstance(one.event, CatalogEvent)))


def _with_song(catalog: Catalog, song: Song) -> Catalog:
    return replace(catalog, songs={**catalog.songs, song.id: song})


def set_clock(song: Song, *, rate: int, bits: int, zero: int | None) -> list[CatalogEvent]:
    """Set the sample rate and time zero of a song from a take.

    Raises:
        Refused: ``rate.match`` if the song has another rate, or *rate* is not one of RATES.
    """
    if song.clock and song.clock.rate != rate:
        raise Refused(
            "rate.match",
            f"{song.id} runs at {song.clock.rate} Hz, this is {rate} Hz",
            next="the same command with --convert",
            rate=song.clock.rate,
        )
    if rate not in RATES:
        raise Refused("rate.match", f"no song can run at {rate} Hz; the rates are {', '.join(map(str, RATES))}")
    if song.clock and (song.clock.zero is not None or zero is None):
        return []
    bits = song.clock.bits if song.clock else bits
    return [SongClockSet(song=song.id, rate=rate, bits=bits, zero=zero)]
