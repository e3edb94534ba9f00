"""A lock that the PostgreSQL server holds for one connection, and releases when the connection ends for any reason.

The connection is used for nothing else and never reconnects by itself: another session would not hold the lock.
"""

from typing import Final, Self

import psycopg

from orchestrator.log.database.url import DatabaseUrl
from orchestrator.log.postgres.connection import PostgresConnection
from orchestrator.log.postgres.error_translation import PostgresErrors
from orchestrator.log.postgres.grants import SCHEMA
from orchestrator.log.refusals import StorePooled

DRIVER: Final = 0x54_41_4B_44
"""First half of the lock's key; the second is the oid of the schema that holds the log."""

_OF_SCHEMA: Final = f"{SCHEMA}::bigint::bit(32)::int"
_TAKE: Final = f"SELECT pg_try_advisory_lock((?)::int, {_OF_SCHEMA})"
_HELD: Final = f"""
    SELECT count(*) FROM pg_locks
    WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND classid::bigint = ? AND objid::bigint::bit(32)::int = {_OF_SCHEMA}
"""  # noqa: S608 - our own words
_SERVER_SIDE: Final = {
    # A driver whose machine vanished loses the lock after 25 s, not after the hours of the system's own settings.
    "tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3",
    "application_name": "takesheet-driver",
}  # fmt: skip


class AdvisoryLock:
    """The driver's lock of a store whose log is on PostgreSQL."""

    def __init__(self, connection: PostgresConnection) -> None:
        self._connection = connection

    @classmethod
    def taken(cls, url: DatabaseUrl) -> Self | None:
        """Return the lock; None if another session holds it.  Never waits.

        Raises:
            StorePooled: a connection pooler would lend the session that holds the lock to others.
            StoreUnreachable: the server does not answer.
        """
        with PostgresErrors(url):
            connection = PostgresConnection(url, readonly=False, reopens=False)
            try:
                _refuse_pooler(connection, url)
                for setting in _SERVER_SIDE.items():
                    connection.execute("SELECT set_config(?, ?, false)", setting)
                ((taken,),) = connection.execute(_TAKE, (DRIVER,)).fetchall()
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
            ((held,),) = self._connection.execute(_HELD, (DRIVER,)).fetchall()
        except psycopg.Error:
            return False
        return bool(held)

    def release(self) -> None:
        """Close the connection, which releases the lock."""
        self._connection.close()


def _refuse_pooler(connection: PostgresConnection, url: DatabaseUrl) -> None:
    if connection.pooled:
        raise StorePooled(str(url))
