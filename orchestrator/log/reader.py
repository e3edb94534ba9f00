"""Reading a log: pages of rows, never an open statement."""

import threading
from collections.abc import Iterator, Sequence

from orchestrator.log.append_condition import Head
from orchestrator.log.codec import READ
from orchestrator.log.database.columns import MIN_WRITER, WRITER
from orchestrator.log.database.connection import Row
from orchestrator.log.database.database import Database
from orchestrator.log.database.meta import expected_min_writer
from orchestrator.log.query import Query
from orchestrator.log.refusals import StoreDamaged
from orchestrator.log.tag_query import positions

PAGE = 1024
"""Events fetched at once.  As no statement stays open between pages, no reader keeps the write-ahead log from being
folded in; and as nothing recorded ever changes, the pages are one state all the same."""

_ALL = f"SELECT {READ} FROM events WHERE position > ?1 AND position <= ?2 ORDER BY position LIMIT {PAGE}"  # noqa: S608 - constants


class LogReader:
    """A read-only connection that threads share, a statement at a time.

    A statement left open by one thread would keep the others from seeing what was recorded since.

    Raises:
        StoreMissing: there is no log.
        StoreDamaged: what is there is no log of ours.
    """

    def __init__(self, database: Database) -> None:
        self._database, self._lock = database, threading.Lock()
        with database.told():
            self._connection = database.connect()
        try:
            with database.told():
                database.recognise(self._connection)
            self.head()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the store."""
        self._connection.close()

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of one statement."""
        with self._lock, self._database.told():
            return self._connection.execute(sql, parameters).fetchall()

    def head(self) -> Head:
        """Where the log ends."""
        rows = self.rows("SELECT position, hash FROM log_head")
        if len(rows) != 1:
            raise StoreDamaged(self._database.place, f"{len(rows)} heads instead of one")
        return Head(*rows[0])

    def min_writer(self) -> int:
        """The least number a program must have to write here (``schema.WRITER``); the events decide, not ``meta``."""
        if self.rows("SELECT value FROM meta WHERE key = ?", (MIN_WRITER,)) == [(WRITER,)]:
            return WRITER
        with self._lock, self._database.told():
            return expected_min_writer(self._connection)

    def found(self, query: Query, after: int, upto: int) -> Iterator[list[Row]]:
        """The rows that *query* matches, columns ``READ``, in order, page by page."""
        matching, texts = positions(query)
        sql = f"SELECT {READ} FROM events WHERE position IN ({matching}) ORDER BY position LIMIT {PAGE}"  # noqa: S608 - constants and numbered parameters
        return self._paged(sql, texts, after, upto)

    def last(self, query: Query, count: int, upto: int) -> list[Row]:
        """The last *count* rows that *query* matches, columns ``READ``, in order; no others are read."""
        matching, texts = positions(query)
        newest = f"SELECT position FROM ({matching}) AS matching ORDER BY position DESC LIMIT {min(count, upto)}"  # noqa: S608 - numbered parameters
        sql = f"SELECT {READ} FROM events WHERE position IN ({newest}) ORDER BY position"  # noqa: S608 - constants and numbered parameters
        return self.rows(sql, (0, upto, *texts))

    def all(self, after: int, upto: int) -> Iterator[list[Row]]:
        """Every row, columns ``READ``, in order, page by page."""
        return self._paged(_ALL, (), after, upto)

    def _paged(self, sql: str, texts: Sequence[str], after: int, upto: int) -> Iterator[list[Row]]:
        # The first page looks over the whole range, so that what is rare is found in one statement.  A page that
        # comes back full says how dense the matches lie, and the next one looks no further than it needs to.
        window = upto - after
        while after < upto:
            until = min(upto, after + window)
            rows = self.rows(sql, (after, until, *texts))
            yield rows
            if len(rows) < PAGE:
                after, window = until, 2 * window
            else:
                after, window = rows[-1][0], rows[-1][0] - after
