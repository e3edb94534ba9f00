"""Base of the compiled module: a table with its SQL statements, and a row that is validated as it is read."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from orchestrator.log.database.connection import Connection


class Row(BaseModel):
    """One row, validated as it is read, because another program may have written to the table."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", defer_build=True)

    @classmethod
    def of(cls, values: Sequence[Any]) -> Self:
        """Return the row of *values* in the order of its columns.  Raises: ``ValidationError``."""
        return cls.model_validate(dict(zip(cls.model_fields, values, strict=True)))


class ModelTable:
    """One table of a read model.

    Args:
        name: its name in the database, which ends with its version.
        columns: column names in their order.
        key: columns of the primary key.
        create: statements that create it and its indexes, in SQL that SQLite and PostgreSQL accept
            (:mod:`orchestrator.log.database.connection`).
    """

    def __init__(self, name: str, columns: tuple[str, ...], key: tuple[str, ...], create: tuple[str, ...]) -> None:
        self.name, self.columns, self.key, self.create = name, columns, key, create

    @property
    def version(self) -> int:
        """The version that its name ends with."""
        return int(self.name.rpartition("_v")[2])

    @cached_property
    def listed(self) -> str:
        """The columns, quoted, with commas between."""
        return ", ".join(f'"{column}"' for column in self.columns)

    @cached_property
    def insert(self) -> str:
        """Statement that inserts a row of all columns."""
        places = ", ".join("?" * len(self.columns))
        return f'INSERT INTO "{self.name}" ({self.listed}) VALUES ({places})'  # noqa: S608 - our own names

    @cached_property
    def put(self) -> str:
        """Statement that inserts a row of all columns, or replaces the row with the same key."""
        others = [column for column in self.columns if column not in self.key]
        new = ", ".join(f'"{column}" = excluded."{column}"' for column in others)
        key = ", ".join(f'"{column}"' for column in self.key)
        return f"{self.insert} ON CONFLICT ({key}) DO " + (f"UPDATE SET {new}" if others else "NOTHING")

    def select(self, rest: str = "") -> str:
        """Statement that selects all columns; *rest* are its conditions and order."""
        return f'SELECT {self.listed} FROM "{self.name}" {rest}'  # noqa: S608 - our own names

    def rows(self, connection: Connection, rest: str = "", parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return all columns of the rows that *rest* selects."""
        return connection.execute(self.select(rest), parameters).fetchall()
