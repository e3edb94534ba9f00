"""Databases of read models: a file or a schema beside the log, a file in the user's cache, or memory."""

import hashlib
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol

from flows.vault.file_lock import try_lock
from flows.vault.permissions import open_owned
from orchestrator.log.database.connection import Connection
from orchestrator.log.database.url import DatabaseUrl
from orchestrator.log.refusals import StoreBusy, StoreDamaged, StoreUnreachable
from orchestrator.log.sqlite.connection import BESIDE, SqliteErrors, Transaction, connect, refuse_linked_files
from orchestrator.readmodels.base.table import ModelTable

MODELS: Final = """CREATE TABLE IF NOT EXISTS models (
    name TEXT NOT NULL, version INTEGER NOT NULL, log BLOB NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL,
    unknown TEXT NOT NULL, PRIMARY KEY (name, version)
)"""
"""Table of each model's position: the log, the position, the hash of the event there, and the kinds left out."""
COLUMNS: Final = ["name", "version", "log", "position", "hash", "unknown"]
LOCK_S: Final = 10.0
"""Seconds to wait for the folder's lock, which others hold for as long as it takes to open or delete a file."""
PAUSE_S: Final = 0.01
LONGEST_NAME: Final = 63
"""Bytes of an identifier that PostgreSQL does not cut off."""


