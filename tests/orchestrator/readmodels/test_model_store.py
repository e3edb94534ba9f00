"""Readers are right whatever became of the read models: damaged, lost, of another log or program, read-only."""

import os
import random
import shutil
import sqlite3
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from domain.core.event import Event
from domain.label.notes import NoteAdded
from domain.status.events.event_types import KINDS
from orchestrator.log.append_condition import Draft
from orchestrator.log.database.connection import Connection
from orchestrator.log.database.url import DatabaseUrl
from orchestrator.log.refusals import StoreBusy, StoreDamaged
from orchestrator.log.store import Log
from orchestrator.readmodels import label_board
from orchestrator.readmodels.base.record_folds import RecordFolds
from orchestrator.readmodels.label_board import LABEL_BOARD
from orchestrator.readmodels.storage.model_database import LONGEST_NAME, schema_of_models
from orchestrator.readmodels.storage.model_store import ModelStore
from tests.orchestrator.disks import mounted
from tests.orchestrator.log.databases import Schemas
from tests.orchestrator.log.poolers import PROGRAM, pooler
from tests.orchestrator.readmodels.answers import NEWER, TapeBaked, by_the_log, by_the_readers
from tests.orchestrator.readmodels.stores import DAMAGES, Damage, Store, check, make_store, mend, some_events

RECORD = "night-bus"
OWN = ("board", "review", "budget")
"""Answers that no event of an unknown kind changes."""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's cache, apart from the real one."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path / "store")


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_new_reader_is_right_after_any_damage(store: Store, damage: Damage) -> None:
    chance = random.Random(damage.__name__)  # noqa: S311 - dice, not secrets
    for round_ in range(3):
        store.is_right()
        damage(store.models, chance)
        before = everything_but_models(store)
        store.is_right()
        assert everything_but_models(store) == before
        store.append(*some_events(f"w1-{round_}"))
        store.is_right()
        if not store.models.is_file() or store.models.is_symlink():
            mend(store.models)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_reader_at_work_is_right_after_any_damage(store: Store, damage: Damage) -> None:
    chance = random.Random(damage.__name__)  # noqa: S311 - dice, not secrets
    with store.opened() as studio:
        check(studio)
        damage(store.models, chance)
        check(studio)
        store.is_right()
        store.append(*some_events("w1"))
        check(studio)
        store.is_right()
        check(studio)
    store.is_right()


def everything_but_models(store: Store) -> dict[str, bytes]:
    """Contents of all files below the store's parent, but for the models and what the log keeps in memory."""
    files = [file for file in store.folder.parent.rglob("*") if file.is_file() and not file.is_symlink()]
    return {
        str(file): file.read_bytes()
        for file in files
        if file.parent != store.models.parent.parent.parent / "cache" / "takesheet" / "models"
        and not file.name.startswith("models.db")
        and not file.name.endswith("-shm")
    }


def test_damage_that_shows_only_as_rows_are_read_is_mended(store: Store) -> None:
    store.is_right()
    with closing(sqlite3.connect(store.models, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ((root,),) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'label_board_v3'").fetchall()
    with store.models.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\x05" + bytes(range(255)) * 16)
    store.is_right()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE label_board_v3 SET title = CAST(X'ff80ff' AS TEXT)",
        "UPDATE label_board_v3 SET takes = 'many'",
        "UPDATE models SET position = -5",
        "UPDATE models SET position = 999999",
        "UPDATE models SET hash = X'00'",
        "UPDATE models SET unknown = 'what:ever is:this'",
        "UPDATE models SET unknown = X'ff'",
        "DELETE FROM models",
        "DROP TABLE models",
        "ALTER TABLE models RENAME COLUMN unknown TO other",
        "ALTER TABLE label_board_v3 RENAME COLUMN takes TO other",
        "DROP TABLE search_v3",
    ],
)
def test_tables_that_nobody_of_ours_wrote_are_made_anew(store: Store, statement: str) -> None:
    store.is_right()
    with closing(sqlite3.connect(store.models, isolation_level=None)) as connection:
        connection.executescript(statement)
    store.is_right()
    store.append(*some_events("w1"))
    store.is_right()


def test_rows_that_stand_already_are_no_end(store: Store) -> None:
    with store.opened() as studio:
        check(studio)
        log, position, hash_ = studio.log.identity.bytes, 3, studio.log.hash_at(3)
    with closing(sqlite3.connect(store.models, isolation_level=None)) as connection:
        connection.execute("UPDATE models SET log = ?, position = ?, hash = ?", (log, position, hash_))
    store.is_right()


def test_events_that_an_older_program_left_out_count_for_a_newer_one(store: Store) -> None:
    store.append(TapeBaked(record=RECORD), *some_events("w1"), kinds=NEWER)
    store.is_right()
    store.is_right(NEWER)
    store.append(TapeBaked(record=RECORD), kinds=NEWER)
    with store.opened() as older:  # moves models that a newer program moved before; its search may know more
        found, right = by_the_readers(older), by_the_log(older.log)
        assert {name: found[name] for name in OWN} == {name: right[name] for name in OWN}
    store.is_right(NEWER)


