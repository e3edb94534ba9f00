"""Writing to a log on PostgreSQL: whoever holds the row of the head writes, the others queue for it in order."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from orchestrator.log.postgres.connection import PostgresConnection
from orchestrator.log.postgres.told import Told
from orchestrator.log.url import DatabaseUrl

TURN = "SELECT position FROM log_head FOR UPDATE"
"""Statements after this one see all that was recorded before (READ COMMITTED); this one itself may not."""


class PostgresWriter:
    """The one writing connection of a ``Log``; its threads take turns."""

    def __init__(self, url: DatabaseUrl, *, schema: str | None = None) -> None:
        self._url, self._place, self._lock = url, str(url), threading.Lock()
        with Told(url):
            self.connection = PostgresConnection(url, readonly=False, schema=schema)

    @contextmanager
    def turn(self) -> Iterator[PostgresConnection]:
        """Our turn among the threads, and nothing begun yet."""
        with self._lock, Told(self._url):
            yield self.connection

    @contextmanager
    def transaction(self) -> Iterator[PostgresConnection]:
        """Our turn among all writers, in one transaction."""
        with self._lock, Told(self._url), self.connection.transaction(self._place, first=TURN):
            yield self.connection

    def close(self) -> None:
        """Let go of the server."""
        with self._lock:
            self.connection.close()
