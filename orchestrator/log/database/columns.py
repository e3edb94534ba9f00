"""What every log has, whatever database it lies in: the columns of an event, and the statements that write.

The tables themselves are made in ``sqlite.schema`` and ``postgres.schema``, in plain SQL: declaring them through an ORM
would cost each reader half a second of imports.
"""

WRITER = 1
"""What this program writes.  A store whose ``store.min_writer`` is higher is only read."""

MIN_WRITER = "store.min_writer"

MOVED = 2**62
"""What ``store.min_writer`` says of a store whose log was moved away: nobody writes here any more."""

ANY = ""
"""The tag every event carries in the index, and none in itself: it finds events by kind alone."""

COLUMNS = (
    "position, id, kind, schema, data, tags, actor, via, why, occurred_at, recorded_at, cause, correlation, "
    "prev_hash, hash"
)

INSERT_EVENT = f"INSERT INTO events ({COLUMNS}) VALUES ({', '.join('?' * 15)})"  # noqa: S608 - constants
INSERT_EVENT_TAG = "INSERT INTO event_tags (tag, kind, position) VALUES (?, ?, ?)"
MOVE_HEAD = "UPDATE log_head SET position = ?, hash = ?"
