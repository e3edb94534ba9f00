"""Columns of an event, and the SQL statements that write events, common to both databases.

The tables themselves are created in ``sqlite.schema`` and ``postgres.schema``, in plain SQL: declaring them through an
ORM would cost each reader half a second of imports.
"""

from functools import cache

WRITER = 2
"""The format number that this program writes: 2 stores commitments to texts, see migration 3.

A store whose ``store.min_writer`` is higher is only read.
"""

FIRST_WRITER = 1
"""The format number of the first release, which may write to the tables of version 1."""

MIN_WRITER = "store.min_writer"

MOVED = 2**62
"""Value of ``store.min_writer`` in a store whose log was moved away: no program writes here any more."""

ANY = ""
"""Tag that the index holds for every event, though no event carries it; finds events by kind alone."""

COLUMNS = (
    "position, id, kind, schema, data, tags, actor, via, why, occurred_at, recorded_at, cause, correlation, "
    "prev_hash, hash"
)

INSERT_EVENT = f"INSERT INTO events ({COLUMNS}) VALUES ({', '.join('?' * 15)})"  # noqa: S608 - constants
INSERT_EVENT_TAG = "INSERT INTO event_tags (tag, kind, position) VALUES (?, ?, ?)"
MOVE_HEAD = "UPDATE log_head SET position = ?, hash = ?"
MOVE_HEAD_FROM = f"""
    UPDATE log_head SET position = ?, hash = ? WHERE position = ? AND hash = ?
    AND (SELECT value FROM meta WHERE key = '{MIN_WRITER}') = {WRITER}
"""  # noqa: S608 - constants
"""``MOVE_HEAD`` if the head is still the one given, and this program may write here."""


@cache
def insert_tags_of_event(count: int) -> str:
    """Return SQL that inserts the index entries of one event.

    Args:
        count: number of tags, 1 or more.

    Returns:
        One statement, whose parameters are the event's position, the id of its kind, and the ids of its tags.
    """
    entries = ", ".join(f"(?{number}, ?2, ?1)" for number in range(3, 3 + count))
    return f"INSERT INTO event_tags (tag, kind, position) VALUES {entries}"  # noqa: S608 - numbered parameters
