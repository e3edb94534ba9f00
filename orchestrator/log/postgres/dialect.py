"""Translation of the SQL that ``log.database`` describes into PostgreSQL's."""

import re
from functools import lru_cache
from itertools import count

_PLACE = re.compile(r"'(?:[^']|'')*'|\?(\d*)")
"""A quoted text, which is kept, or a parameter."""

_TYPE = re.compile(r"'(?:[^']|'')*'|\b(?:TEXT|INTEGER|BLOB)\b")

_TYPES = {"TEXT": 'TEXT COLLATE "C"', "INTEGER": "BIGINT", "BLOB": "BYTEA"}
"""Types by name; texts compare by their bytes, as in SQLite, whatever the database's own collation."""


@lru_cache(maxsize=4096)
def translated(sql: str) -> str:
    """Return *sql* with PostgreSQL's parameters (``$1``) and, in CREATE TABLE, PostgreSQL's types."""
    numbers = count(1)

    def place(found: re.Match[str]) -> str:
        if found[0][0] == "'":
            return found[0]
        return f"${found[1] or next(numbers)}"

    def type_(found: re.Match[str]) -> str:
        return _TYPES.get(found[0], found[0])

    sql = _PLACE.sub(place, sql)
    return _TYPE.sub(type_, sql) if sql.lstrip().startswith("CREATE TABLE") else sql
