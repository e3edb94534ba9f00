"""Resolution of addresses, as people type them, to full addresses.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, Literal, get_args

from domain.core.address import Address, RevisionNoun, parse_address
from domain.core.ids import IdParts, number_of, part_of, slug_of
from domain.core.refusal import Misused, NotFound, suggest
from domain.label.catalog import Catalog, CatalogEvent, RecordOpened, catalog_after
from domain.label.corrections import TakeMoved
from orchestrator.desk.addressing.current_place import current_path
from orchestrator.desk.addressing.near_addresses import near_address, titled_address
from orchestrator.log.query import Query
from orchestrator.studio import Studio

AMBIGUOUS: Final = "write more of it"
Noun = Literal["record", "song", "part", "take", RevisionNoun]
DEPTH: Final = {"record": 1, "song": 2, "part": 3, "take": 3, "pass": 2, "mix": 2, "master": 1}
EXAMPLE: Final = {
    "record": "night-bus", "song": "night-bus/tin-roof", "part": "night-bus/tin-roof/drums",
    "take": "night-bus/tin-roof/drums/3", "pass": "night-bus/tin-roof@pass3", "mix": "night-bus/tin-roof@mix2",
    "master": "night-bus@master1",
}  # fmt: skip


def catalog_query(record: str) -> Query:
    """Query for the catalog of one record."""
    return Query.of(*get_args(CatalogEvent), tags=[f"record:{record}"])


def catalog_of(studio: Studio, record: str) -> Catalog:
    """The catalog of one record; empty if there is no such record."""
    return catalog_after(studio.read(catalog_query(record)))


def noun_of(address: Address) -> Noun:
    """Kind of thing that a full address names."""
    if address.revision:
        return address.revision[0]
    if address.take is not None:
        return "take"
    nouns: dict[int, Noun] = {1: "record", 2: "song", 3: "part"}
    return nouns[len(address.path)]


def find(studio: Studio, text: str, *nouns: Noun) -> Address:
    """Resolve *text* to a full address, relative to the address set by ``takesheet at``.

    Args:
        studio: the store.
        text: an address, or the unique end of one below ``takesheet at``; titles in place of slugs; the old address of
            a moved take gives the new one.
        nouns: the kinds accepted; all if none is given.

    Raises:
        Misused: ``address``; *text* does not parse, or names another kind of thing.
        NotFound: ``address``; nothing matches, or several things do.
    """
    try:
        found = _moved(studio, _full(studio, text, parse_address(text), nouns))
    except (Misused, NotFound) as refusal:
        found = _forgiven(studio, text, nouns, refusal)
    if nouns and noun_of(found) not in nouns:
        wanted = " or ".join(nouns)
        raise Misused("address", f"{text!r} names a {noun_of(found)}; a {wanted} is meant, like {EXAMPLE[nouns[0]]}")
    return found


def _forgiven(studio: Studio, text: str, nouns: tuple[Noun, ...], refusal: Misused | NotFound) -> Address:
    """Return the address whose titles *text* names.  Raises: *refusal*, with the nearest address if there is one."""
    if refusal.rule != "address":
        raise refusal
    if titled := titled_address(studio, text):
        return _moved(studio, _full(studio, titled, parse_address(titled), nouns))
    is_a_name = refusal.next != AMBIGUOUS if isinstance(refusal, NotFound) else "@" not in text
    if is_a_name and (near := near_address(studio, text)):
        raise type(refusal)("address", f"{refusal.detail}; did you mean {near}?", next=refusal.next)
    raise refusal


def _moved(studio: Studio, address: Address) -> Address:
    """Return the new address of a take that was moved to another part; any other address is returned as it is."""
    while address.take is not None:
        query = Query.of(TakeMoved, tags=[f"part:{'/'.join(address.path)}"])
        moves = (one.event for one in studio.log.read(query, upto=studio.head(), strict=False))
        old = f"{'/'.join(address.path)}/{address.take}"
        to = next((event.to for event in moves if isinstance(event, TakeMoved) and event.take == old), None)
        if to is None:
            break
        address = replace(address, path=IdParts.of(part_of(to)).segments, take=number_of(to))
    return address


def _full(studio: Studio, text: str, given: Address, nouns: tuple[Noun, ...]) -> Address:
    here = current_path(studio)
    record = given.path[0] if given.path else ""
    is_record = bool(record) and _is_record(studio, record)
    whole = _whole(studio, given) if is_record else None
    if whole and (not nouns or noun_of(whole) in nouns):
        return whole
    if here:
        return _below(studio, text, given, here, whole)
    if whole:
        return whole
    if is_record:
        raise _nothing(studio, text, given, record)
    raise NotFound("address", f"there is no record {record or text}", next=suggest("record list"))


def _whole(studio: Studio, given: Address) -> Address | None:
    """Address that *given* names if its first slug is a record's; None if there is no such thing."""
    known = set(_paths(catalog_of(studio, given.path[0])))
    return next((address for address in _readings(given) if address.path in known and _deep_enough(address)), None)


