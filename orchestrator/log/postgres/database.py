"""A log in a PostgreSQL database, bound to the one schema that holds it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Final
from uuid import UUID

import psycopg

from domain.core.refusal import Refused
from orchestrator.log.append_condition import Head
from orchestrator.log.database import views as viewing
from orchestrator.log.database.columns import INSERT_EVENT, MIN_WRITER
from orchestrator.log.database.connection import Connection, Row
from orchestrator.log.database.url import DatabaseUrl
from orchestrator.log.database.views import ScratchView
from orchestrator.log.migrations.expected import by_name
from orchestrator.log.postgres.connection import PostgresConnection
from orchestrator.log.postgres.error_translation import PostgresErrors
from orchestrator.log.postgres.grants import SCHEMA, as_owner
from orchestrator.log.postgres.schema import FUNCTIONS, NAMES, TABLES, guards, lay
from orchestrator.log.postgres.unexpected_objects import strangers
from orchestrator.log.postgres.writer import TURN, PostgresWriter
from orchestrator.log.refusals import StoreExists, StoreMissing, StoreUnreachable

MAKING: Final = 0x54_41_4B_45
"""The advisory lock of whoever makes a log in a database."""

_HEAD: Final = f"""
    SELECT position, hash, (SELECT value FROM meta WHERE key = '{MIN_WRITER}') FROM log_head
"""  # noqa: S608 - constants

# PostgreSQL documentation, section 53.52 (pg_trigger); the bits of tgtype as in src/include/catalog/pg_trigger.h.
_BITS: Final = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
_BEFORE, _ROW = 2, 1
_STANDING: Final = """
    SELECT t.tgname, c.relname, t.tgtype, p.proname, p.prosrc FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgenabled = 'A' AND t.tgqual IS NULL AND c.oid = to_regclass(c.relname::text)
