"""Reading a SQLite log where nothing can be written: a read-only mount, a full disk, another user's folder.

A reader of a write-ahead log shares memory with the writers through a file (``-shm``), which somebody must be able to
create.  If that fails, the log and its write-ahead log are copied elsewhere and read there.  Opening the file itself as
*immutable* needs no copy, but gives wrong results as soon as anybody else writes to it (SQLite documentation, "URI
Filenames"), so it is the last resort, if no folder takes a copy and the write-ahead log is empty.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory, gettempdir
from typing import Final

from orchestrator.log.refusals import StoreBusy, StoreFull
from orchestrator.log.sqlite.connection import connect

TRIES: Final = 10
"""Attempts at a copy that is not disturbed by a writer."""
_UNWRITABLE: Final = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL}
_MEMORY: Final = "/dev/shm"  # noqa: S108 - a private folder is created in it

Stamp = tuple[tuple[int, int, int], ...]


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Return a read-only connection, even if nothing can be written beside the file."""
    try:
        return _tried(connect(path, "ro"))
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _UNWRITABLE or not os.access(path, os.R_OK):
            raise
        return _copied(path) or connect(path, "ro", immutable=True)


def _tried(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Return *connection* after a first read: only then are its files open."""
    try:
        connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _copied(path: Path) -> sqlite3.Connection | None:
    """Return a connection to a copy whose files are deleted already; None if no folder takes the copy.

    Raises:
        StoreFull: no folder takes the copy, and the write-ahead log is not empty.
    """
    for folder in _folders():
        with suppress(OSError), TemporaryDirectory(dir=folder, prefix="takesheet-log-") as private:
            return _opened_copy(path, Path(private) / "log.db")
    if _log_beside(path).exists() and _log_beside(path).stat().st_size:
        raise StoreFull(str(path), f"no folder has {path.stat().st_size} bytes free for a copy to read")
    return None


def _opened_copy(path: Path, copy: Path) -> sqlite3.Connection:
    for _ in range(TRIES):
        before = _stamp(path)
        copyfile(path, copy)
        _log_beside(copy).unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            copyfile(_log_beside(path), _log_beside(copy))
        if _stamp(path) == before:
            break
    else:
        raise StoreBusy(str(path), "somebody who writes")
    with closing(connect(copy, "rw")) as folding:
        folding.execute("PRAGMA journal_mode = DELETE")  # merges the write-ahead log into the file
    return _tried(connect(copy, "ro"))  # opened before the file is deleted


def _folders() -> Iterator[str]:
    """Yield folders that may take a copy: the temporary folder, then shared memory."""
    yield gettempdir()
    if os.path.isdir(_MEMORY):  # noqa: PTH112 - a name
        yield _MEMORY


def _log_beside(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _stamp(path: Path) -> Stamp:
    """Return inode, size and time of the log and its write-ahead log; a copy is consistent if they did not change."""
    found = []
    for file in (path, _log_beside(path)):
        with suppress(FileNotFoundError):
            about = file.stat()
            found.append((about.st_ino, about.st_size, about.st_mtime_ns))
    return tuple(found)
