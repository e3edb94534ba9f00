"""Sheets of a session that people print or get by mail: text, and a page for A4.

Tests: ``tests/orchestrator/cli/commands/session/test_session_call.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MOST_LINES: Final = 24
"""Lines of one section at most, so that a sheet stays on its page."""
LONGEST_CELL: Final = 120
"""Characters of one cell at most."""


@dataclass(frozen=True, slots=True)
class SheetSection:
    """A heading and the rows below it; every row has as many cells as the first."""

    heading: str
    rows: Sequence[Sequence[str]]
    most: int = MOST_LINES
    """Rows that are shown at most."""
    longest: int = LONGEST_CELL
    """Characters of a cell that are shown at most."""
    header: Sequence[str] = ()
    """Names of the columns; empty for rows that need none."""

    @property
    def shown(self) -> list[list[str]]:
        """The rows that fit, and below them how many do not."""
        rows = [[shortened(cell, self.longest) for cell in row] for row in self.rows[: self.most]]
        left = len(self.rows) - len(rows)
        return [*rows, [f"and {left} more"]] if left else rows

    def data(self) -> dict[str, object]:
        """The heading and the rows for programs, uncut."""
        return {"heading": self.heading, "columns": list(self.header), "rows": [list(row) for row in self.rows]}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of one session, without money and without the words of any note."""

    title: str
    subtitle: str
    sections: Sequence[SheetSection]
    closing: str = ""

    @property
    def filled(self) -> list[SheetSection]:
        """The sections that have rows."""
        return [one for one in self.sections if one.rows]

    def lines(self) -> list[str]:
        """The sheet as plain text."""
        told = [shortened(self.title), shortened(self.subtitle)]
        for section in self.filled:
            rows = [list(section.header), *section.shown] if section.header else section.shown
            widths = [max(len(row[at]) for row in rows if at < len(row) - 1) for at in range(len(rows[0]) - 1)]
            told += ["", section.heading]
            for row in rows:
                cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)]
                told.append(f"  {'  '.join([*cells, row[-1]])}".rstrip())
        return [*told, "", *self.closing.splitlines()] if self.closing else told

    def page(self) -> str:
        """The sheet as an HTML page that prints on A4; every text is escaped."""
        from jinja2 import Environment

        environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
        return environment.from_string(PAGE).render(
            sheet=self, title=shortened(self.title), subtitle=shortened(self.subtitle)
        )


def shortened(text: str, longest: int = LONGEST_CELL) -> str:
    """*text* in one line of at most *longest* characters, without those that do not print."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"


PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{{ title }}</title>
<style>
body { font: 14px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 46rem; color: #1b1b1b; }
h1 { font-size: 1.7em; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1em; margin: 1.2em 0 .2em; border-bottom: 1px solid #1b1b1b; }
p { margin: .2em 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th { padding: .12em .8em .12em 0; text-align: start; font-weight: 600; }
td { padding: .12em .8em .12em 0; vertical-align: top; overflow-wrap: anywhere; }
.closing { margin-top: 1.6em; white-space: pre-line; }
@page { size: A4; margin: 14mm; }
@media print { body { font-size: 10px; margin: 0; max-width: none; } tr { break-inside: avoid; } }
</style>
</head>
<body>
<h1>{{ title }}</h1>
<p>{{ subtitle }}</p>
{% for section in sheet.filled %}
<h2>{{ section.heading }}</h2>
<table>
{% if section.header %}
<thead><tr>{% for name in section.header %}<th>{{ name }}</th>{% endfor %}</tr></thead>
{% endif %}
{% for row in section.shown %}
<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}
</table>
{% endfor %}
{% if sheet.closing %}
<p class="closing">{{ sheet.closing }}</p>
{% endif %}
</body>
</html>
"""
"""Template of the page."""
