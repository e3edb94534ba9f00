"""A log in a PostgreSQL database, bound to the one schema that holds it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Final
from uuid import UUID

import psycopg

from domain.core.refusal import Refused
from orchestrator.log.append_condition import Head
from orchestrator.log.database.columns import INSERT_EVENT, MIN_WRITER
from orchestrator.log.database.connection import Connection, Row
from orchestrator.log.database.url import DatabaseUrl
from orchestrator.log.postgres.connection import PostgresConnection
from orchestrator.log.postgres.error_translation import PostgresErrors
from orchestrator.log.postgres.grants import SCHEMA, as_owner
from orchestrator.log.postgres.schema import FUNCTIONS, NAMES, guards, lay
from orchestrator.log.postgres.unexpected_objects import unexpected_objects
from orchestrator.log.postgres.writer import TURN, PostgresWriter
from orchestrator.log.refusals import StoreExists, StoreMissing, StoreUnreachable

MAKING: Final = 0x54_41_4B_45
"""Advisory lock that is held while a log is created in a database."""

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
        """The address, and the schema once it is known."""
        return f"schema {self._schema} of {self.place}" if self._schema else self.place

    def translated_errors(self) -> PostgresErrors:
        """Context that translates PostgreSQL's errors into refusals of the store."""
        return PostgresErrors(self.url)

    def create(self, log: UUID, fill: Callable[[Connection], None] | None = None) -> None:
        """Create a log in an existing database and schema, in one transaction."""
        with (
            self.translated_errors(),
            closing(PostgresConnection(self.url, readonly=False)) as connection,
            connection.transaction(self.place),
        ):
            connection.execute("SELECT pg_advisory_xact_lock(?)", (MAKING,))
            self._make_room(connection)
            lay(connection, log)
            if fill is not None:
                fill(connection)

    def connect(self) -> PostgresConnection:
        """Return a read-only connection, each of whose transactions sees one state."""
        connection = PostgresConnection(self.url, readonly=True, schema=self._schema)
        self._schema = connection.schema
        return connection

    def writer(self) -> PostgresWriter:
        """Return the writing connection."""
        return PostgresWriter(self.url, schema=self._schema)

    def recognise(self, connection: Connection) -> None:
        """Check that there is a head."""
        if connection.execute("SELECT to_regclass('log_head')").fetchone() == (None,):
            raise StoreMissing(self.place)

    def take_head(self, connection: Connection) -> tuple[Head, object]:
        """Return the head, which no other writer can move while we have the turn."""
        position, hash_, min_writer = connection.execute(_HEAD).fetchone()
        return Head(position, hash_), min_writer

    def insert_events(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Insert all rows in one round trip; ``execute`` is faster than ``executemany`` for a single row."""
        if len(rows) == 1:
            connection.execute(INSERT_EVENT, rows[0])
        else:
            connection.executemany(INSERT_EVENT, rows)

    def begin_reading(self, connection: Connection) -> None:
        """Begin a transaction that sees one state: REPEATABLE READ."""
        assert isinstance(connection, PostgresConnection)
        connection.begin()

    def every_row(self, connection: Connection, sql: str, parameters: Sequence[Any] = ()) -> Iterator[Row]:
        """Yield rows through a server-side cursor."""
        assert isinstance(connection, PostgresConnection)
        return connection.every_row(sql, parameters)

    def as_stored(self, connection: Connection, sql: str) -> Iterator[Row]:
        """Yield rows with texts as arrays of their UTF-8 bytes."""
        assert isinstance(connection, PostgresConnection)
        return connection.every_row(sql, texts_as_stored=True)

    def tables(self, connection: Connection) -> set[str]:
        """Return the tables of the schema that holds the log."""
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        return {name for (name,) in found}

    def guards_missing(self, connection: Connection) -> Iterator[str]:
        """Yield the names of guard triggers that are missing, can be turned off, or differ from ours."""
        standing = {name: tuple(rest) for name, *rest in connection.execute(_STANDING)}
        for guard in guards():
            bits = _BITS[guard.verb] | _BEFORE | (_ROW if guard.level == "ROW" else 0)
            if standing.get(guard.name) != (guard.table, bits, guard.function, FUNCTIONS[guard.function]):
                yield guard.name

    def unexpected_objects(self, connection: Connection) -> Iterator[str]:
        """Yield a sentence for each unexpected object."""
        return unexpected_objects(connection)

    @contextmanager
    def traceless(self, connection: Connection) -> Iterator[None]:
        """Context: a transaction in which a truncated table gets a new file, and its old file is deleted.

        The server's write-ahead log keeps the rows until it is recycled.
        """
        assert isinstance(connection, PostgresConnection)
        with connection.transaction(self.place):
            connection.execute(TURN)
            yield

    def clear(self, connection: Connection, table: str, statement: str) -> None:
        """Empty *table* by TRUNCATE, which keeps its owner and deletes the file with its rows."""
        del statement
        connection.execute(f"TRUNCATE {table}")

    @contextmanager
    def making(self, connection: Connection) -> Iterator[None]:
        """Context in which tables are created by the owner of the log, so that none belongs to another role."""
        with as_owner(connection, self.place):
            yield

    def joined(self, column: str) -> str:
        """Return a ``string_agg`` with an ORDER BY."""
        return f"string_agg({column}::text, ',' ORDER BY {column})"

    def fill(self, connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Insert *rows* by COPY."""
        assert isinstance(connection, PostgresConnection)
        connection.copy(table, ", ".join(columns), rows)

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