def _below(studio: Studio, text: str, given: Address, here: tuple[str, ...], otherwise: Address | None) -> Address:
    catalog = catalog_of(studio, here[0])
    known = set(_paths(catalog))
    for address in _readings(given):
        for depth in range(len(here), -1, -1):
            there = replace(address, path=(*here[:depth], *address.path))
            if there.path in known and _deep_enough(there):
                return there
        named = address.path or address.revision  # @mix2 alone is the end of an address too, and 3 is not
        tails = [path for path in sorted(known) if named and path[len(path) - len(address.path) :] == address.path]
        fits = [there for path in tails if _deep_enough(there := replace(address, path=path))]
        living = [there for there in fits if not catalog.absent_entry("/".join(there.path))]
        fits = living or fits
        if len(fits) > 1:
            raise NotFound("address", f"{text!r} is ambiguous: {', '.join(map(str, fits[:5]))}", next=AMBIGUOUS)
        if fits:
            return fits[0]
    if otherwise:
        return otherwise
    raise _nothing(studio, text, given, here[0])


def _readings(given: Address) -> Iterator[Address]:
    """Yield *given*, then, if its take number could also be a slug, the address with that slug."""
    yield given
    if given.take is not None and given.track is None:
        yield replace(given, path=(*given.path, str(given.take)), take=None)


def _deep_enough(address: Address) -> bool:
    if address.revision:
        return len(address.path) == DEPTH[address.revision[0]]
    return address.take is None or len(address.path) == DEPTH["take"]


def _nothing(studio: Studio, text: str, given: Address, record: str) -> NotFound:
    hint = suggest("song list", record) if len(given.path) < DEPTH["part"] else suggest("record show", record)
    if not _is_record(studio, given.path[0] if len(given.path) == 1 else record):
        hint = suggest("record list")
    return NotFound("address", f"there is no {text}", next=hint)


def _is_record(studio: Studio, record: str) -> bool:
    query = Query.of(RecordOpened, tags=[f"record:{record}"])
    return any(True for _ in studio.read(query))


def _paths(known: Catalog) -> Iterator[tuple[str, ...]]:
    for record in known.records:
        yield (record,)
    for song in known.songs.values():
        yield IdParts.of(song.id).segments
        for part in song.parts:
            yield (*IdParts.of(song.id).segments, part)


def record(studio: Studio, text: str) -> str:
    """Id of the record that *text* names."""
    return find(studio, text, "record").path[0]


def song(studio: Studio, text: str) -> str:
    """Id of the song that *text* names."""
    return "/".join(find(studio, text, "song").path)


def take(studio: Studio, text: str) -> str:
    """Id of the take that *text* names."""
    found = find(studio, text, "take")
    return f"{'/'.join(found.path)}/{found.take}"


def song_of(studio: Studio, record: str, text: str) -> str:
    """Id of the song of *record* that *text* names, by its slug or title alone or as any other address.

    Raises:
        Misused, NotFound: as :func:`find`.
    """
    return _own_song(studio, record, text) or song(studio, text)


def songs_of(studio: Studio, record: str, words: Sequence[str]) -> list[str]:
    """Ids of the songs of *record* that *words* name: one each, or several with commas; a title may hold commas itself.

    Raises:
        Misused, NotFound: as :func:`find`.
    """
    ids: list[str] = []
    for word in words:
        own = _own_song(studio, record, word)
        named = (name.strip() for name in word.split(","))
        ids += [own] if own else [song_of(studio, record, name) for name in named if name]
    return ids


def _own_song(studio: Studio, record: str, text: str) -> str | None:
    """Id of the one song of *record* with the slug or title *text*; None if none or several have it."""
    own = catalog_of(studio, record).all_songs_of(record)
    by_slug = [one.id for one in own if slug_of(one.id) == text]
    found = by_slug or [one.id for one in own if one.title.casefold() == text.casefold()]
    return found[0] if len(found) == 1 else None


def part(studio: Studio, text: str) -> str:
    """Id of the part that *text* names."""
    return "/".join(find(studio, text, "part").path)
