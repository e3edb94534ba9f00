"""Prefect's database before a server starts on it."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from orchestrator.engine.prefect_server.database import lay_out, template_file
from orchestrator.engine.prefect_server.database_check import Unusable, examine, examine_template, wanted_revision


@pytest.fixture(scope="session")
def template() -> Path:
    """The template in this user's cache, created if missing."""
    home = template_file().parent / "prefect" / f"test-{uuid4().hex}"
    home.mkdir(parents=True)
    lay_out(home, print)
    shutil.rmtree(home)
    return template_file()


@pytest.fixture
def home(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a good database, and a cache of this test alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    template_file().parent.mkdir(parents=True)
    shutil.copy(template, template_file())
    folder = tmp_path / "home"
    folder.mkdir()
    lay_out(folder, print)
    return folder


def run(database: Path, *statements: str) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def insert(database: Path, table: str, **columns: str | int) -> str:
    """Insert a row; return its id."""
    values = {"id": str(uuid4()), **columns}
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values()))  # noqa: S608 - names of this test
    return values["id"]


def rows(database: Path, table: str) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - names of this test


def test_the_revision_that_the_installed_prefect_wants_is_the_templates(template: Path) -> None:
    with closing(sqlite3.connect(template)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (wanted_revision(),)
    assert wanted_revision()


def half(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def link(file: Path) -> None:
    elsewhere = file.with_name("elsewhere.db")
    file.rename(elsewhere)
    file.symlink_to(elsewhere)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "emptied": lambda file: file.write_bytes(b""),
    "no database": lambda file: file.write_bytes(b"no database" * 1000),
    "half written": half,
    "a page overwritten": lambda file: file.write_bytes(file.read_bytes()[:4096] + b"\xff" * 4096 * 40),
    "without tables": lambda file: (file.unlink(), run(file, "CREATE TABLE something (else_ TEXT)")),
    "of another version": lambda file: run(file, "UPDATE alembic_version SET version_num = 'deadbeef'"),
    "of no version": lambda file: run(file, "DELETE FROM alembic_version"),
    "a table is missing": lambda file: run(file, "DROP TABLE flow_run_state"),
    "a trigger was planted": lambda file: run(
        file, "CREATE TRIGGER t AFTER INSERT ON flow BEGIN DELETE FROM flow_run; END"
    ),
    "others may write": lambda file: file.chmod(0o666),
    "a link": link,
    "a folder": lambda file: (file.unlink(), file.mkdir()),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_bad_database_is_told_of_in_one_line_and_made_anew(home: Path, damage: Callable[[Path], object]) -> None:
    database, said = home / "prefect.db", list[str]()
    damage(database)
    with pytest.raises(Unusable):
        examine(database, template_file())
    lay_out(home, said.append)
    assert len(said) == 1, said
    assert "it is made anew, and nothing is lost by it" in said[0]
    examine(database, template_file())
    assert database.lstat().st_mode & 0o777 == 0o600
    if (home / "elsewhere.db").exists():
        examine(home / "elsewhere.db", template_file())


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.usefixtures("home")
def test_a_bad_template_is_found_out(damage: Callable[[Path], object]) -> None:
    examine_template(template_file())
    damage(template_file())
    with pytest.raises(Unusable):
        examine_template(template_file())


def test_a_bad_template_is_made_anew_and_what_stands_on_the_old_one_stays_good(home: Path) -> None:
    said: list[str] = []
    template_file().write_bytes(b"")
    lay_out(home, said.append)
    assert len(said) == 2, said
    assert "is empty; it is made anew" in said[0]
    examine_template(template_file())


def test_a_good_database_is_kept_with_the_history_of_our_own_flows_and_nothing_that_could_run(home: Path) -> None:
    database = home / "prefect.db"
    ours, foreign = (insert(database, "flow", name=name) for name in ("render", "evil"))
    for name, flow, state in (("a", ours, "COMPLETED"), ("b", ours, "RUNNING"), ("c", ours, "SCHEDULED")):
        insert(database, "flow_run", name=name, flow_id=flow, state_type=state)
    insert(database, "flow_run", name="d", flow_id=foreign, state_type="COMPLETED")
    trigger = {"trigger": "{}", "actions": "[]", "actions_on_trigger": "[]", "actions_on_resolve": "[]"}
    insert(database, "automation", name="evil", description="", enabled=1, **trigger)
    insert(database, "deployment", name="evil", flow_id=ours)
    insert(database, "variable", name="evil", value="1")
    insert(database, "work_pool", name="evil", type="process")
    said: list[str] = []
    lay_out(home, said.append)
    assert said == []
    for table in ("automation", "deployment", "variable", "work_pool"):
        assert rows(database, table) == 0, table
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute("SELECT name, state_type FROM flow_run ORDER BY name").fetchall()
    assert found == [("a", "COMPLETED"), ("b", "CRASHED")]
    assert rows(database, "flow") == 1


def test_a_database_that_has_grown_too_large_is_begun_anew(home: Path) -> None:
    (home / "prefect.db-wal").write_bytes(b"x" * 10_000)
    said: list[str] = []
    lay_out(home, said.append, largest_bytes=(home / "prefect.db").stat().st_size + 5_000)
    assert len(said) == 1
    assert not (home / "prefect.db-wal").exists()
