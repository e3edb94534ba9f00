"""Views: tables derived from the log, which can be dropped and rebuilt.

A view has a name and a version, and its tables carry the version (``board_v3``), so that two program versions can share
a store.  A view that reads an event differently, or learns a kind, raises its version.
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
    """One projection.  It is total and forgiving: unknown events leave it unchanged.

    Its SQL is that which ``log.database`` describes: it runs on SQLite and on PostgreSQL alike.
    """

    @property
    def name(self) -> str:
        """Name of the view, the same in all versions."""
        ...

    @property
    def version(self) -> int:
        """Version number, raised whenever the same events would give other tables."""
        ...

    def ddl(self) -> Sequence[str]:
        """Return the statements that create tables and indexes, with the version in their names; no AUTOINCREMENT."""
        ...

    def apply(self, cursor: Cursor, recorded: Recorded[Event]) -> None:
        """Apply one event, the next in order, to the tables."""
        ...


class ViewBroken(Exception):
    """A view's tables did not take an event within an append; the driver's error is its cause."""

    def __init__(self, view: View) -> None:
        super().__init__(view.name)
        self.view = view


STAND = "SELECT position FROM views WHERE name = ? AND version = ?"
FORGET = "DELETE FROM views WHERE name = ? AND version = ?"
BEGIN = "INSERT INTO views (name, version, position) VALUES (?, ?, ?)"
MOVE = "UPDATE views SET position = ? WHERE name = ? AND version = ?"


def stand(connection: Connection, view: View) -> int | None:
    """Return the last position that *view* contains; None if it has no tables yet."""
    row = connection.execute(STAND, (view.name, view.version)).fetchone()
    return row[0] if row else None


def begin(connection: Connection, view: View, position: int = 0) -> None:
    """Create the tables of *view*, empty, and record *position* as its position."""
    for statement in view.ddl():
        connection.execute(statement)
    connection.execute(BEGIN, (view.name, view.version, position))


def begin_anew(connection: Connection, view: View, position: int) -> None:
    """Create the tables of *view* as :func:`begin`, if the view was begun before and its tables are gone."""
    connection.execute(FORGET, (view.name, view.version))
    begin(connection, view, position)


def restate(connection: Connection, view: View, position: int) -> None:
    """Record *position* as the position of *view*, whose tables exist, in place of the recorded one."""
    connection.execute(FORGET, (view.name, view.version))
    connection.execute(BEGIN, (view.name, view.version, position))


def move(connection: Connection, view: View, events: Iterable[Recorded[Event]]) -> None:
    """Apply *events* and record the new position of the view."""
    if last := feed(connection, view, events):
        connection.execute(MOVE, (last, view.name, view.version))


def feed(connection: Connection, view: View, events: Iterable[Recorded[Event]]) -> int:
    """Apply *events* to the tables alone; return the last position, or 0 if there was no event."""
    cursor, last = connection.cursor(), 0
    for recorded in events:
        view.apply(cursor, recorded)
        last = recorded.position
    return last


def alone(path: str, view: View) -> sqlite3.Connection:
    """Open a database (``:memory:`` or a scratch file) that contains only the empty tables of *view*."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")  # the file is discarded after a crash
    for statement in view.ddl():
        connection.execute(statement)
    return connection


@cache
def columns_of(*ddl: str) -> dict[str, list[str]]:
    """Return the column names of each table that the statements *ddl* create."""
    with closing(sqlite3.connect(":memory:")) as empty:
        for statement in ddl:
            empty.execute(statement)
        return {
            table: [name for name, *_ in empty.execute(f'SELECT * FROM "{table}"').description]  # noqa: S608 - the view's own names
            for table in tables(empty)
        }


def has_tables(connection: Connection, view: View) -> bool:
    """True if every table of *view* exists with its columns; the driver may raise its own error if one is missing."""
    for table, columns in columns_of(*view.ddl()).items():
        rows = connection.execute(f'SELECT * FROM "{table}" WHERE 1 = 0')  # noqa: S608 - the view's own names
        if [column[0] for column in rows.description or ()] != columns:
            return False
    return True


def tables(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the tables in a database of one view."""
    rows = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    return [name for (name,) in rows]


class ScratchView:
    """The tables of *view* rebuilt in a scratch SQLite *file*, whichever database holds the log; a context manager."""

    def __init__(self, view: View, file: Path) -> None:
        self.view, self.file, self.connection = view, file, alone(str(file), view)
        self.position = 0

    def feed(self, events: Iterable[Recorded[Event]]) -> None:
        """Apply *events*, the next in order."""
        self.connection.execute("BEGIN")
        self.position = feed(self.connection, self.view, events) or self.position
        self.connection.execute("COMMIT")

    def tables(self) -> list[str]:
        """Return the names of the view's tables."""
        return tables(self.connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.connection.close()
