"""Protocols of a database connection, as both drivers implement it.

Statements are written once, in SQL that both databases take: parameters are ``?`` or ``?1``, types in the tables of
read models are TEXT, INTEGER (64 bits) and BLOB, and rows that may exist are inserted ``ON CONFLICT DO NOTHING``.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

Row = tuple[Any, ...]


class Rows(Protocol):
    """The result of a statement."""

    @property
    def rowcount(self) -> int:
        """Number of changed rows."""
        ...

    @property
    def description(self) -> Any:  # noqa: ANN401 - drivers type it so
        """One sequence a column, its name first; None if the statement returns no rows."""
        ...

    def fetchone(self) -> Any:  # noqa: ANN401 - a row, or None: drivers type it so
        """Return the next row; None if there is none."""
        ...

    def fetchall(self) -> list[Any]:
        """Return all remaining rows."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Cursor(Rows, Protocol):
    """Executes statements one after the other."""

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Rows:
        """Execute one statement."""
        ...


class Connection(Protocol):
    """A connection in autocommit: transactions are begun explicitly."""

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Rows:
        """Execute one statement."""
        ...

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> object:
        """Execute one statement for each of *rows*."""
        ...

    def cursor(self) -> Cursor:
        """Return a cursor for many statements."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...
