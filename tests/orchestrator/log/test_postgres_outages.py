"""Lost connections; servers that restart, follow another one, or stand behind a pooler."""

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from domain.core.refusal import Misused
from orchestrator.log.append_condition import Condition
from orchestrator.log.database.url import DatabaseUrl
from orchestrator.log.move import move
from orchestrator.log.postgres.advisory import AdvisoryLock
from orchestrator.log.postgres.connection import PostgresConnection
from orchestrator.log.postgres.search_path import address_of, names_in
from orchestrator.log.proof.verify import verify
from orchestrator.log.query import Query
from orchestrator.log.refusals import Conflict, ConnectionLost, StandbyServer, StorePooled, StoreUnreachable
from orchestrator.log.side_tables.contacts import keep_contact
from orchestrator.log.store import Log
from tests.orchestrator.log.databases import Server
from tests.orchestrator.log.given import KINDS, MoneySpent, drafted, spend, take
from tests.orchestrator.log.poolers import PROGRAM, pooler
from tests.orchestrator.log.roles import SharedDatabase, shared_database

pytestmark = pytest.mark.slow

needs_pooler = pytest.mark.skipif(PROGRAM is None, reason="this machine has no pgbouncer")


@pytest.fixture
def database(server: str) -> Iterator[SharedDatabase]:
    with shared_database(server) as database:
        yield database


@pytest.fixture
def pooled(server: str, database: SharedDatabase) -> Iterator[DatabaseUrl]:
    """The schema of a label through a pooler that lends a connection for one transaction."""
    with pooler(server) as port:
        yield DatabaseUrl.parse(
            f"postgresql+psycopg://postgres@127.0.0.1:{port}/{database.name}?options=-csearch_path%3Dlabel"
        )


def test_whoever_reads_waits_out_a_restart_and_whoever_appends_does_too() -> None:
    with Server() as server, Log.create(DatabaseUrl.parse(server.url), kinds=KINDS) as log:
        log.append(drafted(take()))
        server.kill()
        again = threading.Timer(2, server.start)
        again.start()
        assert log.head().position == 1, "a read that was cut is repeated"
        again.join()
        server.kill()
        again = threading.Timer(2, server.start)
        again.start()
        [recorded] = log.append(drafted(spend()))
        again.join()
        assert recorded.position == 2
        assert verify(log).sound


def test_connections_cut_again_and_again_lose_nothing_and_record_nothing_twice(database: SharedDatabase) -> None:
    with Log.create(DatabaseUrl.parse(database.url(database.owner)), kinds=KINDS) as log:
        over, appended = threading.Event(), threading.Event()

        def cut() -> None:
            """Cut once for each append, a little later each time: between two appends, or amid one."""
            for number in itertools.count():
                appended.wait()
                appended.clear()
                if over.wait(number % 8 * 0.004):
                    return
                database.cut()

        cutter = threading.Thread(target=cut)
        cutter.start()
        try:
            for number in range(60):
                log.append(drafted(spend(str(number))))
                appended.set()
                assert log.head().position == number + 1
                time.sleep(0.01)
        finally:
            over.set()
            appended.set()
            cutter.join()
        assert [one.event for one in log.read_all()] == [spend(str(number)) for number in range(60)]
        assert verify(log).sound


def test_a_connection_cut_amid_what_it_sent_counts_as_lost_and_is_opened_anew(database: SharedDatabase) -> None:
    url = DatabaseUrl.parse(database.url(database.owner))
    with closing(PostgresConnection(url, readonly=False)) as connection:
        with pytest.raises(ConnectionLost), connection.transaction("here"):  # noqa: PT012 - the block is the transaction
            # The driver leaves a connection in this state if its server goes away between statements of a pipeline.
            connection.cursor().connection.pgconn.enter_pipeline_mode()
            raise psycopg.OperationalError("cannot exit pipeline mode while busy")
        with connection.transaction("here"):
            assert connection.execute("SELECT 1").fetchall() == [(1,)]


def test_a_condition_still_counts_after_a_cut(database: SharedDatabase) -> None:
    with Log.create(DatabaseUrl.parse(database.url(database.owner)), kinds=KINDS) as log:
        log.append(drafted(take()))
        log.append(drafted(spend()))
        database.cut()
        with pytest.raises(Conflict):
            log.append(drafted(spend("other")), condition=Condition(Query.of(MoneySpent), 1))


def test_a_connection_whose_session_holds_a_lock_says_that_it_was_cut(database: SharedDatabase) -> None:
    url = DatabaseUrl.parse(database.url(database.owner))
    Log.create(url, kinds=KINDS).close()
    lock = AdvisoryLock.taken(url)
    assert lock is not None
    assert AdvisoryLock.taken(url) is None
    database.cut()
    for _ in range(2):
        with pytest.raises(psycopg.OperationalError):
            lock._connection.execute("SELECT 1")
    assert not lock.is_held()


def test_a_server_that_never_answered_is_not_waited_for() -> None:
    began = time.monotonic()
    with pytest.raises(StoreUnreachable):
        Log.open(DatabaseUrl.parse("postgresql+psycopg://pat@127.0.0.1:1/label"), kinds=KINDS)
    assert time.monotonic() - began < 10


