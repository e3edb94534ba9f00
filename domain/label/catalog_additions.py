"""Additions to the catalog: records are opened, songs added and parts planned.

The events and the state are in :mod:`domain.label.catalog`, changes of existing entries in
:mod:`domain.label.catalog_edits`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

from domain.core.address import folded, is_name, slug
from domain.core.ids import slug_of
from domain.core.money import active_currency
from domain.core.refusal import FreeText, Misused, Refused, suggest
from domain.label.catalog import Catalog, CatalogEvent, PartAdded, RecordOpened, Song, SongAdded

LONGEST_SECTION: Final = 40
"""Characters of a section's name."""


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
    sections: Sequence[str] = (),
) -> list[CatalogEvent]:
    """Plan a part of *song*.  The name of an existing part without any contradicting fact yields no event.

    Args:
        catalog: of the song's record.
        song: song id.
        name: name of the part.
        instrument: the instrument, where the name does not tell.
        player: person id.
        guide: it is played for the other musicians and never mixed.
        optional: it may stay without a keeper.
        stack: all its keepers sound together.
        sections: names of the sections in which it is wanted; empty for the whole song.

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
        given = {
            "instrument": instrument, "player": player, "guide": guide, "optional": optional, "stack": stack,
            "sections": tuple(sections),
        }  # fmt: skip
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
        sections=tuple(sections),
    )
    return [part]


def read_wanted(text: str) -> tuple[str, ...]:
    """Names of wanted sections from words such as ``verse1,chorus1``; none for an empty text, the whole song.

    Raises:
        Misused: ``part.sections``; a word cannot be the name of a section.
    """
    words = [folded(word.strip()) for word in text.split(",")] if text.strip() else []
    wrong = next((word for word in words if not is_name(word) or len(word) > LONGEST_SECTION), None)
    if wrong is not None:
        raise Misused("part.sections", f"{wrong[:60]!r} names no section; write verse1,chorus1")
    return tuple(dict.fromkeys(words))


def refuse_mixed_guide(name: str, *, guide: bool, optional: bool, stack: bool) -> None:
    """Refuse a guide that is also optional or a stack.  Raises: Misused ``part.guide``."""
    if guide and (optional or stack):
        raise Misused("part.guide", f"{name} is a guide, and a guide is never mixed: neither optional nor a stack")


def _refuse_other_facts(part: PartAdded, given: Mapping[str, str | bool | tuple[str, ...]]) -> None:
    asked = {fact: value for fact, value in given.items() if getattr(part, fact) != value}
    other = {fact: ",".join(value) if isinstance(value, tuple) else value for fact, value in asked.items()}
    if other:
        told = ", ".join(f"{fact} {value}" if isinstance(value, str) else fact for fact, value in other.items())
        own = {fact: getattr(part, fact) for fact in other}
        has = ", ".join(
            f"{fact} {(','.join(value) if isinstance(value, tuple) else value) or 'none'}"
            for fact, value in own.items()
        )
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
