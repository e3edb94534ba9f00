"""Statuses are read in words, and the former names of commands are taken for one release."""

from pathlib import Path

import pytest

from orchestrator.cli.printing.words import RENAMED, status_in_words, with_new_name
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note


@pytest.mark.parametrize(
    "state", ["approved", "rejected", "blocked (no comp)", "pending (not rendered yet)", "to hear"]
)
def test_a_lapsed_status_is_said_in_words(state: str) -> None:
    assert status_in_words(f"lapsed, {state}") == f"changed since approval, {state}"


@pytest.mark.parametrize("text", ["Lapsed, Blocked", "the deal lapsed, alas", "lapsed", "unlapsed, to hear"])
def test_what_people_wrote_is_left_as_it_is(text: str) -> None:
    assert status_in_words(text) == text


def test_a_change_after_the_approval_is_shown_in_words_and_stays_a_code_for_programs(released: Label) -> None:
    released.does("take", "reject", f"{SONG}/drums/2", "--as", "pat", "--why", "late")
    released.does("take", "approve", f"{SONG}/drums/1", "--as", "pat")
    shown = released.does("record", "show", "night-bus")
    assert "changed since approval, pending (not rendered yet)" in shown
    assert "lapsed" not in shown
    assert "status" in shown.splitlines()[0]
    rows = released.data("record", "show", "night-bus")
    assert "lapsed, pending (not rendered yet)" in {row["standing"] for row in rows}
    assert "changed since approval" in released.does("mix", "list", SONG)
    why = released.does("why", f"{SONG}@mix1")
    assert "changed since approval" in why
    assert "lapsed" not in why
    assert "is changed since approval, pending" in released.refuses(3, "export", "night-bus@master1", "out").err


@pytest.mark.parametrize("old", RENAMED)
def test_a_former_name_of_a_command_is_taken_and_said_once_on_stderr(label: Label, old: str) -> None:
    said = label.run(*old.split(), "--help")
    assert (said.code, f"takesheet {RENAMED[old]}" in said.out) == (0, True)
    line = f"`{old}` is now `{RENAMED[old]}`; the old name goes with the next release\n"
    assert said.err == line
    assert f"Usage: takesheet {old}" not in said.out


def test_former_names_do_what_the_new_ones_do(label: Label, tmp_path: Path) -> None:
    file = note(tmp_path / "drums.wav", 60, seconds=2.0)
    label.does("take", "ingest", f"{SONG}/drums", file, "--pass", "1")
    gone = "the old name goes with the next release\n"
    marked = label.run("pass", "mark", f"{SONG}@pass1", "verse=0:00", "chorus=0:01", "--json")
    assert (marked.code, marked.err) == (0, f"`pass mark` is now `pass sections`; {gone}")
    assert marked.json["data"] == label.data("pass", "sections", f"{SONG}@pass1", "verse=0:00", "chorus=0:01")
    cut = label.run("basic", "set", SONG, "@pass1:verse", "--json")
    assert (cut.code, cut.err) == (0, f"`basic set` is now `comp band`; {gone}")
    shown = label.run("basic", "show", SONG, "--json")
    assert (shown.code, shown.err) == (0, f"`basic show` is now `comp band`; {gone}")
    assert [row["section"] for row in shown.json["data"]] == ["verse"]
    assert cut.json["data"] == shown.json["data"] == label.data("comp", "band", SONG)


def test_a_former_name_is_offered_nowhere(label: Label) -> None:
    assert "basic" not in label.does("--help")
    assert "mark" not in label.does("pass", "--help")


def test_the_former_names_are_these() -> None:
    assert sorted(RENAMED) == ["basic", "basic set", "basic show", "pass mark"]


def test_only_the_first_words_are_a_command() -> None:
    words = ["note", "add", SONG, "basic set"]
    assert with_new_name(words) == (words, "")
    assert with_new_name(["pass"]) == (["pass"], "")
    assert with_new_name(["basic", "set", SONG])[0] == ["comp", "band", SONG]
