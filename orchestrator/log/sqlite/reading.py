"""Reading a SQLite log where nothing can be written: a read-only mount, a full disk, another's folder.

A reader of a write-ahead log shares memory with the writers by way of a file (``-shm``), which somebody must be able to
make.  Where that fails, the log and its write-ahead log are copied elsewhere and read there.  Opening the file itself
as *immutable* needs no copy, but is wrong as soon as anybody else writes to it (SQLite documentation, "URI
Filenames"), so it is the last resort, for where no folder takes a copy and no write-ahead log holds anything.
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
"""How often a copy is begun anew because somebody wrote meanwhile."""
_UNWRITABLE: Final = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL}
_MEMORY: Final = "/dev/shm"  # noqa: S108 - a folder of our own is made in it, for us alone

Stamp = tuple[tuple[int, int, int], ...]


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that can only read, wherever the file lies."""
    try:
        return _tried(connect(path, "ro"))
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _UNWRITABLE or not os.access(path, os.R_OK):
            raise
        return _copied(path) or connect(path, "ro", immutable=True)


def _tried(connection: sqlite3.Connection) -> sqlite3.Connection:
    """The *connection*, once it has read: only then are its files open."""
    try:
        connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _copied(path: Path) -> sqlite3.Connection | None:
    """A connection to a copy, whose files have no names any more; None where no folder takes it."""
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
        folding.execute("PRAGMA journal_mode = DELETE")  # what the write-ahead log held is in the one file now
    return _tried(connect(copy, "ro"))  # open before its name is gone


def _folders() -> Iterator[str]:
    """Where a copy may lie: the usual place, then memory."""
    yield gettempdir()
    if os.path.isdir(_MEMORY):  # noqa: PTH112 - a name
        yield _MEMORY


def _log_beside(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _stamp(path: Path) -> Stamp:
    """Inode, size and time of the log and its write-ahead log; equal before and after a copy, it is of one moment."""
    found = []
    for file in (path, _log_beside(path)):
        with suppress(FileNotFoundError):
            about = file.stat()
            found.append((about.st_ino, about.st_size, about.st_mtime_ns))
    return tuple(found)