def test_a_newer_program_makes_nothing_anew_that_left_nothing_out(store: Store) -> None:
    store.is_right()
    made = store.models.stat().st_ino, counted(store)
    store.append(*some_events("w1"))
    store.is_right(NEWER)
    assert (store.models.stat().st_ino, counted(store)) == made


def counted(store: Store) -> int:
    """How often the schema of the models changed."""
    with closing(sqlite3.connect(store.models)) as connection:
        ((version,),) = connection.execute("PRAGMA schema_version").fetchall()
    return int(version)


class NoteWithMood(NoteAdded):
    """A later shape of a note, as a newer program has it."""

    schema_number = 2


def test_events_of_a_newer_shape_count_once_they_are_understood(store: Store) -> None:
    newer = {**KINDS, "note-added": NoteWithMood}
    store.append(NoteWithMood(record=RECORD, target=RECORD, text="late", by="pat"), kinds=newer)
    store.is_right()
    with store.opened(newer) as studio:
        assert by_the_log(studio.log)["late"]
        check(studio)


def test_models_of_another_log_and_of_a_longer_one_are_made_anew(store: Store, tmp_path: Path) -> None:
    other = make_store(tmp_path / "other")
    other.append(*some_events("w1"))
    other.is_right()
    shutil.copyfile(other.models, store.models)
    store.is_right()
    backup = tmp_path / "backup"
    shutil.copytree(store.folder, backup)
    store.append(*some_events("w1-later"))
    store.is_right()
    for file in store.models.parent.glob("log.db*"):
        file.unlink()
        if (saved := backup / store.models.parent.name / file.name).exists():
            shutil.copyfile(saved, file)
    store.is_right()
    store.append(*some_events("w1-otherwise"), *some_events("w1-again"))
    store.is_right()


def test_a_store_that_cannot_be_asked_now_is_asked_again_later(store: Store) -> None:
    def busy(_: Connection) -> list[object]:
        raise StoreBusy("a database")

    with store.opened() as studio:
        for _ in range(3):
            with pytest.raises(StoreBusy):
                studio.asked(busy, LABEL_BOARD)
        check(studio)
        assert store.models.exists()


def test_a_damaged_log_is_told_and_its_models_are_left_alone(store: Store) -> None:
    store.is_right()
    with store.opened() as studio:
        check(studio)
        inode = store.models.stat().st_ino

        def damaged(_: Connection) -> object:
            raise StoreDamaged(studio.log.database.place, "cut off")

        with pytest.raises(StoreDamaged):
            studio.models._in_place(damaged)
    assert store.models.stat().st_ino == inode


