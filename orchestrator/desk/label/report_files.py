"""A month's report as a spreadsheet (XLSX) or a page (HTML), with the same numbers.

Amounts are numbers and dates are dates; all else is text, so that no name is ever taken for a formula or for markup.

Tests: ``tests/orchestrator/cli/commands/label/test_label_report.py``.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from domain.core.money import MINOR_DIGITS, Money
from domain.core.refusal import Misused
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.label.month_report import INVOICE_COLUMNS, RECORD_COLUMNS, MonthReport
from orchestrator.new_file import new_file

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
"""First characters by which a spreadsheet takes a text that is typed or imported for a formula."""
FONT: Final = "Calibri"
"""Font of the headings: the one that a new sheet has for its other cells."""
AMOUNTS: Final = frozenset({*RECORD_COLUMNS[2:], "foreign", "rate", "net", "tax", "gross"})
"""Columns of numbers, which are aligned to the right."""
DATES: Final = frozenset({"dated", "due"})
WIDEST: Final = 40
"""Width of the widest column, in characters."""
WRAP_MARGIN: Final = 6
"""Characters by which a line of a wrapped text may be shorter than its column is wide: letters differ in width."""
LINE_HEIGHT: Final = 15
"""Height of a line of a sheet in points; not every program finds the height of a row with wrapped text by itself."""
HEADING_ROW: Final = 3
"""Row of a sheet with the names of its columns."""
FIRST_SHEET_YEAR: Final = 1900
"""Earlier dates do not exist in a spreadsheet."""


def write_report(report: MonthReport, file: Path) -> None:
    """Write *report* into the new *file*, whole or not at all.

    Raises:
        Misused: ``report.format``; the name ends neither in .xlsx nor in .html.
        NotFound: ``file.folder``.
        Refused: ``file.exists``.
    """
    write = WRITERS.get(file.suffix.lower())
    if write is None:
        raise Misused("report.format", f"{file.name} is neither a spreadsheet nor a page; name it .xlsx or .html")
    with new_file(file) as draft:
        write(report, draft)


def _heading(name: str) -> str:
    return name.replace("_", " ")


def _column_class(column: str) -> str:
    """The class of a column's cells on the page: ``amount``, ``date`` or ``text``."""
    return "amount" if column in AMOUNTS else "date" if column in DATES else "text"


def _decimal(amount: Money) -> Decimal:
    return Decimal(amount.minor).scaleb(-MINOR_DIGITS.get(amount.currency, 2))


