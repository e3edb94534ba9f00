"""``init --log``: folder and tables are created both, or neither; and the same command again works."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.orchestrator.label import Label
from tests.orchestrator.log.databases import postgres
from tests.orchestrator.log.roles import SharedDatabase, shared_database


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture
def database(server: str) -> Iterator[SharedDatabase]:
    with shared_database(server) as database:
        yield database


def init(database: SharedDatabase, role: str = "") -> tuple[str, ...]:
    return "init", "new/folder", "--label", "Harbour Records", "--log", database.url(role or database.owner)


def tables(database: SharedDatabase) -> int:
    [(number,)] = database.give("SELECT count(*) FROM pg_tables WHERE schemaname = 'label'")
    return int(number)


def left(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def test_without_rights_neither_is_made_and_with_them_the_same_command_makes_both(
    tmp_path: Path, database: SharedDatabase
) -> None:
    label, role = Label(tmp_path), database.role("lea")
    database.give(f"GRANT USAGE ON SCHEMA label TO {role}")
    said = label.refuses(3, *init(database, role))
    assert said.rule == "store.rights"
    assert (tables(database), left(tmp_path)) == (0, [])
    database.give(f"GRANT CREATE ON SCHEMA label TO {role}")
    label.does(*init(database, role))
    assert Label(tmp_path / "new" / "folder").data("board") == []


def test_a_step_that_fails_in_the_middle_takes_all_back(tmp_path: Path, database: SharedDatabase) -> None:
    """The tables beside the log are created after it: an existing one of such a name makes that step fail."""
    database.give("CREATE TABLE label.outbox (note text)")
    label = Label(tmp_path)
    assert label.run(*init(database)).code == 1
    assert (tables(database), left(tmp_path)) == (1, [])
    database.give("DROP TABLE label.outbox")
    label.does(*init(database))


def test_a_server_that_does_not_answer_leaves_no_folder(tmp_path: Path) -> None:
    label = Label(tmp_path)
    said = label.refuses(3, "init", "new", "--label", "H", "--log", "postgresql+psycopg://pat@127.0.0.1:1/label")
    assert said.rule == "store.unreachable"
    assert left(tmp_path) == []


def test_over_another_log_no_folder_is_left(tmp_path: Path, database: SharedDatabase) -> None:
    label = Label(tmp_path)
    label.does(*init(database))
    other = Label(tmp_path / "new")
    assert other.refuses(3, *init(database)).rule == "store.exists"
    assert [path.name for path in left(tmp_path / "new")] == ["folder"]


def test_killed_before_the_folder_has_its_name_the_same_command_takes_up_the_log(
    tmp_path: Path, database: SharedDatabase
) -> None:
    label = Label(tmp_path)
    label.does(*init(database))
    store = tmp_path / "new" / "folder" / ".takesheet"
    [(log,)] = database.give("SELECT encode(log, 'hex') FROM label.log_head")
    store.rename(store.with_name(f".takesheet.new-{2**22 + 1}-{log}"))  # as a killed process leaves it
    label.does(*init(database))
    assert [path.name for path in left(tmp_path / "new" / "folder")] == [".takesheet"]
    assert Label(tmp_path / "new" / "folder").data("log", "verify")["events"] == 4


def test_killed_while_it_waits_for_its_turn_nothing_is_made(tmp_path: Path, database: SharedDatabase) -> None:
    from contextlib import closing

    import psycopg

    from orchestrator.log.database.url import DatabaseUrl
    from orchestrator.log.postgres.database import MAKING

    label, url = Label(tmp_path), DatabaseUrl.parse(database.url(path=""))
    with closing(psycopg.connect(url.conninfo, autocommit=True)) as other:
        other.execute("SELECT pg_advisory_lock(%s)", (MAKING,))
        process = label.begin(*init(database))
        for _ in range(300):
            if list(tmp_path.rglob(".takesheet.new-*")):
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
    assert tables(database) == 0
    label.does(*init(database))
    assert [path.name for path in left(tmp_path / "new" / "folder")] == [".takesheet"]
