"""Databases that hold read models: a file beside the log, a schema beside it, a copy in the user's cache, or memory."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Final, Protocol

from flows.vault.permissions import open_owned
from orchestrator.log.database.connection import Connection
from orchestrator.log.database.url import DatabaseUrl
from orchestrator.log.sqlite.connection import BESIDE, SqliteErrors, Transaction, connect
from orchestrator.readmodels.base.table import ModelTable

MODELS: Final = """CREATE TABLE IF NOT EXISTS models (
    name TEXT NOT NULL, version INTEGER NOT NULL, log BLOB NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL,
    PRIMARY KEY (name, version)
)"""
"""Where each model stands: the log, the position, and the hash of the event there."""


class ModelDatabase(Protocol):
    """A database of read models, opened by the first transaction or read."""

    @property
    def place(self) -> str:
        """The file or address, for messages."""
        ...

    def told(self) -> AbstractContextManager[None]:
        """Context that translates the driver's errors into refusals of the store."""
        ...

    def open(self) -> Connection:
        """Return the connection, opened on the first call; the table ``models`` exists."""
        ...

    def transaction(self) -> AbstractContextManager[Connection]:
        """Take the models' own lock, in one transaction that commits whole or not at all."""
        ...

    def create(self, connection: Connection, table: ModelTable) -> None:
        """Create *table*, empty, in place of one of its name; within our transaction."""
        ...

    def adopt(self, connection: Connection, scratch: Path, table: ModelTable) -> None:
        """Create *table* and fill it with the rows of the same table in a SQLite file; within our transaction."""
        ...

    def discard(self) -> None:
        """Close the connection, and delete the models if they lie in a file of their own."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class SqliteModels:
    """Read models in the file at *path*; ``:memory:`` for none."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._inode: tuple[int, int] | None = None

    @property
    def place(self) -> str:
        """The file's path."""
        return str(self._path or "memory")

    def told(self) -> AbstractContextManager[None]:
        """Context that translates SQLite's errors."""
        return SqliteErrors(self._path) if self._path else nullcontext()

    def open(self) -> sqlite3.Connection:
        """Return the connection to the file, which is made if it is missing."""
        if self._connection is None:
            with self.told():
                self._connection = self._opened()
        return self._connection

    def _opened(self) -> sqlite3.Connection:
        if self._path is None:
            connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        else:
            descriptor = open_owned(self._path, os.O_RDWR | os.O_CREAT)
            found = os.fstat(descriptor)
            self._inode = (found.st_dev, found.st_ino)
            os.close(descriptor)
            connection = connect(self._path, "rw")
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")  # a model lost by a power cut is rebuilt
            connection.execute(MODELS)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Take the file's write lock."""
        connection = self.open()
        with self.told(), Transaction(connection, self._path or Path("memory")):
            yield connection

    def create(self, connection: Connection, table: ModelTable) -> None:
        """Drop the old table and create the new one; readers see the old one until we commit."""
        connection.execute(f'DROP TABLE IF EXISTS "{table.name}"')
        for statement in table.create:
            connection.execute(statement)

    def adopt(self, connection: Connection, scratch: Path, table: ModelTable) -> None:
        """Copy the rows of the scratch file."""
        self.create(connection, table)
        with sqlite3.connect(f"file:{scratch}?mode=ro", uri=True) as beside:
            connection.executemany(table.insert, beside.execute(table.select()))
        beside.close()

    def discard(self) -> None:
        """Delete the file, unless another process has put a new one in its place meanwhile."""
        self.close()
        if self._path is None or self._inode is None:
            return
        with suppress(OSError):
            found = self._path.lstat()
            if (found.st_dev, found.st_ino) == self._inode:
                for ending in BESIDE:
                    self._path.with_name(f"{self._path.name}{ending}").unlink(missing_ok=True)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class PostgresModels:
    """Read models in a schema of their own beside that of the log: its name with ``_models`` behind it."""

    def __init__(self, url: DatabaseUrl, schema: str) -> None:
        from orchestrator.log.postgres.connection import PostgresConnection

        self._url, self._schema = url, f"{schema}_models"
        self._connection: PostgresConnection | None = None

    @property
    def place(self) -> str:
        """The address and the schema."""
        return f"schema {self._schema} of {self._url}"

    def told(self) -> AbstractContextManager[None]:
        """Context that translates PostgreSQL's errors."""
        from orchestrator.log.postgres.error_translation import PostgresErrors

        return PostgresErrors(self._url)

    def open(self) -> Connection:
        """Return the connection, bound to the schema, which is made if it is missing."""
        from orchestrator.log.postgres.connection import PostgresConnection
        from orchestrator.log.postgres.grants import quoted

        if self._connection is None:
            with self.told():
                connection = PostgresConnection(self._url, readonly=False, schema=self._schema)
                try:
                    if not _has_models(connection, self._schema):
                        with connection.transaction(self.place):
                            connection.execute("SELECT pg_advisory_xact_lock(?)", (MAKING,))
                            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(self._schema)}")
                            connection.execute(MODELS)
                except BaseException:
                    connection.close()
                    raise
                self._connection = connection
        return self._connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Take the lock of the table ``models``, which leaves readers alone."""
        self.open()
        assert self._connection is not None
        with self.told(), self._connection.transaction(self.place):
            self._connection.execute("LOCK TABLE models IN SHARE ROW EXCLUSIVE MODE")
            yield self._connection

    def create(self, connection: Connection, table: ModelTable) -> None:
        """Empty the table, or create it: a DROP would wait for readers."""
        if connection.execute("SELECT to_regclass(?)", (f'"{table.name}"',)).fetchone() != (None,):
            if _columns(connection, table) == list(table.columns):
                connection.execute(f'DELETE FROM "{table.name}"')  # noqa: S608 - our own names
                return
            connection.execute(f'DROP TABLE "{table.name}"')
        for statement in table.create:
            connection.execute(statement.replace("WITHOUT ROWID", ""))

    def adopt(self, connection: Connection, scratch: Path, table: ModelTable) -> None:
        """Copy the rows of the scratch file by COPY."""
        self.create(connection, table)
        assert self._connection is not None
        with sqlite3.connect(f"file:{scratch}?mode=ro", uri=True) as beside:
            self._connection.copy(f'"{table.name}"', table.listed, beside.execute(table.select()))
        beside.close()

    def discard(self) -> None:
        """Close the connection: tables that are wrong are made anew in the schema."""
        self.close()

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


MAKING: Final = 0x54_41_4B_4D
"""Advisory lock that is held while the schema is made."""


def _has_models(connection: Connection, schema: str) -> bool:
    found = connection.execute(
        "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = ? AND tablename = 'models'", (schema,)
    )
    return found.fetchone() is not None


def _columns(connection: Connection, table: ModelTable) -> list[str]:
    rows = connection.execute(f'SELECT * FROM "{table.name}" WHERE 1 = 0')  # noqa: S608 - our own names
    return [column[0] for column in rows.description or ()]


def is_whole(connection: Connection, table: ModelTable) -> bool:
    """True if *table* exists with its columns.  Raises: ``StoreDamaged``, within ``told``, if it is missing."""
    return _columns(connection, table) == list(table.columns)
