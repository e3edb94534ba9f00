"""The objects that Takesheet itself creates in a database, so that ``verify`` can tell them from others."""

import re
from collections.abc import Iterable
from typing import Final

from orchestrator.log.database.connection import Connection
from orchestrator.log.database.meta import VERSION, recorded, stored
from orchestrator.log.migrations.migrate import RUNGS

_NAME: Final = re.compile(r"\s*CREATE TABLE (\w+)")
_COMMENT: Final = re.compile(r"--[^\n]*")


def by_name(tables: Iterable[str]) -> dict[str, str]:
    """Return the statements that create *tables* and the tables beside the log, normalised, by table name."""
    beside = (statement for rung in RUNGS for statement in rung.up)
    found = ((_NAME.match(statement), statement) for statement in (*tables, *beside))
    return {name[1]: squeezed(statement) for name, statement in found if name}


def due(connection: Connection, tables: Iterable[str]) -> set[str]:
    """Return the names of *tables*, and of the tables beside the log that a store of this version must have."""
    upgraded = recorded(connection)
    said = upgraded.version if upgraded else stored(connection).get(VERSION, 1)  # 0.1.0 recorded no event
    version = said if isinstance(said, int) and (upgraded or said <= RUNGS[-1].number) else 1
    beside = (statement for rung in RUNGS if rung.number <= version for statement in rung.up)
    return {name[1] for statement in (*tables, *beside) if (name := _NAME.match(statement))}


def squeezed(sql: str) -> str:
    """Return *sql* without comments and with single spaces; the meaning is unchanged."""
    return " ".join(_COMMENT.sub("", sql).split())


def of_views(connection: Connection, names: Iterable[str]) -> set[str]:
    """Return the *names* of tables of views of release 0.1.0, which migrates them itself.

    They begin with the view's name and end with its version, as in ``board_takes_v3``.
    """
    standing = set(names)
    if "views" not in standing:
        return set()
    views = connection.execute("SELECT name, version FROM views").fetchall()
    return {
        one for one in standing for view, version in views if re.fullmatch(rf"{re.escape(view)}\w*_v{version}", one)
    }


def by_newer(connection: Connection) -> bool:
    """True if the events say that a newer Takesheet upgraded this store, so that some objects may be its own."""
    upgraded = recorded(connection)
    return upgraded is not None and upgraded.version > RUNGS[-1].number
