"""A person's words are erased from every file of the store; the log still verifies, and says what cannot be erased."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from orchestrator.studio import Studio
from tests.orchestrator.label import Label
from tests.orchestrator.released import unpack_store
from tests.orchestrator.written import house
from tests.paths import ROOT

PRIVATE, TEAM, REASON, NAME = "she sings flat when tired", "drums drag in verse two", "kim had a row", "Kimberly Doe"
SECRETS = (PRIVATE, TEAM, REASON, NAME)


@pytest.fixture
def label(tmp_path: Path) -> Label:
    """A label in which kim, an engineer, has written a private note, a note, a reason and another name."""
    label = made(tmp_path / "store")
    label.does("record", "new", "Night Bus", "--artist", "The Ferrymen", "--as", "pat")
    label.does("song", "add", "night-bus", "Tin Roof", "--as", "pat")
    label.does("user", "add", "kim", "--role", "engineer", "--role", "producer")
    label.does("note", "night-bus/tin-roof", PRIVATE, "--private", "--as", "kim")
    label.does("note", "night-bus", TEAM, "--as", "kim")
    label.does("song", "rename", "night-bus/tin-roof", "Copper Roof", "--why", REASON, "--as", "kim")
    label.does("user", "rename", "kim", NAME)
    label.does("search", "flat", "--as", "kim")
    label.does("log", "outbox")
    return label


def made(folder: Path) -> Label:
    folder.mkdir()
    return house(folder)


def holding(folder: Path, *secrets: str) -> list[str]:
    """Names of the files under *folder* that contain one of *secrets*, in whatever case."""
    found = {file: file.read_bytes().lower() for file in folder.rglob("*") if file.is_file()}
    return sorted(file.name for file, data in found.items() if any(one.lower().encode() in data for one in secrets))


def by_hand(label: Label, sql: str, *values: object) -> list[tuple[object, ...]]:
    """Run *sql* on the log's file, as no command would; return its rows."""
    with closing(sqlite3.connect(label.folder / ".takesheet" / "log.db", isolation_level=None)) as hand:
        return hand.execute(sql, values).fetchall()


def notes(label: Label) -> list[str]:
    return [row["text"] for row in label.data("note", "list", "night-bus", "--as", "kim")]


def test_private_notes_are_erased_by_their_author_and_other_words_stay(label: Label) -> None:
    assert "log.db" in holding(label.folder, PRIVATE)
    said = label.data("user", "erase", "kim", "--yes", "--as", "kim")
    assert (said["person"], said["texts"]) == ("kim", 1)
    assert not holding(label.folder, PRIVATE)
    assert holding(label.folder, TEAM)
    assert [row["text"] for row in label.data("note", "list", "night-bus", "--as", "kim")] == ["[erased]", TEAM]
    assert label.data("search", "flat", "--as", "kim") == []
    assert label.run("log", "verify", "--views").code == 0
    head = label.head
    assert label.data("user", "erase", "kim", "--yes", "--as", "kim")["texts"] == 0
    assert label.head == head, "a repeat records nothing"


def test_all_words_are_in_no_byte_of_store_models_backup_or_export(label: Label, tmp_path: Path) -> None:
    receipt, key = tmp_path / "receipt.json", tmp_path / "key"
    label.does("log", "keygen", key)
    label.does("log", "checkpoint", tmp_path / "checkpoint.json", "--sign", key)
    label.does("log", "receipt", label.head, receipt, "--checkpoint", tmp_path / "checkpoint.json")
    label.does("user", "erase", "kim", "--words", "--yes", "--why", "asked by letter")
    assert not holding(label.folder, *SECRETS)
    out = tmp_path / "out"
    out.mkdir()
    label.does("store", "backup", out / "backup.tar")
    label.does("log", "export", out / "log.jsonl", "--texts")
    assert not holding(out, *SECRETS)
    assert label.run("log", "verify", "--views").code == 0
    checked = subprocess.run(
        [sys.executable, ROOT / "tools" / "verify_log.py", receipt, f"{key}.pub"], capture_output=True, check=False
    )
    assert checked.returncode == 0, "a receipt made before still holds"
    assert {row["name"] for row in label.data("user", "list")} >= {"[erased]"}
    assert label.data("log", "show")[-1]["what"].startswith("kim: ")


