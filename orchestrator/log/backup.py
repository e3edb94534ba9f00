"""Backup of a log: a SQLite file with one state of it, copied while others write, then verified.

On SQLite it is ``VACUUM INTO`` from a reader's snapshot.  Measured on 246 MB with a concurrent writer: 3.3 s, in which
no append waited longer than 0.08 s; the online backup API takes 3.9 s and also copies free pages, and with them erased
data.  On PostgreSQL every row is read from one snapshot, which does not block writers either.
"""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from domain.core.event import Event
from orchestrator.log.move import copy
from orchestrator.log.proof.verify import VerifyResult, verify
from orchestrator.log.refusals import StoreDamaged
from orchestrator.log.sqlite.connection import SqliteErrors, connect
from orchestrator.log.store import Log


def copy_log(log: Log, into: Path) -> None:
    """Copy one state of *log* into a new file.

    Raises:
        StoreFull: no disk space for the copy.
        StoreDamaged: the log cannot be read.
        StoreNewer: the log is on PostgreSQL and contains events that only newer programs know.
    """
    if isinstance(log.place, Path):
        with SqliteErrors(into), closing(log.database.connect()) as connection:  # a read-only folder will do
            connection.execute("VACUUM INTO ?", (str(into),))
    else:
        copy(log, into)
    settle(into)


def settle(file: Path) -> None:
    """Put the log in *file* into write-ahead mode, and checkpoint it so that nothing is left beside the file."""
    with SqliteErrors(file), closing(connect(file, "rw")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def proved(file: Path, kinds: Mapping[str, type[Event]]) -> VerifyResult:
    """Verify the log in *file*; return the result if it is sound.

    Raises:
        StoreDamaged: the log is not sound; names the first problem.
    """
    with Log.open(file, kinds=kinds, readonly=True) as log:
        found = verify(log)
    if not found.sound:
        first = found.problems[0]
        raise StoreDamaged(str(file), first.what, position=first.position)
    return found
