"""Writing to a log: one connection, used only in our turn at the turnstile."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestrator.log.database.patience import turn_of
from orchestrator.log.sqlite.connection import SqliteErrors, Transaction, connect
from orchestrator.log.sqlite.turnstile import Turnstile


class SqliteWriter:
    """The one writing connection of a ``Log``; its threads take turns.

    SQLite checkpoints its write-ahead log at some commits and when the last connection closes; both happen in our turn,
    so never while another process writes.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, threading.Lock()
        with SqliteErrors(path):
            self._turnstile = Turnstile(path)
            try:
                with self._turnstile:
                    self.connection = connect(path, "rw")
            except BaseException:
                self._turnstile.close()
                raise

    @contextmanager
    def turn(self) -> Iterator[sqlite3.Connection]:
        """Take the turn; begin no transaction."""
        with turn_of(self._lock, str(self._path)), SqliteErrors(self._path), self._turnstile:
            yield self.connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Take the turn, in one transaction that commits whole or not at all."""
        with (
            turn_of(self._lock, str(self._path)),
            SqliteErrors(self._path),
            self._turnstile,
            Transaction(self.connection, self._path),
        ):
            yield self.connection

    def close(self) -> None:
        """Close the connection, in our turn."""
        with self.turn():
            self.connection.close()
        self._turnstile.close()
