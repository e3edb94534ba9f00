"""Several people on one PostgreSQL database, each with a role of their own: one owns the tables that all use."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.store import config
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.log.databases import postgres
from tests.orchestrator.log.roles import SharedDatabase, shared_database

READING = [
    ("board",), ("next",), ("record", "list"), ("record", "show", "night-bus"), ("song", "list", "night-bus"),
    ("part", "list", SONG), ("take", "list", f"{SONG}/drums"), ("mix", "list", SONG), ("user", "list"),
    ("log", "show"), ("log", "verify", "--views"), ("search", "tin"), ("budget", "report", "night-bus"),
    ("board", "--as-of", "3"), ("review", "--json"),
]  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture
def database(server: str) -> Iterator[SharedDatabase]:
    with shared_database(server) as database:
        yield database


def desk(folder: Path, log: str, *, like: Label | None = None) -> Label:
    """A store of one person; the first creates the log, the others name it."""
    label = Label(folder)
    folder.mkdir()
    if like is None:
        label.does("init", ".", "--label", "Harbour Records", "--log", log)
    else:
        shutil.copytree(like.folder / config.FOLDER, folder / config.FOLDER)
        config.move_log(folder / config.FOLDER, log)
        label.does("trust", "--yes")
    return label


@pytest.fixture
def pat(tmp_path: Path, database: SharedDatabase) -> Label:
    """The desk of the role that owns the log."""
    label = desk(tmp_path / "pat", database.url(database.owner))
    label.does("record", "new", "Night Bus", "--artist", "The Ferrymen")
    label.does("song", "add", "night-bus", "Tin Roof")
    label.does("part", "add", SONG, "Drums")
    return label


def test_two_roles_decide_and_read_in_turn_and_every_table_stays_the_owners(
    tmp_path: Path, database: SharedDatabase, pat: Label
) -> None:
    role = database.role("lea")
    assert pat.data("store", "grant", role)["role"] == role
    lea = desk(tmp_path / "lea", database.url(role), like=pat)
    for label, title in ((lea, "Rain"), (pat, "Ferry"), (lea, "Harbour")):
        assert label.data("board")
        label.does("record", "new", title, "--artist", "The Ferrymen")
        label.does("user", "contact", "root", "--email", f"{title}@example.org")
        label.does("log", "rebuild-models")
    assert pat.data("board") == lea.data("board")
    assert len(pat.data("board")) == 4
    pat.does("log", "verify", "--views")
    assert database.owners() == {database.owner}


def test_a_role_without_rights_is_told_which_it_lacks_and_who_gives_them(
    tmp_path: Path, database: SharedDatabase, pat: Label
) -> None:
    role = database.role("lea")
    lea = desk(tmp_path / "lea", database.url(role), like=pat)
    said = lea.run("board")
    assert (said.code, said.rule) == (3, "store.rights")
    assert f"the role {role} may not" in said.err
    assert "schema label" in said.err
    assert f"takesheet store grant {role}" in said.err
    database.give(f"GRANT USAGE ON SCHEMA label TO {role}")
    said = lea.run("board")
    assert (said.code, said.rule) == (3, "store.rights")
    assert "permission denied for table" in said.err


def test_a_role_that_may_only_read_reads_everything_and_decides_nothing(
    tmp_path: Path, database: SharedDatabase, pat: Label
) -> None:
    role = database.role("guest")
    pat.does("store", "grant", role, "--read-only")
    guest = desk(tmp_path / "guest", database.url(role), like=pat)
    pat.does("record", "new", "Rain", "--artist", "The Ferrymen")
    board = pat.data("board")
    database.give("DROP SCHEMA IF EXISTS label_models CASCADE")  # the models are made in the guest's own cache
    for words in READING:
        assert guest.run(*words).code == 0, (words, guest.run(*words))
    assert guest.data("board") == board != []
    said = guest.refuses(3, "record", "new", "Ferry", "--artist", "The Ferrymen")
    assert said.rule == "store.rights"
    assert f"takesheet store grant {role}" in said.err
    said = guest.refuses(3, "user", "contact", "root")
    assert said.rule == "store.rights"


def test_rights_can_be_taken_back_to_reading(tmp_path: Path, database: SharedDatabase, pat: Label) -> None:
    role = database.role("lea")
    pat.does("store", "grant", role)
    lea = desk(tmp_path / "lea", database.url(role), like=pat)
    lea.does("note", SONG, "the second fill drags")
    pat.does("store", "grant", role, "--read-only")
    assert lea.refuses(3, "note", SONG, "again").rule == "store.rights"


def test_only_the_owner_grants_and_only_roles_that_exist(tmp_path: Path, database: SharedDatabase, pat: Label) -> None:
    role = database.role("lea")
    assert pat.refuses(4, "store", "grant", "nobody-at-all").rule == "store.role"
    assert pat.refuses(3, "store", "grant", database.owner).rule == "store.owner"
    pat.does("store", "grant", role)
    lea = desk(tmp_path / "lea", database.url(role), like=pat)
    said = lea.refuses(3, "store", "grant", database.role("joe"))
    assert said.rule == "store.rights"
    assert database.owner in said.err


def test_a_table_that_another_role_made_is_named_with_what_gives_it_back(database: SharedDatabase, pat: Label) -> None:
    role = database.role("lea")
    database.give(  # a view as release 0.1.0 makes it
        "CREATE TABLE label.board_v3 (record TEXT)",
        "INSERT INTO label.views (name, version, position) VALUES ('board', 3, 0)",
        f"ALTER TABLE label.board_v3 OWNER TO {role}",
    )
    said = pat.refuses(3, "store", "grant", role)
    assert said.rule == "store.owner"
    assert f"board_v3 ({role})" in said.err
    assert f'ALTER TABLE "label"."board_v3" OWNER TO "{database.owner}"' in said.err


def test_a_log_in_a_file_has_no_roles(label: Label) -> None:
    assert label.refuses(3, "store", "grant", "lea").rule == "store.grant"


def test_a_store_moved_to_a_server_has_all_tables_made_by_whoever_moved_it(
    tmp_path: Path, database: SharedDatabase, label: Label
) -> None:
    label.does("board")
    label.does("store", "move", database.url(database.owner))
    assert database.give("SELECT 1 FROM pg_tables WHERE tablename = 'contacts'") == [(1,)]
    role = database.role("lea")
    label.does("store", "grant", role)
    lea = desk(tmp_path / "lea", database.url(role), like=label)
    lea.does("board")
    lea.does("note", "night-bus", "ours now")
    label.does("note", "night-bus", "and mine")
    assert database.owners() == {database.owner}


def test_a_role_that_may_not_seal_a_log_moves_nothing(tmp_path: Path, database: SharedDatabase, pat: Label) -> None:
    role = database.role("lea")
    pat.does("store", "grant", role)
    lea = desk(tmp_path / "lea", database.url(role), like=pat)
    assert lea.refuses(3, "store", "move", "here.db").rule == "store.rights"
    assert not (lea.folder / ".takesheet" / "here.db").exists()


def test_a_schema_named_like_a_role_neither_hides_the_log_nor_takes_its_tables(
    tmp_path: Path, database: SharedDatabase
) -> None:
    role = database.role("lea")
    database.give(f"GRANT CREATE ON SCHEMA public TO {database.owner}", f"CREATE SCHEMA {role} AUTHORIZATION {role}")
    pat = desk(tmp_path / "pat", database.url(database.owner, path=""))
    pat.does("store", "grant", role)
    lea = desk(tmp_path / "lea", database.url(role, path=""), like=pat)
    lea.does("record", "new", "Night Bus", "--artist", "The Ferrymen")
    lea.does("user", "contact", "root", "--email", "lea@example.org")
    assert pat.data("board") == lea.data("board") != []
    assert database.owners(role) == set()
    database.give(f"CREATE TABLE {role}.events (position bigint)")
    assert lea.data("log", "verify", "--views")["log"].startswith("schema public of postgresql")
    lea.does("note", "night-bus", "into the right table")
    assert "looked at: schema public of" in lea.run("log", "verify").err


def test_two_logs_in_one_search_path_are_refused_by_name(tmp_path: Path, database: SharedDatabase, pat: Label) -> None:
    database.give(f"CREATE SCHEMA other AUTHORIZATION {database.owner}")
    desk(tmp_path / "other", database.url(database.owner, path="other"))
    both = desk(tmp_path / "both", database.url(database.owner, path="other,label"), like=pat)
    for words in (("board",), ("note", SONG, "where?"), ("log", "verify")):
        said = both.run(*words)
        assert (said.code, said.rule) == (3, "store.schemas")
        assert "other, label" in said.err


def test_temporary_tables_of_a_session_do_not_shadow_the_log(database: SharedDatabase, pat: Label) -> None:
    from contextlib import closing

    from orchestrator.log.database.url import DatabaseUrl
    from orchestrator.log.postgres.connection import PostgresConnection

    url = DatabaseUrl.parse(database.url(database.owner))
    with closing(PostgresConnection(url, readonly=False)) as connection:
        connection.execute("CREATE TEMPORARY TABLE log_head (position bigint)")
        assert connection.execute("SELECT position FROM log_head").fetchall() == [(pat.head,)]
