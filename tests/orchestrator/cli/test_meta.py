"""``meta`` names the least permitted writer; the log does too, so a change by hand is found and corrected."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from orchestrator.log.database.columns import MOVED
from orchestrator.log.migrations.migrate import RUNGS
from tests.orchestrator.label import Label
from tests.orchestrator.written import house

SPOILED = {
    "emptied": "DELETE FROM meta",
    "without the least writer": "DELETE FROM meta WHERE key = 'store.min_writer'",
    "without the version": "DELETE FROM meta WHERE key = 'store.version'",
    "raised to lock everybody out": "UPDATE meta SET value = 7 WHERE key = 'store.min_writer'",
    "lowered": "UPDATE meta SET value = 0 WHERE key = 'store.min_writer'",
    "no number": "UPDATE meta SET value = 'one'",
    "a version to come": "UPDATE meta SET value = 99 WHERE key = 'store.version'",
    "a version of old": "UPDATE meta SET value = 1 WHERE key = 'store.version'",
}


TODAY = {"store.min_writer": RUNGS[-1].min_writer, "store.version": RUNGS[-1].number}
"""Rows of the table of meta data in every store that this version has opened to write."""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("opened")
    house(folder).does("record", "new", "Night Bus", "--artist", "The Ferrymen")
    return folder


@pytest.fixture(params=[True, False], ids=["a store of today", "a store of 0.1.0"])
def label(request: pytest.FixtureRequest, opened: Path, tmp_path: Path) -> Label:
    label = Label(tmp_path / "store")
    if request.param:
        shutil.copytree(opened, label.folder)
        return label
    label = house(tmp_path)
    _forget_upgrade(label)
    label.does("log", "verify")
    return label


def _forget_upgrade(label: Label) -> None:
    """Remove every recorded upgrade from the store; only its founding events remain."""
    with closing(sqlite3.connect(label.folder / ".takesheet" / "log.db", isolation_level=None)) as hand:
        guards = hand.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            hand.execute(f"DROP TRIGGER {name}")
        hand.execute("DELETE FROM events WHERE position > 3")
        hand.execute("DELETE FROM event_tags WHERE position > 3")
        hand.execute("DELETE FROM kinds WHERE id NOT IN (SELECT kind FROM event_tags)")
        hand.execute("DELETE FROM tags WHERE id > 0 AND id NOT IN (SELECT tag FROM event_tags)")
        hand.execute("DROP TABLE texts")
        hand.execute("UPDATE meta SET value = 1 WHERE key = 'store.min_writer'")
        hand.execute("UPDATE meta SET value = 2 WHERE key = 'store.version'")
        hand.execute("UPDATE log_head SET (position, hash) = (SELECT position, hash FROM events WHERE position = 3)")
        for _, sql in guards:
            hand.execute(sql)


def spoil(label: Label, statement: str) -> None:
    with closing(sqlite3.connect(label.folder / ".takesheet" / "log.db", isolation_level=None)) as hand:
        hand.execute(statement)


def rows(label: Label) -> dict[str, object]:
    with closing(sqlite3.connect(label.folder / ".takesheet" / "log.db")) as hand:
        return dict(hand.execute("SELECT key, value FROM meta").fetchall())


@pytest.mark.parametrize("statement", SPOILED.values(), ids=SPOILED)
def test_a_meta_that_says_something_else_is_found_read_past_and_corrected(label: Label, statement: str) -> None:
    spoil(label, statement)
    said = label.refuses(9, "log", "verify")
    assert "meta" in said.err
    assert "next: takesheet log rebuild-models" in said.err
    label.does("log", "show")
    label.does("board")
    label.does("user", "add", "ada", "--role", "engineer")
    assert rows(label) == TODAY
    label.does("log", "verify")


def test_what_verify_names_is_mended_by_the_command_it_names(label: Label) -> None:
    spoil(label, "DELETE FROM meta")
    label.does("log", "rebuild-models")
    assert rows(label) == TODAY


def test_the_first_writer_records_what_meta_says_in_a_store_of_old(tmp_path: Path) -> None:
    label = house(tmp_path)
    _forget_upgrade(label)
    label.does("user", "add", "ada", "--role", "engineer")
    kinds = [row["kind"] for row in label.data("log", "show")]
    assert kinds[3] == "store-upgraded"
    assert kinds.count("store-upgraded") == 1
    label.does("user", "add", "bea", "--role", "engineer")
    assert [row["kind"] for row in label.data("log", "show")].count("store-upgraded") == 1


def test_a_store_of_old_that_says_it_was_moved_is_believed_and_that_is_said(tmp_path: Path) -> None:
    label = house(tmp_path)
    _forget_upgrade(label)
    spoil(label, f"UPDATE meta SET value = {MOVED} WHERE key = 'store.min_writer'")  # noqa: S608 - a test's own words
    assert "not checked: that the log was moved away" in label.run("log", "verify").err
    assert label.refuses(3, "user", "add", "ada", "--role", "engineer").rule == "store.moved"
