"""A lock that the PostgreSQL server holds for one connection: it is let go when that ends, however it ends.

The connection is one of its own, which never opens anew by itself: another one would not hold the lock.
"""

from typing import Any, Final, Self

import psycopg

from orchestrator.log.postgres.told import Told
from orchestrator.log.url import DatabaseUrl

DRIVER: Final = 0x54_41_4B_44
"""The first half of the lock's name; the second is the schema that the log lies in."""

_SCHEMA: Final = """
    coalesce((SELECT relnamespace FROM pg_class WHERE oid = to_regclass('log_head')), current_schema()::regnamespace)
    ::oid::bigint::bit(32)::int
"""
_TAKE: Final = f"SELECT pg_try_advisory_lock($1::int, {_SCHEMA})"
_HELD: Final = f"""
    SELECT count(*) FROM pg_locks
    WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND classid::bigint = $1 AND objid::bigint::bit(32)::int = {_SCHEMA}
"""  # noqa: S608 - our own words

_WATCHED: Final = {
    "connect_timeout": 15,
    # A server that vanished is known within half a minute, not within the hours of the system's own settings.
    "keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 25_000,
}  # fmt: skip
_SERVER_SIDE: Final = {
    # A driver whose machine vanished holds the lock no longer than that, either.
    "tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3",
    "application_name": "takesheet-driver",
}  # fmt: skip


class AdvisoryLock:
    """The lock of whoever drives the store whose log lies at a URL."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection

    @classmethod
    def taken(cls, url: DatabaseUrl) -> Self | None:
        """The lock, unless somebody else holds it; never waits.  Raises: StoreUnreachable."""
        with Told(url):
            connection = _opened(url)
            try:
                (taken,) = _row(connection, _TAKE)
            except BaseException:
                connection.close()
                raise
        if taken:
            return cls(connection)
        connection.close()
        return None

    def is_held(self) -> bool:
        """True while the server holds the lock for this connection."""
        try:
            (held,) = _row(self._connection, _HELD)
        except psycopg.Error:
            return False
        return bool(held)

    def release(self) -> None:
        """Let others have it."""
        self._connection.close()


def _opened(url: DatabaseUrl) -> "psycopg.Connection[Any]":
    given = psycopg.conninfo.conninfo_to_dict(url.conninfo)
    words = psycopg.conninfo.make_conninfo(url.conninfo, **(_WATCHED | given))
    connection = psycopg.connect(words, autocommit=True)
    for name, value in _SERVER_SIDE.items():
        connection.execute("SELECT set_config(%s, %s, false)", (name, value))
    return connection


def _row(connection: "psycopg.Connection[Any]", sql: str) -> tuple[Any, ...]:
    row = psycopg.RawCursor(connection).execute(sql, (DRIVER,)).fetchone()
    assert row is not None, "one row is always given"
    return tuple(row)
