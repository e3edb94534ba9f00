"""Rights on the tables of a log: one role owns and creates them, others are granted rights on them.

A table created by another role would belong to that role and be closed to all others, so tables are created by the
owner of the log, and every role with rights on the events gets rights on each new table, too.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final, NamedTuple

from domain.core.refusal import NotFound, Refused
from orchestrator.log.database.connection import Connection
from orchestrator.log.migrations.expected import by_name, of_views
from orchestrator.log.postgres.schema import FUNCTIONS, TABLES
from orchestrator.log.refusals import StoreForbidden

SCHEMA: Final = "(SELECT oid FROM pg_namespace WHERE nspname = current_schema())"

_OWNER: Final = """
    SELECT pg_get_userbyid(relowner), pg_has_role(relowner, 'MEMBER'), current_user::text, current_schema()::text
    FROM pg_class WHERE oid = to_regclass('log_head')
"""
_TABLES: Final = f"""
    SELECT relname, pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = {SCHEMA} AND relkind = 'r'
    ORDER BY relname
"""  # noqa: S608 - our own words
_GRANTEES: Final = """
    SELECT CASE a.grantee WHEN 0 THEN NULL ELSE pg_get_userbyid(a.grantee) END, bool_or(a.privilege_type = 'INSERT')
    FROM pg_class c, aclexplode(c.relacl) a
    WHERE c.oid = to_regclass('events') AND a.grantee <> c.relowner GROUP BY a.grantee
"""
_APPEND: Final = "SELECT, INSERT"
_EVERYTHING: Final = "SELECT, INSERT, UPDATE, DELETE"
_WRITING: Final[Mapping[str, str]] = {
    **dict.fromkeys(("events", "kinds", "tags", "event_tags", "checkpoints"), _APPEND),
    "log_head": "SELECT, UPDATE",
    "meta": "SELECT",  # only the owner changes the least writer and moves the log
    **dict.fromkeys(("contacts", "texts", "outbox"), f"{_EVERYTHING}, TRUNCATE"),
}


class Owner(NamedTuple):
    """The role that owns the log, and the role that connects."""

    name: str
    member: bool
    """True if the connecting role may act as the owner."""
    role: str
    schema: str


def owner_of(connection: Connection) -> Owner:
    """Return the owner of the log to which *connection* is bound."""
    return Owner(*connection.execute(_OWNER).fetchone())


@contextmanager
def as_owner(connection: Connection, place: str) -> Iterator[Owner]:
    """Context in which the caller creates tables as the owner of the log, within the transaction that has begun.

    At its end, each role gets the rights on the new tables that it has on the events.

    Raises:
        StoreForbidden: the connecting role is no member of the owner.
    """
    owner = owner_of(connection)
    if not owner.member:
        hint = f"any takesheet command as {owner.name}, once after each upgrade"
        reason = f"make or change tables: they are made by the owner of the log, {owner.name}"
        raise StoreForbidden(place, role=owner.role, reason=reason, next=hint)
    connection.execute(f"SET LOCAL ROLE {quoted(owner.name)}")
    yield owner
    for grantee, writes in connection.execute(_GRANTEES).fetchall():
        _give(connection, "PUBLIC" if grantee is None else quoted(grantee), _tables(connection), readonly=not writes)
    connection.execute("RESET ROLE")


def grant(connection: Connection, place: str, role: str, *, readonly: bool) -> list[str]:
    """Let *role* append to this log, or only read it, and revoke all its other rights; return the tables it may use.

    Args:
        connection: within the open transaction.
        place: the store, for messages.
        role: a role of the database server.
        readonly: *role* may read all tables but contact data, and change nothing.

    Raises:
        NotFound: ``store.role``; the server has no such role.
        Refused: ``store.owner``; *role* owns the log, or another role owns one of its tables.
        StoreForbidden: the connecting role is no member of the owner.
    """
    if connection.execute("SELECT FROM pg_roles WHERE rolname = ?", (role,)).fetchone() is None:
        hint = f"an administrator of the server: CREATE ROLE {quoted(role)} LOGIN"
        raise NotFound("store.role", f"the server of {place} has no role {role}", next=hint)
    with as_owner(connection, place) as owner:
        if role == owner.name:
            raise Refused("store.owner", f"{role} owns the log, and may do everything with it already")
        _refuse_other_owners(connection, owner)
        _bind_guards(connection, owner.schema)
        ((enters,),) = connection.execute("SELECT has_schema_privilege(?, current_schema(), 'USAGE')", (role,))
        if not enters:
            connection.execute(f"GRANT USAGE ON SCHEMA {quoted(owner.schema)} TO {quoted(role)}")
        return _give(connection, quoted(role), _tables(connection), readonly=readonly)


def _tables(connection: Connection) -> dict[str, str]:
    """Return the tables of the log, of the side tables and of the views, with their owners."""
    there = dict(connection.execute(_TABLES).fetchall())
    ours = by_name(TABLES).keys() | of_views(connection, there)
    return {name: owner for name, owner in there.items() if name in ours}


def _give(connection: Connection, grantee: str, tables: Mapping[str, str], *, readonly: bool) -> list[str]:
    given = []
    for table in tables:
        rights = ("" if table == "contacts" else "SELECT") if readonly else _WRITING.get(table, _EVERYTHING)
        connection.execute(f"REVOKE ALL ON {quoted(table)} FROM {grantee}")
        if rights:
            connection.execute(f"GRANT {rights} ON {quoted(table)} TO {grantee}")
            given.append(table)
    return given


def _refuse_other_owners(connection: Connection, owner: Owner) -> None:
    others = {table: name for table, name in _tables(connection).items() if name != owner.name}
    if others:
        told = ", ".join(f"{table} ({name})" for table, name in others.items())
        statements = [
            f"ALTER TABLE {quoted(owner.schema)}.{quoted(table)} OWNER TO {quoted(owner.name)};" for table in others
        ]
        hint = f"an administrator of the server: {' '.join(statements)}"
        raise Refused("store.owner", f"{owner.name} owns the log, and others own tables of it: {told}", next=hint)


def _bind_guards(connection: Connection, schema: str) -> None:
    """Bind the guards to the log's schema; in an older release they used the first schema of the search path."""
    for function in FUNCTIONS:
        connection.execute(f"ALTER FUNCTION {function}() SET search_path = {quoted(schema)}, pg_temp")


def quoted(name: str) -> str:
    """Return *name* as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
