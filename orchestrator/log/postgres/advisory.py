"""A lock that the PostgreSQL server holds for one connection: it is let go when that ends, however it ends."""

from typing import Self

from orchestrator.log.postgres.connection import PostgresConnection
from orchestrator.log.postgres.grants import SCHEMA
from orchestrator.log.postgres.told import Told
from orchestrator.log.refusals import StorePooled
from orchestrator.log.url import DatabaseUrl

DRIVER = 0x54_41_4B_44
"""The first half of the lock's name; the second is the schema that the log lies in."""


class AdvisoryLock:
    """The lock of whoever drives the store whose log lies at a URL."""

    def __init__(self, connection: PostgresConnection) -> None:
        self._connection = connection

    @classmethod
    def taken(cls, url: DatabaseUrl) -> Self | None:
        """The lock, unless somebody else holds it; never waits.

        Raises:
            StorePooled: a pooler would lend the session that holds it to somebody else.
        """
        with Told(url):
            connection = PostgresConnection(url, readonly=False, reopens=False)
            try:
                _refuse_pooler(connection, url)
                name = f"(?)::int, {SCHEMA}::bigint::bit(32)::int"
                ((taken,),) = connection.execute(f"SELECT pg_try_advisory_lock({name})", (DRIVER,)).fetchall()
            except BaseException:
                connection.close()
                raise
        if taken:
            return cls(connection)
        connection.close()
        return None

    def release(self) -> None:
        """Let others have it."""
        self._connection.close()


def _refuse_pooler(connection: PostgresConnection, url: DatabaseUrl) -> None:
    if connection.pooled:
        raise StorePooled(str(url))
