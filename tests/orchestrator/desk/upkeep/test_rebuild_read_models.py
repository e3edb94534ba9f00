"""``log rebuild-models`` rebuilds the read models and reports differences; ``log outbox`` lists notices for others."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from orchestrator.readmodels.models import MODELS
from tests.orchestrator.label import Label
from tests.orchestrator.written import MIX, production

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def label(tmp_path_factory: pytest.TempPathFactory) -> Label:
    return production(tmp_path_factory.mktemp("label"))[0]


def spoil(label: Label, statement: str, file: str = "log.db") -> None:
    with closing(sqlite3.connect(label.folder / ".takesheet" / file, isolation_level=None)) as hand:
        hand.execute(statement)


def rebuilt(label: Label, *words: str) -> dict[str, dict[str, Any]]:
    return {row["model"]: row for row in label.data("log", *words or ("rebuild-models",))}


def test_rebuilt_models_are_the_same_and_that_is_said(label: Label) -> None:
    rebuilt(label)
    board = label.data("board")
    rows = rebuilt(label)
    assert list(rows) == [model.name for model in MODELS]
    assert {(row["position"], row["before"]) for row in rows.values()} == {(label.head, "the same")}
    assert rows["label_board"]["rows"] > len(board)
    assert label.data("board") == board


def test_the_name_of_release_0_1_0_does_the_same_and_is_not_listed(label: Label) -> None:
    assert rebuilt(label, "rebuild-views").keys() == rebuilt(label).keys()
    help_ = label.run("log", "--help").out
    assert "rebuild-models" in help_
    assert "rebuild-views" not in help_


def test_a_model_that_was_behind_stands_at_the_head(label: Label) -> None:
    rebuilt(label)
    before = label.head
    label.does("note", MIX, "one more", "--private")  # no notice of it
    rows = rebuilt(label)
    assert {row["position"] for row in rows.values()} == {label.head}
    assert rows["calendar"]["before"] == f"stood at {before}"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE label_board_v3 SET takes = 99", "differed"),
        ("DROP TABLE label_board_v3", "was lost"),
        ("DELETE FROM models", "was never made"),
    ],
)
def test_a_spoiled_model_is_made_right_and_that_is_said(label: Label, statement: str, said: str) -> None:
    rebuilt(label)
    board = label.data("board")
    spoil(label, statement, "models.db")
    assert said in str(rebuilt(label)["label_board"]["before"])
    assert label.data("board") == board
    problems = label.run("log", "verify", "--views", "--json").json["data"]["problems"]
    assert [problem for problem in problems if "blob" not in problem["what"]] == [], "on paper there is no audio"


@pytest.mark.parametrize("content", [b"", b"no database at all", b"SQLite format 3\0" + bytes(5000)])
def test_a_file_of_models_that_is_no_database_is_replaced(label: Label, content: bytes) -> None:
    board = label.data("board")
    (label.folder / ".takesheet" / "models.db").write_bytes(content)
    rebuilt(label)
    assert label.data("board") == board
    assert {row["before"] for row in rebuilt(label).values()} == {"the same"}


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
