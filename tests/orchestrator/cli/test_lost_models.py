"""A lost or wrong read model is rebuilt by its next reader, and blocks no decision."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.orchestrator.label import Label
from tests.orchestrator.written import house

SPOILED = {
    "its table dropped": ("DROP TABLE label_board_v3",),
    "a column renamed": ("ALTER TABLE label_board_v3 RENAME COLUMN title TO name",),
    "a column added": ("ALTER TABLE label_board_v3 ADD COLUMN more TEXT",),
    "its stand forgotten": ("DELETE FROM models",),
    "its stand beyond the head": ("UPDATE models SET position = 999",),
    "its stand no number": ("UPDATE models SET position = 'far'",),
    "its stand before the first event": ("UPDATE models SET position = -3",),
    "of another log": ("UPDATE models SET log = zeroblob(16)",),
    "of another history": ("UPDATE models SET hash = zeroblob(32)",),
    "the list of stands dropped": ("DROP TABLE models",),
    "all of it dropped": ("DROP TABLE label_board_v3", "DROP TABLE models"),
    "a row that is no row": ("UPDATE label_board_v3 SET last_us = 'soon'",),
}
NAMED = SPOILED.keys() - {"its stand forgotten", "the list of stands dropped", "all of it dropped"}
"""All that verify finds; the others are as if the model had never been made."""


@pytest.fixture
def label(tmp_path: Path) -> Label:
    label = house(tmp_path)
    label.does("record", "new", "Night Bus", "--artist", "The Ferrymen")
    label.does("song", "add", "night-bus", "Tin Roof")
    return label


def spoil(label: Label, *statements: str) -> None:
    with closing(sqlite3.connect(label.folder / ".takesheet" / "models.db", isolation_level=None)) as hand:
        for statement in statements:
            hand.execute(statement)


@pytest.mark.parametrize("statements", SPOILED.values(), ids=SPOILED)
def test_the_board_is_as_before_and_verify_says_that_all_holds(label: Label, statements: tuple[str, ...]) -> None:
    board = label.data("board")
    spoil(label, *statements)
    assert label.data("board") == board
    label.does("log", "verify", "--views")


@pytest.mark.parametrize("name", sorted(NAMED))
def test_verify_names_it_and_the_command_that_makes_it_anew(label: Label, name: str) -> None:
    board = label.data("board")
    spoil(label, *SPOILED[name])
    label.does("log", "verify")
    said = label.refuses(9, "log", "verify", "--views")
    assert "the read model label_board 3" in said.err
    assert "next: takesheet log rebuild-models" in said.err
    label.does("log", "rebuild-models")
    label.does("log", "verify", "--views")
    assert label.data("board") == board


@pytest.mark.parametrize("statements", SPOILED.values(), ids=SPOILED)
def test_a_decision_is_recorded_all_the_same(label: Label, statements: tuple[str, ...]) -> None:
    label.does("board")
    spoil(label, *statements)
    label.does("part", "add", "night-bus/tin-roof", "Drums")
    [row] = label.data("board")
    assert row["parts"] == 1
