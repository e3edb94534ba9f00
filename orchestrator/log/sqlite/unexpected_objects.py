"""Objects in a SQLite file that Takesheet did not create, and that may change or hide written rows."""

from collections.abc import Iterator
from typing import Final

from orchestrator.log.database.connection import Connection
from orchestrator.log.migrations.expected import by_name, by_newer, due, of_views, squeezed
from orchestrator.log.sqlite.schema import TABLES, guards

_ALL: Final = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"


def unexpected_objects(connection: Connection) -> Iterator[str]:
    """Yield a sentence for each table of ours that is missing or was changed, and for each foreign object."""
    ours, known = by_name(TABLES), {name for name, _ in guards()}
    standing = connection.execute(_ALL).fetchall()
    views, newer = of_views(connection, {table for _, _, table, _ in standing}), by_newer(connection)
    yield from (f"the table {name} is missing" for name in due(connection, TABLES) - {row[1] for row in standing})
    for kind, name, table, sql in standing:
        if kind == "table" and name in ours:
            if squeezed(sql) != ours[name]:
                yield f"the table {name} is not as it was made"
        elif (kind in {"table", "index"} and table in views) or (kind == "trigger" and name in known):
            continue
        elif not newer:
            yield f"the {kind} {name}{'' if name == table else f' on {table}'} is none of the log's own"
