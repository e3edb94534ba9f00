"""PostgreSQL alone: its URL, its secrets, a server that goes away, writers that roll back."""

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from domain.core.erasable_text import SALT_BYTES
from domain.core.event import Event
from domain.core.refusal import Misused, Refusal
from orchestrator.log import codec
from orchestrator.log.append_condition import Draft
from orchestrator.log.database.url import DatabaseUrl, Place
from orchestrator.log.postgres.dialect import translated
from orchestrator.log.proof.verify import verify
from orchestrator.log.refusals import StoreExists, StoreMissing
from orchestrator.log.store import Log
from tests.orchestrator.log.databases import Schemas
from tests.orchestrator.log.given import KINDS, book, drafted, spend, take

pytestmark = pytest.mark.slow

NOON = datetime(2026, 12, 7, 12, tzinfo=UTC)
LOG = UUID("01940000-0000-7000-8000-000000000001")
HISTORY: list[Event] = [take(), spend(), book(), take("ferry/rain", 2, "Größe ½ 🥁\U0010ffff"), spend("fähre", 7)]


@pytest.fixture
def schemas(server: str) -> Iterator[Schemas]:
    schemas = Schemas(server)
    yield schemas
    schemas.close()


def recorded(place: Place) -> Log:
    """Return a new log with a fixed history, clock and id."""
    minutes = count()
    log = Log.create(place, kinds=KINDS, clock=lambda: NOON + timedelta(minutes=next(minutes)), identity=LOG)
    for number, event in enumerate(HISTORY):
        log.append([Draft(event=event, actor="pät", via="pat@desk", id=UUID(int=number), why="said", occurred_at=NOON)])
    return log


def test_the_same_history_has_the_same_hashes_on_both_databases(
    tmp_path: Path, schemas: Schemas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codec, "new_salt", lambda: bytes(SALT_BYTES))
    with recorded(tmp_path / "log.sqlite") as file, recorded(schemas.place()) as database:
        assert file.head() == database.head()
        assert list(file.read_all()) == list(database.read_all())
        columns = "SELECT * FROM events ORDER BY position"
        assert file._reader.rows(columns) == database._reader.rows(columns)


def test_a_transaction_that_is_undone_leaves_no_gap(postgres_log: Log) -> None:
    def fail() -> None:
        with postgres_log._opened_writer().transaction() as connection:
            postgres_log._appender.append(connection, [encoded], None, now_us=1)
            raise ArithmeticError

    encoded = postgres_log._codec.encode(drafted(spend("undone"))[0], now_us=1)
    postgres_log.append(drafted(take()))
    for _ in range(3):
        with pytest.raises(ArithmeticError):
            fail()
        postgres_log._appender.forget()
    [last] = postgres_log.append(drafted(take()))
    assert last.position == 2
    assert verify(postgres_log).sound


def test_whoever_reads_the_tail_sees_no_position_before_all_that_come_before_it(postgres_log: Log) -> None:
    postgres_log.append(drafted(take()))
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with Log.open(postgres_log.place, kinds=KINDS) as other, other._opened_writer().transaction() as connection:
            encoded = other._codec.encode(drafted(spend("slow"))[0], now_us=1)
            other._appender.append(connection, [encoded], None, now_us=1)
            begun.set()
            go_on.wait(10)

    first = threading.Thread(target=slow)
    first.start()
    begun.wait(10)
    second = threading.Thread(target=lambda: postgres_log.append(drafted(book())))
    second.start()
    assert [one.position for one in postgres_log.read_all()] == [1]
    go_on.set()
    first.join()
    second.join()
    assert [one.event.kind for one in postgres_log.read_all()] == ["take-made", "money-spent", "room-booked"]


def test_a_connection_that_was_cut_is_taken_up_again(postgres_log: Log) -> None:
    postgres_log.append(drafted(take()))
    cut(postgres_log)
    postgres_log.append(drafted(take()))
    cut(postgres_log)
    assert postgres_log.head().position == 2
    assert verify(postgres_log).sound


@pytest.mark.parametrize("kept", [True, False])
def test_a_connection_lost_while_all_is_to_be_kept_records_once(postgres_log: Log, *, kept: bool) -> None:
    """The connection is lost during COMMIT, just after or just before the server commits."""
    postgres_log.append(drafted(take()))
    connection = postgres_log._opened_writer().connection
    commit, cuts = connection.commit, count()

    def cut_once() -> None:
        if next(cuts):
            commit()
            return
        if kept:
            commit()
        connection._raw.close()
        raise psycopg.OperationalError("the connection was lost")

    connection.commit = cut_once
    [recorded] = postgres_log.append(drafted(spend()))
    assert list(postgres_log.read_all(after=1)) == [recorded]
    assert verify(postgres_log).sound


def cut(log: Log) -> None:
    """Terminate every other connection to the server's database."""
    assert isinstance(log.place, DatabaseUrl)
    with closing(psycopg.connect(log.place.conninfo, autocommit=True)) as connection:
        others = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = 'takesheet'"
        connection.execute(f"SELECT pg_terminate_backend(pid) {others}".encode())


def test_a_log_is_never_made_over_tables_that_are_there(postgres_log: Log) -> None:
    with pytest.raises(StoreExists, match="is there already"):
        Log.create(postgres_log.place, kinds=KINDS)


def test_a_log_is_not_made_by_opening_it(schemas: Schemas) -> None:
    with pytest.raises(StoreMissing, match="no log at"):
        Log.open(schemas.place(), kinds=KINDS)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://pat:hush%40hush@127.0.0.1:1/label",
        "postgresql+psycopg://pat@127.0.0.1:1/label?password=hush%40hush",
        "postgresql://pat:hush%40hush@127.0.0.1:1/label?sslmode=bogus",
        "postgresql://pat:hush%40hush@127.0.0.1:1/label?nonsense=1",
    ],
)
def test_a_password_is_never_told(url: str) -> None:
    place = DatabaseUrl.parse(url)
    assert "hush" not in f"{place} {place!r}"
    with pytest.raises(Refusal) as refusal:
        Log.open(place, kinds=KINDS)
    told = f"{refusal.value} {refusal.value.values} {refusal.value!r} {refusal.value.__cause__}"
    assert "hush" not in told
    assert "\n" not in str(refusal.value)
    assert refusal.value.__suppress_context__


def test_an_address_of_another_database_is_refused_without_repeating_it() -> None:
    with pytest.raises(Misused, match="postgresql") as refusal:
        DatabaseUrl.parse("mysql://pat:hush@there/label")
    assert "hush" not in str(refusal.value)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("SELECT a FROM b WHERE c = ? AND d = ?", "SELECT a FROM b WHERE c = $1 AND d = $2"),
        ("SELECT ?2, ?1, ?2", "SELECT $2, $1, $2"),
        ("SELECT 'what? it''s ?1', ?", "SELECT 'what? it''s ?1', $1"),
        ("CREATE TABLE a (b TEXT, c BLOB)", 'CREATE TABLE a (b TEXT COLLATE "C", c BYTEA)'),
    ],
)
def test_statements_are_put_into_postgresqls_words(ours: str, theirs: str) -> None:
    assert translated(ours) == theirs
