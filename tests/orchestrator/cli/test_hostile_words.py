"""Titles, notes, reasons and file names come from outside: none of them controls a terminal or breaks a row."""

import unicodedata
from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note

HOSTILE = [
    "\x1b[2J\x1b[31mred\x07",
    "\x9b31mred",
    "tide\u202etxt.exe",
    "tide\u2066\u2069",
    "tide\r\x1b[1Aover",
    "one\ntwo",
    "one\ttwo",
    "one\u2028two",
    "tide\b\b\b\b",
    "\ufefftide",
]


@pytest.mark.parametrize("title", HOSTILE, ids=ascii)
def test_a_title_is_shown_in_one_row_that_steers_nothing(label: Label, title: str) -> None:
    (made,) = label.data("song", "add", "night-bus", title)
    label.does("record", "new", title, "--artist", title)
    label.does("part", "add", made["address"], title, "--player", "Ann")
    label.does("note", made["address"], title)
    for words in (
        ("board",), ("record", "list"), ("record", "show", "night-bus"), ("song", "list", "night-bus"),
        ("part", "list", made["address"]), ("log", "show"), ("search", "night-bus"),
    ):  # fmt: skip
        said = label.run(*words)
        assert said.code == 0
        assert harmless(said.out)
        rows = label.data(*words)
        assert len(said.out.splitlines()) == len(rows) + 1, "a heading, and a line a row"
    assert label.data("song", "list", "night-bus")[-1]["title"] == title, "JSON keeps it to the letter"


def harmless(text: str) -> bool:
    """True if *text* contains no control or bidirectional character but line ends."""
    return not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and char != "\n" for char in text)


def test_a_reason_of_many_lines_is_one_line_wherever_it_is_told(label: Label, tmp_path: Path) -> None:
    label.does("take", "ingest", f"{SONG}/drums", note(tmp_path / "a.wav"))
    plain = len(label.does("why", f"{SONG}/drums/1").splitlines())
    label.does("take", "approve", f"{SONG}/drums/1", "--why", "the touch\n· approved by the label\x1b[1A")
    told = label.does("why", f"{SONG}/drums/1")
    assert len(told.splitlines()) == plain + 1
    assert harmless(told)


def test_a_file_name_cannot_steer_the_terminal(label: Label, tmp_path: Path) -> None:
    label.does("take", "ingest", f"{SONG}/drums", note(tmp_path / "a\x1b[31m\nb.wav"))
    bad = tmp_path / "c\x1b[31m\u202e.wav"
    bad.write_bytes(b"")
    assert harmless(label.run("take", "ingest", f"{SONG}/drums", bad).err)
    assert harmless(label.does("take", "show", f"{SONG}/drums/1"))
    assert harmless(label.does("why", f"{SONG}/drums/1"))


@pytest.mark.parametrize(
    "title", ["名前", "שלום", "Ночной автобус", "🚌🚌 a", "Ünïcode", "1999", "a/b", "--json", "@mix1"]
)
def test_a_title_of_any_script_gets_an_address_that_finds_it(label: Label, title: str) -> None:
    address = label.does("song", "add", "night-bus", "--", title)
    assert label.data("song", "show", address) == []
    assert label.does("song", "add", "night-bus", "--", title) == address


def test_a_terminal_that_knows_few_letters_is_still_told(label: Label) -> None:
    label.does("song", "add", "night-bus", "Ночь")
    said = label.apart("song", "list", "night-bus", env={"PYTHONIOENCODING": "ascii"})
    assert said.code == 0
    assert said.out.isascii()


def test_a_reader_who_left_is_no_fault(label: Label) -> None:
    process = label.begin("log", "show")
    assert process.stdout is not None
    process.stdout.close()
    process.wait(timeout=60)
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stderr.close()


@pytest.mark.parametrize(
    "words",
    [
        ("why", "\udcff"), ("take", "list", "\udcff"), ("record", "show", "\udcff"), ("undo", "\udcff"),
        ("log", "show", "\udcff"), ("board", "--as-of", "\udcff"), ("note", SONG, "\udcff"), ("search", "\udcff"),
        ("song", "add", "night-bus", "\udcff"), ("at", f"{SONG}/\udcff"), ("board", "--as", "\udcff"),
        ("budget", "set", "night-bus", "\udcff=1"), ("session", "book", "night-bus", "--room", "\udcff"),
        ("log", "show", "--kind", "\udcff"), ("mix", "approve", f"{SONG}@mix1", "--why", "\udcff"),
        ("user", "add", "\udcff"), ("render", "\udcff"), ("note", "done", "\udcff", "--record", "night-bus"),
    ],
    ids=lambda words: words[0],
)  # fmt: skip
def test_a_word_that_is_no_utf_8_is_refused_in_one_line(label: Label, words: tuple[str, ...]) -> None:
    head = label.head
    said = label.run(*words)
    assert said.code in {2, 4}, said
    assert harmless(said.out + said.err)
    assert label.head == head
