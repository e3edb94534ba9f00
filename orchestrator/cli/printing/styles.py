"""Colours of a terminal: the one table of styles, where each is used, and when there is none.

Colour repeats what words say already, so that nothing is lost without it.  JSON and output with ``--plain`` are never
coloured; nothing is under ``NO_COLOR`` (https://no-color.org), on a dumb terminal, or on a stream that is no terminal,
unless ``CLICOLOR_FORCE`` (https://bixense.com/clicolors) is set.
Tests: ``tests/orchestrator/cli/printing/test_styles.py``.
"""

import io
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TextIO

STYLES: Final[Mapping[str, str]] = {
    "good": "32",
    "bad": "31",
    "attention": "33",
    "mine": "1",
    "refusal": "1;31",
    "comment": "36",
    "scene": "1",
    "command": "1;32",
}
"""Parameters of the SGR control sequence (ECMA-48, section 8.3.117) by the name of a style."""

STATUSES: Final[Mapping[str, str]] = {
    "changed since approval": "attention",
    "approved": "good",
    "kept": "good",
    "partly": "attention",
    "to judge": "attention",
    "to hear": "attention",
    "open": "attention",
    "LATE": "bad",
    "OVER": "bad",
    "TIGHT": "attention",
    "rejected": "bad",
    "blocked": "bad",
    "failed": "bad",
    "removed": "bad",
}
"""Style by the words with which a status begins; other statuses are printed as they are."""

STATUS_COLUMNS: Final = frozenset({"status", "state", "verdict", "flag"})
"""Headings of the columns that hold a status; everywhere else the same words are a title or a note."""
KINDS_COLUMN: Final = "what"
"""Heading of the column that holds one word, such as ``blocked``, or, in the log, a sentence, which has no colour."""

Paint = Callable[[str, str], str]
"""Returns a piece of a cell as it is printed, from the whole cell and the piece."""


def is_coloured(stream: TextIO | io.TextIOBase, *, plain: bool = False) -> bool:
    """Return True if text for people is coloured on *stream*.

    Args:
        stream: stdout or stderr, as they are now.
        plain: the user asked for plain lines.
    """
    if plain or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("CLICOLOR_FORCE", "0") not in {"", "0"}:
        return True
    wanted = os.environ.get("CLICOLOR") != "0" and os.environ.get("TERM", "dumb") not in {"", "dumb"}
    return wanted and stream.isatty()


def painted(text: str, style: str) -> str:
    """Return *text* between the sequences that begin *style* and end it; unchanged without text or style."""
    return f"\033[{STYLES[style]}m{text}\033[0m" if style and text.strip() else text


def status_style(cell: str) -> str:
    """Return the style of a status; empty if it has none.  A status may be shortened, with an ellipsis at its end."""
    words = cell.removesuffix("…").rstrip()
    for status, style in STATUSES.items():
        shortened_status = cell.endswith("…") and bool(words) and status.startswith(words)
        if words == status or words.startswith((f"{status} ", f"{status},")) or shortened_status:
            return style
    return ""


def paints_of(headings: Sequence[str], *, statuses: Sequence[str] = (), mine: Sequence[str] = ()) -> list[Paint | None]:
    """Return how the cells of each column are painted; None leaves them as they are.

    Args:
        headings: headings of the columns, as people read them.
        statuses: headings of columns that hold statuses in this table, besides :data:`STATUS_COLUMNS`.
        mine: texts of cells that are for the user alone.
    """

    def own(cell: str, piece: str) -> str:
        return painted(piece, "mine") if cell in mine else piece

    special = {**dict.fromkeys([*STATUS_COLUMNS, *statuses], _status), KINDS_COLUMN: _kind}
    return [special.get(heading, own if mine else None) for heading in headings]


def _status(cell: str, piece: str) -> str:
    return painted(piece, status_style(cell))


def _kind(cell: str, piece: str) -> str:
    return painted(piece, STATUSES.get(cell, ""))
