"""Tables as CSV files that a spreadsheet opens without interpreting anything in them.

Tests: ``tests/orchestrator/cli/commands/daily/test_note_files.py``.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

_FORMULA: Final = re.compile(r"[=+\-@\t\r]")


def csv_table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """*rows* under *heading*, in UTF-8; what a spreadsheet would take for a formula has an apostrophe before it."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([heading, *([_cell(cell) for cell in row] for row in rows)])
    return out.getvalue().encode()


def _cell(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text
