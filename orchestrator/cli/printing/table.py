"""Tables and lines for a terminal: aligned by display width, and free of control characters."""

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, zip_longest
from typing import Final, TextIO

from orchestrator.cli.printing.styles import Paint
from orchestrator.cli.printing.words import status_in_words

NARROWEST: Final = 16
"""Cells to which a column of sentences is wrapped at least."""
GAP: Final = "  "
FOLD: Final = "    "
"""Indent of columns that are folded below their row."""
EMPTY: Final = "-"
"""Text of an empty cell; folded lines that contain nothing else are omitted."""


def safe(line: str) -> str:
    """Return *line* with control characters replaced, since titles, notes and file names are untrusted."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in line)


def one_line(text: str) -> str:
    """Return *text* without its line breaks."""
    return " ".join(text.split())


def cell(value: object) -> str:
    """Return a value as the text of a table cell."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return "yes" if value else EMPTY
    return safe(status_in_words(one_line(str(value))))  # one row is one line, even if a title contains line breaks


def terminal_width(*, plain: bool, stream: TextIO | None = None) -> int | None:
    """Return the cells in a line of the terminal on *stream*, by default stdout; None if it is none, or if *plain*."""
    return None if plain or not (stream or sys.stdout).isatty() else shutil.get_terminal_size().columns


def rounded(row: Mapping[str, object]) -> dict[str, object]:
    """Return *row* with floats as text, rounded to two decimals."""
    return {name: f"{value:.2f}" if isinstance(value, float) else value for name, value in row.items()}


def columns_of(
    rows: Sequence[Sequence[str]], *, width: int | None = None, paints: Sequence[Paint | None] = ()
) -> list[str]:
    """Return *rows* of texts as aligned lines, by display width.

    Args:
        rows: of equal length; the first holds the headings.
        width: cells to fit into; columns of sentences are wrapped at spaces, the widest first.  Columns without spaces
            (addresses, numbers) are never wrapped; columns that do not fit are folded below the row.
        paints: how the cells of each column are coloured, which takes no width; empty without colours.
    """
    return [line for lines in _lines_by_row(rows, width, paints or [None] * len(rows[0])) for line in lines]


def wrapped_columns(
    rows: Sequence[Sequence[str]], widths: Sequence[int], paints: Sequence[Paint | None] = ()
) -> list[str]:
    """Return *rows* of texts as aligned lines, each column wrapped at spaces to its own width.

    Args:
        rows: of equal length; the first holds the headings.
        widths: cells of each column; a longer word is left whole.
        paints: how the cells of each column are coloured; empty without colours.
    """
    own = paints or [None] * len(widths)
    return [_joined(line, widths, row, own) for row in rows for line in _wrapped(row, widths)]


def _lines_by_row(rows: Sequence[Sequence[str]], width: int | None, paints: Sequence[Paint | None]) -> list[list[str]]:
    """Return the lines of each row."""
    beside = len(rows[0]) if width is None else _beside(rows, width)
    first = [row[:beside] for row in rows]
    widths = _fitted(first, width)
    lines = [[_joined(line, widths, row, paints) for line in _wrapped(row, widths)] for row in first]
    if beside == len(rows[0]):
        return lines
    below_width = None if width is None else width - len(FOLD)
    rest = _lines_by_row([row[beside:] for row in rows], below_width, paints[beside:])
    told = [any(word != EMPTY for word in row[beside:]) for row in rows]
    folded = ([FOLD + line for line in below] if said else [] for below, said in zip(rest, told, strict=True))
    return [above + below for above, below in zip(lines, folded, strict=True)]


def _joined(line: Sequence[str], widths: Sequence[int], row: Sequence[str], paints: Sequence[Paint | None]) -> str:
    """Return one line of *row*; the pieces are filled up to the widths before they are coloured."""
    from rich.cells import cell_len

    filled = [(piece, " " * (room - cell_len(piece))) for piece, room in zip(line, widths, strict=True)]
    return GAP.join(
        (paint(cell, piece) if paint else piece) + blanks
        for (piece, blanks), cell, paint in zip(filled, row, paints, strict=False)
    ).rstrip()


def _beside(rows: Sequence[Sequence[str]], width: int) -> int:
    """Return the number of columns that fit beside each other; at least one."""
    ends = accumulate((_least(rows, column) + len(GAP) for column in range(len(rows[0]))), initial=-len(GAP))
    return max(1, sum(end <= width for end in ends) - 1)


def _natural(rows: Sequence[Sequence[str]], column: int) -> int:
    """Return the width of a column that is not wrapped."""
    from rich.cells import cell_len

    return max(cell_len(row[column]) for row in rows)


def _least(rows: Sequence[Sequence[str]], column: int) -> int:
    """Return the least width of a column that may be wrapped."""
    from rich.cells import cell_len

    longest = max(cell_len(word) for row in rows for word in row[column].split(" "))
    return min(_natural(rows, column), max(NARROWEST, longest))


def _fitted(rows: Sequence[Sequence[str]], width: int | None) -> list[int]:
    """Return the columns' widths; those of sentences are narrowed until all fit, or none can be narrowed further."""
    columns = range(len(rows[0]))
    fitted = [_natural(rows, column) for column in columns]
    least = [_least(rows, column) for column in columns]
    spare = 0 if width is None else sum(fitted) + len(GAP) * (len(fitted) - 1) - width
    while spare > 0:
        able = [column for column in columns if fitted[column] > least[column]]
        if not able:
            break
        widest = max(able, key=fitted.__getitem__)
        fitted[widest] -= 1
        spare -= 1
    return fitted


def _wrapped(row: Sequence[str], widths: Sequence[int]) -> Iterator[tuple[str, ...]]:
    """Yield the lines of one row."""
    return zip_longest(*(_lines(word, room) for word, room in zip(row, widths, strict=True)), fillvalue="")


def _lines(text: str, room: int) -> list[str]:
    from rich.cells import cell_len

    if cell_len(text) <= room:
        return [text]  # with the blanks before it, by which numbers line up
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(longer) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def wrapped_line(line: str, width: int | None) -> list[str]:
    """Return *line* broken at spaces into lines of *width* cells, the later ones indented; None leaves it whole."""
    from rich.cells import cell_len

    if width is None or cell_len(line) <= width:
        return [line]
    text = line.lstrip()
    indent = line[: len(line) - len(text)]
    first, *rest = _lines(text, width - len(indent) - len(GAP))
    return [indent + first, *(indent + GAP + piece for piece in rest)]