"""


class PostgresDatabase:
    """A database (``log.database``) at *url*."""

    faults: Final[tuple[type[Exception], ...]] = (psycopg.Error,)

    def __init__(self, url: DatabaseUrl) -> None:
        self.url, self.place = url, str(url)
        self._schema: str | None = None

    @property
    def location(self) -> str:
        """The address, and the schema once it was found."""
        return f"schema {self._schema} of {self.place}" if self._schema else self.place

    def told(self) -> PostgresErrors:
        """PostgreSQL's errors in the words of the store."""
        return PostgresErrors(self.url)

    def create(self, log: UUID, fill: Callable[[Connection], None] | None = None) -> None:
        """Make a log in an existing database and schema, in one transaction."""
        with (
            self.told(),
            closing(PostgresConnection(self.url, readonly=False)) as connection,
            connection.transaction(self.place),
        ):
            connection.execute("SELECT pg_advisory_xact_lock(?)", (MAKING,))
            self._make_room(connection)
            lay(connection, log)
            if fill is not None:
                fill(connection)

    def connect(self) -> PostgresConnection:
        """A connection that can only read; its transactions see one state."""
        connection = PostgresConnection(self.url, readonly=True, schema=self._schema)
        self._schema = connection.schema
        return connection

    def writer(self) -> PostgresWriter:
        """A connection that can write, in its turn."""
        return PostgresWriter(self.url, schema=self._schema)

    def recognise(self, connection: Connection) -> None:
        """A log has a head."""
        if connection.execute("SELECT to_regclass('log_head')").fetchone() == (None,):
            raise StoreMissing(self.place)

    def take_head(self, connection: Connection) -> tuple[Head, object]:
        """Where the log ends; our turn keeps others from moving it."""
        position, hash_, min_writer = connection.execute(_HEAD).fetchone()
        return Head(position, hash_), min_writer

    def insert_events(self, connection: Connection, rows: Sequence[Row]) -> None:
        """All on one way to the server; a statement of its own is quicker than the machinery for many."""
        if len(rows) == 1:
            connection.execute(INSERT_EVENT, rows[0])
        else:
            connection.executemany(INSERT_EVENT, rows)

    def begin_reading(self, connection: Connection) -> None:
        """One state until the transaction ends: REPEATABLE READ."""
        assert isinstance(connection, PostgresConnection)
        connection.begin()

    def every_row(self, connection: Connection, sql: str, parameters: Sequence[Any] = ()) -> Iterator[Row]:
        """Rows through a cursor the server keeps."""
        assert isinstance(connection, PostgresConnection)
        return connection.every_row(sql, parameters)

    def as_stored(self, connection: Connection, sql: str) -> Iterator[Row]:
        """The same, texts as views of their UTF-8."""
        assert isinstance(connection, PostgresConnection)
        return connection.every_row(sql, texts_as_views=True)

    def restore(self, connection: Connection, table: str) -> None:
        """As it was made at first."""
        if table not in self.tables(connection):
            connection.execute(by_name(TABLES)[table])

    def tables(self, connection: Connection) -> set[str]:
        """Those of the schema that the log lies in."""
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        return {name for (name,) in found}

    def guards_missing(self, connection: Connection) -> Iterator[str]:
        """The triggers that are not in place, can be turned off, or do something else."""
        standing = {name: tuple(rest) for name, *rest in connection.execute(_STANDING)}
        for guard in guards():
            bits = _BITS[guard.verb] | _BEFORE | (_ROW if guard.level == "ROW" else 0)
            if standing.get(guard.name) != (guard.table, bits, guard.function, FUNCTIONS[guard.function]):
                yield guard.name

    def strangers(self, connection: Connection) -> Iterator[str]:
        """Whatever no takesheet put there."""
        return strangers(connection)

    @contextmanager
    def traceless(self, connection: Connection) -> Iterator[None]:
        """A truncated table is a new file, and the old one is gone; the server's own log is recycled in time."""
        assert isinstance(connection, PostgresConnection)
        with connection.transaction(self.place):
            connection.execute(TURN)
            yield

    def clear(self, connection: Connection, table: str, statement: str) -> None:
        """By TRUNCATE: the table stays its owner's, and its rows are in no file of it any more."""
        del statement
        connection.execute(f"TRUNCATE {table}")

    @contextmanager
    def making(self, connection: Connection) -> Iterator[None]:
        """As the owner of the log, so that no table of it ever belongs to whoever came by first."""
        with as_owner(connection, self.place):
            yield

    def joined(self, column: str) -> str:
        """Aggregates take an order of their own."""
        return f"string_agg({column}::text, ',' ORDER BY {column})"

    def fill(self, connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """By COPY."""
        assert isinstance(connection, PostgresConnection)
        connection.copy(table, ", ".join(columns), rows)

    def swap_view(self, connection: Connection, beside: ScratchView) -> None:
        """Empty the tables and fill them; readers in a transaction still see the old rows."""
        assert isinstance(connection, PostgresConnection)
        with connection.transaction(self.place):
            connection.execute(TURN)
            self._empty(connection, beside)
            for name in beside.tables():
                rows = beside.connection.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - the view's own names
                columns = ", ".join(f'"{column}"' for column, *_ in rows.description)
                connection.copy(f'"{name}"', columns, rows)

    def _empty(self, connection: PostgresConnection, beside: ScratchView) -> None:
        # Tables that stand are emptied and not dropped: a DROP would wait for whoever reads them, and takes an owner.
        view, names = beside.view, [f'"{name}"' for name in beside.tables()]
        standing = [
            name for name in names if connection.execute("SELECT to_regclass(?)", (name,)).fetchone() != (None,)
        ]
        if standing != names:
            with self.making(connection):
                for name in standing:
                    connection.execute(f"DROP TABLE {name}")
                viewing.begin_anew(connection, view, beside.position)
            return
        for name in names:
            connection.execute(f"DELETE FROM {name}")  # noqa: S608 - the view's own names
        viewing.restate(connection, view, beside.position)

    def _make_room(self, connection: PostgresConnection) -> None:
        ((schema, encoding),) = connection.execute("SELECT current_schema(), current_setting('server_encoding')")
        if schema is None:
            raise StoreUnreachable(self.place, "the search path names no schema that exists; make it first")
        if encoding != "UTF8":
            raise Refused("store.encoding", f"{self.place} stores texts as {encoding}, and not every text fits in it")
        there = connection.execute(
            f"SELECT relname FROM pg_class WHERE relnamespace = {SCHEMA} AND relname = ANY (?)",  # noqa: S608 - our own words
            (list(NAMES),),
        ).fetchall()
        if there:
            raise StoreExists(f"{self.place} (table {there[0][0]})")
