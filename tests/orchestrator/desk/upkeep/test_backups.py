"""Backup and restore of a store: while others write, whole or not at all, and nothing overwritten."""

import shutil
import sqlite3
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from domain.label.notes import NoteAdded
from orchestrator.desk.upkeep.archive import check
from orchestrator.desk.upkeep.backups import back_up, restore
from orchestrator.log.append_condition import Draft
from orchestrator.log.proof.verify import verify
from orchestrator.readmodels.models import MODELS
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.log.databases import Schemas, postgres
from tests.orchestrator.sounds import note


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, label: Label) -> Iterator[Label]:
    """A label with a take, on each database."""
    label.does("take", "ingest", f"{SONG}/drums", note(label.folder / "drums_1.wav", 60))
    if request.param == "sqlite":
        yield label
        return
    schemas = Schemas(request.getfixturevalue("server"))
    label.does("store", "move", schemas.place().whole)
    yield label
    schemas.close()


@pytest.fixture
def taken(label: Label) -> Label:
    """A label with a take, in a file."""
    label.does("take", "ingest", f"{SONG}/drums", note(label.folder / "drums_1.wav", 60))
    return label


def backup_of(label: Label, *words: str) -> Path:
    file = label.folder / "backup.tar"
    label.does("store", "backup", file, *words)
    return file


def test_a_store_comes_back_from_its_backup_whole_with_its_audio_and_goes_on(kept: Label, tmp_path: Path) -> None:
    head, board = kept.head, kept.data("board")
    file = backup_of(kept, "--with-audio")
    shutil.rmtree(kept.folder / ".takesheet")
    again = Label(tmp_path / "another machine")
    said = again_of(file, again)
    assert (said["events"], said["audio"], said["lacks"]) == (head, True, [])
    assert (again.head, again.data("board")) == (head, board)
    again.does("log", "verify", "--views", "--audio=")
    again.does("note", f"{SONG}/drums", "the second fill drags")
    assert again.head == head + 1


def again_of(file: Path, label: Label) -> dict[str, object]:
    label.folder.mkdir()
    found: dict[str, object] = label.data("store", "restore", file, label.folder)
    return found


def test_without_audio_a_restored_store_looks_for_it_where_it_lay(taken: Label, tmp_path: Path) -> None:
    again = Label(tmp_path / "again")
    said = again_of(backup_of(taken), again)
    assert said["vault"] == str(taken.folder / ".takesheet" / "vault")
    assert again.refuses(3, "log", "verify").rule == "store.trust", "whoever made the backup chose that place"
    again.does("trust", "--yes")
    again.does("log", "verify", "--audio=")
    (blob,) = (taken.folder / ".takesheet" / "vault" / "blobs").glob("*/*")
    blob.unlink()
    assert again.run("log", "verify").code == 9


def test_what_was_made_beside_the_log_comes_along(kept: Label, tmp_path: Path) -> None:
    kept.does("log", "checkpoint", kept.folder / "checkpoint.json")
    again = Label(tmp_path / "again")
    again_of(backup_of(kept), again)
    with closing(sqlite3.connect(again.folder / ".takesheet" / "log.db")) as connection:
        assert connection.execute("SELECT count(*) FROM checkpoints").fetchall() == [(1,)]
        assert connection.execute("PRAGMA journal_mode").fetchall() == [("wal",)]
    again.does("trust", "--yes")
    again.does("log", "verify", "--checkpoint", kept.folder / "checkpoint.json")


def test_a_backup_under_write_load_is_a_proved_prefix_and_writing_goes_on(kept: Label, tmp_path: Path) -> None:
    stop, appended = threading.Event(), [0]

    def write() -> None:
        with Studio.at(str(kept.folder)) as studio:
            while not stop.is_set():
                event = NoteAdded(record="night-bus", by="pat", target=f"{SONG}/drums", text=f"again {appended[0]}")
                studio.log.append([Draft(event=event, actor="pat", via="pat@desk")])
                appended[0] += 1

    before = kept.head
    writer = threading.Thread(target=write)
    writer.start()
    try:
        with Studio.at(str(kept.folder)) as studio:
            files = [tmp_path / f"backup-{number}.tar" for number in range(3)]
            counts = []
            for file in files:
                counts.append(appended[0])
                made = back_up(studio, file, audio=True)
                assert before + counts[-1] <= made.position <= before + appended[0] + 1
    finally:
        stop.set()
        writer.join()
    assert counts[-1] > counts[0]  # the writer went on meanwhile
    for number, file in enumerate(files):
        done = restore(file, tmp_path / f"store-{number}")
        with Studio.at(str(tmp_path / f"store-{number}")) as studio:
            assert verify(studio.log).sound
            studio.models.catch_up(*MODELS)
            assert studio.models.disagreements(*MODELS) == []
            assert studio.log.head().position == done.contents.position


