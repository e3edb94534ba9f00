"""A store's tables change from release to release; events and guards do not."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from orchestrator.log.database.columns import WRITER
from orchestrator.log.database.connection import Connection, Row
from orchestrator.log.database.meta import UPGRADED, VERSION, stored
from orchestrator.log.migrations.migrate import RUNGS, migrate
from orchestrator.log.migrations.migration import Migration
from orchestrator.log.proof.verify import verify
from orchestrator.log.refusals import StoreDamaged, StoreNewer
from orchestrator.log.store import Log
from tests.orchestrator.log.given import KINDS, drafted, spend, take
from tests.paths import GOLDEN

FIRST, NEWEST = RUNGS[0].number, RUNGS[-1].number
RELEASED = GOLDEN / "stores"


def rows(log: Log, sql: str) -> list[Row]:
    with closing(log.database.connect()) as connection:
        return connection.execute(sql).fetchall()


def events(log: Log) -> list[Row]:
    return rows(log, "SELECT * FROM events ORDER BY position")


def decisions(log: Log) -> list[Row]:
    """The events but those that record a change of the tables."""
    return [row for row in events(log) if row[2] != UPGRADED]


def tables(log: Log) -> set[str]:
    names = "sqlite_schema WHERE type = 'table'"
    if not isinstance(log.place, Path):
        names = "pg_tables WHERE schemaname = current_schema()"
    column = "name" if isinstance(log.place, Path) else "tablename"
    return {name for (name,) in rows(log, f"SELECT {column} FROM {names}")}  # noqa: S608 - a test's own words


def version(log: Log) -> int:
    with closing(log.database.connect()) as connection:
        return int(str(stored(connection).get(VERSION, FIRST)))


def climbed(log: Log, *, to: int | None = None, rungs: tuple[Migration, ...] = RUNGS) -> list[int]:
    with closing(log.database.writer()) as writer:
        return [number for number, _ in migrate(log.database, writer, to=to, rungs=rungs)]


@pytest.fixture
def written(log: Log) -> Iterator[Log]:
    log.append(drafted(take(), spend(), take("ferry/rain")))
    yield log
    assert verify(log).sound


def test_rungs_are_numbered_without_a_gap() -> None:
    assert [rung.number for rung in RUNGS] == list(range(1, len(RUNGS) + 1))
    assert all(low.min_writer <= high.min_writer <= WRITER for low, high in pairwise(RUNGS))


def test_a_new_store_is_brought_up_by_its_first_writer(log: Log) -> None:
    assert version(log) == FIRST
    log.append(drafted(take()))
    assert version(log) == NEWEST


class OvertakenWriter:
    """A writer before whose transaction another program migrates the store and appends to it."""

    def __init__(self, log: Log) -> None:
        self._writer, self._log = log.database.writer(), log

    def turn(self) -> AbstractContextManager[Connection]:
        return self._writer.turn()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        with Log.open(self._log.place, kinds=KINDS) as other:
            other.append(drafted(take(), spend()))
        with self._writer.transaction() as connection:
            yield connection

    def close(self) -> None:
        self._writer.close()


@pytest.mark.parametrize("record", [False, True])
def test_a_writer_overtaken_by_another_migration_records_no_event_of_it_again(log: Log, *, record: bool) -> None:
    with closing(OvertakenWriter(log)) as writer:
        assert migrate(log.database, writer, record=record) == []
    assert len(decisions(log)) == 2
    assert len(events(log)) == (3 if record else 2), "an event of the version only where one must be recorded"
    assert verify(log).sound


FORBIDDEN = [
    "UPDATE events SET why = 'never said' WHERE position = 1",
    "DELETE FROM events WHERE position = 2",
    "UPDATE tags SET tag = 'record:other' WHERE id = 1",
    "DELETE FROM tags",
    "UPDATE kinds SET kind = 'other'",
    "DELETE FROM event_tags",
    "UPDATE event_tags SET position = 2",
    "DELETE FROM log_head",
]
SQLITE = [
    "REPLACE INTO events SELECT * FROM events WHERE position = 2",
    "INSERT OR REPLACE INTO events SELECT * FROM events WHERE position = 1",
    "REPLACE INTO tags (id, tag) VALUES (1, 'record:other')",
]
POSTGRESQL = ["TRUNCATE events", "TRUNCATE tags CASCADE", "TRUNCATE event_tags", "TRUNCATE log_head"]


@pytest.mark.parametrize("path", [(), (FIRST,), (FIRST, NEWEST), (FIRST, NEWEST, FIRST, NEWEST)])
def test_after_every_way_up_and_down_the_database_still_refuses(written: Log, path: tuple[int, ...]) -> None:
    before = decisions(written)
    for to in path:
        climbed(written, to=to)
    with closing(written.database.writer()) as writer:
        for forbidden in FORBIDDEN + (SQLITE if isinstance(written.place, Path) else POSTGRESQL):
            with pytest.raises((StoreDamaged, *written.database.faults)), writer.turn() as connection:
                connection.execute(forbidden)
    assert decisions(written) == before


def test_up_down_and_up_keep_every_event_its_hash_and_the_guards(written: Log) -> None:
    before, there = decisions(written), tables(written)
    assert climbed(written, to=FIRST) == list(range(NEWEST, FIRST, -1))
    assert version(written) == FIRST
    assert tables(written) == there - {"contacts", "outbox", "parked", "subscriptions", "texts"}
    assert verify(written).sound
    assert climbed(written) == list(range(FIRST + 1, NEWEST + 1))
    assert (decisions(written), tables(written)) == (before, there)
    assert climbed(written) == [], "and once more does nothing"
    written.append(drafted(spend()))


@pytest.mark.parametrize("released", sorted(RELEASED.glob("*.sql")), ids=lambda file: file.stem)
def test_a_store_of_every_release_is_read_brought_up_by_a_writer_and_verifies(released: Path, tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(released.read_text("utf-8"))
        connection.execute("PRAGMA journal_mode = WAL")
    with Log.open(path, kinds=KINDS, readonly=True) as reader:
        before = events(reader)
        assert len(list(reader.read_all())) == len(before) > 0
        assert verify(reader).sound
        assert version(reader) == int(released.stem), "a reader changes nothing"
    with Log.open(path, kinds=KINDS) as log:
        log.append(drafted(spend()))
        assert version(log) == NEWEST
        assert decisions(log)[:-1] == before
        assert verify(log).sound


def test_every_release_has_a_golden_store() -> None:
    assert [file.stem for file in sorted(RELEASED.glob("*.sql"))] == [str(rung.number) for rung in RUNGS]


BREAKS = {
    "drops an event": "DELETE FROM events WHERE position = 3",
    "rebuilds a table, as Alembic's batch mode does": "ALTER TABLE tags RENAME TO tags_of_old",
    "fails in the middle": "SELECT no_such_function()",
}


@pytest.mark.parametrize("statement", BREAKS.values(), ids=BREAKS)
def test_a_rung_that_would_harm_the_log_leaves_nothing_behind(written: Log, statement: str) -> None:
    before = tables(written)
    broken = (*RUNGS, Migration(NEWEST + 1, "harm", up=("CREATE TABLE left_behind (x INTEGER)", statement)))
    with pytest.raises((StoreDamaged, *written.database.faults)):
        climbed(written, rungs=broken)
    assert version(written) == NEWEST
    assert tables(written) == before


def test_what_only_newer_programs_may_write_is_read_here_and_refuses_to_be_written(written: Log) -> None:
    newer = (*RUNGS, Migration(NEWEST + 1, "what breaks us", min_writer=WRITER + 1))
    with Log.open(written.place, kinds=KINDS) as older:
        older.append(drafted(take()))
        climbed(written, rungs=newer)
        for write in (
            lambda: older.append(drafted(take())),
            lambda: older.beside().__enter__(),
            lambda: older.traceless().__enter__(),
            lambda: climbed(older, to=FIRST),
        ):
            with pytest.raises(StoreNewer, match=r"store\.newer"):
                write()
        assert older.head().position == len(list(older.read_all())) == 5
    with Log.open(written.place, kinds=KINDS) as later, pytest.raises(StoreNewer, match=r"store\.newer"):
        later.append(drafted(take()))


def test_a_store_with_tables_we_do_not_know_that_harm_nobody_is_written_on(written: Log) -> None:
    climbed(written, rungs=(*RUNGS, Migration(NEWEST + 1, "more beside", up=("CREATE TABLE more_beside (x INTEGER)",))))
    with Log.open(written.place, kinds=KINDS) as older:
        older.append(drafted(take()))
        assert older.head().position == 5, "three, the upgrade, and one more"
    assert version(written) == NEWEST + 1


def test_an_older_program_that_has_the_store_open_goes_on_while_it_is_brought_up(written: Log) -> None:
    climbed(written, to=FIRST)
    written.append(drafted(take()))  # this writer was opened before the migration
    with Log.open(written.place, kinds=KINDS) as newer:
        newer.append(drafted(take()))
    written.append(drafted(take()))
    assert version(written) == NEWEST
