"""Notes are met where their thing is judged, and stay open until somebody answers them."""

import pytest

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.terminal import Terminal

DRUMS = f"{SONG}/drums"
MIX = f"{SONG}@mix{{}}"
LINE = "n1 0:01.2 vocal louder (root, open)"


@pytest.fixture
def noted(released: Label) -> Label:
    """A label with an approved mix1 that has a note, and a mix2 to hear."""
    released.does("note", MIX.format(1), "vocal louder", "--at", "0:01.2")
    file = released.folder / "other.toml"
    file.write_text("[strips.drums]\ngain_db = -9\n[strips.bass]\n[strips.lead-vocal]\n", encoding="utf-8")
    released.does("mix", "revise", SONG, file, "--as", "pat")
    released.renders()
    return released


def test_an_open_note_goes_on_to_the_next_mix_and_is_asked_about_at_its_approval(noted: Label) -> None:
    assert [row["note"] for row in noted.data("note", "list", MIX.format(2))] == ["n1"]
    assert [row["open_notes"] for row in noted.data("mix", "list", SONG)] == ["1", "1"]
    assert noted.data("mix", "show", MIX.format(2))["note_list"] == [LINE]
    refused = noted.refuses(8, "mix", "approve", MIX.format(2), "--as", "pat")
    assert (refused.rule, "vocal louder" in refused.err) == ("mix.open_notes", True)
    noted.does("note", "done", "n1", "--in", MIX.format(2), "--as", "pat")
    noted.does("mix", "approve", MIX.format(2), "--as", "pat")
    assert noted.data("note", "list", SONG) == []
    (row,) = noted.data("note", "list", SONG, "--all")
    assert (row["state"], row["answered_by"], row["at"]) == ("addressed in mix2", "pat", "0:01.2")
    assert any("addressed in mix2" in fact for fact in noted.data("why", MIX.format(2))["facts"])


def test_it_is_approved_all_the_same_if_that_is_said(noted: Label) -> None:
    noted.does("mix", "approve", MIX.format(2), "--yes", "--as", "pat")
    assert [row["state"] for row in noted.data("note", "list", MIX.format(2))] == ["open"]


def test_a_note_is_declined_opened_again_and_taken_back(noted: Label) -> None:
    head = noted.head
    noted.does("note", "decline", "n1", "--record", "night-bus", "--why", "it is loud enough", "--as", "pat")
    noted.does("note", "decline", "n1", "--record", "night-bus", "--as", "pat")
    assert noted.head == head + 1, "a repeat records nothing"
    assert noted.data("note", "list", SONG, "--all")[0]["state"] == "declined"
    noted.does("note", "reopen", "n1", "--record", "night-bus", "--as", "pat")
    assert noted.data("undo", "--as", "pat")["undone"] == f"{MIX.format(1)}: a note is open"
    assert noted.data("note", "list", SONG, "--all")[0]["state"] == "declined"


def test_notes_are_met_in_review_and_asked_about_by_one_key(noted: Label) -> None:
    terminal = Terminal(noted, "review", MIX.format(2), "--as", "pat")
    terminal.sees("mix2 · 1 note")
    terminal.sees(f"note {LINE}")
    terminal.sees("(q)uit ?")
    terminal.press("a")
    terminal.sees("1 note open (mix.open_notes); approve all the same? (y/n)")
    terminal.press("n")
    terminal.sees("not approved")
    terminal.sees("(q)uit ?", times=2)
    terminal.press("a")
    terminal.sees("approve all the same? (y/n)", times=2)
    terminal.press("y")
    terminal.sees("1 decided")
    assert terminal.ends() == 0


def test_a_note_on_a_take_is_met_at_the_take(band: Label) -> None:
    band.does("note", f"{DRUMS}/1", "late in the bridge", "--at", "0:00.5")
    assert band.data("take", "show", f"{DRUMS}/1")["note_list"] == ["n1 0:00.5 late in the bridge (root, open)"]
    assert "note n1 0:00.5 late in the bridge (root, open)" in band.data("why", f"{DRUMS}/1")["facts"]
    assert band.data("take", "show", f"{DRUMS}/2")["note_list"] == []


def test_a_private_note_is_met_by_its_author_alone(band: Label) -> None:
    band.does("note", f"{DRUMS}/1", "he was ill", "--private", "--as", "pat")
    readers = (
        ("take", "show", f"{DRUMS}/1"), ("note", "list", "night-bus"), ("log", "show"), ("log", "list"),
        ("search", "ill"), ("why", f"{DRUMS}/1"), ("review", "--json"), ("next",), ("log", "outbox"),
    )  # fmt: skip
    for words in readers:
        assert "he was ill" not in band.does(*words), words
    assert "he was ill" in band.does("take", "show", f"{DRUMS}/1", "--as", "pat")
    assert "he was ill" in band.does("log", "show", "--as", "pat")
    assert "he was ill" not in band.does("log", "outbox", "--as", "pat"), "it is no news, whoever delivers"
    assert band.refuses(4, "note", "done", "n1", "--record", "night-bus").rule == "note.unknown"


@pytest.mark.parametrize(
    ("words", "code", "rule"),
    [
        (("note", "done", "1"), 2, "note.record"),
        (("note", "done", "12", "--record", "night-bus"), 2, "note.name"),
        (("note", "done", "n0", "--record", "night-bus"), 2, "note.name"),
        (("note", "done", "n9", "--record", "night-bus"), 4, "note.unknown"),
        (("note", "done", "n1", "--in", DRUMS), 2, "address"),
    ],
)
def test_what_names_no_note_is_refused(noted: Label, words: tuple[str, ...], code: int, rule: str) -> None:
    assert noted.refuses(code, *words).rule == rule


def test_the_verb_add_may_be_left_out_also_with_options_first(band: Label) -> None:
    band.does("note", "--private", DRUMS, "one")
    band.does("note", "add", DRUMS, "two")
    band.does("note", DRUMS, "three")
    assert [row["text"] for row in band.data("note", "list", DRUMS)] == ["one", "two", "three"]
