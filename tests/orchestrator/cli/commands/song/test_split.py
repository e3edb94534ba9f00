"""Splits through the command line: proposed, agreed to by each writer as themselves, voided, and owed in song check."""

from getpass import getuser
from hashlib import sha256
from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label, open_label


@pytest.fixture
def label(tmp_path: Path) -> Label:
    label = open_label(tmp_path)
    label.does("user", "add", "ann", "--role", "artist")
    return label


def agreed(label: Label) -> dict[str, bool]:
    return {row["person"]: bool(row["agreed"]) for row in label.data("split", "show", SONG)}


def test_each_writer_agrees_and_another_proposal_asks_anew(label: Label) -> None:
    said = label.run("split", "propose", SONG, "ann=50", "Lou Reed=50")
    assert "lou-reed is new among the people of this label, without a role" in said.err
    assert agreed(label) == {"ann": False, "lou-reed": False}
    label.does("split", "agree", SONG, "--as", "ann")
    refused = label.refuses(3, "split", "agree", SONG, "--as", "lou-reed")
    assert refused.rule == "person.role"
    label.does("user", "add", "Lou Reed", "--role", "musician", "--record", "night-bus")
    label.does("split", "agree", SONG, "--as", "lou-reed")
    assert agreed(label) == {"ann": True, "lou-reed": True}
    (row, _) = label.data("split", "show", SONG)
    assert (row["share"], row["basis_points"]) == ("50.00 %", 5_000)
    assert "@" in row["via"]
    before = label.head
    label.does("split", "agree", SONG, "--as", "ann")
    label.does("split", "propose", SONG, "lou-reed=50", "ann=50")
    assert label.head == before
    label.does("split", "propose", SONG, "ann=66.67", "lou-reed=33.33")
    assert agreed(label) == {"ann": False, "lou-reed": False}
    assert (
        label.refuses(3, "split", "agree", SONG, "--as", "ann", "--proposal", row["proposal"]).rule == "split.changed"
    )


def test_shares_that_are_not_a_hundred_percent_are_refused(label: Label) -> None:
    said = label.refuses(3, "split", "propose", SONG, "ann=50", "lou=49.99")
    assert said.rule == "split.total"
    assert "0.01 % short" in said.err
    for words in (["ann"], ["ann=50", "ann=50"], ["=100"], ["ann=x"]):
        assert label.refuses(2, "split", "propose", SONG, *words).rule == "split.share"
    assert label.refuses(4, "split", "agree", SONG, "--as", "ann").rule == "split.none"
    assert label.refuses(2, "split", "propose", SONG, "ann@example.org=100").rule == "person.name"


def test_a_yes_that_is_missing_is_owed_by_that_writer(label: Label) -> None:
    label.does("split", "propose", SONG, "ann=100")
    rows = label.run("song", "check", SONG, "--json").json["data"]
    (row,) = (row for row in rows if row["what"] == "split")
    assert (row["owed_by"], row["next"]) == ("ann", f"takesheet split agree {SONG} --as ann")
    label.does("split", "agree", SONG, "--as", "ann")
    assert "split" not in {row["what"] for row in label.run("song", "check", SONG, "--json").json["data"]}


def test_the_yes_of_an_absent_writer_is_recorded_with_its_message(label: Label, tmp_path: Path) -> None:
    label.does("split", "propose", SONG, "ann=50", "lou=50")
    for words, rule in (
        (("--for", "lou"), "split.evidence"),
        (("--evidence", "yes from me"), "split.evidence"),
        (("--for", "lou", "--evidence", " "), "split.evidence"),
    ):
        head = label.head
        assert label.refuses(2, "split", "agree", SONG, *words).rule == rule
        assert label.head == head
    letter = tmp_path / "letter.txt"
    letter.write_text("Fifty is fine.  Lou\n", "utf-8")
    absent = ("split", "agree", SONG, "--for", "lou", "--evidence")
    assert label.refuses(3, *absent, letter, "--as", "ann").rule == "person.role", (
        "a writer speaks for themselves alone"
    )
    label.does(*absent, letter)
    assert agreed(label) == {"ann": False, "lou": True}
    row = next(row for row in label.data("split", "show", SONG) if row["person"] == "lou")
    kept = sha256(letter.read_bytes()).hexdigest()
    assert (row["recorded_by"], row["evidence"]) == (getuser(), kept[:12])
    (vault,) = label.folder.rglob("vault")
    assert letter.read_bytes() in [file.read_bytes() for file in vault.rglob("*") if file.is_file()]
    head = label.head
    label.does(*absent, "in other words")
    assert label.head == head, "lou agreed already"
    label.does("split", "agree", SONG, "--for", "ann", "--evidence", "ann on the telephone, 10:40: fifty-fifty")
    assert agreed(label) == {"ann": True, "lou": True}
    assert kept[:12] in label.does("split", "show", SONG)
    assert label.refuses(3, "split", "agree", SONG, "--for", "kim", "--evidence", "yes").rule == "split.writer"