def _write_sheet(report: MonthReport, file: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "Records"
    _fill(first, f"{report.label} · {report.month}, until {report.until}", RECORD_COLUMNS, report.records)
    _fill(
        book.create_sheet("Invoices"), f"Invoices that came in during {report.month}", INVOICE_COLUMNS, report.invoices
    )
    book.save(file)


def _fill(sheet: "Worksheet", title: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter

    bold, line = Font(name=FONT, size=11, bold=True), Side(style="thin")
    _set_text(sheet.cell(1, 1), title)
    sheet.cell(1, 1).font = Font(name=FONT, size=14, bold=True)
    for column, name in enumerate(columns, start=1):
        heading = sheet.cell(HEADING_ROW, column)
        _set_text(heading, _heading(name))
        heading.font, heading.border = bold, Border(bottom=line)
        texts = [_heading(name), *(_words(row.get(name)) for row in rows)]
        sheet.column_dimensions[get_column_letter(column)].width = min(WIDEST, max(map(len, texts)) + 2)
        for number, row in enumerate(rows, start=HEADING_ROW + 1):
            cell = sheet.cell(number, column)
            _set(cell, row.get(name))
            if not row["record"]:
                cell.font, cell.border = bold, Border(top=line)
        for number in range(HEADING_ROW, HEADING_ROW + len(rows) + 1):
            side = "right" if name in AMOUNTS else "left"
            sheet.cell(number, column).alignment = Alignment(horizontal=side, vertical="top", wrap_text=side == "left")
    for number, row in enumerate(rows, start=HEADING_ROW + 1):
        lines = max(len(wrap(_words(row.get(name)), WIDEST - WRAP_MARGIN)) for name in columns)
        sheet.row_dimensions[number].height = LINE_HEIGHT * max(1, lines)
    sheet.freeze_panes = f"A{HEADING_ROW + 1}"
    _set_pages(sheet)


def _set_pages(sheet: "Worksheet") -> None:
    """Print *sheet* on A4 across, as wide as the page, with the names of the columns and a number on every page."""
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    sheet.oddFooter.right.text = "&P / &N"


def _set(cell: "Cell", value: object) -> None:
    if isinstance(value, Money):
        digits = MINOR_DIGITS.get(value.currency, 2)
        cell.value = _decimal(value)
        cell.number_format = f'#,##0{"." + "0" * digits if digits else ""} "{value.currency}"'
    elif isinstance(value, date) and value.year >= FIRST_SHEET_YEAR:
        cell.value, cell.number_format = value, "yyyy-mm-dd"
    else:
        _set_text(cell, _words(value))


def _set_text(cell: "Cell", text: str) -> None:
    """Set *text* as text, whatever it begins with; characters that no sheet can hold are left out."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    if text.startswith(FORMULA_SIGNS):
        cell.quotePrefix = True


def _words(value: object) -> str:
    return "" if value is None else str(value)


PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{{ report.label }}, {{ report.month }}</title>
<style>
body { font: 13px/1.5 system-ui, sans-serif; margin: 2rem; color: #1b1b1b; }
table { border-collapse: collapse; margin-bottom: 2rem; width: max-content; }
th, td { padding: .3rem .5rem; border-bottom: 1px solid #d9d9d9; text-align: left; vertical-align: top; }
th { vertical-align: bottom; }
td { overflow-wrap: break-word; max-width: 24em; }
th.amount, td.amount { text-align: right; font-variant-numeric: tabular-nums; }
td.amount, td.date { white-space: nowrap; }
.total td { font-weight: 600; border-top: 2px solid #1b1b1b; }
@page { size: A4 landscape; margin: 12mm; }
@media print {
  body { font-size: 9px; margin: 0; }
  table { width: auto; }
  th, td { padding: .2rem .4rem; }
  tr { break-inside: avoid; }
}
</style>
</head>
<body>
<h1>{{ report.label }} · {{ report.month }}</h1>
<p>Until {{ report.until }}.</p>
{% for title, columns, rows in tables %}
<h2>{{ title }}</h2>
<table>
<thead><tr>
{%- for name in columns %}<th class="{{ name | column_class }}">{{ name | heading }}</th>
{%- endfor %}</tr></thead>
<tbody>
{% for row in rows %}
<tr{% if not row.record %} class="total"{% endif %}>
{%- for name in columns %}<td class="{{ name | column_class }}">{{ row[name] | words }}</td>
{%- endfor %}</tr>
{% endfor %}
</tbody>
</table>
{% endfor %}
</body>
</html>
"""
"""Template of the page; every value is escaped."""


def _write_page(report: MonthReport, file: Path) -> None:
    from jinja2 import Environment

    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"heading": _heading, "words": _words, "column_class": _column_class}
    tables = [
        ("Records", RECORD_COLUMNS, [dict.fromkeys(RECORD_COLUMNS) | row for row in report.records]),
        ("Invoices that came in", INVOICE_COLUMNS, [dict.fromkeys(INVOICE_COLUMNS) | row for row in report.invoices]),
    ]
    file.write_text(environment.from_string(PAGE).render(report=report, tables=tables), encoding="utf-8")


WRITERS: Final[Mapping[str, Callable[[MonthReport, Path], None]]] = {".xlsx": _write_sheet, ".html": _write_page}
"""Writer of each format, by the ending of its file's name."""
