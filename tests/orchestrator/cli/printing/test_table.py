"""Tables on a terminal."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from orchestrator.cli.printing.table import columns_of

LOG = [
    ["position", "what", "why"],
    ["1", "night-bus/tin-roof/drums/2 approved in a span of its own", "tighter than the first, and the fill lands"],
    ["2", "night-bus/tin-roof/lead-vocal/1 held", "-"],
]


def test_without_a_terminal_a_row_is_a_line() -> None:
    assert len(columns_of(LOG)) == len(LOG)


def test_sentences_are_wrapped_to_the_terminal_and_no_word_is_lost_or_broken() -> None:
    lines = columns_of(LOG, width=72)
    assert max(map(cell_len, lines)) <= 72
    assert len(lines) > len(LOG)
    assert sorted(" ".join(lines).split()) == sorted(word for row in LOG for cell in row for word in cell.split())


def test_an_address_stays_whole_however_narrow_the_terminal_is() -> None:
    assert any("night-bus/tin-roof/lead-vocal/1" in line for line in columns_of(LOG, width=10))


def test_columns_without_room_are_folded_below_their_row_and_its_heading() -> None:
    first = ["position", "time", "actor", "kind"]
    rows = [
        [*first, *LOG[0][1:]],
        *(["1", "2026-11-22 22:12", "ines-falk", "take-judged", *row[1:]] for row in LOG[1:]),
    ]
    lines = columns_of(rows, width=80)
    assert max(map(cell_len, lines)) <= 80
    assert lines[0].split() == first
    assert lines[1].split() == ["what", "why"]
    assert lines[3].split("  ")[2] == "night-bus/tin-roof/drums/2 approved"


def test_nothing_is_folded_below_a_row_that_has_no_more_to_say() -> None:
    assert columns_of([["what", "why"], ["a" * 20, "b" * 20], ["c" * 20, "-"]], width=30) == [
        "what", "    why", "a" * 20, f"    {'b' * 20}", "c" * 20
    ]  # fmt: skip


def test_wide_characters_count_as_the_cells_they_fill() -> None:
    lines = columns_of([["song", "due"], ["夜のバス", "2027"], ["ab", "2028"]])
    assert {cell_len(line) for line in lines[1:]} == {cell_len("夜のバス") + 2 + 4}


@given(st.lists(st.lists(st.text("ab \u591c", max_size=40), min_size=2, max_size=2), min_size=1, max_size=4))
def test_every_word_of_every_cell_stands_in_the_table(rows: list[list[str]]) -> None:
    words = sorted(word for row in rows for cell in row for word in cell.split())
    assert sorted(" ".join(columns_of(rows, width=30)).split()) == words