@needs_pooler
def test_a_log_works_through_a_pooler_and_leaves_no_setting_behind(pooled: DatabaseUrl) -> None:
    with Log.create(pooled, kinds=KINDS) as log:
        for number in range(30):
            log.append(drafted(take(), spend(str(number))))
            assert log.head().position == 2 * number + 2
        keep_contact(log, "pat", {"phone": "+49 30 1234567"})
        assert verify(log).sound
    with closing(psycopg.connect(pooled.conninfo.partition("?")[0], autocommit=True, prepare_threshold=None)) as other:
        names = ("default_transaction_read_only", "lock_timeout", "search_path", "default_transaction_isolation")
        found = [other.execute("SELECT current_setting(%s)", (name,)).fetchone() for name in names]
        assert found == [("off",), ("0",), ('"$user", public',), ("read committed",)]


@needs_pooler
def test_what_others_left_in_a_pooled_session_changes_nothing(pooled: DatabaseUrl) -> None:
    with (
        closing(psycopg.connect(pooled.conninfo.partition("?")[0], autocommit=True, prepare_threshold=None)) as other,
        Log.create(pooled, kinds=KINDS) as log,
    ):
        for setting in ("default_transaction_read_only TO on", "search_path TO pg_catalog", "lock_timeout TO 1"):
            for _ in range(4):
                other.execute(f"SET {setting}".encode())
        log.append(drafted(take()))
        assert log.head().position == 1
        assert verify(log).sound


@needs_pooler
def test_a_log_moves_through_a_pooler_and_back(pooled: DatabaseUrl, tmp_path: Path) -> None:
    with Log.create(tmp_path / "log.sqlite", kinds=KINDS) as log:
        log.append(drafted(take(), spend()))
        move(log, pooled)
    with Log.open(pooled, kinds=KINDS) as log:
        head = move(log, tmp_path / "back.sqlite")
    assert head.position == 4


@needs_pooler
def test_the_lock_of_whoever_drives_is_refused_through_a_pooler(pooled: DatabaseUrl) -> None:
    Log.create(pooled, kinds=KINDS).close()
    with pytest.raises(StorePooled, match="connection pooler"):
        AdvisoryLock.taken(pooled)


@needs_pooler
def test_of_several_hosts_the_one_that_answers_is_used(pooled: DatabaseUrl) -> None:
    several = DatabaseUrl.parse(pooled.whole.replace("@127.0.0.1:", "@127.0.0.1:1,127.0.0.1:"))
    Log.create(several, kinds=KINDS).close()
    with Log.open(several, kinds=KINDS) as log:
        log.append(drafted(take()))


def test_a_standby_is_read_and_says_why_it_records_nothing() -> None:
    with Server() as server, Log.create(DatabaseUrl.parse(server.url), kinds=KINDS) as log:
        log.append(drafted(take(), spend()))
        server.kill()
        (server._data / "standby.signal").touch()
        server.start()
        assert log.head().position == 2
        with pytest.raises(StandbyServer, match="read-only"):
            log.append(drafted(take()))
        assert [one.event.kind for one in log.read_all()] == ["take-made", "money-spent"]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://pat:hush@one:5432,two:5433/label?target_session_attrs=read-write",
        "postgresql://pat:hush@[::1]:5432,two/label",
        "postgresql://pat:hush@one,two,three:1/label?password=hush",
    ],
)
def test_addresses_of_several_hosts_are_taken_and_their_secrets_left_out(url: str) -> None:
    place = DatabaseUrl.parse(url)
    assert "hush" not in f"{place} {place.shared}"
    assert "," in str(place)
    assert "pat" not in place.shared


@pytest.mark.parametrize(
    "url", ["postgresql://one:x/label", "postgresql://one:1,two:99999/label", "postgresql://a:1:2/l"]
)
def test_a_port_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(Misused, match="no URL"):
        DatabaseUrl.parse(url)


@pytest.mark.parametrize(
    ("options", "path", "rest"),
    [
        ("-csearch_path%3Dlabel", "label", None),
        ("-c%20search_path%3Dlabel%2Cpublic%20-c%20work_mem%3D64MB", "label,public", "-c work_mem=64MB"),
        ("--search_path%3Dlabel%5C%20one", "label one", None),
        ("-c%20work_mem%3D64MB", None, "-c work_mem=64MB"),
    ],
)
def test_the_search_path_is_taken_out_of_the_options(options: str, path: str | None, rest: str | None) -> None:
    address = address_of(DatabaseUrl.parse(f"postgresql://pat@one/label?options={options}"))
    assert (address.path, address.parameters.get("options")) == (path, rest)


def test_the_schemas_of_a_search_path_are_named_as_the_server_reads_them() -> None:
    assert names_in('"$user", Public, "Odd, ""one"""', "pat") == ["pat", "public", 'Odd, "one"']


def test_a_schema_with_capitals_holds_a_log_like_any_other(database: SharedDatabase) -> None:
    database.give(f'CREATE SCHEMA "Harbour Label" AUTHORIZATION {database.owner}')
    url = DatabaseUrl.parse(database.url(database.owner, path='"Harbour\\ Label"'))
    with Log.create(url, kinds=KINDS) as log:
        log.append(drafted(take()))
        assert verify(log).sound
        assert log.database.location.startswith("schema Harbour Label of ")
    with closing(PostgresConnection(url, readonly=True)) as connection:
        assert connection.schema == "Harbour Label"