def test_the_name_that_somebody_was_added_with_is_in_no_byte_either(label: Label) -> None:
    label.does("part", "add", "night-bus/tin-roof", "Bass", "--player", "Zed Quill")
    assert holding(label.folder, "Zed Quill")
    label.does("user", "erase", "zed-quill", "--words", "--yes")
    assert not holding(label.folder, "Zed Quill")
    assert {row["person"]: row["name"] for row in label.data("user", "list")}["zed-quill"] == "[erased]"


def test_it_is_gone_from_the_models_that_another_reader_left_behind(label: Label) -> None:
    models = label.folder / ".takesheet" / "models.db"
    label.does("user", "erase", "kim", "--words", "--yes")
    for file in models.parent.glob("models.db*"):
        assert b"flat" not in file.read_bytes()
    assert label.data("search", "drag") == []


def test_it_is_gone_while_somebody_else_has_the_store_open(label: Label) -> None:
    with Studio.at(str(label.folder)) as other:
        assert other.head()
        label.does("user", "erase", "kim", "--words", "--yes")
        assert not holding(label.folder, *SECRETS), "the write-ahead log is emptied into the file"


def test_other_peoples_words_take_the_role_label_and_a_list_shows_them_first(label: Label) -> None:
    assert label.refuses(3, "user", "erase", "kim", "--words", "--yes", "--as", "kim").rule == "person.role"
    assert label.refuses(3, "user", "erase", "kim", "--yes", "--as", "lea").rule == "person.role"
    listed = label.run("user", "erase", "kim", "--words", "--dry-run")
    assert listed.code == 0
    assert [secret in listed.err for secret in SECRETS] == [False, True, True, True], (
        "a private note is its author's alone"
    )
    label.does("user", "add", "con", "--role", "coordinator")
    for flags in ((), ("--json",)):
        said = label.run("user", "erase", "kim", "--dry-run", *flags, "--as", "con")
        assert (said.code, PRIVATE in said.out + said.err, "[private]" in said.out + said.err) == (0, False, True)
    assert PRIVATE in label.run("user", "erase", "kim", "--dry-run", "--as", "kim").err
    assert label.refuses(3, "user", "erase", "kim", "--words", "--yes", "--as", "con").rule == "person.role"
    assert label.refuses(8, "user", "erase", "kim", "--words", "--no-input").rule == "input.needed"
    assert holding(label.folder, *SECRETS), "nothing was erased"
    told = label.run("user", "erase", "kim", "--words", "--yes").err
    assert "backups and exports made before still contain it" in told


def test_a_text_that_was_altered_is_not_believed_and_verify_names_it(label: Label) -> None:
    by_hand(label, "UPDATE texts SET text = 'drums are perfect' WHERE text = ?", TEAM)
    assert notes(label) == [PRIVATE, "[altered]"]
    said = label.run("log", "verify")
    assert (said.code, "its text beside the log is not the text that was recorded" in said.err + said.out) == (9, True)


def test_an_erased_text_that_was_put_back_is_named_by_verify(label: Label) -> None:
    (row,) = by_hand(label, "SELECT position, field, salt, text FROM texts WHERE text = ?", PRIVATE)
    label.does("user", "erase", "kim", "--yes", "--as", "kim")
    by_hand(label, "INSERT INTO texts (position, field, salt, text) VALUES (?, ?, ?, ?)", *row)
    said = label.run("log", "verify")
    assert (said.code, "its text was erased, and is there again" in said.err + said.out) == (9, True)


def test_a_text_that_nobody_erased_and_that_is_lost_is_told_by_verify(label: Label) -> None:
    by_hand(label, "DELETE FROM texts WHERE text = ?", TEAM)
    said = label.run("log", "verify")
    assert (said.code, " texts that are not beside the log" in said.err + said.out) == (0, True)


