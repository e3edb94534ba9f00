"""Identity and head of a log."""

from uuid import UUID

from orchestrator.log.append_condition import Head
from orchestrator.log.database.connection import Connection

UUID_BYTES = 16
HASH_BYTES = 32


def identity_and_head(connection: Connection) -> tuple[UUID, Head] | None:
    """Return the log's id and its head, of one state; None unless there is exactly one valid row."""
    rows = connection.execute("SELECT log, position, hash FROM log_head").fetchall()
    if len(rows) != 1:
        return None
    ((identity, position, hash_),) = rows
    whole = isinstance(identity, bytes) and isinstance(hash_, bytes) and isinstance(position, int)
    if not whole or (len(identity), len(hash_)) != (UUID_BYTES, HASH_BYTES):
        return None
    return UUID(bytes=identity), Head(position, hash_)
