"""Objects on the log's tables in PostgreSQL that Takesheet did not create.

Other tables of the schema are ignored: they may belong to others who share it, and cannot change the log's tables.
Catalogues: PostgreSQL documentation, chapter 53.
"""

import re
from collections.abc import Iterator
from typing import Final

from orchestrator.log.database.connection import Connection
from orchestrator.log.migrations.expected import by_name, by_newer, due
from orchestrator.log.postgres.grants import SCHEMA
from orchestrator.log.postgres.schema import TABLES, guards

_OURS: Final = f"c.relnamespace = {SCHEMA} AND c.relname = ANY (?)"
_ADDED: Final = f"""
    SELECT 'trigger', t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE {_OURS} AND NOT t.tgisinternal AND NOT t.tgname = ANY (?)
    UNION ALL
    SELECT 'rule', r.rulename, c.relname FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE {_OURS}
    UNION ALL
    SELECT 'policy', p.polname, c.relname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE {_OURS}
    UNION ALL
    SELECT 'default of column', a.attname, c.relname FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum WHERE {_OURS}
    UNION ALL
    SELECT 'constraint', k.conname, c.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE {_OURS} AND k.contype NOT IN ('p', 'u', 'n')
    UNION ALL
    SELECT 'heir', h.inhrelid::regclass::text, c.relname FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhparent
    WHERE {_OURS}
"""  # noqa: S608 - our own words
_TABLES: Final = f"""
    SELECT c.relname, c.relkind = 'r' AND c.relpersistence = 'p' AND NOT c.relrowsecurity,
           (SELECT array_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
           (SELECT count(*) FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u'))
    FROM pg_class c WHERE {_OURS}
"""  # noqa: S608 - our own words
_COLUMN: Final = re.compile(r"(\w+) (TEXT|INTEGER|BLOB)\b")
_TYPES: Final = {"TEXT": "text", "INTEGER": "bigint", "BLOB": "bytea"}


def unexpected_objects(connection: Connection) -> Iterator[str]:
    """Yield a sentence for each table that is missing or changed, and for each foreign object on a table."""
    ours = by_name(TABLES)
    names, newer = list(ours), by_newer(connection)
    rows = connection.execute(_TABLES, (names,)).fetchall()
    yield from (f"the table {name} is missing" for name in due(connection, TABLES) - {row[0] for row in rows})
    for name, plain, columns, keys in rows:
        if not (plain and keys == _keys(ours[name]) and (newer or columns == _columns(ours[name]))):
            yield f"the table {name} is not as it was made"
    known = [guard.name for guard in guards()]
    if not newer:
        for kind, name, table in connection.execute(_ADDED, (names, known, *[names] * 5)):
            yield f"the {kind} {name} on {table} is none of the log's own"


def _keys(statement: str) -> int:
    return statement.count("PRIMARY KEY") + statement.count("UNIQUE")


def _columns(statement: str) -> list[str]:
    """Return the name and type of each column, in order, in the form that :data:`_TABLES` selects."""
    return [f"{name} {_TYPES[type_]}" for name, type_ in _COLUMN.findall(statement)]
