"""PostgreSQL itself refuses to change recorded events, for every role."""

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from orchestrator.log.database.url import DatabaseUrl
from orchestrator.log.proof.verify import verify
from orchestrator.log.query import Query
from orchestrator.log.store import Log
from tests.orchestrator.log.given import TakeMade, drafted, keep_checkpoint, spend, take

pytestmark = pytest.mark.slow

Stranger = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def stranger(postgres_log: Log) -> Iterator[Stranger]:
    """A foreign program, as the superuser who created the tables, with triggers turned off as replication does."""
    assert isinstance(postgres_log.place, DatabaseUrl)
    postgres_log.append(drafted(take(), spend()))
    with postgres_log._opened_writer().turn() as connection:
        keep_checkpoint(connection, 1)
    with closing(psycopg.connect(postgres_log.place.conninfo, autocommit=True)) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


COLUMNS = "kind, schema, data, tags, actor, via, why, occurred_at, recorded_at, cause, correlation, prev_hash, hash"
ZEROS = "decode(repeat('00', 32), 'hex')"
FORBIDDEN = [
    "UPDATE events SET why = 'never said' WHERE position = 1",
    "UPDATE events SET position = 3 WHERE position = 2",
    "DELETE FROM events",
    "DELETE FROM events WHERE position = 2",
    "TRUNCATE events",
    "TRUNCATE events, event_tags, tags, kinds, checkpoints, log_head",
    f"INSERT INTO events (position, id, {COLUMNS}) SELECT 4, {ZEROS}, {COLUMNS} FROM events WHERE position = 1",  # noqa: S608 - a test\'s own words
    f"INSERT INTO events (position, id, {COLUMNS}) SELECT 0, {ZEROS}, {COLUMNS} FROM events WHERE position = 1",  # noqa: S608 - a test\'s own words
    f"INSERT INTO events (id, {COLUMNS}) SELECT {ZEROS}, {COLUMNS} FROM events WHERE position = 1",  # noqa: S608 - a test\'s own words
    "INSERT INTO events SELECT * FROM events WHERE position = 1 ON CONFLICT (position) DO UPDATE SET why = 'never'",
    "UPDATE event_tags SET position = 2",
    "DELETE FROM event_tags",
    "TRUNCATE event_tags",
    "INSERT INTO event_tags SELECT * FROM event_tags LIMIT 1 ON CONFLICT (tag, kind, position) DO UPDATE SET tag = 9",
    "UPDATE tags SET tag = 'record:other' WHERE id = 1",
    "DELETE FROM tags",
    "TRUNCATE tags",
    "INSERT INTO tags VALUES (1, 'record:other') ON CONFLICT (id) DO UPDATE SET tag = excluded.tag",
    "UPDATE kinds SET kind = 'other'",
    "DELETE FROM kinds",
    "TRUNCATE kinds",
    "DELETE FROM log_head",
    "TRUNCATE log_head",
    f"INSERT INTO log_head VALUES ({ZEROS}, 9, {ZEROS})",  # noqa: S608 - a test\'s own words
    f"UPDATE checkpoints SET hash = {ZEROS}",  # noqa: S608 - a test\'s own words
    "DELETE FROM checkpoints",
    "TRUNCATE checkpoints",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_what_is_recorded_cannot_be_changed_removed_or_replaced(
    postgres_log: Log, stranger: Stranger, statement: str
) -> None:
    before = (list(postgres_log.read_all()), postgres_log.head())
    with pytest.raises(psycopg.IntegrityError, match="what is recorded stays"):
        stranger.execute(statement.encode())
    assert (list(postgres_log.read_all()), postgres_log.head()) == before
    assert verify(postgres_log).sound


def test_the_guards_leave_the_log_open_to_new_events(postgres_log: Log, stranger: Stranger) -> None:
    assert stranger.execute("SELECT count(*) FROM events").fetchone() == (2,)
    [recorded] = postgres_log.append(drafted(take("ferry/rain")))
    assert list(postgres_log.read(Query.of(TakeMade, tags={"record:ferry"}))) == [recorded]


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE events DISABLE TRIGGER events_guards_update",
        "ALTER TABLE events ENABLE TRIGGER events_guards_update",  # which replication would bypass
        "DROP TRIGGER events_guards_truncate ON events",
        "CREATE OR REPLACE FUNCTION takesheet_stays() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        (
            "CREATE OR REPLACE TRIGGER events_guards_delete BEFORE DELETE ON events FOR EACH ROW WHEN (false)"
            " EXECUTE FUNCTION takesheet_stays()"
        ),
    ],
)
def test_a_guard_that_would_let_something_pass_is_found(postgres_log: Log, stranger: Stranger, statement: str) -> None:
    stranger.execute(statement.encode())
    assert any("guards" in problem.what for problem in verify(postgres_log).problems)
