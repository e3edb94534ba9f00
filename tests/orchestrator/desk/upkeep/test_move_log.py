"""``takesheet store move`` and ``init --log``: a whole label works on either database."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.store.driver_lock import DriverLock
from tests.orchestrator.label import Label
from tests.orchestrator.log.databases import Schemas, postgres

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture
def schemas(server: str) -> Iterator[Schemas]:
    schemas = Schemas(server)
    yield schemas
    schemas.close()


def config(label: Label) -> dict[str, object]:
    return tomllib.loads((label.folder / ".takesheet" / "config.toml").read_text())


def test_a_label_moves_to_postgresql_works_there_and_moves_back(label: Label, schemas: Schemas) -> None:
    head, board = label.head, label.data("board")
    url = schemas.place().whole
    before = (label.folder / ".takesheet" / "config.toml").read_text()
    moved = label.data("store", "move", url)
    assert moved["events"] == head + 1
    head += 1
    assert config(label)["log"] == url
    assert label.data("board") == board
    label.does("note", "night-bus/tin-roof/drums", "the second fill drags")
    assert label.head == head + 1
    label.does("log", "verify", "--views")
    assert label.data("log", "show", "--as-of", str(head))[-1]["position"] == head
    label.does("store", "move", "back.db")
    assert (label.folder / ".takesheet" / "config.toml").read_text() == before.replace('"log.db"', '"back.db"')
    assert label.head == head + 2
    label.does("log", "verify", "--views")


def test_a_password_on_the_command_line_is_refused_and_repeated_nowhere(label: Label) -> None:
    said = label.refuses(2, "store", "move", "postgresql+psycopg://pat:hush@127.0.0.1:1/label")
    assert "store.secret" in said.err
    assert "hush" not in said.err + said.out


def test_a_server_that_does_not_answer_leaves_everything_as_it_was(label: Label) -> None:
    before = config(label)
    said = label.refuses(3, "store", "move", "postgresql+psycopg://pat@127.0.0.1:1/label")
    assert said.rule == "store.unreachable"
    assert config(label) == before


def test_a_log_is_not_moved_to_where_it_is_or_over_something_else(label: Label) -> None:
    assert label.refuses(3, "store", "move", "log.db").rule == "store.here"
    (label.folder / ".takesheet" / "notes").write_text("somebody's notes")
    label.refuses(9, "store", "move", "notes")
    assert (label.folder / ".takesheet" / "notes").read_text() == "somebody's notes"


def test_a_store_can_begin_in_postgresql(tmp_path: Path, schemas: Schemas) -> None:
    label, url = Label(tmp_path), schemas.place().whole
    label.does("init", ".", "--label", "Harbour Records", "--log", url)
    label.does("record", "new", "Night Bus", "--artist", "The Ferrymen")
    assert [row["record"] for row in label.data("board")] == ["night-bus"]
    label.does("log", "verify", "--views")
    assert label.refuses(3, "init", "other", "--label", "Harbour Records", "--log", url).rule == "store.exists"
    assert not (tmp_path / "other" / ".takesheet").exists()


def test_a_dry_move_checks_everything_and_changes_nothing(label: Label, schemas: Schemas) -> None:
    store = label.folder / ".takesheet"

    def files() -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in store.iterdir() if file.is_file() and "db-" not in file.name}

    url, before = schemas.place().whole, files()
    for place in ("other.db", url):
        said = label.data("store", "move", place, "--dry-run")
        assert (said["events"], said["was"]) == (label.head, str(store / "log.db"))
        assert "would be moved" in label.does("store", "move", place, "--dry-run")
    assert files() == before
    (store / "notes").write_text("somebody's notes")
    before = files()
    assert label.refuses(3, "store", "move", "log.db", "--dry-run").rule == "store.here"
    label.refuses(9, "store", "move", "notes", "--dry-run")
    assert label.refuses(4, "store", "move", "none/log.db", "--dry-run").rule == "machine"
    nobody = "postgresql+psycopg://pat@127.0.0.1:1/label"
    assert label.refuses(3, "store", "move", nobody, "--dry-run").rule == "store.unreachable"
    with DriverLock(store) as lock:
        assert lock.acquire()
        assert label.refuses(5, "store", "move", "other.db", "--dry-run").rule == "store.driven"
    before["driver.lock"] = b""
    assert files() == before
    assert label.data("store", "move", url)["events"] == label.head, "a dry run leaves nothing there"
    assert label.data("store", "move", "back.db", "--dry-run")["events"] == label.head
    assert not (store / "back.db").exists()
