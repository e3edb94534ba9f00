"""Writing to a SQLite log: one connection, used only in our turn at the turnstile."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from orchestrator.log.database.patience import take_turn, turn_of
from orchestrator.log.sqlite.connection import SqliteErrors, Transaction, connect
from orchestrator.log.sqlite.turnstile import Turnstile


class SqliteWriter:
    """The one writing connection of a ``Log``, which its threads use in turn.

    SQLite checkpoints its write-ahead log at some commits and when the last connection closes; both happen in our turn,
    so never while another process writes.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._place, self._lock = path, str(path), threading.Lock()
        self._errors = SqliteErrors(path)
        with self._errors:
            self._turnstile = Turnstile(path)
            try:
                with self._turnstile:
                    self.connection = connect(path, "rw")
                self._transaction = Transaction(self.connection, path)
            except BaseException:
                self._turnstile.close()
                raise

    @contextmanager
    def turn(self) -> Iterator[sqlite3.Connection]:
        """Context: take the turn; begins no transaction."""
        with turn_of(self._lock, self._place), self._errors, self._turnstile:
            yield self.connection

    def transaction(self) -> "WriterTransaction":
        """Context: take the turn, in one transaction that commits whole or not at all."""
        return WriterTransaction(self)

    def close(self) -> None:
        """Close the connection, in our turn."""
        with self.turn():
            self.connection.close()
        self._turnstile.close()

    def begin(self) -> None:
        """Take the turn, and begin a transaction."""
        take_turn(self._lock, self._place)
        try:
            with self._errors:
                self._turnstile.__enter__()
                try:
                    self._transaction.__enter__()
                except BaseException:
                    self._turnstile.release()
                    raise
        except BaseException:
            self._lock.release()
            raise

    def end(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Commit, or roll back after an *error*, then release the turn; errors of block and commit are translated."""
        try:
            with self._errors:
                try:
                    self._transaction.__exit__(kind, error, at)
                finally:
                    self._turnstile.release()
            self._errors.__exit__(kind, error, at)
        finally:
            self._lock.release()


class WriterTransaction:
    """Context of one transaction in the turn of *writer*.

    A class, because nested contexts made of generators would take a tenth of the time of an append.
    """

    __slots__ = ("_writer",)

    def __init__(self, writer: SqliteWriter) -> None:
        self._writer = writer

    def __enter__(self) -> sqlite3.Connection:
        """Take the turn, and begin a transaction."""
        self._writer.begin()
        return self._writer.connection

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._writer.end(kind, error, at)
