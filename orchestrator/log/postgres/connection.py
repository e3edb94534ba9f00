"""A conversation with PostgreSQL: our words in, and taken up again after the server was away."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Self

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format
from psycopg.types.numeric import Int8Dumper

from orchestrator.log.connection import Row
from orchestrator.log.postgres.dialect import translated
from orchestrator.log.refusals import StoreUncertain
from orchestrator.log.url import DatabaseUrl

CONNECT_S: Final = 15
BATCH: Final = 2000
"""Rows fetched at once of a statement whose rows have no end."""

_SETTINGS: Final = {
    "client_encoding": "UTF8",
    "timezone": "UTC",
    "application_name": "takesheet",
    "lock_timeout": "60s",  # an append takes milliseconds: whoever waits longer is told
    "idle_in_transaction_session_timeout": "120s",  # a writer that was stopped, not ended, lets go of the head
}
_READING: Final = {"default_transaction_read_only": "on", "default_transaction_isolation": "repeatable read"}
_WRITING: Final = {"default_transaction_isolation": "read committed", "synchronous_commit": "on"}


class PostgresCursor(psycopg.RawCursor[Row]):
    """A cursor that takes the statements of ``log.database``."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> Self:  # noqa: ANN401 - as the driver has it
        """Give one statement."""
        return super().execute(translated(query), params or None, **how)

    def executemany(self, query: Any, params_seq: Iterable[Any], **how: Any) -> None:  # noqa: ANN401 - as the driver has it
        """Give one statement for each row, without waiting between them."""
        super().executemany(translated(query), params_seq, **how)


class _AsView(Loader):
    format = Format.BINARY

    def load(self, data: Buffer) -> memoryview:
        return memoryview(data)


class PostgresConnection:
    """A connection (``log.database``) that opens anew by itself where it was cut between two transactions."""

    def __init__(self, url: DatabaseUrl, *, readonly: bool) -> None:
        self._url, self._settings = url, _SETTINGS | (_READING if readonly else _WRITING)
        self._within = False
        self._raw = self._opened()

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> PostgresCursor:
        """Give one statement."""
        return self.cursor().execute(sql, parameters)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> None:
        """Give one statement for each row."""
        self.cursor().executemany(sql, rows)

    def cursor(self) -> PostgresCursor:
        """A cursor for many statements."""
        if self._raw.closed and not self._within:
            self._raw = self._opened()
        return PostgresCursor(self._raw)

    def every_row(self, sql: str, parameters: Sequence[Any] = (), *, texts_as_views: bool = False) -> Iterator[Row]:
        """Rows the server finds as they are asked for; within a transaction."""
        with psycopg.RawServerCursor(self._raw, "every_row") as cursor:
            if texts_as_views:
                cursor.adapters.register_loader("text", _AsView)
            cursor.itersize = BATCH
            cursor.execute(translated(sql), parameters or None, binary=True)
            yield from cursor

    def copy(self, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
        """Fill *table* with *rows*, faster than by statements."""
        with self.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    @contextmanager
    def transaction(self, place: str, *, first: str = "") -> Iterator[None]:
        """All of the block or nothing of it.

        Args:
            place: the store, for what is told about it.
            first: a statement without parameters, sent along with the beginning: one way to the server, not two.

        Raises:
            StoreUncertain: the connection was lost while the server was told to keep it all.
        """
        try:
            self.execute(f"BEGIN; {first}")
            self._within = True
            yield
            try:
                self.commit()
            except psycopg.OperationalError as error:
                if self._raw.closed:
                    raise StoreUncertain(place) from error
                raise
        except BaseException:
            if not self._raw.closed:
                self._raw.rollback()
            raise
        finally:
            self._within = False

    def commit(self) -> None:
        """Tell the server to keep all of the transaction; what it answers, or that it does not, is the outcome."""
        self.execute("COMMIT")

    def close(self) -> None:
        """End the conversation."""
        self._raw.close()

    def _opened(self) -> "psycopg.Connection[Row]":
        raw: psycopg.Connection[Row] = psycopg.connect(self._url.conninfo, autocommit=True, connect_timeout=CONNECT_S)
        raw.adapters.register_dumper(int, Int8Dumper)  # one type for every integer, so one plan for a statement
        settings = [word for pair in self._settings.items() for word in pair]
        PostgresCursor(raw).execute("SELECT " + ", ".join(["set_config(?, ?, false)"] * len(self._settings)), settings)
        return raw
