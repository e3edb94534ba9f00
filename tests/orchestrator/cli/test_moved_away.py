"""The old place of a moved log tells where the log went, and refuses decisions, renders and waiting."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from orchestrator.log.database.columns import MOVED
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.released import unpack_store

READING = [("board",), ("next",), ("record", "list"), ("log", "show"), ("log", "verify"), ("path", f"{SONG}/drums")]
DECIDING = [
    ("record", "new", "Rain", "--artist", "The Ferrymen"), ("note", SONG, "hm"),
    ("user", "add", "lea", "--role", "label"),
    ("record", "new", "Night Bus", "--artist", "The Ferrymen"),  # nothing new, and refused nevertheless
    ("render",), ("nightly",), ("up",),
]  # fmt: skip


@pytest.fixture
def left(label: Label, tmp_path: Path) -> Label:
    """Another desk on the same log, whose settings still name the old place."""
    other = Label(tmp_path / "other")
    shutil.copytree(label.folder, other.folder)
    config = other.folder / ".takesheet" / "config.toml"
    old = label.folder / ".takesheet" / "log.db"
    config.write_text(config.read_text().replace('"log.db"', f'"{old}"'))
    other.does("trust", "--yes")
    label.does("store", "move", "new.db")
    return other


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_whoever_reads_there_is_told_where_it_went(left: Label, words: tuple[str, ...]) -> None:
    said = left.run(*words)
    assert 'was moved away: to the file "new.db", by root (root@' in said.err


@pytest.mark.parametrize("words", DECIDING, ids=" ".join)
def test_whoever_decides_or_renders_there_is_refused(left: Label, words: tuple[str, ...]) -> None:
    said = left.refuses(3, *words)
    assert said.rule == "store.moved"
    assert 'to the file "new.db"' in said.err


def test_a_log_that_an_older_release_moved_says_to_ask(tmp_path: Path) -> None:
    label = unpack_store("0.1.0", tmp_path)
    with closing(sqlite3.connect(label.folder / ".takesheet" / "log.db")) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'store.min_writer'", (MOVED,))
        connection.commit()
    assert "ask who moved it" in label.run("board").err
    assert label.refuses(3, "up").rule == "store.moved"


def test_where_it_went_is_part_of_the_proof_and_says_no_secret(label: Label) -> None:
    label.does("store", "move", "new.db")
    last = label.data("log", "show")[-1]
    assert (last["kind"], last["what"]) == ("log-moved", "the log moves to new.db")
    assert label.run("board").err == ""
    label.does("log", "verify", "--views")
    label.does("record", "new", "Rain", "--artist", "The Ferrymen")
