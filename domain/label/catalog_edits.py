"""Edits of the catalog: rename, remove, shelve, drop and restore records, songs and parts; edit facts; order songs.

Removing an entry changes no earlier plan, verdict or delivery.  A removed, shelved or dropped entry is left out of
lists, review, new plans and boards; its title may be used again, its id never.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from domain.core.ids import lineage, record_of, slug_of, song_of
from domain.core.refusal import Misused, Refused, Suggestion, suggest
from domain.label.catalog import Catalog
from domain.label.catalog_additions import record_named, refuse_mixed_guide
from domain.label.corrections import (
    Absence,
    EntryLeft,
    EntryRenamed,
    EntryRestored,
    PartEdited,
    RecordEdited,
    SongsOrdered,
    entry_fields,
    leave,
    noun_of_entry,
)


def rename_entry(catalog: Catalog, entry: str, *, title: str) -> list[EntryRenamed]:
    """Give the record, song or part *entry* another title.  Its present title yields no event.

    A removed or shelved entry can be renamed, too, and then restored beside a new entry of its old title.

    Raises:
        NotFound: ``record.unknown``, ``song.unknown``, ``part.unknown``.
        Refused: ``entry.exists``; another entry beside it has this title.
    """
    if title_of(catalog, entry) == title:
        return []
    if catalog.own_absence(entry) is None:
        _refuse_title_taken(catalog, entry, title)
    return [EntryRenamed.model_validate({**entry_fields(entry), "title": title})]


def take_entry_away(catalog: Catalog, entry: str, *, absence: Absence, reason: str | None = None) -> list[EntryLeft]:
    """Remove, shelve or drop the record, song or part *entry*.  An absence that is recorded already yields no event.

    Raises:
        NotFound: ``record.unknown``, ``song.unknown``, ``part.unknown``.
        Misused: ``entry.drop``; a part is not dropped.  ``entry.reason``; it would be dropped without a *reason*.
        Refused: ``entry.removed``, ``entry.shelved``, ``entry.dropped``; its song or record is absent, or it was
            dropped itself, and only a restoration with its reason takes that back.
    """
    title_of(catalog, entry)
    _refuse_absent_above(catalog, entry)
    own = catalog.own_absence(entry)
    if own == absence:
        return []
    if own == "dropped":
        catalog.refuse_absent(entry)
    event = leave(entry_fields(entry), absence)
    if absence == "dropped":
        _refuse_without_reason(entry, "drop", reason)
    return [event]


def restore_entry(catalog: Catalog, entry: str, *, reason: str | None = None) -> list[EntryRestored]:
    """Restore the absent record, song or part *entry*.  An entry that is not absent yields no event.

    Raises:
        NotFound: ``record.unknown``, ``song.unknown``, ``part.unknown``.
        Misused: ``entry.reason``; it was dropped, and comes back without a *reason*.
        Refused: ``entry.removed``, ``entry.shelved``, ``entry.dropped``; its song or record is absent.
            ``entry.exists``; another entry has its title now.
    """
    title = title_of(catalog, entry)
    _refuse_absent_above(catalog, entry)
    own = catalog.own_absence(entry)
    if own is None:
        return []
    if own == "dropped":
        _refuse_without_reason(entry, "restore", reason)
    _refuse_title_taken(catalog, entry, title)
    return [EntryRestored.model_validate(entry_fields(entry))]


def _refuse_without_reason(entry: str, verb: Literal["drop", "restore"], reason: str | None) -> None:
    if (reason or "").strip():
        return
    told = {"drop": f"{entry} is given up for good: say why", "restore": f"{entry} was dropped: say why it comes back"}
    raise Misused("entry.reason", told[verb], next=_with_a_reason(entry, verb))


def _with_a_reason(entry: str, verb: Literal["drop", "restore"]) -> Suggestion:
    match noun_of_entry(entry), verb:
        case "song", "drop":
            return suggest("song drop", entry, why="REASON")
        case "song", "restore":
            return suggest("song restore", entry, why="REASON")
        case _, "drop":
            return suggest("record drop", entry, why="REASON")
        case _:
            return suggest("record restore", entry, why="REASON")


def title_of(catalog: Catalog, entry: str) -> str:
    """The title of the record, song or part *entry*.

    Raises:
        NotFound: ``record.unknown``, ``song.unknown``, ``part.unknown``.
    """
    match noun_of_entry(entry):
        case "record":
            return catalog.record(entry).title
        case "song":
            return catalog.song(entry).title
        case _:
            return catalog.part(entry).name


def _refuse_absent_above(catalog: Catalog, entry: str) -> None:
    for above in lineage(entry)[-2:-1]:
        catalog.refuse_absent(above)


def _refuse_title_taken(catalog: Catalog, entry: str, title: str) -> None:
    other = next((id_ for id_, taken in _titles_beside(catalog, entry) if taken == title and id_ != entry), None)
    if other is not None:
        raise Refused("entry.exists", f"{other} is called {title} already", next=_renaming(entry))


def _titles_beside(catalog: Catalog, entry: str) -> Iterator[tuple[str, str]]:
    """Yield id and title of each other entry, not removed or shelved, whose title *entry* must not have."""
    match noun_of_entry(entry):
        case "record":
            artist = catalog.records[entry].artist
            for id_, record in catalog.records.items():
                if record.artist == artist and id_ not in catalog.absent_records:
                    yield id_, record.title
        case "song":
            yield from ((song.id, song.title) for song in catalog.songs_of(record_of(entry)))
        case _:
            yield from ((part.part, part.name) for part in catalog.song(song_of(entry)).living.values())


def _renaming(entry: str) -> Suggestion:
    match noun_of_entry(entry):
        case "record":
            return suggest("record rename", entry, "TITLE")
        case "song":
            return suggest("song rename", entry, "TITLE")
        case _:
            return suggest("part rename", entry, "TITLE")


def edit_record(
    catalog: Catalog, record: str, *, artist: str | None = None, due: date | None = None, without_due: bool = False
) -> list[RecordEdited]:
    """Change the artist or due date of *record*.  Unchanged facts yield no event.

    Args:
        catalog: of all records.
        record: record id.
        artist: the new artist; None leaves it.
        due: the new due date; None leaves it.
        without_due: remove the due date.

    Raises:
        NotFound: ``record.unknown``.
        Misused: ``record.edit``; *due* and *without_due* exclude each other.
        Refused: ``entry.removed``, ``entry.shelved``; ``entry.exists``, the artist has another record of this title.
    """
    old = catalog.record(record)
    catalog.refuse_absent(record)
    if due and without_due:
        raise Misused("record.edit", f"{record} is due {due} or has no due date, one of the two")
    artist = None if artist == old.artist else artist
    if artist is not None and (other := record_named(catalog, old.title, artist)):
        raise Refused("entry.exists", f"{other} is called {old.title}, by {artist}, already", next=_renaming(record))
    event = RecordEdited(
        record=record, artist=artist, due=None if due == old.due else due, without_due=without_due and bool(old.due)
    )
    return [event] if event.artist or event.due or event.without_due else []


def edit_part(
    catalog: Catalog, part: str, *, instrument: str | None = None, player: str | None = None,
    without_player: bool = False, guide: bool | None = None, optional: bool | None = None, stack: bool | None = None,
    sections: Sequence[str] | None = None,
) -> list[PartEdited]:  # fmt: skip
    """Change facts of *part*; None leaves a fact as it is.  Unchanged facts yield no event.

    Another player or instrument changes no sound.  A part that becomes a guide leaves the mixes, and a part that
    becomes a stack sounds with all its keepers; both change the plans of the mixes.

    Raises:
        NotFound: ``song.unknown``, ``part.unknown``.
        Misused: ``part.guide``; a guide would also be optional or a stack.
        Refused: ``entry.removed``, ``entry.shelved``.
    """
    old = catalog.part(part)
    catalog.refuse_absent(part)
    given = {"instrument": instrument, "player": player, "guide": guide, "optional": optional, "stack": stack,
             "sections": None if sections is None else tuple(sections)}  # fmt: skip
    changes = {name: value for name, value in given.items() if value is not None and value != getattr(old, name)}
    event = PartEdited.model_validate(
        {"part": part, **changes, "without_player": without_player and old.player is not None}
    )
    new = old.model_copy(update=event.changes)
    refuse_mixed_guide(slug_of(part), guide=new.guide, optional=new.optional, stack=new.stack)
    return [event] if event.changes else []


def order_songs(catalog: Catalog, record: str, songs: Sequence[str]) -> list[SongsOrdered]:
    """Put *songs* first on *record*, in this order; the others follow.  The present order yields no event.

    Raises:
        NotFound: ``record.unknown``, ``song.unknown``.
        Misused: ``song.order``; a song is of another record, or named twice.
        Refused: ``entry.removed``, ``entry.shelved``.
    """
    catalog.record(record)
    catalog.refuse_absent(record)
    for number, song in enumerate(songs):
        catalog.song(song)
        catalog.refuse_absent(song)
        if record_of(song) != record:
            raise Misused("song.order", f"{song} is no song of {record}", next=suggest("song list", record))
        if song in songs[:number]:
            raise Misused("song.order", f"{song} is named twice", next=suggest("song order", record, "SONG"))
    present = [song.id for song in catalog.songs_of(record)]
    wanted = (*songs, *(song for song in present if song not in songs))
    return [] if list(wanted) == present else [SongsOrdered(record=record, songs=wanted)]
