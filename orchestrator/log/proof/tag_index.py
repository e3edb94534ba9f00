"""Check of the tag index: its expected entries are collected while the events are read, then compared."""

import json
from array import array
from collections.abc import Callable, Iterator

from orchestrator.log.database.columns import ANY
from orchestrator.log.database.connection import Connection
from orchestrator.log.database.database import Database
from orchestrator.log.proof.problem import Problem

REMEMBERED = 4096
"""Tag lists kept in memory: consecutive events of one part carry equal tags."""


class TagIndex:
    """Expected contents of the tag index: an array of positions for each tag and kind, 8 bytes an entry."""

    def __init__(self) -> None:
        self._expected: dict[tuple[str, str], array[int]] = {}
        self._noted = 0
        self._noting: dict[tuple[bytes, bytes], list[Callable[[int], None]]] = {}

    def note(self, position: int, stored_kind: memoryview, stored_tags: memoryview) -> None:
        """Add an event of this kind with this JSON list of tags; positions must ascend."""
        kind, tags = bytes(stored_kind), bytes(stored_tags)
        self._noted += 1
        noting = self._noting.get((kind, tags))
        if noting is None:
            noting = self._noting_of(kind, tags)
        for append in noting:
            append(position)

    def agrees(self, database: Database, connection: Connection) -> Iterator[Problem]:
        """Yield problems: missing entries, entries without an event, and tags or kinds that no event has."""
        ((events,),) = connection.execute("SELECT count(*) FROM events")
        if self._noted < events:
            yield Problem(None, f"the tag index is not proved: of {events} events only {self._noted} could be read")
            return
        held = f"""
            SELECT t.tag, k.kind, {database.joined("x.position")} FROM event_tags x
            LEFT JOIN tags t ON t.id = x.tag LEFT JOIN kinds k ON k.id = x.kind
            GROUP BY x.tag, x.kind, t.tag, k.kind
        """  # noqa: S608 - our own words
        expected, missing, foreign = dict(self._expected), list[int](), list[int]()
        for tag, kind, positions in connection.execute(held):
            due = expected.pop((tag, kind), array("q"))
            if positions != ",".join(map(str, due)):
                found = set(map(int, positions.split(",")))
                missing += set(due) - found
                foreign += found - set(due)
        for due in expected.values():
            missing += due
        if missing:
            yield Problem(min(missing), f"the tag index lacks {len(missing)} entries, the first one here")
        if foreign:
            what = f"the tag index holds {len(foreign)} entries that no event has, the first one here"
            yield Problem(min(foreign), what)
        yield from self._orphaned(connection)

    def _orphaned(self, connection: Connection) -> Iterator[Problem]:
        tags = {ANY, *(tag for tag, _ in self._expected)}
        kinds = {kind for _, kind in self._expected}
        for known, sql in ((tags, "SELECT tag FROM tags"), (kinds, "SELECT kind FROM kinds")):
            for (text,) in connection.execute(sql):
                if text not in known:
                    yield Problem(None, f"{text!r} is known to the tag index, and no event has it")

    def _noting_of(self, kind: bytes, tags: bytes) -> list[Callable[[int], None]]:
        kind_text = kind.decode(errors="replace")
        entries = [self._expected.setdefault((tag, kind_text), array("q")) for tag in (ANY, *_tags(tags))]
        if len(self._noting) >= REMEMBERED:
            self._noting.clear()
        noting = self._noting[kind, tags] = [entry.append for entry in entries]
        return noting


def _tags(text: bytes) -> set[str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):  # already reported by the check of the chain
        return set()
    return {tag for tag in found if isinstance(tag, str)} if isinstance(found, list) else set()
