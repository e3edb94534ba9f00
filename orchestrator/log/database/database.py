"""What a log asks of the database it lies in.  ``sqlite`` and ``postgres`` answer, each in its own way."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol
from uuid import UUID

from orchestrator.log.append_condition import Head
from orchestrator.log.database.connection import Connection, Row
from orchestrator.log.database.views import ScratchView


class LogWriter(Protocol):
    """How one process writes: its threads, and the other writers of the store, go through one at a time."""

    def turn(self) -> AbstractContextManager[Connection]:
        """Our turn among the threads, and nothing begun yet."""
        ...

    def transaction(self) -> AbstractContextManager[Connection]:
        """Our turn, in one transaction: all of the block or nothing of it; until it ends no other process writes."""
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...


class Database(Protocol):
    """Where a log lies."""

    @property
    def place(self) -> str:
        """The file or address, as people may be told it: without any secret."""
        ...

    @property
    def location(self) -> str:
        """The same, and the schema in which the log was found, where a database has several."""
        ...

    @property
    def faults(self) -> tuple[type[Exception], ...]:
        """What the driver raises when the database cannot be read."""
        ...

    def told(self) -> AbstractContextManager[None]:
        """The driver's errors in the words of the store."""
        ...

    def create(self, log: UUID, fill: Callable[[Connection], None] | None = None) -> None:
        """Make a log, and let *fill* write to it, in one transaction: whole or not at all.  Raises: ``StoreExists``."""
        ...

    def connect(self) -> Connection:
        """A connection that can only read.  Raises: ``StoreMissing``."""
        ...

    def writer(self) -> LogWriter:
        """A connection that can write, in its turn."""
        ...

    def recognise(self, connection: Connection) -> None:
        """Make sure that this is a log of ours.  Raises: ``StoreDamaged``, ``StoreMissing``."""
        ...

    def take_head(self, connection: Connection) -> tuple[Head, object]:
        """Within our transaction, where the log ends, and what ``meta`` says of who may write (``MIN_WRITER``)."""
        ...

    def insert_events(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Within our transaction, insert *rows* of all columns (``schema.COLUMNS``) into the events."""
        ...

    def begin_reading(self, connection: Connection) -> None:
        """Begin a transaction that sees one state from its first statement to its last."""
        ...

    def every_row(self, connection: Connection, sql: str, parameters: Sequence[Any] = ()) -> Iterator[Row]:
        """Rows without end, a few in memory at a time; within a transaction."""
        ...

    def as_stored(self, connection: Connection, sql: str) -> Iterator[Row]:
        """The same, texts as views of the bytes they are stored as: so they are told from raw ``bytes``."""
        ...

    def restore(self, connection: Connection, table: str) -> None:
        """Within our turn, make the log's own *table* again, empty, where it is gone."""
        ...

    def tables(self, connection: Connection) -> set[str]:
        """The names of all tables that stand."""
        ...

    def guards_missing(self, connection: Connection) -> Iterator[str]:
        """The guards that do not stand as they were made."""
        ...

    def strangers(self, connection: Connection) -> Iterator[str]:
        """A sentence for whatever in the database is not as it was made, or none of ours, and may touch the log."""
        ...

    def traceless(self, connection: Connection) -> AbstractContextManager[None]:
        """Within our turn, a transaction after which no file of ours holds anything of the tables that it dropped."""
        ...

    def clear(self, connection: Connection, table: str, statement: str) -> None:
        """Within ``traceless``, empty a *table* that *statement* makes, so that no file keeps a row of it."""
        ...

    def making(self, connection: Connection) -> AbstractContextManager[None]:
        """Within our turn, make or drop tables: as their owner, and with the rights that others have on the log."""
        ...

    def joined(self, column: str) -> str:
        """SQL for all values of an integer *column* in a group, rising, joined by commas."""
        ...

    def fill(self, connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Within a transaction, insert *rows* into *table*, as many as there may be."""
        ...

    def swap_view(self, connection: Connection, beside: ScratchView) -> None:
        """Within our turn and one transaction, put the tables made beside in place of those that stand."""
        ...
