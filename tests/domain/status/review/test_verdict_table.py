"""Tables of a review: written, read back, and refused by line."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.refusal import Misused
from domain.status.review.verdict_table import COLUMNS, read_table, write_table

TAKE, SHA = "night-bus/tin-roof/drums/1", "ab" * 32


def table(*lines: str) -> str:
    return "\n".join([",".join(COLUMNS), *lines, ""])


def test_a_table_without_an_answer_says_nothing() -> None:
    assert read_table(write_table([("", "", TAKE, "Night Bus", "new take", "", SHA, 9)])) == ([], [])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_answers_are_read_in_the_words_of_the_keys_however_a_spreadsheet_saved_them(delimiter: str) -> None:
    lines = [["a", ""], ["Kept", "3"], ["", "0"], ["v", ""]]
    text = "\ufeff" + "\r\n".join(
        delimiter.join(cells)
        for cells in [list(COLUMNS), *([*said, f"{TAKE}{n}", "", "", "", SHA, "9"] for n, said in enumerate(lines))]
    )
    rows, faults = read_table(text)
    assert faults == []
    assert [(row.line, row.answer, row.moved) for row in rows] == [
        (2, "approved", None), (3, "kept", 3), (4, None, 0), (5, "alternate", None),
    ]  # fmt: skip


def test_every_line_that_cannot_be_followed_is_told_with_its_number() -> None:
    rows, faults = read_table(
        table(
            f"yes,,{TAKE},,,,{SHA},9", f'k,,{TAKE},"two', f'lines",,,{SHA},9', f"k,4,{TAKE},,,,{SHA},9", "k",
            f"k,,{TAKE},,,,{SHA[:9]},9", f"k,,{TAKE},,,,{SHA},-1", f"k,,{TAKE},,,,{SHA},9,9,9", "",
                f",2,{TAKE},,,,{SHA},9",
        )
    )  # fmt: skip
    assert [row.line for row in rows] == [3, 11]
    assert [fault.line for fault in faults] == [2, 5, 6, 7, 8, 9]
    assert "line 2: 'yes' is no answer" in str(faults[0])


@pytest.mark.parametrize(
    "text", ["", "answer,address\n", 'answer,address,output,read\n"', "answer,answer,address,output,read"]
)
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(Misused, match=r"review\.table"):
        read_table(text)


@given(st.text(), st.sampled_from("=+-@\t\r'"))
def test_no_cell_is_a_formula_or_breaks_its_line(title: str, sign: str) -> None:
    text = write_table([("", "", TAKE, sign + title, title, "", SHA, 9)])
    (_, cells) = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert len(cells) == len(COLUMNS)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    assert "\n" not in "".join(cells)
    assert read_table(text.replace("\n,", "\nk,", 1))[0][0].address == TAKE


@given(st.text())
def test_any_text_is_a_table_or_refused(text: str) -> None:
    for whole in (text, table(text), f"{','.join(COLUMNS)}\n{text}"):
        rules = {"review.table"}
        try:
            read_table(whole)
        except Misused as refusal:
            rules.add(refusal.rule)
        assert rules == {"review.table"}
