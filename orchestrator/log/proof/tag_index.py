"""Check of the tag index: its expected entries are collected while the events are read, then compared."""

import json
from array import array
from collections.abc import Iterator, Sequence
from itertools import chain

from orchestrator.log.database.columns import ANY
from orchestrator.log.database.connection import Connection
from orchestrator.log.database.database import Database
from orchestrator.log.proof.problem import Problem

Positions = Sequence[int]
"""Positions of events, ascending; an array of 8 bytes each."""


PIECE = 4096
"""Positions compared at once."""


class TagIndex:
    """Expected contents of the tag index.

    Positions are kept by kind and by list of tags, so that an event is noted once, however many tags it has.
    """

    def __init__(self) -> None:
        self._noted = 0
        self._kinds: dict[bytes, tuple[array[int], dict[bytes, array[int]]]] = {}
        """Positions of the events of each kind: all, and those with each JSON list of tags; both texts as stored."""

    def note(self, position: int, stored_kind: bytearray, stored_tags: bytearray) -> None:
        """Add an event of this kind with this JSON list of tags; positions must ascend."""
        self._noted += 1
        kind, tags = bytes(stored_kind), bytes(stored_tags)
        try:
            every, by_tags = self._kinds[kind]
        except KeyError:
            every, by_tags = self._kinds[kind] = array("q"), {}
        every.append(position)
        try:
            by_tags[tags].append(position)
        except KeyError:
            by_tags[tags] = array("q", (position,))

    def agrees(self, database: Database, connection: Connection) -> Iterator[Problem]:
        """Yield problems: missing entries, entries without an event, and tags or kinds that no event has.

        To be called once: the noted positions are dropped to save memory, since a label has 100,000 lists of tags.
        """
        ((events,),) = connection.execute("SELECT count(*) FROM events")
        if self._noted < events:
            yield Problem(None, f"the tag index is not proved: of {events} events only {self._noted} could be read")
            return
        # Grouped before the texts are joined, so that the groups come in the order of the index, without sorting.
        held = f"""
            SELECT t.tag, k.kind, x.positions
            FROM (SELECT tag, kind, {database.joined("position")} AS positions FROM event_tags GROUP BY tag, kind) x
            LEFT JOIN tags t ON t.id = x.tag LEFT JOIN kinds k ON k.id = x.kind
        """  # noqa: S608 - our own words
        kinds = set(map(_text, self._kinds))
        expected = self._by_tag()
        tags = set(expected)
        missing, foreign = list[int](), list[int]()
        for tag, kind, positions in connection.execute(held):
            of_tag = expected.pop(tag, [])
            due = _merged([some for other, some in of_tag if other == kind])
            if others := [entry for entry in of_tag if entry[0] != kind]:
                expected[tag] = others
            if not _is_list_of(due, positions):
                found = set(map(int, positions.split(",")))
                missing += set(due) - found
                foreign += found - set(due)
        for _, positions in chain.from_iterable(expected.values()):
            missing += positions
        if missing:
            yield Problem(min(missing), f"the tag index lacks {len(missing)} entries, the first one here")
        if foreign:
            what = f"the tag index holds {len(foreign)} entries that no event has, the first one here"
            yield Problem(min(foreign), what)
        yield from _orphaned(connection, tags, kinds)

    def _by_tag(self) -> dict[str, list[tuple[str, Positions]]]:
        """Return, for each tag, kind and positions of its events, one entry for each list of tags that contains it."""
        expected: dict[str, list[tuple[str, Positions]]] = {ANY: []}
        while self._kinds:
            stored_kind, (every, by_tags) = self._kinds.popitem()
            kind = _text(stored_kind)
            expected[ANY].append((kind, every))
            while by_tags:
                stored_tags, positions = by_tags.popitem()
                entry = kind, positions
                for tag in _tags(stored_tags) - {ANY}:
                    expected.setdefault(tag, []).append(entry)
        return expected


def _orphaned(connection: Connection, tags: set[str], kinds: set[str]) -> Iterator[Problem]:
    for known, sql in ((tags, "SELECT tag FROM tags"), (kinds, "SELECT kind FROM kinds")):
        for (text,) in connection.execute(sql):
            if text not in known:
                yield Problem(None, f"{text!r} is known to the tag index, and no event has it")


def _merged(lists: list[Positions]) -> Positions:
    return lists[0] if len(lists) == 1 else sorted(chain.from_iterable(lists))


def _is_list_of(positions: Positions, text: str) -> bool:
    """True if *text* lists *positions*, separated by commas; compared in pieces, since it may be as long as the log."""
    listed, at = f"{text},", 0
    for first in range(0, len(positions), PIECE):
        piece = ",".join(map(str, positions[first : first + PIECE])) + ","
        if not listed.startswith(piece, at):
            return False
        at += len(piece)
    return at == len(listed)


def _text(stored: bytes) -> str:
    return stored.decode(errors="replace")


def _tags(text: bytes) -> set[str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):  # already reported by the check of the chain
        return set()
    return {tag for tag in found if isinstance(tag, str)} if isinstance(found, list) else set()