def test_models_have_the_permissions_of_their_folder(store: Store, cache: Path) -> None:
    store.is_right()
    assert mode(store.models) == 0o600
    mend(store.models)
    store.models.parent.chmod(0o2770)
    with store.opened() as studio:
        check(studio)
        files = sorted(store.models.parent.glob("models.db*"))
        assert {file.name: oct(mode(file)) for file in files} == dict.fromkeys([file.name for file in files], "0o660")
    mend(store.models)
    store.models.mkdir()
    store.is_right()
    assert {oct(mode(file)) for file in (cache / "takesheet" / "models").iterdir()} == {"0o600"}


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def linked(folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    (folder.parent.parent.parent / "elsewhere").mkdir()
    folder.symlink_to(folder.parent.parent.parent / "elsewhere")


def writable(folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o777)


def somebody_elses(folder: Path) -> None:
    folder.mkdir(parents=True)
    if os.geteuid() != 0:
        pytest.skip("only root gives a folder to somebody else")
    os.chown(folder, 65534, 65534)


def a_file(folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.write_text("mine")


@pytest.mark.parametrize("make", [linked, writable, somebody_elses, a_file], ids=lambda make: make.__name__)
def test_a_cache_that_others_can_write_to_is_not_used(store: Store, cache: Path, make: Callable[[Path], None]) -> None:
    folder = cache / "takesheet" / "models"
    make(folder)
    store.models.mkdir()
    store.is_right()
    assert folder.is_file() or not list(folder.iterdir())


def test_old_copies_leave_the_cache_with_their_files(store: Store, cache: Path) -> None:
    folder = cache / "takesheet" / "models"
    folder.mkdir(parents=True, mode=0o700)
    for number in range(25):
        for ending in ("", "-wal", "-shm"):
            (folder / f"{number:032}.db{ending}").write_bytes(b"")
            os.utime(folder / f"{number:032}.db{ending}", (number, number))
    store.models.mkdir()
    store.is_right()
    assert sorted(file.name[:32] for file in folder.glob("000000*")) == sorted(3 * [f"{n:032}" for n in range(5, 25)])


def test_a_rebuild_leaves_nothing_in_the_temporary_folder(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    for name in ("TMPDIR", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(tmp_path / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    with store.opened() as studio:
        studio.models.rebuild(LABEL_BOARD)
        check(studio)
    assert not list((tmp_path / "tmp").iterdir())


def test_readers_are_right_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with mounted(tmp_path / "disk", 8) as disk:
        if disk is None:
            pytest.skip("this user may not mount a file system")
        full = make_store(disk.folder / "store")
        with disk.full(but=64 * 1024):
            full.is_right()
        full.is_right()
        full.append(*some_events("w1"))
        monkeypatch.setenv("XDG_CACHE_HOME", str(disk.folder / "cache"))
        with disk.full():
            full.is_right()
        full.append(*some_events("w1-2"))
        full.is_right()


def test_readers_are_right_where_the_store_is_read_only(store: Store) -> None:
    store.is_right()
    store.append(*some_events("w1"))
    words = ["mount", "--bind", "-o", "ro", str(store.folder), str(store.folder)]
    if os.geteuid() != 0 or subprocess.run(words, capture_output=True, check=False).returncode != 0:
        pytest.skip("this user may not mount a folder")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(store.folder)], check=True)
        before = everything_but_models(store)
        store.is_right()
        assert everything_but_models(store) == before
    finally:
        subprocess.run(["umount", str(store.folder)], check=True)


def test_the_schema_of_models_is_never_that_of_a_log() -> None:
    names = [f"{'a' * 62}{end}" for end in ("b", "c")] + ["ü" * 31, "takesheet"]
    made = [schema_of_models(name) for name in names]
    assert len({*made, *names}) == 2 * len(names)
    assert all(len(name.encode()) <= LONGEST_NAME for name in made)
    assert made[-1] == "takesheet_models"


@pytest.fixture
def postgres_log(server: str) -> Iterator[Log]:
    """A log of ours in a schema of its own, beside that of its models."""
    with closing(Schemas(server)) as schemas:
        place = schemas.place()
        with Log.create(place, kinds=KINDS) as log:
            append(log)
            yield log
            schema = f"{log.schema}_models"
        with closing(psycopg.connect(DatabaseUrl.parse(server).conninfo, autocommit=True)) as owner:
            owner.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE".encode())


@pytest.mark.slow
def test_on_postgresql_strange_tables_are_made_anew_or_passed_by(postgres_log: Log, server: str) -> None:
    assert isinstance(postgres_log.place, DatabaseUrl)
    schema = f"{postgres_log.schema}_models"
    strange = [
        f"CREATE SCHEMA IF NOT EXISTS {schema}; CREATE TABLE {schema}.models (name TEXT)",
        f"DROP TABLE {schema}.label_board_v3",
        f"ALTER TABLE {schema}.label_board_v3 DROP COLUMN takes",
        f"DROP TABLE {schema}.models CASCADE",
        f"TRUNCATE {schema}.models",
        f"DROP SCHEMA {schema} CASCADE",
    ]
    with closing(psycopg.connect(DatabaseUrl.parse(server).conninfo, autocommit=True)) as owner:
        for statement in strange:
            owner.execute(statement.encode())
            assert board(postgres_log) == [f"schema {schema} of {postgres_log.place}", 2], statement


@pytest.mark.slow
def test_on_postgresql_a_role_without_rights_keeps_models_in_its_cache(
    postgres_log: Log, server: str, cache: Path
) -> None:
    assert isinstance(postgres_log.place, DatabaseUrl)
    role, schema = f"reader_{os.getpid()}", postgres_log.schema
    with closing(psycopg.connect(DatabaseUrl.parse(server).conninfo, autocommit=True)) as owner:
        owner.execute(f"CREATE ROLE {role} LOGIN".encode())
        try:
            owner.execute(f"GRANT USAGE ON SCHEMA {schema} TO {role}".encode())
            owner.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}".encode())
            whole = postgres_log.place.whole
            place = DatabaseUrl.parse(f"{whole}{'&' if '?' in whole else '?'}user={role}")
            with Log.open(place, kinds=KINDS) as log:
                for _ in range(2):  # without the schema, then with one it may not use
                    assert board(log) == [str(cache / "takesheet" / "models" / f"{log.identity.hex}.db"), 2]
                    board(postgres_log)
        finally:
            owner.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())


@pytest.mark.slow
@pytest.mark.skipif(PROGRAM is None, reason="this machine has no PgBouncer")
def test_models_are_brought_through_a_pooler(postgres_log: Log, server: str) -> None:
    assert isinstance(postgres_log.place, DatabaseUrl)
    with pooler(server) as port:
        name = DatabaseUrl.parse(server).conninfo
        database = psycopg.conninfo.conninfo_to_dict(name)["dbname"]
        place = DatabaseUrl.parse(
            f"postgresql+psycopg://postgres@127.0.0.1:{port}/{database}?options=-csearch_path%3D{postgres_log.schema}"
        )
        with Log.open(place, kinds=KINDS) as log:
            assert board(log) == [f"schema {postgres_log.schema}_models of {place}", 2]


def append(log: Log) -> None:
    events: list[Event] = some_events("w1")
    log.append([Draft(event=event, actor="pat", via="pat@desk") for event in events])


def board(log: Log) -> list[object]:
    """The place of the board, and its number of rows."""
    models = ModelStore(log, RecordFolds(log))
    with closing(models):
        rows = models.ask(label_board.rows, LABEL_BOARD)
        assert models._current is not None
        return [models._current.place, len(rows)]
