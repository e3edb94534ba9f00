"""Catalog: records, their songs and parts, and each song's sample rate and time zero."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Final, Literal, assert_never

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.core.address import slug
from domain.core.event import Event, PartId, PersonId, Recorded, RecordId, SongId, Traits
from domain.core.fold import fold_events
from domain.core.ids import record_of, slug_of, song_of
from domain.core.money import Currency, active_currency
from domain.core.refusal import Misused, NotFound, Refused, suggest

Title = Annotated[str, StringConstraints(min_length=1, max_length=500)]

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


CatalogEvent = RecordOpened | SongAdded | PartAdded | SongClockSet


@dataclass(frozen=True, slots=True)
class Song:
    """A song: a unit of production on a record."""

    id: str
    title: str
    parts: Mapping[str, PartAdded] = field(default_factory=dict)
    clock: SongClockSet | None = None

    @property
    def heard(self) -> Mapping[str, PartAdded]:
        """Parts by slug that may be mixed: all but the guides."""
        return {slug: part for slug, part in self.parts.items() if not part.guide}


@dataclass(frozen=True, slots=True)
class Catalog:
    """Records and songs by id, in the order they were added."""

    records: Mapping[str, RecordOpened] = field(default_factory=dict)
    songs: Mapping[str, Song] = field(default_factory=dict)

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

    def songs_of(self, record: str) -> list[Song]:
        """The songs of *record*, in order."""
        return [song for id_, song in self.songs.items() if record_of(id_) == record]


def evolve(catalog: Catalog, event: CatalogEvent) -> Catalog:
    """Fold one event into the state."""
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


def catalog_after(history: Iterable[Recorded[Event]]) -> Catalog:
    """The catalog after *history*; events of other kinds change nothing."""
    return fold_events(evolve, Catalog(), (one.event for one in history if isinstance(one.event, CatalogEvent)))


def _with_song(catalog: Catalog, song: Song) -> Catalog:
    return replace(catalog, songs={**catalog.songs, song.id: song})


def record_named(catalog: Catalog, title: str, artist: str) -> str | None:
    """Id of the record with this title and artist; None if there is none."""
    return next((id_ for id_, old in catalog.records.items() if (old.title, old.artist) == (title, artist)), None)


def open_record(catalog: Catalog, *, title: str, artist: str, due: date | None, currency: str) -> list[CatalogEvent]:
    """Open a record.  An existing record of this title and artist yields no event.

    Raises:
        Refused: ``record.exists`` when it is open with another due date.
        Misused: ``money.currency`` for a new record in a currency that ISO 4217 does not know.
    """
    there = record_named(catalog, title, artist)
    if there:
        old = catalog.records[there].due
        if due and due != old:
            raise Refused("record.exists", f"{there} is open already and due {old or 'without a date'}, not {due}")
        return []
    known, name = active_currency(currency), slug(title, catalog.records)
    return [RecordOpened(record=name, title=title, artist=artist, due=due, currency=known)]


def song_named(catalog: Catalog, record: str, title: str) -> str | None:
    """Id of the song with this title on *record*; None if there is none."""
    return next((song.id for song in catalog.songs_of(record) if song.title == title), None)


def add_song(catalog: Catalog, *, record: str, title: str, like: str | None = None) -> list[CatalogEvent]:
    """Add a song to *record*, with the parts of the song *like*.  An existing title yields no event.

    Raises:
        NotFound: ``record.unknown`` or ``song.unknown``.
    """
    catalog.record(record)
    model = catalog.song(like) if like else None
    if song_named(catalog, record, title):
        return []
    taken = {slug_of(song.id) for song in catalog.songs_of(record)}
    id_ = f"{record}/{_named_slug('song', title, taken)}"
    parts = [part.model_copy(update={"part": f"{id_}/{name}"}) for name, part in model.parts.items()] if model else []
    return [SongAdded(song=id_, title=title, like=like), *parts]


def part_named(song: Song, name: str) -> str | None:
    """Slug of the part called *name*; None if the song has none."""
    return next((slug_ for slug_, part in song.parts.items() if part.name == name), None)


def add_part(
    catalog: Catalog,
    *,
    song: str,
    name: str,
    instrument: str = "",
    player: str | None = None,
    guide: bool = False,
    optional: bool = False,
    stack: bool = False,
) -> list[CatalogEvent]:
    """Plan a part of *song*.  An existing name yields no event.

    Raises:
        NotFound: ``song.unknown``.
        Misused: ``part.guide`` if a guide, which is never mixed, is also optional or a stack.
    """
    there = catalog.song(song)
    if guide and (optional or stack):
        raise Misused("part.guide", f"{name} is a guide, and a guide is never mixed: leave out --optional and --stack")
    if part_named(there, name):
        return []
    part = PartAdded(
        part=f"{song}/{part_slug(name, there.parts)}",
        name=name,
        instrument=instrument,
        player=player,
        guide=guide,
        optional=optional,
        stack=stack,
    )
    return [part]


def part_slug(name: str, taken: Collection[str]) -> str:
    """Slug of a new part, never a bare number, which would read as a take."""
    return _named_slug("part", name, taken)


def _named_slug(noun: str, name: str, taken: Collection[str]) -> str:
    found = slug(name, taken)
    return slug(f"{noun} {name}", taken) if found.isdigit() else found


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