def test_nothing_is_written_over(taken: Label, tmp_path: Path) -> None:
    file = backup_of(taken)
    before = file.read_bytes()
    assert "file.exists" in taken.refuses(3, "store", "backup", file).err
    assert file.read_bytes() == before
    assert "file.exists" in taken.refuses(3, "store", "restore", file, taken.folder).err
    assert [entry.name for entry in tmp_path.iterdir() if "unfinished" in entry.name] == []


def test_a_damaged_log_is_never_backed_up(taken: Label) -> None:
    with closing(sqlite3.connect(taken.folder / ".takesheet" / "log.db", isolation_level=None)) as hand:
        hand.execute("DROP TRIGGER events_guards_update")
        hand.execute("UPDATE events SET why = 'because' WHERE position = 4")
    said = taken.run("store", "backup", taken.folder / "backup.tar")
    assert (said.code, "position 4" in said.err) == (9, True)
    assert not (taken.folder / "backup.tar").exists()
    assert not (taken.folder / ".takesheet-unfinished").exists()


@pytest.mark.parametrize("harm", ["missing", "altered", "cut short"])
def test_audio_that_is_lost_is_told_and_everything_else_is_saved(taken: Label, tmp_path: Path, harm: str) -> None:
    taken.does("take", "ingest", f"{SONG}/bass", note(taken.folder / "bass_1.wav", 80))
    blob, _ = sorted((taken.folder / ".takesheet" / "vault" / "blobs").glob("*/*"))
    blob.chmod(0o644)
    data = blob.read_bytes()
    blob.write_bytes({"missing": b"", "altered": b"x" + data[1:], "cut short": data[:-1]}[harm])
    if harm == "missing":
        blob.unlink()
    file = tmp_path / "backup.tar"
    said = taken.run("store", "backup", file, "--with-audio", "--json")
    assert (said.code, said.json["rule"]) == (9, "store.damaged.audio")
    assert len(said.json["data"]["lacks"]) == 1
    contents = check(file)
    assert contents.lacks == tuple(said.json["data"]["lacks"])
    assert sum("/blobs/" in name for name in contents.files) == 1
    again = Label(tmp_path / "again")
    assert again_of(file, again)["lacks"] == list(contents.lacks)
    assert again.run("log", "verify").code == 9


def test_a_restored_store_runs_no_command_that_the_backup_names(taken: Label, tmp_path: Path) -> None:
    config = taken.folder / ".takesheet" / "config.toml"
    config.write_text(config.read_text().replace('player = ""', 'player = "rm -rf"'))
    again = Label(tmp_path / "again")
    file = backup_of(taken)
    again.folder.mkdir()
    assert "'rm -rf'" in again.run("store", "restore", file, again.folder).err
    assert 'player = ""' in (again.folder / ".takesheet" / "config.toml").read_text()


@pytest.mark.parametrize("harm", ["another log", "a changed log", "no log", "no settings", "broken settings"])
def test_an_archive_that_is_right_by_its_own_list_and_is_no_store_is_refused(
    taken: Label, tmp_path: Path, harm: str
) -> None:
    from orchestrator.desk.upkeep.archive import BackupContents, packing

    file, forged = backup_of(taken), tmp_path / "forged.tar"
    contents = check(file)
    with tarfile.open(file) as tar:
        tar.extractall(tmp_path / "open", filter="data")
    store = tmp_path / "open" / ".takesheet"
    if harm == "a changed log":
        with closing(sqlite3.connect(store / "log.db", isolation_level=None)) as hand:
            hand.execute("DROP TRIGGER events_guards_update")
            hand.execute("UPDATE events SET why = 'because' WHERE position = 4")
    if harm == "broken settings":
        (store / "config.toml").write_text('log = """\nlog = "log.db"\n"""\n[[[')
    names = [name for name in contents.files if not (harm == "no log" and name.endswith("log.db"))
             and not (harm == "no settings" and name.endswith(".toml"))]  # fmt: skip
    with packing(forged) as packer:
        for name in names:
            with (tmp_path / "open" / name).open("rb") as data:
                packer.add(name, data, (tmp_path / "open" / name).stat().st_size)
        position = contents.position + (harm == "another log")
        packer.close(BackupContents(contents.log, position, contents.hash, audio=False, files=packer.files))
    assert check(forged)
    said = taken.run("store", "restore", forged, tmp_path / "here")
    assert said.code == 9
    assert not (tmp_path / "here").exists()


