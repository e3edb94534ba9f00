"""Tables beside the log whose rows can be erased for good."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from orchestrator.log.database.connection import Connection, Row
from orchestrator.log.database.database import Database


@dataclass(frozen=True, slots=True)
class SideTable:
    """A table, its columns and the statement that creates it."""

    name: str
    columns: tuple[str, ...]
    statement: str

    @property
    def select(self) -> str:
        """SQL for all rows."""
        return f"SELECT {', '.join(self.columns)} FROM {self.name}"  # noqa: S608 - our own names

    def rewrite(self, database: Database, connection: Connection, rows: Iterable[Row]) -> None:
        """Put *rows* in place of all rows, so that no file of the store keeps an old one; within ``Log.traceless``."""
        kept = list(rows)
        database.clear(connection, self.name, self.statement)
        database.fill(connection, self.name, self.columns, kept)


CONTACTS: Final = SideTable(
    "contacts",
    ("person", "field", "value"),
    """
    CREATE TABLE contacts (
        person TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (person, field)
    )
    """,
)
OUTBOX: Final = SideTable(
    "outbox",
    ("subscription", "position", "number", "notice"),
    """
    CREATE TABLE outbox (
        subscription TEXT NOT NULL, position INTEGER NOT NULL, number INTEGER NOT NULL, notice TEXT NOT NULL,
        PRIMARY KEY (subscription, position, number)
    )
    """,
)
TEXTS: Final = SideTable(
    "texts",
    ("position", "field", "salt", "text"),
    """
    CREATE TABLE texts (
        position INTEGER NOT NULL, field TEXT NOT NULL, salt BLOB NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (position, field)
    )
    """,
)
ERASABLE: Final = (CONTACTS, OUTBOX, TEXTS)
