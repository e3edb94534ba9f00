"""Table of a review: a row an item, in whose first two columns verdicts and ratings are written by hand.

Tests: ``tests/domain/status/review/test_verdict_table.py``.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from domain.core.refusal import Misused, Refusal

Answer = Literal["approved", "kept", "held", "rejected", "alternate"]
COLUMNS: Final = ("answer", "moved", "address", "title", "why", "verdict", "output", "read")
NEEDED: Final = frozenset({"answer", "address", "output", "read"})
"""Columns without which a table is not followed; ``moved`` may be missing, and the others are for people."""
WORDS: Final[dict[str, Answer]] = {
    "a": "approved", "approved": "approved", "approve": "approved", "k": "kept", "kept": "kept", "keep": "kept",
    "h": "held", "held": "held", "hold": "held", "r": "rejected", "rejected": "rejected", "reject": "rejected",
    "v": "alternate", "alternate": "alternate",
}  # fmt: skip
"""Answers by the words that say them, among them the keys of review."""
LARGEST: Final = 4 * 1024 * 1024
"""Bytes of a table."""
LONGEST_POSITION: Final = 15
"""Digits of a position of the log."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "'")
_SHA: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class TableRow:
    """An item with what is recorded about it: a verdict, a rating or both.

    Args:
        line: number of its first line in the file, from 1.
        address: as it is written.
        output: hash of what was to be heard when the table was written.
        read: log position up to which the item was read then.
        answer: the verdict; None to leave the item undecided.
        moved: from 0 to 3; None without a rating.
    """

    line: int
    address: str
    output: str
    read: int
    answer: Answer | None
    moved: int | None


@dataclass(frozen=True, slots=True)
class LineFault:
    """Why a line of a table cannot be followed."""

    line: int
    reason: str
    rule: str
    sort: type[Refusal] = Misused

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason} ({self.rule})"


def write_table(rows: Iterable[Iterable[object]]) -> str:
    """The table of *rows*, whose cells are in the order of ``COLUMNS``, as CSV.

    A cell that a spreadsheet would interpret as a formula gets an apostrophe before it.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(str(cell)) for cell in row] for row in rows)
    return text.getvalue()


def _cell(text: str) -> str:
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(_FORMULA) else line


def read_table(text: str) -> tuple[list[TableRow], list[LineFault]]:
    """The rows of a table that say something, and the faults of the others; commas, semicolons or tabs part the cells.

    Raises:
        Misused: ``review.table``; it is too large, no table, or its first line does not name the columns.
    """
    if len(text) > LARGEST:
        raise Misused("review.table", f"a table of a review has at most {LARGEST:,} characters")
    heading, *rows = _cells(text.removeprefix("\ufeff")) or [(1, [])]
    names = [name.strip().lower() for name in heading[1]]
    if not set(names) >= NEEDED or len(names) != len(set(names)):
        raise Misused("review.table", f"its first line does not name the columns: {','.join(COLUMNS)}, each once")
    found, faults = list[TableRow](), list[LineFault]()
    for line, cells in rows:
        if len(cells) > len(names):
            faults.append(LineFault(line, f"it has {len(cells)} cells for {len(names)} columns", "review.table"))
            continue
        read = _row(line, dict(zip(names, (cell.strip() for cell in cells), strict=False)))
        if isinstance(read, LineFault):
            faults.append(read)
        elif read is not None:
            found.append(read)
    return found, faults


def _cells(text: str) -> list[tuple[int, list[str]]]:
    """The cells of each line that is not empty, with the number of the line at which they begin."""
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=max(",;\t", key=first.count))

    def numbered() -> Iterator[tuple[int, list[str]]]:
        line = 1
        for cells in reader:
            if any(cells):
                yield line, cells
            line = reader.line_num + 1

    try:
        return list(numbered())
    except csv.Error as error:
        raise Misused("review.table", f"line {reader.line_num}: it is no table ({error})") from None


def _row(line: int, cells: dict[str, str]) -> TableRow | LineFault | None:
    """The row of *cells* by column; None if it says nothing."""
    word, moved = cells.get("answer", "").removeprefix("'").lower(), cells.get("moved", "")
    address, output, read = (cells.get(name, "") for name in ("address", "output", "read"))
    if not word and not moved:
        return None
    reason = ""
    if word and word not in WORDS:
        reason = f"{word[:40]!r} is no answer: approved, kept, held, rejected, alternate or nothing"
    elif moved not in {"", "0", "1", "2", "3"}:
        reason = f"{moved[:40]!r} is no rating: 0, 1, 2, 3 or nothing"
    elif not address:
        reason = "it names no item"
    elif not _SHA.fullmatch(output):
        reason = "its output is not as it was written: 64 hexadecimal digits"
    elif not (read.isascii() and read.isdecimal() and len(read) <= LONGEST_POSITION):
        reason = f"{read[:40]!r} is no position of the log, as it was written in the column read"
    if reason:
        return LineFault(line, reason, "review.table")
    return TableRow(line, address, output, int(read), WORDS.get(word), int(moved) if moved else None)
