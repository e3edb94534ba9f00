"""The tables of a log on PostgreSQL, and the triggers that guard them.

They are created in the first schema of the search path, so that several labels can share a database
(``?options=-csearch_path%3Dlabel``).
"""

from collections.abc import Iterator
from typing import Final, NamedTuple
from uuid import UUID

from orchestrator.log.database.columns import ANY, FIRST_WRITER, MIN_WRITER
from orchestrator.log.hash_chain import genesis
from orchestrator.log.postgres.connection import PostgresConnection

TABLES: Final = (
    """
    CREATE TABLE events (
        position INTEGER PRIMARY KEY,
        id BLOB NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        schema INTEGER NOT NULL,
        data TEXT NOT NULL,
        tags TEXT NOT NULL,
        actor TEXT NOT NULL,
        via TEXT NOT NULL,
        why TEXT,
        occurred_at TEXT,
        recorded_at INTEGER NOT NULL,
        cause BLOB,
        correlation BLOB,
        prev_hash BLOB NOT NULL,
        hash BLOB NOT NULL
    )
    """,
    "CREATE TABLE kinds (id INTEGER PRIMARY KEY, kind TEXT NOT NULL UNIQUE)",
    "CREATE TABLE tags (id INTEGER PRIMARY KEY, tag TEXT NOT NULL UNIQUE)",
    """
    CREATE TABLE event_tags (
        tag INTEGER NOT NULL, kind INTEGER NOT NULL, position INTEGER NOT NULL,
        PRIMARY KEY (tag, kind, position)
    )
    """,
    "CREATE TABLE log_head (log BLOB NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL) WITH (fillfactor = 10)",
    "CREATE TABLE checkpoints (position INTEGER PRIMARY KEY, hash BLOB NOT NULL, signature BLOB)",
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL)",
    """
    CREATE TABLE views (
        name TEXT NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL,
        PRIMARY KEY (name, version)
    )
    """,
)
"""In the types of ``log.database``; ``sqlite.schema`` explains the columns."""

NAMES: Final = ("events", "kinds", "tags", "event_tags", "log_head", "checkpoints", "meta", "views")

_STAYS: Final = """
    BEGIN
        RAISE EXCEPTION '%: what is recorded stays, and new events follow the last', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END
"""
_FOLLOWS: Final = """
    BEGIN
        IF NEW.position IS DISTINCT FROM (SELECT coalesce(max(position), 0) + 1 FROM events) THEN
            RAISE EXCEPTION 'events: what is recorded stays, and new events follow the last'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END
"""
_ALONE: Final = """
    BEGIN
        IF EXISTS (SELECT FROM log_head) THEN
            RAISE EXCEPTION 'log_head: what is recorded stays, and new events follow the last'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END
"""
FUNCTIONS: Final = {"takesheet_stays": _STAYS, "takesheet_follows": _FOLLOWS, "takesheet_alone": _ALONE}


class Guard(NamedTuple):
    """One BEFORE trigger, enabled ALWAYS so that no session setting turns it off."""

    name: str
    table: str
    verb: str
    function: str

    @property
    def level(self) -> str:
        """Level of the trigger: TRUNCATE is a statement without rows."""
        return "STATEMENT" if self.verb == "TRUNCATE" else "ROW"

    def statements(self) -> Iterator[str]:
        """Yield the SQL that creates the trigger."""
        yield (
            f"CREATE TRIGGER {self.name} BEFORE {self.verb} ON {self.table}"
            f" FOR EACH {self.level} EXECUTE FUNCTION {self.function}()"
        )
        yield f"ALTER TABLE {self.table} ENABLE ALWAYS TRIGGER {self.name}"


def guards() -> Iterator[Guard]:
    """Yield the guards against updating, deleting or truncating recorded rows; only the head may be updated."""
    for table in ("events", "tags", "kinds", "event_tags", "checkpoints"):
        for verb in ("UPDATE", "DELETE", "TRUNCATE"):
            yield _guard(table, verb, "takesheet_stays")
    for verb in ("DELETE", "TRUNCATE"):
        yield _guard("log_head", verb, "takesheet_stays")
    yield _guard("events", "INSERT", "takesheet_follows")
    yield _guard("log_head", "INSERT", "takesheet_alone")


def _guard(table: str, verb: str, function: str) -> Guard:
    return Guard(f"{table}_guards_{verb.lower()}", table, verb, function)


def lay(connection: PostgresConnection, log: UUID) -> None:
    """Create an empty log in the first schema of the search path, within a transaction."""
    for statement in TABLES:
        connection.execute(statement)
    for name, body in FUNCTIONS.items():
        signature = f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT"
        connection.execute(f"{signature} AS $takesheet${body}$takesheet$")
    connection.execute("INSERT INTO log_head (log, position, hash) VALUES (?, 0, ?)", (log.bytes, genesis(log)))
    connection.execute("INSERT INTO tags (id, tag) VALUES (0, ?)", (ANY,))
    connection.execute("INSERT INTO meta (key, value) VALUES (?, ?)", (MIN_WRITER, FIRST_WRITER))
    for guard in guards():
        for statement in guard.statements():
            connection.execute(statement)
