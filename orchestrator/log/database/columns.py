"""Columns of an event and the statements that write, common to both databases.

The tables themselves are created in ``sqlite.schema`` and ``postgres.schema``, in plain SQL: declaring them through an
ORM would cost each reader half a second of imports.
"""

WRITER = 1
"""The format number that this program writes.  A store whose ``store.min_writer`` is higher is only read."""

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
