"""The checks of a log, each over the tables alone: the guards, the chain, the tag index, the head, the checkpoints."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, cast
from uuid import UUID

from orchestrator.log.draft import Head
from orchestrator.log.schema import COLUMNS, guards
from orchestrator.log.seal import Raw, digest, genesis

UUID_BYTES = 16
NULL = type(None)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it was recorded; *position* is None where no single event is concerned."""

    position: int | None
    what: str


_TEXT, _TEXT_OR_NULL, _RAW, _RAW_OR_NULL, _NUMBER = (memoryview,), (memoryview, NULL), (bytes,), (bytes, NULL), (int,)
_TYPED = set(
    product(
        *(_NUMBER, _RAW, _TEXT, _NUMBER, _TEXT, _TEXT, _TEXT, _TEXT, _TEXT_OR_NULL, _TEXT_OR_NULL, _NUMBER),
        *(_RAW_OR_NULL, _RAW_OR_NULL, _RAW, _RAW),
    )
)
"""The types a row of ``COLUMNS`` may have, where texts are read as views of their bytes: so text that is no text any
more can be read, and is still told from raw bytes."""

# What the index must hold, by the tags each event carries: they are under the hash, the index is not.
_EXPECTED = """
    SELECT position, kind, '' AS tag FROM events
    UNION ALL
    SELECT e.position, e.kind, j.value FROM events e, json_each(iif(json_valid(e.tags), e.tags, '[]')) j
"""

_MISSING = f"""
    SELECT count(*), count(missing), min(missing) FROM (
        SELECT iif(EXISTS (
            SELECT 1 FROM event_tags x
            WHERE x.tag = (SELECT id FROM tags WHERE tag = e.tag)
            AND x.kind = (SELECT id FROM kinds WHERE kind = e.kind)
            AND x.position = e.position
        ), NULL, e.position) AS missing
        FROM ({_EXPECTED}) e
    )
"""  # noqa: S608 - constants

_FOREIGN = """
    SELECT count(*), min(position) FROM event_tags x WHERE NOT EXISTS (
        SELECT 1 FROM events e
        WHERE e.position = x.position AND e.kind = (SELECT kind FROM kinds WHERE id = x.kind)
        AND EXISTS (
            SELECT 1 FROM tags t WHERE t.id = x.tag AND (t.tag = '' OR t.tag IN (
                SELECT value FROM json_each(iif(json_valid(e.tags), e.tags, '[]'))
            ))
        )
    )
"""

_ORPHANED = """
    SELECT tag FROM tags WHERE tag <> '' AND NOT EXISTS (SELECT 1 FROM event_tags WHERE tag = tags.id)
    UNION ALL
    SELECT kind FROM kinds WHERE NOT EXISTS (SELECT 1 FROM event_tags WHERE tag = 0 AND kind = kinds.id)
"""


def guards_stand(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Whether the database still refuses to change what is recorded."""
    standing = dict(connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"))
    for name, statement in guards():
        if standing.get(name) != statement:
            yield Problem(None, f"the guard {name} is not in place")


def chain_holds(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Whether each event is the very bytes that were hashed, in an unbroken row from the log's id to its head."""
    heads = connection.execute("SELECT log, position, hash FROM log_head").fetchall()
    if len(heads) != 1 or not isinstance(heads[0][0], bytes) or len(heads[0][0]) != UUID_BYTES:
        yield Problem(None, "the log has no head of its own")
        return
    log, *head = heads[0]
    end = Head(0, genesis(UUID(bytes=log)))
    connection.text_factory = memoryview
    try:
        for row in connection.execute(f"SELECT {COLUMNS} FROM events ORDER BY position"):  # noqa: S608 - constants
            if row[0] < 1:
                yield Problem(row[0], "stands before the first event")
                continue
            if not (row[0] == end.position + 1 and row[13] == end.hash and _is_what_was_hashed(row)):
                yield from _what_broke(row, end)
            end = Head(row[0], row[14])
    except sqlite3.DatabaseError as error:
        yield Problem(end.position + 1, f"cannot be read: {error}")
        return
    finally:
        connection.text_factory = str
    if end != Head(*head):
        first = min(end.position, head[0]) + 1 if isinstance(head[0], int) else None
        yield Problem(first, f"the head stands at {head[0]!r}, the last event at {end.position}")


def index_agrees(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Whether the tag index holds exactly the tags of the events."""
    ((expected, missing, first),) = connection.execute(_MISSING)
    if missing:
        yield Problem(first, f"the tag index lacks {missing} entries, the first one here")
    ((held,),) = connection.execute("SELECT count(*) FROM event_tags")
    if held != expected - missing:
        ((foreign, first),) = connection.execute(_FOREIGN)
        yield Problem(first, f"the tag index holds {foreign} entries that no event has, the first one here")
    for (text,) in connection.execute(_ORPHANED):
        yield Problem(None, f"{text!r} is known to the tag index, and no event has it")


def checkpoints_agree(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Whether the events are those the checkpoints within the store were taken of."""
    rows = connection.execute("""
        SELECT c.position FROM checkpoints c LEFT JOIN events e ON e.position = c.position
        WHERE e.hash IS NOT c.hash ORDER BY c.position
    """)
    for (position,) in rows:
        yield Problem(position, "the checkpoint taken here has another hash")


def _is_what_was_hashed(row: tuple[Any, ...]) -> bool:
    return tuple(map(type, row)) in _TYPED and digest(cast("Raw", row[:14])) == row[14]


def _what_broke(row: tuple[Any, ...], before: Head) -> Iterator[Problem]:
    position, expected = row[0], before.position + 1
    if position != expected:
        yield Problem(expected, "is missing" if position == expected + 1 else f"is missing, and up to {position - 1}")
    elif row[13] != before.hash:
        yield Problem(position, "does not follow the event before it")
    if not _is_what_was_hashed(row):
        yield Problem(position, "is not what was hashed")
