"""Undo stays at or under what it is asked about, says what comes next, and asks before a signature."""

import pytest

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note
from tests.orchestrator.terminal import Terminal

DRUMS, VOCAL = f"{SONG}/drums", f"{SONG}/lead-vocal"
MIX, MASTER = f"{SONG}@mix1", "night-bus@master1"


def verdicts(label: Label, part: str) -> list[str]:
    return [row["verdict"] for row in label.data("take", "list", part)]


def test_undo_of_an_address_takes_back_nothing_that_is_not_at_or_under_it(band: Label) -> None:
    band.does("take", "keep", f"{DRUMS}/1")
    band.does("take", "keep", f"{DRUMS}/2")
    assert band.data("undo", f"{DRUMS}/1")["undone"] == f"{DRUMS}/1 kept"
    assert verdicts(band, DRUMS) == ["", "kept"]
    assert band.refuses(4, "undo", f"{DRUMS}/1").rule == "undo.nothing"
    assert band.refuses(4, "undo", VOCAL).rule == "undo.nothing"


def test_undo_of_a_master_takes_back_no_approval_of_a_mix(released: Label) -> None:
    released.does("mix", "reject", MIX, "--as", "pat")
    said = released.run("undo", MASTER, "--yes", "--as", "pat")
    assert (said.code, said.out) == (0, f"taken back: {MASTER} approved ({output(released)})\n")
    assert released.refuses(4, "undo", MASTER, "--yes", "--as", "pat").rule == "undo.nothing"


def output(label: Label) -> str:
    (given,) = [row for row in label.data("log", "show", "--kind", "verdict-given") if MASTER in row["what"]]
    return str(given["what"]).rpartition("(")[2].rstrip(")")


def test_undo_stays_within_the_current_place(band: Label) -> None:
    band.does("take", "keep", f"{DRUMS}/1")
    band.does("take", "keep", f"{VOCAL}/1")
    band.does("at", DRUMS)
    assert band.data("undo")["undone"] == f"{DRUMS}/1 kept"
    assert band.refuses(4, "undo").rule == "undo.nothing"
    band.does("at", "-")
    assert band.data("undo")["undone"] == f"{VOCAL}/1 kept"


def test_undo_says_what_the_next_one_takes_back_and_redo_brings_all_back(band: Label) -> None:
    band.does("take", "keep", f"{DRUMS}/1")
    band.does("take", "hold", f"{DRUMS}/2")
    band.does("note", VOCAL, "breathless")
    before = band.data("take", "list", DRUMS)
    first = band.run("undo")
    assert (first.out, first.err) == (
        f"taken back: {VOCAL}: breathless\n", f"the next undo takes back: {DRUMS}/2 held\n",
    )  # fmt: skip
    assert band.data("undo") == {"undone": f"{DRUMS}/2 held", "next": f"{DRUMS}/1 kept"}
    assert band.data("undo") == {"undone": f"{DRUMS}/1 kept", "next": ""}
    assert band.refuses(4, "undo").rule == "undo.nothing"
    assert band.data("redo") == {"redone": f"{DRUMS}/1 kept", "next": f"{DRUMS}/2 held"}
    assert band.data("redo") == {"redone": f"{DRUMS}/2 held", "next": f"{VOCAL}: breathless"}
    assert band.data("redo") == {"redone": f"{VOCAL}: breathless", "next": ""}
    assert band.data("take", "list", DRUMS) == before
    assert [row["what"] for row in band.data("search", "breathless")] == [f"{VOCAL}: breathless"]
    assert band.refuses(4, "redo").rule == "redo.nothing"


def test_redo_brings_nothing_back_once_something_newer_is_decided(band: Label) -> None:
    band.does("take", "keep", f"{DRUMS}/1")
    band.does("undo")
    band.does("take", "keep", f"{DRUMS}/2")
    assert band.refuses(4, "redo").rule == "redo.nothing"
    assert "decided since" in band.refuses(4, "redo", DRUMS).err
    assert band.refuses(4, "redo", VOCAL).rule == "redo.nothing"


def test_one_command_over_two_songs_and_records_is_one_undo(two_songs: Label) -> None:
    takes = [f"{DRUMS}/1", "night-bus/ferry-song/drums/1", "low-tide/anchor/drums/1"]
    two_songs.does("take", "approve", *takes)
    assert two_songs.data("undo")["undone"] == "; ".join(f"{take} approved" for take in takes)
    assert all(set(verdicts(two_songs, take.rpartition("/")[0])) == {""} for take in takes)
    assert two_songs.data("redo")["redone"] == "; ".join(f"{take} approved" for take in takes)
    assert two_songs.data("undo", takes[1])["undone"] == f"{takes[1]} approved"
    assert verdicts(two_songs, DRUMS) == ["approved", ""]


def test_undo_asks_before_a_signature_on_a_mix_or_master(released: Label) -> None:
    released.does("mix", "reject", MIX, "--as", "pat")
    assert released.refuses(8, "undo", "--as", "pat").rule == "undo.signature"
    terminal = Terminal(released, "undo", "--as", "pat")
    terminal.sees("take back the signature")
    terminal.press("n\n")
    terminal.sees("kept:")
    assert terminal.ends() == 3
    assert released.data("mix", "list", SONG)[0]["standing"].startswith("rejected")
    terminal = Terminal(released, "undo", "--as", "pat")
    terminal.sees("take back the signature")
    terminal.press("y\n")
    terminal.sees("taken back")
    assert terminal.ends() == 0
    assert released.data("mix", "list", SONG)[0]["standing"] == "approved"
    assert released.data("redo", "--as", "pat")["redone"].startswith(f"{MIX} rejected")
    assert released.data("undo", "--yes", "--as", "pat")["undone"].startswith(f"{MIX} rejected"), "as scripts do"


def test_a_command_over_several_takes_is_whole_or_refused(band: Label) -> None:
    assert band.refuses(4, "take", "approve", f"{DRUMS}/1", f"{DRUMS}/99").rule == "take.unknown"
    assert band.refuses(4, "take", "approve", f"{DRUMS}/1", "low-tide/anchor/drums/1").rule == "address"
    assert verdicts(band, DRUMS) == ["", ""]


@pytest.mark.parametrize("verdict", ["approve", "keep", "hold", "reject"])
def test_a_command_over_two_takes_of_a_part_repeated_records_nothing(band: Label, verdict: str) -> None:
    words = ("take", verdict, f"{DRUMS}/2", f"{DRUMS}/1")
    band.does(*words)
    head, comp = band.head, band.data("comp", "show", DRUMS)
    for _ in range(2):
        assert band.data(*words)["again"] is True
        assert (band.head, band.data("comp", "show", DRUMS)) == (head, comp)


@pytest.fixture
def two_songs(band: Label) -> Label:
    """Three songs on two records, each with a take of its drums."""
    band.does("song", "add", "night-bus", "Ferry Song")
    band.does("record", "new", "Low Tide", "--artist", "The Ferrymen")
    band.does("song", "add", "low-tide", "Anchor")
    for song, name in (("night-bus/ferry-song", "ferry"), ("low-tide/anchor", "anchor")):
        band.does("part", "add", song, "Drums")
        band.does("take", "ingest", f"{song}/drums", note(band.folder / f"{name}.wav", 100 + len(name)))
    return band
