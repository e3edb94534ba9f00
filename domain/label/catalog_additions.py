"""Additions to the catalog: records are opened, songs added and parts planned.

The events and the state are in :mod:`domain.label.catalog`, changes of existing entries in
:mod:`domain.label.catalog_edits`.
"""

from collections.abc import Collection, Mapping
from datetime import date

from domain.core.address import slug
from domain.core.ids import slug_of
from domain.core.money import active_currency
from domain.core.refusal import FreeText, Misused, Refused, suggest
from domain.label.catalog import Catalog, CatalogEvent, PartAdded, RecordOpened, Song, SongAdded


def record_named(catalog: Catalog, title: str, artist: str) -> str | None:
    """Id of the record with this title and artist that is neither removed nor shelved; None if there is none."""
    living = ((id_, old) for id_, old in catalog.records.items() if id_ not in catalog.absent_records)
    return next((id_ for id_, old in living if (old.title, old.artist) == (title, artist)), None)


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
            raise Refused(
                "record.exists",
                f"{there} is open already and due {old or 'without a date'}, not {due}",
                next=suggest("record edit", there, due=str(due)),
            )
        return []
    known, name = active_currency(currency), slug(title, catalog.records)
    return [RecordOpened(record=name, title=title, artist=artist, due=due, currency=known)]


def song_named(catalog: Catalog, record: str, title: str) -> str | None:
    """Id of the song with this title on *record* that is neither removed nor shelved; None if there is none."""
    return next((song.id for song in catalog.songs_of(record) if song.title == title), None)


def add_song(catalog: Catalog, *, record: str, title: str, like: str | None = None) -> list[CatalogEvent]:
    """Add a song to *record*, with the parts of the song *like*.  A title that the record has already yields no event.

    Raises:
        NotFound: ``record.unknown`` or ``song.unknown``.
        Refused: ``entry.removed`` or ``entry.shelved``; the record or the song *like* is removed or shelved.
    """
    catalog.record(record)
    catalog.refuse_absent(record)
    model = catalog.song(like) if like else None
    if like:
        catalog.refuse_absent(like)
    if song_named(catalog, record, title):
        return []
    taken = {slug_of(song.id) for song in catalog.all_songs_of(record)}
    id_ = f"{record}/{_named_slug('song', title, taken)}"
    parts = [part.model_copy(update={"part": f"{id_}/{name}"}) for name, part in model.living.items()] if model else []
    return [SongAdded(song=id_, title=title, like=like), *parts]


def part_named(song: Song, name: str) -> str | None:
    """Slug of the part called *name* that is neither removed nor shelved; None if the song has none."""
    return next((slug_ for slug_, part in song.living.items() if part.name == name), None)


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
    """Plan a part of *song*.  The name of an existing part without any contradicting fact yields no event.

    Raises:
        NotFound: ``song.unknown``.
        Misused: ``part.guide`` if a guide, which is never mixed, is also optional or a stack.
        Refused: ``part.differs``; the part exists with another player, instrument or kind.  ``entry.removed`` or
            ``entry.shelved``; the song is not there.
    """
    there = catalog.song(song)
    catalog.refuse_absent(song)
    refuse_mixed_guide(name, guide=guide, optional=optional, stack=stack)
    if known := part_named(there, name):
        given = {"instrument": instrument, "player": player, "guide": guide, "optional": optional, "stack": stack}
        _refuse_other_facts(there.parts[known], {fact: value for fact, value in given.items() if value})
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


def refuse_mixed_guide(name: str, *, guide: bool, optional: bool, stack: bool) -> None:
    """Refuse a guide that is also optional or a stack.  Raises: Misused ``part.guide``."""
    if guide and (optional or stack):
        raise Misused("part.guide", f"{name} is a guide, and a guide is never mixed: neither optional nor a stack")


def _refuse_other_facts(part: PartAdded, given: Mapping[str, str | bool]) -> None:
    other = {fact: value for fact, value in given.items() if getattr(part, fact) != value}
    if other:
        told = ", ".join(f"{fact} {value}" if isinstance(value, str) else fact for fact, value in other.items())
        has = ", ".join(f"{fact} {getattr(part, fact) or 'none'}" for fact in other)
        raise Refused(
            "part.differs",
            f"{part.part} is there already, with {has}; {told} was asked for",
            next=suggest(
                "part edit", part.part, **{k: FreeText(v) if isinstance(v, str) else v for k, v in other.items()}
            ),
        )


def part_slug(name: str, taken: Collection[str]) -> str:
    """Slug of a new part, never only digits, which would be parsed as a take number."""
    return _named_slug("part", name, taken)


def _named_slug(noun: str, name: str, taken: Collection[str]) -> str:
    found = slug(name, taken)
    return slug(f"{noun} {name}", taken) if found.isdigit() else found
