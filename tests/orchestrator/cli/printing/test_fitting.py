"""Tables and lines of a terminal of 80 columns: a row is a line, and no line is wider than the terminal."""

import io
import re
from contextlib import chdir, redirect_stderr, redirect_stdout

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from orchestrator.cli.main import run
from orchestrator.cli.printing.fitting import fit_table, shortened
from tests.orchestrator.desk.addressing.test_times import CALLS, SONG, lived
from tests.orchestrator.label import Label

__all__ = ["lived"]  # the fixture

WIDTH = 80
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
TABLES = (
    ("board",), ("take", "list", "night-bus"), ("log", "show"), ("session", "list", "night-bus"),
    ("mix", "list", SONG), ("song", "list", "night-bus"), ("plan", "critical"),
    ("plan", "critical", "night-bus"), ("plan", "durations"), ("budget", "report", "night-bus"), ("budget", "list"),
    ("take", "coverage", SONG), ("part", "list", SONG), ("comp", "list", SONG),
    ("search", "night"), ("master", "list", "night-bus"), ("record", "list"), ("record", "show", "night-bus"),
)  # fmt: skip


class Screen(io.StringIO):
    """A standard output that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def seen(label: Label, *words: object) -> tuple[list[str], str]:
    """Lines that a command shows on a terminal, and its messages."""
    out, err = Screen(), io.StringIO()
    with chdir(label.folder), redirect_stdout(out), redirect_stderr(err):
        run([str(word) for word in words])
    return out.getvalue().splitlines(), err.getvalue()


@pytest.fixture
def _at_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    monkeypatch.delenv("TAKESHEET_STORE", raising=False)


@pytest.mark.usefixtures("_at_80_columns")
def test_no_reader_prints_a_line_wider_than_the_terminal(lived: Label) -> None:
    printed = [call for call in CALLS if "html" not in call]  # a page is for a browser
    wide = {call: line for call in printed for line in seen(lived, *call)[0] if cell_len(ESCAPE.sub("", line)) > WIDTH}
    assert wide == {}


@pytest.mark.usefixtures("_at_80_columns")
@pytest.mark.parametrize("call", TABLES)
def test_a_row_is_a_line(lived: Label, call: tuple[str, ...]) -> None:
    lines, _ = seen(lived, *call)
    stacked = next(place for place, line in enumerate(lines) if not line.startswith(" "))  # headings of several lines
    assert len(lines) == stacked + 1 + len(lived.data(*call))


@pytest.mark.usefixtures("_at_80_columns")
def test_what_is_left_out_is_told_and_shown_with_plain(lived: Label) -> None:
    lines, told = seen(lived, "board")
    assert "title" not in lines[0]
    assert told.startswith("too narrow for title, artist")
    assert " ".join(told.split()).endswith("; --plain shows every column")
    whole, untold = seen(lived, "board", "--plain")
    assert {"title", "due", "last"} < set(whole[0].split())
    assert untold == ""


def test_a_pipe_gets_every_column_and_every_word(lived: Label) -> None:
    rows = lived.data("log", "show", SONG)
    lines = lived.does("log", "show", SONG).splitlines()
    assert len(lines) == 1 + len(rows)
    assert all(str(row["what"]) in line for row, line in zip(rows, lines[1:], strict=True))


def test_song_times_and_amounts_line_up() -> None:
    rows = [["take", "starts", "cost"], ["1", "0:02.5", "600.00 EUR"], ["2", "12:40", "7,200.00 EUR"], ["3", "-", "-"]]
    assert fit_table(rows, WIDTH).lines == [
        "take  starts   cost",
        "1      0:02.5    600.00 EUR",
        "2     12:40    7,200.00 EUR",
        "3     -        -",
    ]


def test_headings_of_narrow_columns_are_stacked() -> None:
    rows = [["mix", "integrated_lufs", "true_peak_dbtp"], ["night-bus/tin-roof@mix1", "-14.20", "-1.00"]]
    assert fit_table(rows, 46).lines == [
        "                         integrated  true peak",
        "mix                      lufs        dbtp",
        "night-bus/tin-roof@mix1  -14.20      -1.00",
    ]


def test_commands_and_addresses_are_never_shortened() -> None:
    rows = [["what", "address", "why", "next"], ["mix", "a/b@mix1", "to hear " * 9, "takesheet review a/b@mix1"]]
    (_, row) = fit_table(rows, 60, spare=["address"]).lines
    assert row.endswith("  takesheet review a/b@mix1")
    assert "…" in row


def test_a_risk_keeps_its_whole_amount() -> None:
    rows = [["record", "money", "remark"], ["night-bus", "OVER 1,234,600.00 EUR", "the mixer's tracks are old " * 3]]
    rows.append(["ferry", "1,250.00 EUR left", "-"])
    assert fit_table(rows, 60).lines[1].startswith("night-bus  OVER 1,234,600.00 EUR  the mixer's")


def test_a_wrapped_column_shows_its_whole_text() -> None:
    text = "the night is far too bright and the vocal sits behind the drums in the second verse"
    lines = fit_table([["note", "text", "by"], ["n1", text, "lea"]], 40, wrapped=["text"]).lines
    assert max(map(cell_len, lines)) <= 40
    assert all(word in " ".join(lines) for word in text.split())


def test_beside_a_wrapped_column_no_command_is_broken() -> None:
    why = "changed since approval, to hear, and the voice was moved"
    rows = [["what", "why", "next"], ["mix", why, "takesheet review night-bus/tin-roof@mix1"]]
    lines = fit_table(rows, 66, wrapped=["why"]).lines
    assert "takesheet review night-bus/tin-roof@mix1" in lines[1]
    assert " ".join(" ".join(line[5:24] for line in lines[1:]).split()) == why
    assert max(map(cell_len, lines)) <= 66


def test_the_column_in_which_least_is_cut_gives_way() -> None:
    what = [f"the verse is sung for the {number}. time, and longer" for number in range(1, 9)]
    rows = [["position", "what", "why"], *([str(n), text, "-"] for n, text in enumerate(what[:7], 1))]
    lines = fit_table([*rows, ["8", what[7], "she means every word of it, she says"]], 72).lines
    assert all(text in line for text, line in zip(what, lines[1:], strict=True))
    assert lines[-1].endswith("…")


def test_a_sentence_loses_the_beginning_of_its_address_first() -> None:
    assert shortened("night-bus/tin-roof/lead-vocal/3 approved", 24) == "…/lead-vocal/3 approved"
    assert shortened("mix night-bus/tin-roof@mix1 in 3.166 s", 30) == "mix …/tin-roof@mix1 in 3.166 s"
    assert shortened("room-a at 600.00 EUR/day and more", 20) == "room-a at 600.00 EU…"
    assert shortened("night-bus@master1 approved", 20) == "night-bus@master1 a…"


@given(
    st.lists(st.lists(st.text("ab \u591c", max_size=30), min_size=4, max_size=4), min_size=2, max_size=4),
    st.integers(20, 100),
)
def test_a_table_is_as_wide_as_the_terminal_at_most(rows: list[list[str]], width: int) -> None:
    cells = [[" ".join(cell.split()) or "-" for cell in row] for row in rows]
    lines = fit_table([["a", "b", "c", "d"], *cells], width).lines
    first = max(cell_len(row[0]) for row in cells)
    assert all(cell_len(line) <= max(width, first) for line in lines)
    assert len(lines) == 1 + len(cells)
