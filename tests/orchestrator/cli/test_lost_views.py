"""A lost or wrong view is rebuilt by its next reader, and blocks no decision."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.orchestrator.label import Label
from tests.orchestrator.written import house

SPOILED = {
    "a table dropped": ("DROP TABLE board_v3",),
    "another table dropped": ("DROP TABLE board_takes_v3",),
    "a column renamed": ("ALTER TABLE board_v3 RENAME COLUMN title TO name",),
    "a column added": ("ALTER TABLE board_takes_v3 ADD COLUMN more TEXT",),
    "its stand forgotten": ("DELETE FROM views",),
    "its stand beyond the head": ("UPDATE views SET position = 999",),
    "its stand no number": ("UPDATE views SET position = 'far'",),
    "its stand before the first event": ("UPDATE views SET position = -3",),
    "the list of stands dropped": ("DROP TABLE views",),
    "all of it dropped": ("DROP TABLE board_v3", "DROP TABLE board_takes_v3", "DROP TABLE board_judgements_v3"),
    "a row that is no row": ("UPDATE board_v3 SET last_at = 'soon'",),
}


@pytest.fixture
def label(tmp_path: Path) -> Label:
    label = house(tmp_path)
    label.does("record", "new", "Night Bus", "--artist", "The Ferrymen")
    label.does("song", "add", "night-bus", "Tin Roof")
    return label


def spoil(label: Label, *statements: str) -> None:
    with closing(sqlite3.connect(label.folder / ".takesheet" / "log.db", isolation_level=None)) as hand:
        for statement in statements:
            hand.execute(statement)


@pytest.mark.parametrize("statements", SPOILED.values(), ids=SPOILED)
def test_the_board_is_as_before_and_verify_says_that_all_holds(label: Label, statements: tuple[str, ...]) -> None:
    board = label.data("board")
    spoil(label, *statements)
    assert label.data("board") == board
    label.does("log", "verify", "--views")


@pytest.mark.parametrize("statements", SPOILED.values(), ids=SPOILED)
def test_a_decision_is_recorded_all_the_same(label: Label, statements: tuple[str, ...]) -> None:
    spoil(label, *statements)
    label.does("part", "add", "night-bus/tin-roof", "Drums")
    [row] = label.data("board")
    assert row["parts"] == 1
