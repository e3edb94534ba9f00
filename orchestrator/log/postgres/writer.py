"""Writing to a log on PostgreSQL: a writer holds the row lock of the head, and other writers queue for it in order."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg

from orchestrator.log.database.patience import END_S, SAY_S, Patience, turn_of
from orchestrator.log.database.url import DatabaseUrl
from orchestrator.log.postgres.connection import PostgresConnection
from orchestrator.log.postgres.error_translation import PostgresErrors

TURN = "SELECT position FROM log_head FOR UPDATE"
"""Later statements of the transaction see all that was recorded before it; this one may not (READ COMMITTED)."""

_TURN_SOON = f"SET LOCAL lock_timeout = '{SAY_S:.0f}s'; {TURN}; SET LOCAL lock_timeout = '{END_S:.0f}s'"
"""``TURN`` with a limit of ``SAY_S`` seconds, so that the wait can be reported; repeated until the turn comes."""


class PostgresWriter:
    """The one writing connection of a ``Log``, which its threads use in turn."""

    def __init__(self, url: DatabaseUrl, *, schema: str | None = None) -> None:
        self._url, self._place, self._lock = url, str(url), threading.Lock()
        with PostgresErrors(url):
            self.connection = PostgresConnection(url, readonly=False, schema=schema)

    @contextmanager
    def turn(self) -> Iterator[PostgresConnection]:
        """Context: take the turn among the threads; begins no transaction."""
        with self._lock, PostgresErrors(self._url):
            yield self.connection

    @contextmanager
    def transaction(self) -> Iterator[PostgresConnection]:
        """Context: take the turn among all writers, in one transaction."""
        with turn_of(self._lock, self._place), PostgresErrors(self._url), ExitStack() as stack:
            patience = Patience(self._place, lambda: "another connection")
            while True:
                try:
                    stack.enter_context(self.connection.transaction(self._place, first=_TURN_SOON))
                    break
                except psycopg.errors.LockNotAvailable:
                    patience.go_on()
            yield self.connection

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self.connection.close()
