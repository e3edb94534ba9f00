"""The table ``meta``: the version of a store's tables, and which programs may write to it.

``meta`` is outside the hash chain, so anybody with the file could change it.  Each change by a program is therefore
recorded as an event, ``store-upgraded``, in the same transaction, and the events take precedence: a row that is missing
or differs is reported by ``verify``, ignored by readers and corrected by the next writer.

A store of release 0.1.0 has no such event, nor has a log that was made without founding events.  There, the least
writer follows from the version of the tables, unless the log was moved away (``MOVED``): that release recorded no event
of a move.
"""

import json
from typing import Final, NamedTuple

from domain.status.events.event_types import KINDS
from domain.store.upgrade import StoreUpgraded
from orchestrator.log.database.columns import MIN_WRITER, MOVED
from orchestrator.log.database.connection import Connection
from orchestrator.log.query import kind_of

VERSION: Final = "store.version"
"""Key of the row that holds the version of the tables; a store without it has version 1."""

UNRECORDED_WRITERS: Final = ((3, 2), (1, 1))
"""Versions of the tables and their least writers, the newest first: for a log without ``store-upgraded``."""

UPGRADED: Final = kind_of(StoreUpgraded)
_MOVES_ARE_EVENTS: Final = "log-moved" in KINDS
_LAST: Final = """
    SELECT data FROM events WHERE position = (
        SELECT max(position) FROM event_tags WHERE tag = 0 AND kind = (SELECT id FROM kinds WHERE kind = ?)
    )
"""


class Meta(NamedTuple):
    """The contents of ``meta``."""

    version: int
    """Version of the tables (``migrations``)."""
    min_writer: int
    """The least ``columns.WRITER`` of a program that may append."""


def stored(connection: Connection) -> dict[str, object]:
    """Return the rows of ``meta`` as stored, unchecked."""
    return dict(connection.execute("SELECT key, value FROM meta").fetchall())


def recorded(connection: Connection) -> Meta | None:
    """Return the contents that the last ``store-upgraded`` event gives ``meta``; None in a store of release 0.1.0."""
    row = connection.execute(_LAST, (UPGRADED,)).fetchone()
    if row is None:
        return None
    data = json.loads(row[0])
    return Meta(int(data["version"]), int(data["min_writer"]))


def expected_min_writer(connection: Connection, version: int | None = None) -> int:
    """Return the least permitted writer by the events; ``MOVED`` for a log that was moved away.

    Args:
        connection: to the log.
        version: version of the tables, for a log without ``store-upgraded``; None takes it from ``meta``.
    """
    upgraded = recorded(connection)
    rows = stored(connection)
    if rows.get(MIN_WRITER) == MOVED and _may_be_moved(connection, upgraded):
        return MOVED
    if upgraded is not None:
        return upgraded.min_writer
    said = rows.get(VERSION) if version is None else version
    known = said if isinstance(said, int) else 1
    return next((writer for since, writer in UNRECORDED_WRITERS if known >= since), 1)


def is_move_unproved(connection: Connection) -> bool:
    """True if ``meta`` says that the log was moved away and no event can confirm it."""
    moved = stored(connection).get(MIN_WRITER) == MOVED
    return moved and recorded(connection) is None and _last_kind(connection) != "log-moved"


def put(connection: Connection, key: str, value: int) -> None:
    """Set *key* of ``meta`` to *value*; within the open transaction."""
    connection.execute("DELETE FROM meta WHERE key = ?", (key,))
    connection.execute("INSERT INTO meta (key, value) VALUES (?, ?)", (key, value))


def _may_be_moved(connection: Connection, upgraded: Meta | None) -> bool:
    """False if the events rule a move out: a program that records upgrades also records a move, as the last event."""
    return upgraded is None or not _MOVES_ARE_EVENTS or _last_kind(connection) == "log-moved"


def _last_kind(connection: Connection) -> str | None:
    row = connection.execute("SELECT kind FROM events WHERE position = (SELECT position FROM log_head)").fetchone()
    return row[0] if row else None
