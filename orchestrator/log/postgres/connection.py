"""A connection to PostgreSQL that executes the SQL of ``log.database`` and reconnects after an outage of the server."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Self, TypeVar

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format

from orchestrator.log.database.connection import Row
from orchestrator.log.database.url import DatabaseUrl
from orchestrator.log.postgres.dialect import translated
from orchestrator.log.postgres.error_translation import in_words
from orchestrator.log.postgres.session import open_session
from orchestrator.log.refusals import ConnectionLost, StoreUncertain

T = TypeVar("T")

BATCH: Final = 2000
"""Rows fetched at once from a server-side cursor."""
PAUSES_S: Final = (0.1, 0.4, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Pauses before each attempt to reconnect to a server that answered before: half a minute, enough for a restart."""


class PostgresCursor(psycopg.RawCursor[Row]):
    """A cursor that executes the statements of ``log.database``."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> Self:  # noqa: ANN401 - as the driver has it
        """Execute one statement."""
        return super().execute(translated(query), params or None, **how)

    def executemany(self, query: Any, params_seq: Iterable[Any], **how: Any) -> None:  # noqa: ANN401 - as the driver has it
        """Execute one statement for each row, without waiting between them."""
        super().executemany(translated(query), params_seq, **how)


class _AsStored(Loader):
    format = Format.BINARY

    def load(self, data: Buffer) -> bytearray:
        return bytearray(data)


class PostgresConnection:
    """A connection (``log.database``), bound to the schema that holds the log.

    A connection lost between two transactions reconnects.  A reading connection also repeats the interrupted statement,
    because a repeated read changes nothing; a writing connection repeats only the beginning of a transaction.

    Args:
        url: the database.
        readonly: open it read-only.
        schema: the schema that holds the log; None searches the search path for it.
        reopens: reconnect if the connection is lost; False for one whose session holds a lock.
    """

    def __init__(self, url: DatabaseUrl, *, readonly: bool, schema: str | None = None, reopens: bool = True) -> None:
        self._url, self._readonly, self._reopens = url, readonly, reopens
        self._within = False
        self._session = open_session(url, readonly=readonly, schema=schema)

    @property
    def schema(self) -> str | None:
        """The schema to which the connection is bound; None if the search path names none that exists."""
        return self._session.schema

    @property
    def pooled(self) -> bool:
        """True if the connection goes through a connection pooler."""
        return self._session.pooled

    @property
    def _raw(self) -> "psycopg.Connection[Row]":
        return self._session.raw

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> PostgresCursor:
        """Execute one statement; if no transaction is open, in a transaction of its own."""
        if self._within:
            return self.cursor().execute(sql, parameters)
        if self._readonly:
            return self._patiently(lambda: self._alone(sql, parameters))
        return self._alone(sql, parameters)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> None:
        """Execute one statement for each row, within a transaction."""
        self.cursor().executemany(sql, rows)

    def cursor(self) -> PostgresCursor:
        """Return a cursor for many statements, within a transaction."""
        return PostgresCursor(self._raw)

    def every_row(self, sql: str, parameters: Sequence[Any] = (), *, texts_as_stored: bool = False) -> Iterator[Row]:
        """Yield rows through a server-side cursor; within a transaction."""
        with psycopg.RawServerCursor(self._raw, "every_row") as cursor:
            if texts_as_stored:
                cursor.adapters.register_loader("text", _AsStored)
            cursor.itersize = BATCH
            cursor.execute(translated(sql), parameters or None, binary=True)
            yield from cursor

    def copy(self, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
        """Fill *table* with *rows* by COPY, faster than by INSERT; within a transaction."""
        with self.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def begin(self, first: str = "") -> None:
        """Begin a transaction.

        Args:
            first: a statement without parameters, sent in the same round trip.
        """
        self._patiently(lambda: self._opened().execute(f"{self._session.beginning}; {first}"))
        self._within = True

    @contextmanager
    def transaction(self, place: str, *, first: str = "") -> Iterator[None]:
        """Context of one transaction: commits at the end of the block, rolls back if the block raises.

        Args:
            place: the store, for messages.
            first: as for ``begin``.

        Raises:
            ConnectionLost: the connection was lost before COMMIT was sent.
            StoreUncertain: the connection was lost while COMMIT was under way.
        """
        try:
            self.begin(first)
            yield
        except BaseException as error:
            self._undo()
            if isinstance(error, psycopg.OperationalError) and self._raw.closed:
                raise ConnectionLost(place, in_words(self._url, error)) from None
            raise
        self._keep(place)

    def commit(self) -> None:
        """Commit; returns once the server has confirmed."""
        self.execute("COMMIT")

    def close(self) -> None:
        """Close the connection."""
        self._raw.close()

    def _keep(self, place: str) -> None:
        try:
            self.commit()
        except BaseException as error:
            self._undo()
            if isinstance(error, psycopg.OperationalError) and self._raw.closed:
                raise StoreUncertain(place) from error
            raise
        finally:
            self._within = False

    def _undo(self) -> None:
        """Roll back; a connection that was lost within a pipeline cannot roll back, and is closed."""
        self._within = False
        if self._raw.closed:
            return
        try:
            self._raw.rollback()
        except psycopg.Error:
            self._raw.close()

    def _alone(self, sql: str, parameters: Sequence[Any]) -> PostgresCursor:
        cursor = self._opened()
        if not self._session.pooled:
            return cursor.execute(sql, parameters)
        try:
            self._raw.execute(self._session.beginning.encode())
            cursor.execute(sql, parameters)
            self._raw.execute(b"COMMIT")
        except BaseException:
            self._undo()
            raise
        return cursor

    def _opened(self) -> PostgresCursor:
        """Return a cursor of the session; reconnects if the connection was lost."""
        if self._raw.closed and self._reopens:
            self._session = open_session(self._url, readonly=self._readonly, schema=self._session.schema)
        return self.cursor()

    def _patiently(self, attempt: Callable[[], T]) -> T:
        """Return the result of *attempt*, which is repeated, with pauses, while the server does not answer."""
        for pause_s in PAUSES_S:
            try:
                return attempt()
            except psycopg.OperationalError:
                if not (self._raw.closed and self._reopens):
                    raise
            time.sleep(pause_s)
        return attempt()
