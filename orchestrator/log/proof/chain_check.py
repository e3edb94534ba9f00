"""Checks of a log's own tables: guards, hash chain, head."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any
from uuid import UUID

from orchestrator.log.append_condition import Head
from orchestrator.log.database.columns import COLUMNS
from orchestrator.log.database.connection import Connection
from orchestrator.log.database.database import Database
from orchestrator.log.hash_chain import digest, genesis
from orchestrator.log.proof.identity import UUID_BYTES
from orchestrator.log.proof.problem import Problem

NULL = type(None)
Note = Callable[[int, bytearray, bytearray], None]

_TEXT, _TEXT_OR_NULL, _RAW, _RAW_OR_NULL, _NUMBER = (bytearray,), (bytearray, NULL), (bytes,), (bytes, NULL), (int,)
_TYPED = set(
    product(
        *(_NUMBER, _RAW, _TEXT, _NUMBER, _TEXT, _TEXT, _TEXT, _TEXT, _TEXT_OR_NULL, _TEXT_OR_NULL, _NUMBER),
        *(_RAW_OR_NULL, _RAW_OR_NULL, _RAW, _RAW),
    )
)
"""Permitted types of a row of ``COLUMNS``; texts are read as arrays of their bytes, so that invalid UTF-8 can be read
and text differs from raw bytes.
"""


def guards_stand(database: Database, connection: Connection) -> Iterator[Problem]:
    """Yield a problem for each trigger that is missing or changed, and for each foreign or changed object."""
    for name in database.guards_missing(connection):
        yield Problem(None, f"the guard {name} is not in place")
    for what in database.unexpected_objects(connection):
        yield Problem(None, what)


def chain_holds(database: Database, connection: Connection, note: Note) -> Iterator[Problem]:
    """Yield a problem for each event whose bytes do not match its hash, or that breaks the chain from log id to head.

    Args:
        database: the database that holds the log.
        connection: within a transaction that sees one state.
        note: called for each event with its position and the stored bytes of its kind and its tags.
    """
    heads = connection.execute("SELECT log, position, hash FROM log_head").fetchall()
    if len(heads) != 1 or not isinstance(heads[0][0], bytes) or len(heads[0][0]) != UUID_BYTES:
        yield Problem(None, "the log has no head of its own")
        return
    log, *head = heads[0]
    position, hash_ = 0, genesis(UUID(bytes=log))
    try:
        for row in database.as_stored(connection, f"SELECT {COLUMNS} FROM events ORDER BY position"):  # noqa: S608 - constants
            note(row[0], row[2], row[5])
            if row[0] < 1:
                yield Problem(row[0], "stands before the first event")
                continue
            if not (row[0] == position + 1 and row[13] == hash_ and _is_what_was_hashed(row)):
                yield from _what_broke(row, Head(position, hash_))
            position, hash_ = row[0], row[14]
    except database.faults as error:
        yield Problem(position + 1, f"cannot be read: {error}")
        return
    if [position, hash_] != head:
        first = min(position, head[0]) + 1 if isinstance(head[0], int) else None
        yield Problem(first, f"the head stands at {head[0]!r}, the last event at {position}")


def _is_what_was_hashed(row: tuple[Any, ...]) -> bool:
    hashed: Any = row[:14]
    return tuple(map(type, row)) in _TYPED and digest(hashed) == row[14]


def _what_broke(row: tuple[Any, ...], before: Head) -> Iterator[Problem]:
    position, expected = row[0], before.position + 1
    if position != expected:
        yield Problem(expected, "is missing" if position == expected + 1 else f"is missing, and up to {position - 1}")
    elif row[13] != before.hash:
        yield Problem(position, "does not follow the event before it")
    if not _is_what_was_hashed(row):
        yield Problem(position, "is not what was hashed")
