"""A month's report: equal totals in the spreadsheet, on the page and at the prompt, and no name that is a formula."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from orchestrator.desk.label.month_report import INVOICE_COLUMNS
from tests.orchestrator.label import Label

NIGHT_BUS = "night-bus"
EVIL = '=HYPERLINK("http://127.0.0.1","x")'
BEGAN = datetime.now(ZoneInfo("Europe/Berlin"))
MONTH = BEGAN.strftime("%Y-%m")


class Cells(HTMLParser):
    """The texts of all cells of a page's tables, table by table and row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._open = False

    def handle_starttag(self, tag: str, _: object) -> None:
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in {"td", "th"}:
            self.tables[-1][-1].append("")
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        if self._open:
            self.tables[-1][-1][-1] += data


@pytest.fixture
def spending(label: Label) -> Label:
    """Two records with budgets, invoices and payments; titles and payees that a spreadsheet could take for formulas."""
    label = replace(label, clock=lambda: BEGAN)  # so that no month ends between two commands
    label.does("record", "new", EVIL, "--artist", "<b>Bold</b> & Sons")
    label.does("budget", "set", NIGHT_BUS, "studio=1000", "mixing=500.10")
    label.does("budget", "set", "hyperlink-http-127-0-0-1-x", "studio=0.20")
    label.does("budget", "invoice", NIGHT_BUS, "studio", "100.10", "--invoice", "+1", "--payee", "@SUM(1)", "--tax",
               "19%")  # fmt: skip
    label.does("budget", "invoice", NIGHT_BUS, "mixing", "100", "--invoice", "2", "--payee", "<i>Hire</i>",
               "--currency", "GBP", "--rate", "1.17", "--dated", "2026-11-01")  # fmt: skip
    label.does("budget", "spend", NIGHT_BUS, "studio", "0.20", "--invoice", "3")
    return label


def sheet(file: Path, name: str) -> list[list[object]]:
    rows = load_workbook(file)[name].iter_rows(min_row=3, values_only=True)
    return [["" if value is None else _text_of_date(value) for value in row] for row in rows]


def _text_of_date(value: object) -> object:
    return f"{value:%Y-%m-%d}" if isinstance(value, datetime) else value


def test_spreadsheet_and_page_have_equal_cells(spending: Label, tmp_path: Path) -> None:
    spending.does("label", "report", MONTH, "-o", tmp_path / "money.xlsx")
    spending.does("label", "report", MONTH, "-o", tmp_path / "money.html")
    page = Cells()
    page.feed((tmp_path / "money.html").read_text("utf-8"))
    for name, table in zip(("Records", "Invoices"), page.tables, strict=True):
        rows = sheet(tmp_path / "money.xlsx", name)
        assert len(rows) == len(table) > 2
        for left, right in zip(rows, table, strict=True):
            for value, text in zip(left, right, strict=True):
                if isinstance(value, str):
                    assert value == text
                else:
                    assert f"{Decimal(str(value)):,.2f}" == text.split(" ")[0]


def test_the_spreadsheet_prints_on_a4_with_its_headings_on_every_page_and_whole_names(
    spending: Label, tmp_path: Path
) -> None:
    payee = "A name that is far longer than the widest column of the sheet, and goes on"
    spending.does("budget", "invoice", NIGHT_BUS, "studio", "1", "--invoice", "4", "--payee", payee)
    spending.does("label", "report", MONTH, "-o", tmp_path / "money.xlsx")
    book = load_workbook(tmp_path / "money.xlsx")
    for own in book:
        assert (own.page_setup.paperSize, own.page_setup.orientation) == (int(own.PAPERSIZE_A4), "landscape")
        assert (own.print_title_rows, own.freeze_panes) == ("$3:$3", "A4")
        assert [cell.alignment.horizontal for cell in own[3]] == [cell.alignment.horizontal for cell in own[4]]
    invoices = book["Invoices"]
    dated = invoices.cell(5, INVOICE_COLUMNS.index("dated") + 1)
    assert (dated.value, dated.number_format) == (datetime(2026, 11, 1), "yyyy-mm-dd")  # noqa: DTZ001 - a day
    [row] = [row for row in invoices.iter_rows() if row[1].value == payee]
    assert row[1].alignment.wrap_text
    assert invoices.row_dimensions[row[1].row].height >= 2 * 15


def test_the_totals_are_the_sums_of_the_rows_to_the_cent(spending: Label) -> None:
    report = spending.data("label", "report", MONTH)
    *rows, total = report["records"]
    assert total["title"] == "total EUR"
    for name in ("approved", "committed", "invoiced", "spent", "left", "forecast", "cost_in_month", "spent_in_month"):
        assert total[name]["minor"] == sum(row[name]["minor"] for row in rows)
    assert (total["approved"]["minor"], total["invoiced"]["minor"], total["spent_in_month"]["minor"]) == (
        150_030, 21_710, 20,
    )  # fmt: skip
    *invoices, sums = report["invoices"]
    assert [row["gross"]["minor"] for row in (*invoices, sums)] == [11_912, 11_700, 23_612]
    for row in spending.data("budget", "list"):
        [own] = [one for one in rows if one["record"] == row["record"]]
        assert own["forecast"] == row["forecast"]


def test_no_name_becomes_a_formula_or_markup(spending: Label, tmp_path: Path) -> None:
    spending.does("label", "report", MONTH, "-o", tmp_path / "money.xlsx")
    spending.does("label", "report", MONTH, "-o", tmp_path / "money.html")
    cells = [cell for own in load_workbook(tmp_path / "money.xlsx") for row in own.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "d"}
    signed = [cell for cell in cells if isinstance(cell.value, str) and cell.value[:1] in {"=", "+", "@", "-"}]
    assert {cell.value for cell in signed} == {EVIL, "+1", "@SUM(1)"}
    assert all(cell.quotePrefix for cell in signed)
    assert "<i>Hire</i>" not in (tmp_path / "money.html").read_text("utf-8")


def test_a_month_before_the_store_has_no_money_and_one_to_come_no_report(spending: Label) -> None:
    assert spending.data("label", "report", "2020-01")["records"] == []
    for month in ("2999-01", "2026-13", "november", "2026-1", "0000-01"):
        assert spending.refuses(2, "label", "report", month).rule == "when"


def test_a_file_is_new_and_of_a_known_format(spending: Label, tmp_path: Path) -> None:
    spending.refuses(2, "label", "report", MONTH, "-o", tmp_path / "money.pdf")
    spending.does("label", "report", MONTH, "-o", tmp_path / "money.html")
    assert spending.refuses(3, "label", "report", MONTH, "-o", tmp_path / "money.html").rule == "file.exists"
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["money.html"]


def test_only_who_sees_the_money_of_all_records_gets_it(spending: Label) -> None:
    spending.does("user", "add", "pat", "--role", "producer", "--record", NIGHT_BUS)
    spending.does("user", "add", "fay", "--role", "finance")
    assert spending.refuses(3, "label", "report", MONTH, "--as", "pat").rule == "curtain.money"
    spending.does("label", "report", MONTH, "--as", "fay")
