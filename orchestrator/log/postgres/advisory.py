"""A lock that the PostgreSQL server holds for one connection: it is let go when that ends, however it ends."""

from typing import Self

from orchestrator.log.postgres.connection import PostgresConnection
from orchestrator.log.postgres.told import Told
from orchestrator.log.url import DatabaseUrl

DRIVER = 0x54_41_4B_44
"""The first half of the lock's name; the second is the schema that the log lies in."""


class AdvisoryLock:
    """The lock of whoever drives the store whose log lies at a URL."""

    def __init__(self, connection: PostgresConnection) -> None:
        self._connection = connection

    @classmethod
    def taken(cls, url: DatabaseUrl) -> Self | None:
        """The lock, unless somebody else holds it; never waits."""
        with Told(url):
            connection = PostgresConnection(url, readonly=False)
            try:
                name = "(?)::int, current_schema()::regnamespace::oid::bigint::bit(32)::int"
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
