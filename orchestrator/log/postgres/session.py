"""A session with a PostgreSQL server, direct or through a connection pooler.

Behind a pooler that lends a server for one transaction (PgBouncer, transaction mode), settings of a session would reach
other clients and prepared statements would be missing.  Behind a pooler, settings are made in each transaction and
nothing is prepared.  In a direct session both are done once, so that a read takes one round trip instead of three.

A pooler is recognised by the process id that answers: a server names its own at the beginning of a session; a pooler
cannot, because it does not know yet which server will answer (PostgreSQL documentation, section 53.2.1,
BackendKeyData).
"""

from dataclasses import dataclass
from typing import Final

import psycopg
from psycopg.types.numeric import Int8Dumper

from orchestrator.log.database.connection import Row
from orchestrator.log.database.url import DatabaseUrl
from orchestrator.log.postgres.search_path import address_of, schema_of_log

CONNECT_S: Final = 15

_DEFAULTS: Final = {
    "connect_timeout": str(CONNECT_S),
    "keepalives_idle": "30",  # a lost network is noticed within a minute
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
    "application_name": "takesheet",
}
_SETTINGS: Final = {
    "lock_timeout": "60s",  # an append takes milliseconds; a longer wait is reported
    "idle_in_transaction_session_timeout": "120s",  # a writer that was stopped, not ended, releases the head
}
_READING: Final = {"default_transaction_read_only": "on", "default_transaction_isolation": "repeatable read"}
_WRITING: Final = {"default_transaction_isolation": "read committed", "synchronous_commit": "on"}


@dataclass(frozen=True, slots=True)
class Session:
    """One connection of the driver, with properties of the server's side."""

    raw: "psycopg.Connection[Row]"
    pooled: bool
    """True if the connection goes through a pooler."""
    schema: str | None
    """The schema that holds the log, or could hold one."""
    readonly: bool

    @property
    def beginning(self) -> str:
        """The statements that begin a transaction; behind a pooler, with all settings, since others use the server."""
        if not self.pooled:
            return "BEGIN"
        level = "REPEATABLE READ, READ ONLY" if self.readonly else "READ COMMITTED, READ WRITE"
        settings = _SETTINGS if self.readonly else _SETTINGS | {"synchronous_commit": "on"}
        local = [f"SET LOCAL {name} = '{value}'" for name, value in settings.items()]
        bound = f"SET LOCAL search_path = {search_path(self.schema)}"
        return "; ".join([f"BEGIN ISOLATION LEVEL {level}", *local, bound])


def open_session(url: DatabaseUrl, *, readonly: bool, schema: str | None = None) -> Session:
    """Connect, and bind the session to the schema that holds the log.

    Args:
        url: the database.
        readonly: its transactions are read-only, and each sees one state.
        schema: the schema that holds the log; None searches for it.

    Raises:
        StoreForbidden, Refused: as ``schema_of_log``.
    """
    address = address_of(url)
    given = {**_DEFAULTS, **address.parameters, "client_encoding": "UTF8"}
    raw: psycopg.Connection[Row] = psycopg.connect(autocommit=True, prepare_threshold=None, **given)  # type: ignore[arg-type]
    try:
        raw.adapters.register_dumper(int, Int8Dumper)  # one type for every integer, so one plan for each statement
        found = schema or schema_of_log(raw, url, address.path)
        pooled = _settle(raw, found, readonly=readonly)
    except BaseException:
        raw.close()
        raise
    if not pooled:
        raw.prepare_threshold = 5
    return Session(raw, pooled, found, readonly)


def _settle(raw: "psycopg.Connection[Row]", schema: str | None, *, readonly: bool) -> bool:
    """Apply the settings to a direct session; return True, and leave no setting behind, if it is pooled."""
    settings = _SETTINGS | (_READING if readonly else _WRITING) | {"search_path": search_path(schema)}
    words = [word for pair in settings.items() for word in pair]
    # In a pooled session the settings are local to this statement's transaction.
    calls = (f"set_config(${2 * n + 2}, ${2 * n + 3}, pg_backend_pid() <> $1)" for n in range(len(settings)))
    statement = f"SELECT pg_backend_pid() <> $1, {', '.join(calls)}"
    row = psycopg.RawCursor(raw).execute(statement, (raw.info.backend_pid, *words)).fetchone()
    return bool(row and row[0])


def search_path(schema: str | None) -> str:
    """Return a search path of this schema alone; temporary tables come last, so that none hides ours."""
    quoted = '"' + schema.replace('"', '""') + '", ' if schema else ""
    return f"{quoted}pg_temp"
