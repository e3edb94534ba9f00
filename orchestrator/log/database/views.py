"""Views: tables made from the log, that can be thrown away and made again.

A view has a name and a version, and its tables carry the version (``board_v3``), so that two program versions can
share a store.  A view that reads an event differently, or learns a kind, raises its version.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from domain.core.event import Event, Recorded
from orchestrator.log.database.connection import Connection, Cursor


class View(Protocol):
    """One projection.  It is total and forgiving: events it does not know leave it as it is.

    Its SQL is that which ``log.database`` describes: it runs on SQLite and on PostgreSQL alike.
    """

    @property
    def name(self) -> str:
        """What it is called, whatever its version."""
        ...

    @property
    def version(self) -> int:
        """Raised whenever the same events would give other tables."""
        ...

    def ddl(self) -> Sequence[str]:
        """The tables and indexes, with the version in their names; no AUTOINCREMENT."""
        ...

    def apply(self, cursor: Cursor, recorded: Recorded[Event]) -> None:
        """Move the tables on by one event, the next in order."""
        ...


class ViewBroken(Exception):
    """A view's tables did not take an event within an append; it holds the driver's error as its cause."""

    def __init__(self, view: View) -> None:
        super().__init__(view.name)
        self.view = view


STAND = "SELECT position FROM views WHERE name = ? AND version = ?"
FORGET = "DELETE FROM views WHERE name = ? AND version = ?"
BEGIN = "INSERT INTO views (name, version, position) VALUES (?, ?, ?)"
MOVE = "UPDATE views SET position = ? WHERE name = ? AND version = ?"


def stand(connection: Connection, view: View) -> int | None:
    """The position *view* was brought to; None where it has no tables yet."""
    row = connection.execute(STAND, (view.name, view.version)).fetchone()
    return row[0] if row else None


def begin(connection: Connection, view: View, position: int = 0) -> None:
    """Make the tables of *view*, empty, and say that they stand at *position*."""
    for statement in view.ddl():
        connection.execute(statement)
    connection.execute(BEGIN, (view.name, view.version, position))


def begin_anew(connection: Connection, view: View, position: int) -> None:
    """The same, where the view may have been begun before and its tables are gone."""
    connection.execute(FORGET, (view.name, view.version))
    begin(connection, view, position)


def restate(connection: Connection, view: View, position: int) -> None:
    """Say that the tables of *view*, which are there, stand at *position*, whatever was said of them before."""
    connection.execute(FORGET, (view.name, view.version))
    connection.execute(BEGIN, (view.name, view.version, position))


def move(connection: Connection, view: View, events: Iterable[Recorded[Event]]) -> None:
    """Apply *events* and say how far the view has come."""
    if last := feed(connection, view, events):
        connection.execute(MOVE, (last, view.name, view.version))


def feed(connection: Connection, view: View, events: Iterable[Recorded[Event]]) -> int:
    """Apply *events* to the tables alone; the last position, or 0 where there was none."""
    cursor, last = connection.cursor(), 0
    for recorded in events:
        view.apply(cursor, recorded)
        last = recorded.position
    return last


def alone(path: str, view: View) -> sqlite3.Connection:
    """A database with nothing in it but the empty tables of *view*; ``:memory:`` or a scratch file."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")  # it is thrown away after a crash
    for statement in view.ddl():
        connection.execute(statement)
    return connection


@cache
def columns_of(*ddl: str) -> dict[str, list[str]]:
    """The names of the columns of each table that the statements *ddl* make."""
    with closing(sqlite3.connect(":memory:")) as empty:
        for statement in ddl:
            empty.execute(statement)
        return {
            table: [name for name, *_ in empty.execute(f'SELECT * FROM "{table}"').description]  # noqa: S608 - the view's own names
            for table in tables(empty)
        }


def has_tables(connection: Connection, view: View) -> bool:
    """True where every table of *view* stands and has its columns.  The driver may raise its error instead."""
    for table, columns in columns_of(*view.ddl()).items():
        rows = connection.execute(f'SELECT * FROM "{table}" WHERE 1 = 0')  # noqa: S608 - the view's own names
        if [column[0] for column in rows.description or ()] != columns:
            return False
    return True


def tables(connection: sqlite3.Connection) -> list[str]:
    """The names of the tables in a database of one view alone."""
    rows = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    return [name for (name,) in rows]


class ScratchView:
    """The tables of *view* made anew in a scratch *file*, wherever the log itself lies; a context manager."""

    def __init__(self, view: View, file: Path) -> None:
        self.view, self.file, self.connection = view, file, alone(str(file), view)
        self.position = 0

    def feed(self, events: Iterable[Recorded[Event]]) -> None:
        """Apply *events*, the next in order."""
        self.connection.execute("BEGIN")
        self.position = feed(self.connection, self.view, events) or self.position
        self.connection.execute("COMMIT")

    def tables(self) -> list[str]:
        """Their names."""
        return tables(self.connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.connection.close()