def test_texts_go_along_with_a_backup_and_with_a_move(label: Label, tmp_path: Path) -> None:
    again = Label(tmp_path / "again")
    label.does("store", "backup", tmp_path / "backup.tar")
    label.does("store", "restore", tmp_path / "backup.tar", again.folder)
    again.does("trust", "--yes")
    assert notes(again) == notes(label) == [PRIVATE, TEAM]
    label.does("store", "move", "new.db")
    assert notes(label) == [PRIVATE, TEAM]
    assert "log.db" not in holding(label.folder, PRIVATE), "the place it left keeps none"


def test_an_export_opens_what_its_reader_may_see(label: Label, tmp_path: Path) -> None:
    plain, team, own = tmp_path / "plain.jsonl", tmp_path / "team.jsonl", tmp_path / "own.jsonl"
    label.does("user", "add", "pat", "--role", "auditor")
    label.does("user", "add", "kim", "--role", "auditor")
    label.does("log", "export", plain)
    label.does("log", "export", team, "--texts", "--as", "pat")
    label.does("log", "export", own, "--texts", "--as", "kim")
    assert [[secret in file.read_text("utf-8") for secret in SECRETS] for file in (plain, team, own)] == [
        [False] * 4, [False, True, True, True], [True] * 4,
    ]  # fmt: skip
    tool = ROOT / "tools" / "verify_log.py"
    assert subprocess.run([sys.executable, tool, own], capture_output=True, check=False).returncode == 0
    own.write_text(own.read_text("utf-8").replace(TEAM, "drums are perfect"), encoding="utf-8")
    checked = subprocess.run([sys.executable, tool, own], capture_output=True, check=False, text=True)
    assert checked.returncode == 9
    assert "its text is not the text that was recorded" in checked.stdout + checked.stderr


def test_a_restored_backup_forgets_what_was_erased_after_it(label: Label, tmp_path: Path) -> None:
    backup, export, again = tmp_path / "backup.tar", tmp_path / "log.jsonl", Label(tmp_path / "again")
    label.does("store", "backup", backup)
    label.does("user", "erase", "kim", "--words", "--yes")
    label.does("log", "export", export)
    label.does("store", "restore", backup, tmp_path / "old")
    assert holding(tmp_path / "old", PRIVATE), "a backup made before still holds it, as it says"
    said = label.data("store", "restore", backup, again.folder, "--erased-in", export)
    assert said["erased"] == 5
    assert not holding(again.folder, *SECRETS)
    again.does("trust", "--yes")
    assert again.run("log", "verify").code == 0


def test_an_export_of_another_log_erases_nothing(label: Label, tmp_path: Path) -> None:
    backup, other = tmp_path / "backup.tar", made(tmp_path / "other")
    label.does("store", "backup", backup)
    other.does("log", "export", tmp_path / "other.jsonl")
    hostile = {
        "another log": tmp_path / "other.jsonl", "no file": tmp_path / "none.jsonl", "no export": tmp_path / "x.jsonl",
    }  # fmt: skip
    hostile["no export"].write_text(json.dumps([1]) + "\n", encoding="utf-8")
    for file in hostile.values():
        said = label.run("store", "restore", backup, tmp_path / "again", "--erased-in", file)
        assert said.rule in {"export.other", "export.missing"}, said
        assert not (tmp_path / "again").exists()


def test_words_that_an_older_release_wrote_into_the_log_are_named(tmp_path: Path) -> None:
    label = unpack_store("0.1.0", tmp_path)
    rows = label.data("log", "show", "--kind", "note-added", "--limit", 1000)
    author = rows[0]["actor"]
    people = label.data("user", "list")
    head = next(row["person"] for row in people if "label" in row["roles"].split(", "))
    listed = label.data("user", "erase", author, "--words", "--dry-run", "--as", head)
    assert set(listed["kept_at"]) >= {row["position"] for row in rows if row["actor"] == author}
    assert listed["texts"] == []
