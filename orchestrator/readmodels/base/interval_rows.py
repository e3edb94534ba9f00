"""Rows with the range of log positions in which they are valid, so that one query gives the rows of any moment."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from orchestrator.log.database.connection import Connection
from orchestrator.readmodels.base.table import ModelTable

Key = tuple[Any, ...]
Values = tuple[Any, ...]
AT: Final = 'WHERE since <= ? AND ("until" IS NULL OR "until" > ?)'
"""Condition for the rows that are valid at a position; both of its parameters are that position."""
NOW: Final = 'WHERE "until" IS NULL'
"""Condition for the rows that are valid at the position that the model has reached."""


class IntervalRows:
    """The rows of one record in a table whose columns are a key, *since*, *until* and values.

    A row whose values change is closed, and another is opened, at the position of the event that changed it.

    Args:
        table: a table whose key ends with ``since``, followed by the column ``until``.
        connection: within the transaction that updates the model.
        record: first column of the key.
    """

    def __init__(self, table: ModelTable, connection: Connection, record: str) -> None:
        self._table, self._connection = table, connection
        self._width = len(table.key) - 1
        rows = table.rows(connection, f"{NOW} AND record = ?", (record,))
        self._open: dict[Key, tuple[int, Values]] = {
            row[: self._width]: (row[self._width], row[self._width + 2 :]) for row in rows
        }
        self._stored = set(self._open)
        """Keys of the open rows that are in the table already."""
        self._closed: list[tuple[Any, ...]] = []
        self._finished: list[tuple[Any, ...]] = []

    @property
    def current(self) -> Mapping[Key, Values]:
        """Values of the open rows by key."""
        return {key: values for key, (_, values) in self._open.items()}

    def get(self, key: Key) -> Values | None:
        """Return the values of the open row of *key*; None if there is none."""
        found = self._open.get(key)
        return found[1] if found else None

    def set(self, key: Key, values: Values, position: int) -> None:
        """Set the *values* of the row of *key* from *position* on."""
        found = self._open.get(key)
        if found is not None:
            if found[1] == values:
                return
            self._close(key, position)
        self._open[key] = (position, values)

    def drop(self, key: Key, position: int) -> None:
        """Close the row of *key* at *position*, if there is one."""
        if key in self._open:
            self._close(key, position)

    def replace(self, keys: Iterable[Key], rows: Mapping[Key, Values], position: int) -> None:
        """Put *rows* in place of the rows of *keys* from *position* on."""
        for key in keys:
            if key not in rows:
                self.drop(key, position)
        for key, values in rows.items():
            self.set(key, values, position)

    def write(self) -> None:
        """Write what changed to the table."""
        where = " AND ".join(f'"{column}" = ?' for column in self._table.key)
        close = f'UPDATE "{self._table.name}" SET "until" = ? WHERE {where}'  # noqa: S608 - our own names
        if self._closed:
            self._connection.executemany(close, self._closed)
        opened = [
            (*key, since, None, *values) for key, (since, values) in self._open.items() if key not in self._stored
        ]
        if rows := [*self._finished, *opened]:
            self._connection.executemany(self._table.insert, rows)
        self._stored = set(self._open)
        self._closed, self._finished = [], []

    def _close(self, key: Key, position: int) -> None:
        since, values = self._open.pop(key)
        if key in self._stored:
            self._stored.discard(key)
            self._closed.append((position, *key, since))
        elif since < position:
            self._finished.append((*key, since, position, *values))


def at(table: ModelTable, connection: Connection, upto: int | None, rest: str = "") -> Sequence[tuple[Any, ...]]:
    """Return the rows of *table* that are valid at a position, in the order of *rest*, an ``ORDER BY`` clause.

    Args:
        table: with columns as for :class:`IntervalRows`.
        connection: to the model's tables.
        upto: position of an earlier moment; None for the position that the model has reached.
        rest: SQL after the condition on the position.
    """
    if upto is None:
        return table.rows(connection, f"{NOW} {rest}")
    return table.rows(connection, f"{AT} {rest}", (upto, upto))
