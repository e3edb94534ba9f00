"""A copy of a log, of one moment, as a SQLite file: taken while others write, and proved before anybody trusts it.

On SQLite it is ``VACUUM INTO`` from a reader's snapshot.  Measured on 246 MB with a writer beside it: 3.3 s, in which
no append waited longer than 0.08 s; the online backup takes 3.9 s and copies free pages too, and with them what was
erased.  On PostgreSQL every row is read from one snapshot, which keeps nobody from writing either.
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
        StoreFull: no room for the copy.
        StoreDamaged: the log cannot be read.
        StoreNewer: it lies on PostgreSQL, and only newer programs know all that it holds.
    """
    if isinstance(log.place, Path):
        with SqliteErrors(into), closing(log.database.connect()) as connection:  # a copy where nothing can be written
            connection.execute("VACUUM INTO ?", (str(into),))
    else:
        copy(log, into)
    settle(into)


def settle(file: Path) -> None:
    """Give a log's *file* its write-ahead mode, and fold in whatever lies beside it."""
    with SqliteErrors(file), closing(connect(file, "rw")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def proved(file: Path, kinds: Mapping[str, type[Event]]) -> VerifyResult:
    """The proof of the log in *file*.

    Raises:
        StoreDamaged: at the first problem.
    """
    with Log.open(file, kinds=kinds, readonly=True) as log:
        found = verify(log)
    if not found.sound:
        first = found.problems[0]
        raise StoreDamaged(str(file), first.what, position=first.position)
    return found
