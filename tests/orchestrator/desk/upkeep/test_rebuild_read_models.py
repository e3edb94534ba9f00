"""``log rebuild-views`` rebuilds the views and reports differences; ``log outbox`` lists notices for other people."""

import sqlite3
from contextlib import closing

import pytest

from tests.orchestrator.label import Label
from tests.orchestrator.written import MIX, production

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def label(tmp_path_factory: pytest.TempPathFactory) -> Label:
    return production(tmp_path_factory.mktemp("label"))[0]


def spoil(label: Label, statement: str) -> None:
    with closing(sqlite3.connect(label.folder / ".takesheet" / "log.db", isolation_level=None)) as hand:
        hand.execute(statement)


def test_rebuilt_views_are_the_same_and_that_is_said(label: Label) -> None:
    board = label.data("board")
    [row] = label.data("log", "rebuild-views")
    assert (row["view"], row["position"], row["before"]) == ("board", label.head, "the same")
    assert row["rows"] > len(board)
    assert label.data("board") == board


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE board_v3 SET takes = 99", "differed"),
        ("DROP TABLE board_takes_v3", "was lost"),
        ("DELETE FROM views", "was never made"),
    ],
)
def test_a_spoiled_view_is_made_right_and_that_is_said(label: Label, statement: str, said: str) -> None:
    board = label.data("board")
    spoil(label, statement)
    [row] = label.data("log", "rebuild-views")
    assert said in row["before"]
    assert label.data("board") == board
    problems = label.run("log", "verify", "--views", "--json").json["data"]["problems"]
    assert [problem for problem in problems if "blob" not in problem["what"]] == [], "on paper there is no audio"


def test_the_outbox_tells_what_others_must_know_once_and_goes_on_from_there(label: Label) -> None:
    first = label.data("log", "outbox")
    assert first["parked"] == []
    assert {notice["kind"] for notice in first["notices"]} == {"mix-revised", "verdict-given", "master-planned"}
    assert label.data("log", "outbox") == first
    label.does("note", MIX, "for the team", "--as", "lea")
    label.does("note", MIX, "for myself", "--as", "lea", "--private")
    last = first["notices"][-1]["position"]
    [notice] = label.data("log", "outbox", "--after", last)["notices"]
    assert (notice["actor"], notice["address"], notice["what"]) == ("lea", MIX, f"{MIX}: for the team")


def test_what_is_parked_is_said_with_its_position(label: Label) -> None:
    label.does("log", "outbox")
    spoil(label, "INSERT INTO parked VALUES ('notices', 3, 'ArithmeticError: 13 bars')")
    said = label.run("log", "outbox")
    assert said.code == 0
    assert "parked: position 3: ArithmeticError: 13 bars" in said.err
    assert label.data("log", "outbox", "--again")["parked"] == []
