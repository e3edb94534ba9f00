"""Tables and lines for a terminal: aligned by the width they have there, and free of what could steer it."""

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, zip_longest
from typing import Final

NARROWEST: Final = 16
"""Cells; a column of sentences is wrapped to no fewer."""
GAP: Final = "  "
FOLD: Final = "    "
"""Before what is folded below its row."""
EMPTY: Final = "-"
"""A cell that says nothing; what is folded and says nothing else is left out."""


def safe(line: str) -> str:
    """*line* without what could steer a terminal: titles, notes and file names come from outside."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in line)


def one_line(text: str) -> str:
    """*text* without its line breaks."""
    return " ".join(text.split())


def cell(value: object) -> str:
    """A value as one word of a table."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return "yes" if value else EMPTY
    return safe(one_line(str(value)))  # one row is one line, whatever a title holds


def terminal_width(*, plain: bool) -> int | None:
    """Cells of the terminal on stdout; None where there is none, or where each row is wanted on one line."""
    return None if plain or not sys.stdout.isatty() else shutil.get_terminal_size().columns


def rounded(row: Mapping[str, object]) -> dict[str, object]:
    """*row* with its measures as a person reads them, to the second decimal."""
    return {name: f"{value:.2f}" if isinstance(value, float) else value for name, value in row.items()}


def columns_of(rows: Sequence[Sequence[str]], *, width: int | None = None) -> list[str]:
    """Rows of words as aligned lines, by the width they have in a terminal.

    Args:
        rows: of equal length; the first holds the headings.
        width: cells to fit into; columns of sentences, the widest first, are then wrapped between their words.
            Addresses and numbers have no spaces, and stay whole: what has no room beside them is folded below them.
    """
    return [line for lines in _told(rows, width) for line in lines]


def _told(rows: Sequence[Sequence[str]], width: int | None) -> list[list[str]]:
    """The lines of each row."""
    beside = len(rows[0]) if width is None else _beside(rows, width)
    first = [row[:beside] for row in rows]
    widths = _fitted(first, width)
    lines = [[_joined(line, widths) for line in _wrapped(row, widths)] for row in first]
    if beside == len(rows[0]):
        return lines
    rest = _told([row[beside:] for row in rows], None if width is None else width - len(FOLD))
    told = [any(word != EMPTY for word in row[beside:]) for row in rows]
    folded = ([FOLD + line for line in below] if said else [] for below, said in zip(rest, told, strict=True))
    return [above + below for above, below in zip(lines, folded, strict=True)]


def _joined(line: Sequence[str], widths: Sequence[int]) -> str:
    from rich.cells import cell_len

    return GAP.join(piece + " " * (room - cell_len(piece)) for piece, room in zip(line, widths, strict=True)).rstrip()


def _beside(rows: Sequence[Sequence[str]], width: int) -> int:
    """How many columns find room beside each other; at least one."""
    ends = accumulate((_least(rows, column) + len(GAP) for column in range(len(rows[0]))), initial=-len(GAP))
    return max(1, sum(end <= width for end in ends) - 1)


def _natural(rows: Sequence[Sequence[str]], column: int) -> int:
    """The width of a column that is not wrapped."""
    from rich.cells import cell_len

    return max(cell_len(row[column]) for row in rows)


def _least(rows: Sequence[Sequence[str]], column: int) -> int:
    """The width of a column that is wrapped as far as it may be."""
    from rich.cells import cell_len

    longest = max(cell_len(word) for row in rows for word in row[column].split(" "))
    return min(_natural(rows, column), max(NARROWEST, longest))


def _fitted(rows: Sequence[Sequence[str]], width: int | None) -> list[int]:
    """The columns' widths, those of the sentences narrowed until all fit, or none can give more."""
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
    """The lines of one row."""
    return zip_longest(*(_lines(word, room) for word, room in zip(row, widths, strict=True)), fillvalue="")


def _lines(text: str, room: int) -> list[str]:
    from rich.cells import cell_len

    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(longer) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
