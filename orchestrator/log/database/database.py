"""Protocol of the database that holds a log, implemented by ``sqlite`` and ``postgres``."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol
from uuid import UUID

from orchestrator.log.append_condition import Head
from orchestrator.log.database.connection import Connection, Row


class LogWriter(Protocol):
    """The writing connection of one process, which its threads and the store's other writers use in turn."""

    def turn(self) -> AbstractContextManager[Connection]:
        """Context: take the turn among the threads and, on SQLite, among the processes; begins no transaction."""
        ...

    def transaction(self) -> AbstractContextManager[Connection]:
        """Context: take the turn among all writers, in one transaction that commits whole or not at all."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class Database(Protocol):
    """The database that holds a log."""

    @property
    def place(self) -> str:
        """The file or address, for messages: without any secret."""
        ...

    @property
    def location(self) -> str:
        """The place, and the schema that holds the log where a database has several."""
        ...

    @property
    def faults(self) -> tuple[type[Exception], ...]:
        """The driver's exceptions for a database that cannot be read."""
        ...

    def translated_errors(self) -> AbstractContextManager[None]:
        """Context that translates the driver's errors into refusals of the store."""
        ...

    def create(self, log: UUID, fill: Callable[[Connection], None] | None = None) -> None:
        """Create a log, and let *fill* write to it, in one transaction.  Raises: ``StoreExists``."""
        ...

    def connect(self) -> Connection:
        """Return a read-only connection.  Raises: ``StoreMissing``."""
        ...

    def writer(self) -> LogWriter:
        """Return the writing connection."""
        ...

    def recognise(self, connection: Connection) -> None:
        """Check that the database holds a log of ours.  Raises: ``StoreDamaged``, ``StoreMissing``."""
        ...

    def take_head(self, connection: Connection) -> tuple[Head, object]:
        """Return the head, and the least permitted writer in ``meta`` (``MIN_WRITER``); within the open transaction."""
        ...

    def insert_events(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Insert *rows* of all columns (``columns.COLUMNS``) into the events; within the open transaction."""
        ...

    def begin_reading(self, connection: Connection) -> None:
        """Begin a transaction that sees one state from its first statement to its last."""
        ...

    def every_row(self, connection: Connection, sql: str, parameters: Sequence[Any] = ()) -> Iterator[Row]:
        """Yield the rows of a large result, a few in memory at a time; within a transaction."""
        ...

    def as_stored(self, connection: Connection, sql: str) -> Iterator[Row]:
        """Yield rows with texts as ``bytearray`` of the stored bytes, which tells them from raw ``bytes``."""
        ...

    def tables(self, connection: Connection) -> set[str]:
        """Return the names of all tables."""
        ...

    def guards_missing(self, connection: Connection) -> Iterator[str]:
        """Yield the names of the triggers that are missing or changed."""
        ...

    def unexpected_objects(self, connection: Connection) -> Iterator[str]:
        """Yield a sentence for each changed object, and for each foreign object that may affect the log."""
        ...

    def traceless(self, connection: Connection) -> AbstractContextManager[None]:
        """Context: a transaction, within our turn, after which no file holds an old row of the tables it cleared."""
        ...

    def clear(self, connection: Connection, table: str, statement: str) -> None:
        """Empty *table*, created by *statement*, so that no file keeps a row of it; within ``traceless``."""
        ...

    def making(self, connection: Connection) -> AbstractContextManager[None]:
        """Context for creating or dropping tables as the owner of the log; other roles get rights on new tables."""
        ...

    def joined(self, column: str) -> str:
        """Return SQL for all values of an integer *column* in a group, ascending, joined by commas."""
        ...

    def fill(self, connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Insert any number of *rows* into *table*; within a transaction."""
        ...
