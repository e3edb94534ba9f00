"""Connections to a SQLite file, transactions, and the translation of SQLite's errors."""

import errno
import sqlite3
import stat
from pathlib import Path
from types import TracebackType
from typing import Literal
from urllib.parse import quote

from domain.core.refusal import Refusal
from flows.vault.regular_file import LinkFound
from orchestrator.log.database.patience import SAY_S, Patience
from orchestrator.log.refusals import StoreBusy, StoreDamaged, StoreFull, StoreUnreachable
from orchestrator.log.sqlite.holders import holder_of

BUSY_S = 30.0
"""Busy timeout of a reader, which waits only for programs that do not queue, or for a recovery after a crash."""

TURN_S = SAY_S
"""Busy timeout of a writer; afterwards it reports the wait and goes on waiting (``Transaction``)."""

CACHE_KIB = 16_384
"""Page cache of a connection: enough for the inner pages of a log of millions of events."""

BESIDE = ("", "-wal", "-shm", "-journal")
"""Suffixes of the files that SQLite opens for a database."""

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_UNREACHABLE = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}


def connect(path: Path, mode: Literal["ro", "rw", "rwc"], *, immutable: bool = False) -> sqlite3.Connection:
    """Open a connection in autocommit: transactions are begun explicitly.

    A read-only connection can neither checkpoint nor delete the write-ahead log, so only writers need the turnstile.

    Raises:
        LinkFound: the database, or a file beside it, is a symbolic link or not a regular file.
    """
    refuse_linked_files(path)
    connection = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode={mode}{'&immutable=1' if immutable else ''}",
        uri=True,
        timeout=BUSY_S if mode == "ro" else TURN_S,
        isolation_level=None,
        check_same_thread=False,  # threads share a log, one at a time
        cached_statements=256,
    )
    try:
        _set_up(connection, mode)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up(connection: sqlite3.Connection, mode: str) -> None:
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    if mode != "ro":
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = ON")  # macOS: fsync alone leaves data in the drive's cache
        connection.execute("PRAGMA checkpoint_fullfsync = ON")
        connection.execute("PRAGMA recursive_triggers = ON")  # REPLACE fires the guards against DELETE too


def refuse_linked_files(path: Path) -> None:
    """Refuse a database one of whose files is not a regular file; SQLite would follow a link.

    Raises:
        LinkFound: ``store.link``.
    """
    for ending in BESIDE:
        file = path.with_name(f"{path.name}{ending}")
        try:
            mode = file.lstat().st_mode
        except FileNotFoundError:
            continue
        if not stat.S_ISREG(mode):
            raise LinkFound(file, "a symbolic link" if stat.S_ISLNK(mode) else "no regular file")


class Transaction:
    """Context of one transaction (BEGIN IMMEDIATE): commits at the end of the block, rolls back if it raises."""

    __slots__ = ("_connection", "_path")

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection, self._path = connection, path

    def __enter__(self) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            self._wait()

    def _wait(self) -> None:
        """Wait for a program that holds the database outside our queue, and report the wait."""
        memory = self._path.with_name(f"{self._path.name}-shm")  # holds the lock of the writer
        patience = Patience(str(self._path), lambda: holder_of(memory), waited_s=TURN_S)
        while True:
            patience.go_on()
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
            else:
                return

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if error is None:
                self._connection.execute("COMMIT")
        finally:
            # After an error or a failed commit; SQLite may have rolled back by itself, as when the disk is full.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


class SqliteErrors:
    """Context that translates SQLite's errors into refusals of the store.

    Raises:
        StoreDamaged: not a database, malformed, without our tables, or the guards refused a change.
        StoreBusy: locked by a program that does not queue.
        StoreFull: the disk is full.
        StoreUnreachable: missing rights, or the disk itself.
    """

    __slots__ = ("_path",)

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if isinstance(error, sqlite3.Error):
            told = _in_words(self._path, error)
        elif isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            told = StoreFull(str(self._path), str(error))
        elif isinstance(error, OSError) and error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
            told = StoreUnreachable(str(self._path), f"cannot be written to here: {error.strerror}")
        else:
            return
        if told is not None:
            raise told from error


def _in_words(path: Path, error: sqlite3.Error) -> Refusal | None:
    code: int = getattr(error, "sqlite_errorcode", 0)  # errors of the Python module itself carry none
    words = f"{error} ({getattr(error, 'sqlite_errorname', 'sqlite3')})"
    primary = code & 0xFF
    if primary in _BUSY:
        return StoreBusy(str(path))
    if primary == sqlite3.SQLITE_FULL:
        return StoreFull(str(path), words)
    if primary in _UNREACHABLE:
        return StoreUnreachable(str(path), words)
    if primary in _DAMAGED or code == sqlite3.SQLITE_CONSTRAINT_TRIGGER or "no such table" in str(error):
        return StoreDamaged(str(path), words)
    return None