def test_a_backup_that_is_not_there_is_said(taken: Label, tmp_path: Path) -> None:
    assert "backup.missing" in taken.refuses(4, "store", "restore", tmp_path / "none", tmp_path / "here").err
    assert not (tmp_path / "here").exists()


def tree(folder: Path) -> dict[str, bytes]:
    """Each file below *folder* with its bytes, but for what SQLite keeps beside a log that is open."""
    return {
        str(file.relative_to(folder)): file.read_bytes() if file.is_file() else b""
        for file in folder.rglob("*")
        if not file.name.endswith(("-wal", "-shm"))
    }


@pytest.mark.parametrize("audio", [(), ("--with-audio",)])
def test_a_dry_backup_tells_what_would_be_made_to_the_byte_and_makes_nothing(
    taken: Label, audio: tuple[str, ...]
) -> None:
    file = taken.folder / "backup.tar"
    before = tree(taken.folder)
    would = taken.data("store", "backup", file, *audio, "--dry-run")
    assert "would be made" in taken.does("store", "backup", file, *audio, "--dry-run")
    assert tree(taken.folder) == before
    made = taken.data("store", "backup", file, *audio)
    assert would == made
    assert made["bytes"] == file.stat().st_size
    before = tree(taken.folder)
    assert taken.refuses(3, "store", "backup", file, "--dry-run").rule == "file.exists"
    assert taken.refuses(4, "store", "backup", taken.folder / "none" / "a.tar", "--dry-run").rule == "file.folder"
    assert tree(taken.folder) == before


def test_a_dry_backup_tells_of_damage_as_the_backup_would(taken: Label) -> None:
    (blob,) = (taken.folder / ".takesheet" / "vault" / "blobs").glob("*/*")
    blob.chmod(0o644)
    blob.write_bytes(b"x" + blob.read_bytes()[1:])
    before = tree(taken.folder)
    said = taken.run("store", "backup", "backup.tar", "--with-audio", "--dry-run", "--json")
    assert (said.code, said.json["rule"], len(said.json["data"]["lacks"])) == (9, "store.damaged.audio", 1)
    assert tree(taken.folder) == before
    with closing(sqlite3.connect(taken.folder / ".takesheet" / "log.db", isolation_level=None)) as hand:
        hand.execute("DROP TRIGGER events_guards_update")
        hand.execute("UPDATE events SET why = 'because' WHERE position = 4")
    assert taken.run("store", "backup", "backup.tar", "--dry-run").code == 9


def test_a_dry_restore_proves_the_backup_and_makes_nothing(taken: Label, tmp_path: Path) -> None:
    file, place = backup_of(taken, "--with-audio"), tmp_path / "deep" / "again"
    contents, before = check(file), tree(tmp_path)
    said = taken.data("store", "restore", file, place, "--dry-run")
    assert (said["store"], said["events"]) == (str(place / ".takesheet"), contents.position)
    assert (said["files"], said["bytes"]) == (len(contents.files), sum(size for size, _ in contents.files.values()))
    assert "would be made" in taken.does("store", "restore", file, place, "--dry-run")
    assert taken.refuses(3, "store", "restore", file, taken.folder, "--dry-run").rule == "file.exists"
    assert taken.refuses(4, "store", "restore", "none.tar", place, "--dry-run").rule == "backup.missing"
    assert taken.refuses(3, "store", "restore", file, file, "--dry-run").rule == "machine"
    assert taken.refuses(2, "store", "restore", file, file / "deep", "--dry-run").rule == "machine"
    assert tree(tmp_path) == before
    file.write_bytes(file.read_bytes()[:20_000])
    assert taken.refuses(9, "store", "restore", file, place, "--dry-run").rule == "store.damaged.backup"
    assert not place.parent.exists()
