"""A conversation with a database, as both drivers hold it.

Statements are written once, in words both understand: parameters are ``?`` or ``?1``, types in the tables of views are
TEXT, INTEGER (64 bits) and BLOB, and what may stand already is inserted ``ON CONFLICT DO NOTHING``.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

Row = tuple[Any, ...]


class Rows(Protocol):
    """What a statement gave."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        ...

    @property
    def description(self) -> Any:  # noqa: ANN401 - drivers type it so
        """A sequence for each column, its name first; None where the statement gives no rows."""
        ...

    def fetchone(self) -> Any:  # noqa: ANN401 - a row, or None: drivers type it so
        """The next row; None where there is none."""
        ...

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Cursor(Rows, Protocol):
    """A place from which statements are given, one after the other."""

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Rows:
        """Give one statement."""
        ...


class Connection(Protocol):
    """One conversation with the database, in autocommit: a transaction is begun by name, never implied."""

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Rows:
        """Give one statement."""
        ...

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> object:
        """Give one statement for each of *rows*."""
        ...

    def cursor(self) -> Cursor:
        """A cursor for the many statements of a view."""
        ...

    def close(self) -> None:
        """End the conversation."""
        ...
