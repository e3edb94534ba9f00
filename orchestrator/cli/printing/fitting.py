"""Layout of a table for a terminal: one line a row; columns are shortened or left out, and numbers line up.

Only what people see is changed: ``--json``, ``--plain`` and pipes have every column and every word.
Tests: ``tests/orchestrator/cli/printing/test_fitting.py``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Final

from orchestrator.cli.printing.styles import Paint
from orchestrator.cli.printing.table import EMPTY, GAP, columns_of, wrapped_columns

READABLE: Final = 32
"""Cells that a column of words should have; to leave them to it, spare columns are left out."""
SHORTEST: Final = 12
"""Cells to which a column of words is shortened at least; if that is not enough, other columns are left out."""
ELLIPSIS: Final = "…"
_NUMBER: Final = re.compile(r"([-+]?\d[\d,]*(?::\d\d)*)(?:\.\d+)?(?: [A-Z]{3}(?:/\w+)?)?")
"""A number, an amount of money or a song time; group 1 is what stands before the decimal point."""

_FLAGGED_AMOUNT: Final = re.compile(r"[A-Z]+ [\d,]+(?:\.\d+)? [A-Z]{3}")
"""A risk and its amount of money, such as ``OVER 600.00 EUR``."""

_BEFORE_THE_LAST: Final = re.compile(r"(?<!\S)[a-z][a-z0-9-]*/(?:[a-z0-9-]+/)*(?=[a-z])")
"""The beginning of an address in a sentence, up to its last name: a take keeps its part, a mix its song."""


@dataclass(frozen=True, slots=True)
class FittedTable:
    """A table as lines, and the headings of the columns that were left out."""

    lines: list[str]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: heading, cells, and whether its cells may be shortened."""

    heading: str
    cells: tuple[str, ...]
    is_wrapped: bool = False
    paint: Paint | None = None

    @property
    def empty(self) -> bool:
        return all(cell == EMPTY for cell in self.cells)

    @property
    def shortens(self) -> bool:
        """True for words; times, amounts, addresses and commands stay whole, because people copy them."""
        spaced = [cell for cell in self.cells if " " in cell and not _FLAGGED_AMOUNT.fullmatch(cell)]
        return any(not cell[0].isdigit() and cell.split()[0] != "takesheet" for cell in spaced)

    @property
    def widest(self) -> int:
        from rich.cells import cell_len

        return max(cell_len(cell) for cell in self.cells)

    def wider_than(self, width: int) -> int:
        """Return the number of cells that *width* cuts."""
        from rich.cells import cell_len

        return 0 if self.is_wrapped else sum(cell_len(cell) > width for cell in self.cells)

    @property
    def floor(self) -> int:
        """Width below which the column is never narrowed; a wrapped one keeps its longest word."""
        from rich.cells import cell_len

        words = (cell_len(word) for cell in self.cells for word in cell.split(" "))
        return max(self.least(), *words) if self.is_wrapped else self.least()

    @property
    def heading_width(self) -> int:
        """Width of the longest word of the heading, which may take several lines."""
        return max(map(len, self.heading.split("_")))

    def least(self, words: int = SHORTEST) -> int:
        """Return the least width of the column, where words may be shortened to *words* cells."""
        return max(self.heading_width, min(self.widest, words) if self.shortens else self.widest)

    @property
    def natural(self) -> int:
        return max(len(self.heading), self.widest)


def fit_table(
    rows: Sequence[Sequence[str]],
    width: int,
    *,
    spare: Sequence[str] = (),
    wrapped: Sequence[str] = (),
    paints: Sequence[Paint | None] = (),
) -> FittedTable:
    """Lay *rows* out in *width* cells of a terminal.

    Args:
        rows: of equal length; the first holds the headings.
        width: cells of the terminal.
        spare: headings of columns that may be left out, the least important first; after these, columns from the right.
            Columns without any content are left out before them.
        wrapped: headings of columns that are the point of the table: wrapped over several lines, never shortened.
        paints: how the cells of each column are coloured; empty without colours.

    Returns:
        The lines, none wider than *width* unless the first column alone is wider.
    """
    headings, cells = rows[0], list(zip(*rows[1:], strict=True))
    columns = [
        _Column(heading, _lined_up(column), heading in wrapped, paint)
        for heading, column, paint in zip(headings, cells, paints or [None] * len(headings), strict=True)
    ]
    if _total([one.natural for one in columns]) <= width:
        return FittedTable(columns_of(_rows(columns), paints=_paints(columns)))
    kept = list(columns)
    while (found := _spare(kept, spare)) and _total([one.least(READABLE) for one in kept]) > width:
        kept.remove(found)
    while len(kept) > 1 and _total([one.least() for one in kept]) > width:
        kept.remove(next((one for one in reversed(kept[1:]) if not one.is_wrapped), kept[-1]))
    left_out = tuple(one.heading for one in columns if one not in kept and not one.empty)
    return FittedTable(_lines(kept, _widths(kept, width), width), left_out)


