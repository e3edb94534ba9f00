"""Reading a log in pages of rows, without open statements."""

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
"""Events fetched at once.  No statement stays open between pages, so no reader blocks a checkpoint of the write-ahead
log; since recorded events never change, the pages are one state all the same.
"""

_ALL = f"SELECT {READ} FROM events WHERE position > ?1 AND position <= ?2 ORDER BY position LIMIT {PAGE}"  # noqa: S608 - constants


class LogReader:
    """A read-only connection that threads share, one statement at a time.

    A statement left open by one thread would keep the others from seeing newer events.

    Raises:
        StoreMissing: there is no log.
        StoreDamaged: the database is not a log of ours.
    """

    def __init__(self, database: Database) -> None:
        self._database, self._lock = database, threading.Lock()
        self._tables = set[str]()
        with database.translated_errors():
            self._connection = database.connect()
        try:
            with database.translated_errors():
                database.recognise(self._connection)
            self.head()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @property
    def schema(self) -> str | None:
        """The schema to which the connection is bound; None for a file."""
        return getattr(self._connection, "schema", None)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Return all rows of one statement."""
        with self._lock, self._database.translated_errors():
            return self._connection.execute(sql, parameters).fetchall()

    def has_table(self, name: str) -> bool:
        """True if the log's database has the table *name*."""
        if name not in self._tables:
            with self._lock, self._database.translated_errors():
                self._tables = self._database.tables(self._connection)
        return name in self._tables

    def head(self) -> Head:
        """Return the log's head.  Raises: ``StoreDamaged``, if there is not exactly one."""
        rows = self.rows("SELECT position, hash FROM log_head")
        if len(rows) != 1:
            raise StoreDamaged(self._database.place, f"{len(rows)} heads instead of one")
        return Head(*rows[0])

    def min_writer(self) -> int:
        """Return the least ``columns.WRITER`` of a program that may write here; the events decide, not ``meta``."""
        if self.rows("SELECT value FROM meta WHERE key = ?", (MIN_WRITER,)) == [(WRITER,)]:
            return WRITER
        with self._lock, self._database.translated_errors():
            return expected_min_writer(self._connection)

    def found(self, query: Query, after: int, upto: int) -> Iterator[list[Row]]:
        """Yield the rows that *query* matches, columns ``READ``, in order, page by page."""
        matching, texts = positions(query)
        sql = f"SELECT {READ} FROM events WHERE position IN ({matching}) ORDER BY position LIMIT {PAGE}"  # noqa: S608 - constants and numbered parameters
        return self._paged(sql, texts, after, upto)

    def last(self, query: Query, count: int, upto: int) -> list[Row]:
        """Return the last *count* rows that *query* matches, columns ``READ``, in order; no others are read."""
        matching, texts = positions(query)
        newest = f"SELECT position FROM ({matching}) AS matching ORDER BY position DESC LIMIT {min(count, upto)}"  # noqa: S608 - numbered parameters
        sql = f"SELECT {READ} FROM events WHERE position IN ({newest}) ORDER BY position"  # noqa: S608 - constants and numbered parameters
        return self.rows(sql, (0, upto, *texts))

    def all(self, after: int, upto: int) -> Iterator[list[Row]]:
        """Yield every row, columns ``READ``, in order, page by page."""
        return self._paged(_ALL, (), after, upto)

    def _paged(self, sql: str, texts: Sequence[str], after: int, upto: int) -> Iterator[list[Row]]:
        # The first page covers the whole range, so that rare events are found in one statement.  A full page shows how
        # dense the matches are, and limits the range of the next one.
        window = upto - after
        while after < upto:
            until = min(upto, after + window)
            rows = self.rows(sql, (after, until, *texts))
            yield rows
            if len(rows) < PAGE:
                after, window = until, 2 * window
            else:
                after, window = rows[-1][0], rows[-1][0] - after
