"""A month's report as a spreadsheet (XLSX) or a page (HTML), with the same numbers.

Amounts are numbers; all else is text, so that no name is ever taken for a formula or for markup.

Tests: ``tests/orchestrator/cli/commands/label/test_label_report.py``.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
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
AMOUNTS: Final = frozenset({*RECORD_COLUMNS[2:], "foreign", "net", "tax", "gross"})
"""Columns of amounts, whose headings stand to the right."""
WIDEST: Final = 40
"""Width of the widest column, in characters."""


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
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    bold = Font(name=FONT, size=11, bold=True)
    _set_text(sheet.cell(1, 1), title)
    sheet.cell(1, 1).font = Font(name=FONT, size=14, bold=True)
    for column, name in enumerate(columns, start=1):
        _set_text(sheet.cell(3, column), _heading(name))
        sheet.cell(3, column).font = bold
        if name in AMOUNTS:
            sheet.cell(3, column).alignment = Alignment(horizontal="right")
        texts = [_heading(name), *(_words(row.get(name)) for row in rows)]
        sheet.column_dimensions[get_column_letter(column)].width = min(WIDEST, max(map(len, texts)) + 2)
    for line, row in enumerate(rows, start=4):
        for column, name in enumerate(columns, start=1):
            cell = sheet.cell(line, column)
            _set(cell, row.get(name))
            if not row["record"]:
                cell.font = bold
    sheet.freeze_panes = "A4"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _set(cell: "Cell", value: object) -> None:
    if isinstance(value, Money):
        digits = MINOR_DIGITS.get(value.currency, 2)
        cell.value = _decimal(value)
        cell.number_format = f'#,##0{"." + "0" * digits if digits else ""} "{value.currency}"'
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
body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem; color: #1b1b1b; }
table { border-collapse: collapse; margin-bottom: 2rem; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid #d9d9d9; text-align: left; white-space: nowrap; }
th.amount, td.amount { text-align: right; font-variant-numeric: tabular-nums; }
.total td { font-weight: 600; border-top: 2px solid #1b1b1b; }
</style>
</head>
<body>
<h1>{{ report.label }} · {{ report.month }}</h1>
<p>Until {{ report.until }}.</p>
{% for title, columns, rows in tables %}
<h2>{{ title }}</h2>
<table>
<thead><tr>
{%- for name in columns %}<th{% if name in amounts %} class="amount"{% endif %}>{{ name | heading }}</th>
{%- endfor %}</tr></thead>
<tbody>
{% for row in rows %}
<tr{% if not row.record %} class="total"{% endif %}>
{%- for name in columns %}<td{% if row[name] is amount %} class="amount"{% endif %}>{{ row[name] | words }}</td>
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
    environment.filters |= {"heading": _heading, "words": _words}
    environment.tests["amount"] = lambda value: isinstance(value, Money)
    tables = [
        ("Records", RECORD_COLUMNS, [dict.fromkeys(RECORD_COLUMNS) | row for row in report.records]),
        ("Invoices that came in", INVOICE_COLUMNS, [dict.fromkeys(INVOICE_COLUMNS) | row for row in report.invoices]),
    ]
    file.write_text(
        environment.from_string(PAGE).render(report=report, tables=tables, amounts=AMOUNTS), encoding="utf-8"
    )


WRITERS: Final[Mapping[str, Callable[[MonthReport, Path], None]]] = {".xlsx": _write_sheet, ".html": _write_page}
"""Writer of each format, by the ending of its file's name."""