def _spare(columns: Sequence[_Column], spare: Sequence[str]) -> _Column | None:
    """Return the spare column that is left out next; None if there is none. The first column always stays."""
    others = columns[1:]
    named = (one for heading in spare for one in others if one.heading == heading)
    return next((one for one in others if one.empty), None) or next(named, None)


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(GAP) * (len(widths) - 1)


def _widths(columns: Sequence[_Column], width: int) -> list[int]:
    """Return a width for each column; the column of words in which the fewest cells are cut is narrowed until all fit.

    Among equals it is the widest; so a column of few reasons gives way to one with a sentence in each row.
    """
    widths = [one.natural for one in columns]
    while _total(widths) > width:
        able = [place for place, one in enumerate(columns) if widths[place] > one.floor]
        if not able:
            break
        widths[min(able, key=lambda place: (columns[place].wider_than(widths[place] - 1), -widths[place]))] -= 1
    return widths


def _lines(columns: Sequence[_Column], widths: Sequence[int], width: int) -> list[str]:
    fitted = [
        one if one.is_wrapped else replace(one, cells=tuple(shortened(cell, room) for cell in one.cells))
        for one, room in zip(columns, widths, strict=True)
    ]
    stacked = [
        _stacked(one.heading, max(room, one.widest)) if not one.is_wrapped else [one.heading]
        for one, room in zip(fitted, widths, strict=True)
    ]
    height = max(map(len, stacked))
    headings = list(zip(*([""] * (height - len(lines)) + lines for lines in stacked), strict=True))
    rows = [*headings, *_cell_rows(fitted)]
    if not any(one.is_wrapped for one in fitted):
        return columns_of(rows, paints=_paints(fitted))
    if _total(widths) > width:  # a word of a wrapped column is too long: what does not fit is folded below its row
        return columns_of(rows, width=width, paints=_paints(fitted))
    return wrapped_columns(rows, widths, _paints(fitted))


def _paints(columns: Sequence[_Column]) -> list[Paint | None]:
    return [one.paint for one in columns]


def _rows(columns: Sequence[_Column]) -> list[list[str]]:
    return [[one.heading for one in columns], *_cell_rows(columns)]


def _cell_rows(columns: Sequence[_Column]) -> list[list[str]]:
    return [list(row) for row in zip_longest(*(one.cells for one in columns))]


def _stacked(heading: str, width: int) -> list[str]:
    """Return the words of a heading such as ``true_peak_dbtp`` in as few lines of *width* cells as possible."""
    if len(heading) <= width:
        return [heading]
    lines = [""]
    for word in heading.split("_"):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if len(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def shortened(text: str, width: int) -> str:
    """Return *text* in at most *width* cells: without the beginning of its address, else cut off, with an ellipsis."""
    from rich.cells import cell_len, set_cell_size

    if cell_len(text) <= width:
        return text
    text = _BEFORE_THE_LAST.sub(f"{ELLIPSIS}/", text, count=1)
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + ELLIPSIS


def _lined_up(cells: Sequence[str]) -> tuple[str, ...]:
    """Return *cells* so that numbers and song times line up at the decimal point, if the column holds nothing else."""
    numbers = [_NUMBER.fullmatch(cell) for cell in cells]
    wholes = [len(number[1]) if number else 0 for number in numbers]
    if not any(numbers) or not all(number or cell == EMPTY for number, cell in zip(numbers, cells, strict=True)):
        return tuple(cells)
    return tuple(" " * (max(wholes) - whole if whole else 0) + cell for whole, cell in zip(wholes, cells, strict=True))
