"""The schema that holds a log, which is found once in the search path and to which every statement is bound.

The search path is that of the URL (``?options=-csearch_path%3Dlabel``), else that of the role or the database, in which
``"$user"`` stands for a schema named like the role.  A schema that only happens to come first must neither hide the log
nor receive tables of its own, so the path is resolved before anything is read, and replaced by that one schema
(PostgreSQL documentation, section 5.10.3).
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import psycopg
from psycopg.conninfo import conninfo_to_dict

from domain.core.refusal import Refused
from orchestrator.log.database.connection import Row
from orchestrator.log.database.url import DatabaseUrl
from orchestrator.log.refusals import StoreForbidden

_OPTION: Final = re.compile(r"(?:^|(?<=\s))(?:-c\s*|--)search_path=((?:\\.|[^\s\\])*)\s*")
"""One setting among the options of libpq; a backslash protects a space (PostgreSQL documentation, section 34.1.2)."""
_NAME: Final = re.compile(r'"((?:[^"]|"")*)"|([^\s,"]+)')
_USER: Final = "$user"

_FOUND: Final = """
    SELECT n.nspname, pg_catalog.has_schema_privilege(n.oid, 'USAGE'),
           EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid AND c.relname = 'log_head')
    FROM unnest($1::text[]) WITH ORDINALITY AS path (name, place)
    JOIN pg_catalog.pg_namespace n ON n.nspname = path.name ORDER BY path.place
"""


class SchemaAddress(NamedTuple):
    """Connection parameters, and the search path that the URL asks for."""

    parameters: dict[str, str]
    """Parameters of libpq.  The search path is not among them: a connection pooler refuses or loses it."""
    path: str | None


def address_of(url: DatabaseUrl) -> SchemaAddress:
    """Split a URL into libpq's parameters and the search path."""
    parameters = {name: str(value) for name, value in conninfo_to_dict(url.conninfo).items() if value is not None}
    options = parameters.pop("options", "")
    named = [re.sub(r"\\(.)", r"\1", value) for value in _OPTION.findall(options)]
    if rest := _OPTION.sub("", options).strip():
        parameters["options"] = rest
    return SchemaAddress(parameters, named[-1] if named else None)


def names_in(path: str, user: str) -> list[str]:
    """Return the schemas that a search path names, in order; unquoted names in lower case."""
    names = [
        quoted.replace('""', '"') if quoted else plain if plain == _USER else plain.lower()
        for quoted, plain in _NAME.findall(path)
    ]
    return list(dict.fromkeys(user if name == _USER else name for name in names))


def schema_of_log(raw: "psycopg.Connection[Row]", url: DatabaseUrl, path: str | None) -> str | None:
    """Return the schema in the search path that holds the log; if none does, the first that exists and may be used.

    Raises:
        StoreForbidden: the log is in a schema that this role may not use.
        Refused: ``store.schemas``; two schemas of the path hold logs.
    """
    cursor = psycopg.RawCursor(raw)
    setting, user = cursor.execute("SELECT current_setting('search_path'), current_user::text").fetchone() or ("", "")
    rows = cursor.execute(_FOUND, (names_in(setting if path is None else path, user),)).fetchall()
    usable = [name for name, may_use, _ in rows if may_use]
    holding = [name for name, _, holds in rows if holds]
    if len(holding) > 1:
        raise _ambiguous(url, holding)
    if holding and holding[0] not in usable:
        raise StoreForbidden(str(url), role=user, reason=f"no right to use the schema {holding[0]}")
    return next(iter(holding or usable), None)


def _ambiguous(url: DatabaseUrl, holding: Sequence[str]) -> Refused:
    return Refused(
        "store.schemas",
        f"{url}: the search path names {len(holding)} schemas that hold a log: {', '.join(holding)}",
        next=f"name one of them: ?options=-csearch_path%3D{holding[0]} at the end of log in config.toml",
    )
