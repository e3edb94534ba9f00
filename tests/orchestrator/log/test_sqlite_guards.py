"""SQLite itself refuses to change recorded events, for every program."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from orchestrator.log.proof.verify import verify
from orchestrator.log.query import Query
from orchestrator.log.store import Log
from tests.orchestrator.log.given import KINDS, TakeMade, drafted, keep_checkpoint, spend, take


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with Log.create(tmp_path / "log.sqlite", kinds=KINDS) as log:
        yield log


@pytest.fixture
def stranger(log: Log) -> Iterator[sqlite3.Connection]:
    """A foreign program with SQLite's own defaults (so with recursive_triggers off)."""
    log.append(drafted(take(), spend()))
    with closing(sqlite3.connect(log.place, isolation_level=None)) as connection:
        keep_checkpoint(connection, 1)
        yield connection


COLUMNS = (
    "position, id, kind, schema, data, tags, actor, via, why, occurred_at, recorded_at, cause, correlation,"
    " prev_hash, hash"
)
FORBIDDEN = [
    "UPDATE events SET why = 'never said' WHERE position = 1",
    "UPDATE events SET position = 3 WHERE position = 2",
    "UPDATE OR REPLACE events SET id = (SELECT id FROM events WHERE position = 2) WHERE position = 1",
    "DELETE FROM events",
    "DELETE FROM events WHERE position = 2",
    "INSERT OR REPLACE INTO events SELECT * FROM events WHERE position = 1",
    "REPLACE INTO events SELECT * FROM events WHERE position = 2",
    f"INSERT OR REPLACE INTO events ({COLUMNS}) SELECT 3, {COLUMNS[10:]} FROM events WHERE position = 1",  # noqa: S608 - a test's own words
    f"INSERT INTO events ({COLUMNS}) SELECT 4, zeroblob(16), {COLUMNS[14:]} FROM events WHERE position = 1",  # noqa: S608 - a test's own words
    f"INSERT INTO events ({COLUMNS}) SELECT 0, zeroblob(16), {COLUMNS[14:]} FROM events WHERE position = 1",  # noqa: S608 - a test's own words
    f"INSERT INTO events ({COLUMNS[10:]}) SELECT zeroblob(16), {COLUMNS[14:]} FROM events WHERE position = 1",  # noqa: S608 - a test's own words
    f"INSERT INTO events ({COLUMNS}) SELECT * FROM events WHERE true ON CONFLICT DO UPDATE SET why = 'never said'",  # noqa: S608 - a test's own words
    "UPDATE event_tags SET position = 2",
    "DELETE FROM event_tags",
    "UPDATE tags SET tag = 'record:other' WHERE id = 1",
    "DELETE FROM tags",
    "REPLACE INTO tags (id, tag) VALUES (1, 'record:other')",
    "REPLACE INTO tags (id, tag) SELECT 99, tag FROM tags WHERE id = 1",
    "UPDATE kinds SET kind = 'other'",
    "DELETE FROM kinds",
    "REPLACE INTO kinds (id, kind) VALUES (1, 'other')",
    "DELETE FROM log_head",
    "INSERT INTO log_head VALUES (zeroblob(16), 9, zeroblob(32))",
    "UPDATE checkpoints SET hash = zeroblob(32)",
    "DELETE FROM checkpoints",
    "REPLACE INTO checkpoints VALUES (1, zeroblob(32), NULL)",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_what_is_recorded_cannot_be_changed_removed_or_replaced(
    log: Log, stranger: sqlite3.Connection, statement: str
) -> None:
    before = list(stranger.iterdump())
    with pytest.raises(sqlite3.IntegrityError, match="what is recorded stays"):
        stranger.execute(statement)
    assert list(stranger.iterdump()) == before
    assert verify(log).sound


def test_the_guards_leave_the_log_open_to_new_events(log: Log, stranger: sqlite3.Connection) -> None:
    assert stranger.execute("SELECT count(*) FROM events").fetchone() == (2,)
    [recorded] = log.append(drafted(take("ferry/rain")))
    assert list(log.read(Query.of(TakeMade, tags={"record:ferry"}))) == [recorded]
