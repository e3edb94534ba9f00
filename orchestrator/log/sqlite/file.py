"""A log in one SQLite file, with its write-ahead log beside it."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

from flows.vault.permissions import create_private, file_mode
from flows.vault.storage import sync
from orchestrator.log.append_condition import Head
from orchestrator.log.database.connection import Connection, Row
from orchestrator.log.refusals import StoreBusy, StoreDamaged, StoreExists, StoreMissing
from orchestrator.log.sqlite.connection import BUSY_S, TURN_S, SqliteErrors, Transaction, connect
from orchestrator.log.sqlite.insert_statement import inserting
from orchestrator.log.sqlite.reading import connect_to_read
from orchestrator.log.sqlite.schema import APPLICATION_ID, STAND, guards, lay
from orchestrator.log.sqlite.turnstile import Turnstile
from orchestrator.log.sqlite.unexpected_objects import unexpected_objects
from orchestrator.log.sqlite.writer import SqliteWriter


class SqliteFile:
    """A database (``log.database``) in the file at *path*."""

    faults: Final[tuple[type[Exception], ...]] = (sqlite3.DatabaseError,)

    def __init__(self, path: Path) -> None:
        self.path, self.place = path, str(path)
        self.location = self.place

    def translated_errors(self) -> SqliteErrors:
        """Context that translates SQLite's errors into refusals of the store."""
        return SqliteErrors(self.path)

    def create(self, log: UUID, fill: Callable[[Connection], None] | None = None) -> None:
        """Create a log in an existing folder; the file appears complete or not at all."""
        with closing(Turnstile(self.path)) as turnstile, self.translated_errors(), turnstile:
            if os.path.lexists(self.path):
                raise StoreExists(self.place)
            _make(self.path, log, fill)

    def connect(self) -> sqlite3.Connection:
        """Return a read-only connection."""
        if not os.path.lexists(self.path):
            raise StoreMissing(self.place)
        return connect_to_read(self.path)

    def writer(self) -> SqliteWriter:
        """Return the writing connection."""
        return SqliteWriter(self.path)

    def recognise(self, connection: Connection) -> None:
        """Check the file's application id."""
        if connection.execute("PRAGMA application_id").fetchall() != [(APPLICATION_ID,)]:
            raise StoreDamaged(self.place, "a database, but no log of ours")

    def take_head(self, connection: Connection) -> tuple[Head, object]:
        """Return the head, which no other writer can move during the transaction (BEGIN IMMEDIATE)."""
        position, hash_, min_writer = connection.execute(STAND).fetchone()
        return Head(position, hash_), min_writer

    def insert_events(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Insert rows with statements that name only the columns with a value; successive rows often share one."""
        if len(rows) == 1:
            connection.execute(*inserting(rows[0]))
            return
        for statement, alike in groupby(map(inserting, rows), key=itemgetter(0)):
            connection.executemany(statement, [values for _, values in alike])

    def begin_reading(self, connection: Connection) -> None:
        """Begin a transaction that sees one state: a property of the write-ahead log."""
        connection.execute("BEGIN")

    def every_row(self, connection: Connection, sql: str, parameters: Sequence[Any] = ()) -> Iterator[Row]:
        """Yield rows as SQLite finds them, one at a time."""
        return iter(connection.execute(sql, parameters))

    def as_stored(self, connection: Connection, sql: str) -> Iterator[Row]:
        """Yield rows with texts as arrays of their bytes, even if they are not valid UTF-8."""
        assert isinstance(connection, sqlite3.Connection)
        connection.text_factory = bytearray  # the driver makes it itself, and calls any other class but str and bytes
        try:
            yield from connection.execute(sql)
        finally:
            connection.text_factory = str

    def tables(self, connection: Connection) -> set[str]:
        """Return the tables in SQLite's own list."""
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}

    def guards_missing(self, connection: Connection) -> Iterator[str]:
        """Yield the triggers whose SQL differs from the original."""
        standing = dict(connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"))
        return (name for name, statement in guards() if standing.get(name) != statement)

    def unexpected_objects(self, connection: Connection) -> Iterator[str]:
        """Yield a sentence for each unexpected object."""
        return unexpected_objects(connection)

    @contextmanager
    def traceless(self, connection: Connection) -> Iterator[None]:
        """Context: a transaction that overwrites dropped pages with zeros; afterwards the write-ahead log is emptied.

        Rows that are deleted or replaced leave traces in the remaining pages in spite of ``secure_delete`` (measured:
        4 of 6,500), so only dropping a table erases its rows.

        Raises:
            StoreBusy: committed, but a reader keeps the write-ahead log from being emptied.
        """
        assert isinstance(connection, sqlite3.Connection)
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(f"PRAGMA busy_timeout = {BUSY_S * 1000:.0f}")  # readers may finish
        try:
            with Transaction(connection, self.path):
                yield
        finally:
            connection.execute("PRAGMA secure_delete = OFF")
        ((busy, *_),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.execute(f"PRAGMA busy_timeout = {TURN_S * 1000:.0f}")
        if busy:
            raise StoreBusy(self.place)

    def clear(self, connection: Connection, table: str, statement: str) -> None:
        """Drop *table* and create it again: the pages of a dropped table are overwritten."""
        connection.execute(f"DROP TABLE {table}")
        connection.execute(statement)

    def making(self, connection: Connection) -> AbstractContextManager[None]:
        """Do nothing: tables in a file have no owners."""
        del connection
        return nullcontext()

    def joined(self, column: str) -> str:
        """Return a ``group_concat``, in the order of the index by which the rows are grouped."""
        return f"group_concat({column})"

    def fill(self, connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Insert *rows* one by one, the fastest way into a file."""
        names, places = ", ".join(columns), ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # noqa: S608 - our own names


def _make(path: Path, log: UUID, fill: Callable[[Connection], None] | None) -> None:
    with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as folder:
        unfinished = Path(folder) / path.name
        with create_private(unfinished) as file:  # files that SQLite creates beside it get its permissions
            os.fchmod(file.fileno(), file_mode(path.parent))
        with closing(connect(unfinished, "rwc")) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            with Transaction(connection, path):
                lay(connection, log)
                if fill is not None:
                    fill(connection)
        unfinished.replace(path)
    sync(path.parent)