class ModelDatabase(Protocol):
    """A database of read models, opened by the first transaction or read."""

    @property
    def place(self) -> str:
        """The file or address, for messages."""
        ...

    @property
    def is_memory(self) -> bool:
        """True if the models vanish with the process."""
        ...

    def translated_errors(self) -> AbstractContextManager[None]:
        """Context that translates the driver's errors into refusals of the store."""
        ...

    def open(self) -> Connection:
        """Return the connection, opened on the first call; the table ``models`` exists."""
        ...

    def transaction(self) -> AbstractContextManager[Connection]:
        """Take the models' own lock, in one transaction that commits whole or not at all."""
        ...

    def traceless(self) -> AbstractContextManager[Connection]:
        """``transaction`` after which no file holds rows of the tables that it replaced, as far as readers let it."""
        ...

    def create(self, connection: Connection, table: ModelTable) -> None:
        """Create *table*, empty, in place of any table of its name; within the transaction of *connection*."""
        ...

    def adopt(self, connection: Connection, scratch: sqlite3.Connection, table: ModelTable) -> None:
        """Create *table* and fill it with the rows of the same table in *scratch*; within the same transaction."""
        ...

    def discard(self) -> None:
        """Close the connection, and delete the models if they have a file of their own."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class SqliteModelErrors(SqliteErrors):
    """Context that translates SQLite's errors; all errors without another meaning count as damage of the file.

    Raises:
        StoreDamaged: damage; also text that is not UTF-8, a table with other columns, or a row that exists already.
    """

    __slots__ = ()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        super().__exit__(kind, error, at)
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.ProgrammingError):
            raise StoreDamaged(str(self._path), str(error)) from error


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Lock *folder* among the processes that open or delete files of models in it.

    SQLite finds a database's write-ahead log and its index by name alone: if a file is deleted while another process
    creates its successor, the successor would be read with the old file's index.

    Raises:
        StoreBusy: another process keeps the lock.
        OSError: the folder cannot be opened.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        until = time.monotonic() + LOCK_S
        while not try_lock(descriptor):
            if time.monotonic() > until:
                raise StoreBusy(str(folder), waited_s=LOCK_S)
            time.sleep(PAUSE_S)
        yield
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """Delete a database and the files beside it; within the lock of its folder.  Raises: OSError."""
    for ending in BESIDE:
        path.with_name(f"{path.name}{ending}").unlink(missing_ok=True)


class SqliteModels:
    """Read models in the file at *path*, or in memory if it is None."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._inode: tuple[int, int] | None = None

    @property
    def place(self) -> str:
        """The file's path."""
        return str(self._path or "memory")

    @property
    def is_memory(self) -> bool:
        """True if there is no file."""
        return self._path is None

    def translated_errors(self) -> AbstractContextManager[None]:
        """Context that translates SQLite's errors."""
        return SqliteModelErrors(self._path or Path("memory"))

    def open(self) -> sqlite3.Connection:
        """Return the connection to the file, which is created if missing.

        Raises:
            LinkFound: the path is a link, a folder or a pipe.
        """
        if self._connection is None:
            try:
                with self.translated_errors():
                    self._connection = self._in_memory() if self._path is None else self._in_file(self._path)
            except OSError as error:
                raise StoreUnreachable(self.place, f"cannot be opened: {error.strerror}") from error
        return self._connection

    def _in_memory(self) -> sqlite3.Connection:
        return _prepared(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))

    def _in_file(self, path: Path) -> sqlite3.Connection:
        with locked(path.parent):
            refuse_linked_files(path)
            if not (path.exists() and path.stat().st_size):
                # What lies beside a lost file belongs to it, and perhaps to a process that still has it open.
                remove(path)
                os.close(open_owned(path, os.O_RDWR | os.O_CREAT | os.O_EXCL))
            found = path.lstat()
            self._inode = (found.st_dev, found.st_ino)
            return _prepared(connect(path, "rw"))

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Take the file's write lock."""
        connection = self.open()
        with self.translated_errors(), Transaction(connection, self._path or Path("memory")):
            yield connection

    @contextmanager
    def traceless(self) -> Iterator[sqlite3.Connection]:
        """Overwrite the pages of dropped tables with zeros, and empty the write-ahead log.

        A reader can keep it from being emptied, until the last connection closes.
        """
        connection = self.open()
        with self.translated_errors():
            connection.execute("PRAGMA secure_delete = ON")
            try:
                with Transaction(connection, self._path or Path("memory")):
                    yield connection
            finally:
                connection.execute("PRAGMA secure_delete = OFF")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def create(self, connection: Connection, table: ModelTable) -> None:
        """Drop the old table and create the new one; readers see the old one until we commit."""
        connection.execute(f'DROP TABLE IF EXISTS "{table.name}"')
        for statement in table.create:
            connection.execute(statement)

    def adopt(self, connection: Connection, scratch: sqlite3.Connection, table: ModelTable) -> None:
        """Copy the rows of *scratch*; the indexes are made after them, each sorted once instead of row by row."""
        connection.execute(f'DROP TABLE IF EXISTS "{table.name}"')
        made, *indexes = table.create
        connection.execute(made)
        connection.executemany(table.insert, scratch.execute(table.select()))
        for index in indexes:
            connection.execute(index)

    def discard(self) -> None:
        """Delete the file, unless another process has replaced it with a new one."""
        self.close()
        if self._path is None or self._inode is None:
            return
        with suppress(OSError, StoreBusy), locked(self._path.parent):
            found = self._path.lstat()
            if (found.st_dev, found.st_ino) == self._inode:
                remove(self._path)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # a model lost by a power cut is rebuilt
        connection.execute(MODELS)
        _refuse_columns(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_columns(connection: sqlite3.Connection) -> None:
    if _columns(connection, "models") != COLUMNS:
        raise sqlite3.DatabaseError("the table models has other columns")


class PostgresModels:
    """Read models in a schema of their own, named as the log's schema with ``_models`` appended."""

    def __init__(self, url: DatabaseUrl, schema: str) -> None:
        from orchestrator.log.postgres.connection import PostgresConnection

        self._url, self._schema = url, schema_of_models(schema)
        self._connection: PostgresConnection | None = None
        self._truncates = False

    @property
    def place(self) -> str:
        """The address and the schema."""
        return f"schema {self._schema} of {self._url}"

    @property
    def is_memory(self) -> bool:
        """Always False: the models outlive the process."""
        return False

    def translated_errors(self) -> AbstractContextManager[None]:
        """Context that translates PostgreSQL's errors."""
        from orchestrator.log.postgres.error_translation import PostgresErrors

        return PostgresErrors(self._url)

    def open(self) -> Connection:
        """Return the connection, bound to the schema, which is created if missing."""
        from orchestrator.log.postgres.connection import PostgresConnection
        from orchestrator.log.postgres.grants import quoted

        if self._connection is None:
            with self.translated_errors():
                connection = PostgresConnection(self._url, readonly=False, schema=self._schema)
                try:
                    if not _has_models(connection, self._schema):
                        with connection.transaction(self.place):
                            connection.execute("SELECT pg_advisory_xact_lock(?)", (MAKING,))
                            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(self._schema)}")
                            if not _has_models(connection, self._schema):
                                connection.execute("DROP TABLE IF EXISTS models")
                                connection.execute(MODELS)
                except BaseException:
                    connection.close()
                    raise
                self._connection = connection
        return self._connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Context: take the lock of the table ``models``, which does not block readers."""
        self.open()
        assert self._connection is not None
        with self.translated_errors(), self._connection.transaction(self.place):
            self._connection.execute("LOCK TABLE models IN SHARE ROW EXCLUSIVE MODE")
            yield self._connection

    @contextmanager
    def traceless(self) -> Iterator[Connection]:
        """Truncate the tables that are replaced: each gets a new file.  Waits for their readers."""
        with self.transaction() as connection:
            self._truncates = True
            try:
                yield connection
            finally:
                self._truncates = False

    def create(self, connection: Connection, table: ModelTable) -> None:
        """Empty the table, or create it: a DROP would wait for readers."""
        if connection.execute("SELECT to_regclass(?)", (f'"{table.name}"',)).fetchone() != (None,):
            if _columns(connection, table.name) == list(table.columns):
                emptied = "TRUNCATE" if self._truncates else "DELETE FROM"
                connection.execute(f'{emptied} "{table.name}"')
                return
            connection.execute(f'DROP TABLE "{table.name}"')
        for statement in table.create:
            connection.execute(statement.replace("WITHOUT ROWID", ""))

    def adopt(self, connection: Connection, scratch: sqlite3.Connection, table: ModelTable) -> None:
        """Copy the rows of *scratch* by COPY."""
        self.create(connection, table)
        assert self._connection is not None
        self._connection.copy(f'"{table.name}"', table.listed, scratch.execute(table.select()))

    def discard(self) -> None:
        """Close the connection; wrong tables are rebuilt within the schema."""
        self.close()

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


MAKING: Final = 0x54_41_4B_4D
"""Advisory lock that is held while the schema is made."""


def schema_of_models(schema: str) -> str:
    """Name of the models' schema for the log's *schema*, shortened by a hash where PostgreSQL would cut it off."""
    name = f"{schema}_models"
    if len(name.encode()) <= LONGEST_NAME:
        return name
    return f"{schema.encode()[:32].decode(errors='ignore')}_{hashlib.sha256(schema.encode()).hexdigest()[:16]}_models"


def _has_models(connection: Connection, schema: str) -> bool:
    """True if the schema has the table ``models`` with our columns."""
    found = connection.execute(
        "SELECT attname FROM pg_catalog.pg_attribute JOIN pg_catalog.pg_class ON pg_class.oid = attrelid"
        " JOIN pg_catalog.pg_namespace ON pg_namespace.oid = relnamespace"
        " WHERE nspname = ? AND relname = 'models' AND attnum > 0 AND NOT attisdropped ORDER BY attnum", (schema,)
    )  # fmt: skip
    return [name for (name,) in found.fetchall()] == COLUMNS


def _columns(connection: Connection, table: str) -> list[str]:
    rows = connection.execute(f'SELECT * FROM "{table}" WHERE 1 = 0')  # noqa: S608 - our own names
    return [column[0] for column in rows.description or ()]


def is_whole(connection: Connection, table: ModelTable) -> bool:
    """True if *table* has its columns.  Raises: the driver's error for a missing table."""
    return _columns(connection, table.name) == list(table.columns)
