"""The tables of a log on SQLite, and the triggers that guard them.

Plain SQL: declaring it through an ORM would cost each reader half a second of imports.  No table needs a newer SQLite
than 3.33.
"""

import sqlite3
from collections.abc import Iterator
from uuid import UUID

from orchestrator.log.database.columns import ANY, FIRST_WRITER, MIN_WRITER
from orchestrator.log.hash_chain import genesis

APPLICATION_ID = 0x54_41_4B_45
"""``TAKE`` in ASCII: marks a SQLite file as a log of ours (SQLite file format, section 1.3)."""

TABLES = (
    """
    CREATE TABLE events (
        position INTEGER PRIMARY KEY,           -- contiguous, from 1
        id BLOB NOT NULL UNIQUE,                -- UUIDv7, 16 bytes: the idempotency key
        kind TEXT NOT NULL,
        schema INTEGER NOT NULL,
        data TEXT NOT NULL,                     -- JSON, the very bytes that were hashed
        tags TEXT NOT NULL,                     -- JSON array, sorted
        actor TEXT NOT NULL,
        via TEXT NOT NULL,
        why TEXT,
        occurred_at TEXT,                       -- ISO 8601 with its offset: the event's own time
        recorded_at INTEGER NOT NULL,           -- microseconds since 1970, UTC, by the writer's clock
        cause BLOB,
        correlation BLOB,
        prev_hash BLOB NOT NULL,
        hash BLOB NOT NULL
    )
    """,
    "CREATE TABLE kinds (id INTEGER PRIMARY KEY, kind TEXT NOT NULL UNIQUE)",
    "CREATE TABLE tags (id INTEGER PRIMARY KEY, tag TEXT NOT NULL UNIQUE)",
    """
    CREATE TABLE event_tags (
        tag INTEGER NOT NULL, kind INTEGER NOT NULL, position INTEGER NOT NULL,
        PRIMARY KEY (tag, kind, position)
    ) WITHOUT ROWID
    """,
    "CREATE TABLE log_head (log BLOB NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL)",
    "CREATE TABLE checkpoints (position INTEGER PRIMARY KEY, hash BLOB NOT NULL, signature BLOB)",
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE views (
        name TEXT NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL,
        PRIMARY KEY (name, version)
    ) WITHOUT ROWID
    """,
)

_KEPT = ("events", "tags", "kinds", "event_tags", "checkpoints")

# INSERT OR REPLACE deletes without firing delete triggers unless the connection asks for it (recursive_triggers), so
# the insert triggers refuse any row that would replace one.  `max + 1` keeps positions contiguous.
_INSERT_GUARDS = {
    "events": "new.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM events)"
    " OR EXISTS (SELECT 1 FROM events WHERE id = new.id)",
    "tags": "EXISTS (SELECT 1 FROM tags WHERE id = new.id OR tag = new.tag)",
    "kinds": "EXISTS (SELECT 1 FROM kinds WHERE id = new.id OR kind = new.kind)",
    "checkpoints": "EXISTS (SELECT 1 FROM checkpoints WHERE position = new.position)",
    "log_head": "EXISTS (SELECT 1 FROM log_head)",
}


def guards() -> Iterator[tuple[str, str]]:
    """Yield name and SQL of the triggers that keep recorded rows from being updated, deleted or replaced.

    The head moves with every append and is checked by ``verify`` alone (a trigger would cost a tenth of an append).
    """
    for table in _KEPT:
        for verb in ("UPDATE", "DELETE"):
            yield _guard(table, verb, "1")
    yield _guard("log_head", "DELETE", "1")
    for table, wrong in _INSERT_GUARDS.items():
        yield _guard(table, "INSERT", wrong)


def _guard(table: str, verb: str, wrong: str) -> tuple[str, str]:
    name = f"{table}_guards_{verb.lower()}"
    refusal = f"SELECT RAISE(ABORT, '{table}: what is recorded stays, and new events follow the last')"
    return name, f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {wrong} BEGIN {refusal}; END"


def lay(connection: sqlite3.Connection, log: UUID) -> None:
    """Create an empty log in an empty database, within a transaction."""
    for statement in TABLES:
        connection.execute(statement)
    for _, statement in guards():
        connection.execute(statement)
    connection.execute("INSERT INTO log_head (log, position, hash) VALUES (?, 0, ?)", (log.bytes, genesis(log)))
    connection.execute("INSERT INTO tags (id, tag) VALUES (0, ?)", (ANY,))
    connection.execute("INSERT INTO meta (key, value) VALUES (?, ?)", (MIN_WRITER, FIRST_WRITER))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


STAND = f"""
    SELECT position, hash, (SELECT value FROM meta WHERE key = '{MIN_WRITER}') FROM log_head
"""  # noqa: S608 - constants
"""Selects the state at which an append begins: the head and the least permitted writer."""
