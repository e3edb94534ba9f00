"""Forgiving addresses: titles in place of slugs, and near misses.

Asked only after an address was not found, so that what is written rightly costs nothing.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final, get_args

from domain.core.address import slug
from domain.core.ids import IdParts
from domain.core.refusal import Misused
from domain.label.catalog import Catalog, CatalogEvent, catalog_after
from orchestrator.desk.addressing.current_place import current_path
from orchestrator.log.query import Query
from orchestrator.studio import Studio

NEAR: Final = 0.75
"""Similarity from which an address is suggested, 0 to 1 (``difflib.SequenceMatcher.ratio``)."""
LONGEST: Final = 200
"""Characters of an address for which a near one is searched."""


def titled_address(studio: Studio, text: str) -> str | None:
    """Return *text* with the slugs of the entries whose titles it names; None if none or several have them.

    Titles are compared without case: ``Tin Roof``, ``night bus/tin roof@mix1``, ``Tin Roof/Lead Vocal/3``.
    """
    head, at, revision = text.partition("@")
    words = [word.strip() for word in head.split("/")]
    if len(text) > LONGEST or not all(words) or _slugs(words) == words:
        return None
    take = f"/{words.pop()}" if len(words) > 1 and words[-1].isdecimal() else ""
    entries = _entries(studio)
    found = {path for path in entries if _is_named(path, words, entries)}
    return f"{'/'.join(found.pop())}{take}{at}{revision}" if len(found) == 1 else None


def near_address(studio: Studio, text: str) -> str | None:
    """Return the address of the entry that is most like *text*, as a whole or by its end; None if none is near."""
    head, at, revision = text.partition("@")
    if len(head) > LONGEST:
        return None
    *words, last = head.split("/")
    take = f"/{last}" if words and last.isdecimal() else ""
    here = current_path(studio)
    paths = sorted(_entries(studio), key=lambda path: path[: len(here)] == here)  # of equal ends, the one here counts
    tails = {"/".join(path[start:]): "/".join(path) for path in paths for start in range(len(path))}
    near = get_close_matches("/".join(_slugs(words if take else [*words, last])), tails, n=1, cutoff=NEAR)
    return f"{tails[near[0]]}{take}{at}{revision}" if near else None


def _slugs(words: list[str]) -> list[str]:
    """Return the slug of each word; a word that has none as it is."""
    return [_slug(word) for word in words]


def _slug(word: str) -> str:
    try:
        return slug(word)
    except Misused:
        return word


def _is_named(path: tuple[str, ...], words: list[str], titles: Mapping[tuple[str, ...], str]) -> bool:
    """Return True if *words* name the end of *path*, each by its slug or by its title."""
    ends = [path[: len(path) - step] for step in range(len(words))][::-1]
    return len(path) >= len(words) and all(
        end[-1] == _slug(word) or titles.get(end, "").casefold() == word.casefold()
        for end, word in zip(ends, words, strict=True)
    )


def _entries(studio: Studio) -> dict[tuple[str, ...], str]:
    """Return the titles of all records, songs and parts that are there, by path."""
    return dict(_titles(catalog_after(studio.read(Query.of(*get_args(CatalogEvent))))))


def _titles(catalog: Catalog) -> Iterator[tuple[tuple[str, ...], str]]:
    for record in catalog.records:
        if catalog.absent_entry(record):
            continue
        yield (record,), catalog.record(record).title
        for song in catalog.songs_of(record):
            path = IdParts.of(song.id).segments
            yield path, song.title
            yield from (((*path, part), song.parts[part].name) for part in song.living)
