"""Sheets in LibreOffice: a month's report with the numbers of its page and of `--json`, on A4; and the CSV files.

LibreOffice opens each file anew and writes what it holds (numbers) and what it shows (texts), sheet by sheet.
Debian package: libreoffice-calc-nogui.
"""

import csv
import re
import subprocess
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.core.money import MINOR_DIGITS
from orchestrator.desk.label.month_report import INVOICE_COLUMNS, RECORD_COLUMNS
from orchestrator.desk.review.note_markers import NoteMarker, write_markers
from tests.orchestrator.cli.commands.label.test_label_report import Cells
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import note

Rows = list[list[str]]
TITLE_ROWS: Final = 2
"""Rows of a sheet before the names of its columns."""
TO_CSV: Final = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,{shown},false,false,-1"
"""Filter that writes every sheet as UTF-8 with commas; *shown*: texts as formatted, else values."""
FROM_CSV: Final = "Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,0,true,true"
"""Filter that reads a CSV file as a hasty user does: numbers and dates are detected, formulas are evaluated."""
PATIENCE_S: Final = 120.0
A4_ACROSS: Final = (842, 595)
"""Width and height of the paper, points: ISO 216."""
LONG: Final = "A payee whose name is far longer than any column of a sheet, and which goes on until the third line"
EVIL: Final = '=HYPERLINK("http://127.0.0.1","x")'
REEL: Final = ("01 kick", "=1+1", "+vocal", "@vocal, Zoë", "-kick", "#kick")
"""Names of recorded files."""
NUMBER: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")
INVOICES: Final = 90
"""Enough for a second page."""


def sheets(rounds: int) -> None:
    """In each round, open a label's sheets in LibreOffice."""
    for _ in range(rounds):
        with TemporaryDirectory(prefix="takesheet-sheets-") as place:
            (folder := Path(place) / "label").mkdir()
            office = Office(Path(place))
            label = prepare(folder)
            check_report(label, office)
            check_lists(label, office)


def prepare(folder: Path) -> Label:
    """Three records with large, small, foreign, overdrawn and negative amounts and hostile words."""
    label = open_label(folder)
    label.does("record", "new", EVIL, "--artist", "<b>Bold</b> & Sons")
    label.does("record", "new", "Tin Can", "--artist", "Ann")
    evil = "hyperlink-http-127-0-0-1-x"
    label.does("budget", "set", "night-bus", "studio=16300.10", "mixing=0.20")
    label.does("budget", "set", evil, "studio=0.20")
    label.does("budget", "set", "tin-can", "studio=1500000")
    invoice = ("budget", "invoice")
    label.does(*invoice, "night-bus", "studio", "100.10", "--invoice", "+1", "--payee", "@SUM(1)", "--tax", "19%")
    label.does(*invoice, "night-bus", "mixing", "100", "--invoice", "2027-01-02", "--payee", LONG, "--currency", "GBP",
               "--rate", "1.17", "--dated", "2026-11-01", "--due", "2026-12-01")  # fmt: skip
    label.does(*invoice, evil, "studio", "1234567.89", "--invoice", "007", "--payee", "Zoë Ångström")
    label.does(*invoice, "tin-can", "studio", "12345", "--invoice", "1e3", "--payee", "-2+3", "--currency", "JPY",
               "--rate", "0.0061", "--on", "2026-11-01")  # fmt: skip
    for number in range(INVOICES):
        label.does(*invoice, "night-bus", "studio", f"0.{number % 10}1", "--invoice", f"S{number}", "--payee", "Hire")
    label.does("budget", "spend", "night-bus", "studio", "0.20", "--invoice", "3")
    return label


class Office:
    """LibreOffice without a window, with settings of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def convert(self, layout: str, *files: Path, options: Sequence[str] = ()) -> list[Path]:
        """Open *files* and write them in *layout*; the new files by name.  Without the program, the drill fails."""
        (target := self._folder / f"converted-{len(list(self._folder.iterdir()))}").mkdir()
        words = ["soffice", "--headless", f"-env:UserInstallation={(self._folder / 'settings').as_uri()}", *options,
                 "--convert-to", layout, "--outdir", str(target), *map(str, files)]  # fmt: skip
        done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        found = sorted(target.iterdir())
        assert len(found) >= len(files), f"not all opened: {done.stdout} {done.stderr}"  # its exit code is 0 then
        return found

    def sheets(self, file: Path, *, shown: bool) -> dict[str, Rows]:
        """The rows of every sheet of *file* by its name: texts as they are *shown*, or values."""
        found = self.convert(TO_CSV.format(shown=str(shown).lower()), file)
        return {path.stem.removeprefix(f"{file.stem}-"): rows_of(path) for path in found}


def rows_of(file: Path) -> Rows:
    """The rows of a CSV file."""
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.reader(text, strict=True))


def check_report(label: Label, office: Office) -> None:
    """Raise AssertionError unless LibreOffice holds and shows the report's numbers, and prints it on A4."""
    month = datetime.now(ZoneInfo("Europe/Berlin")).strftime("%Y-%m")
    sheet, page = label.folder / "report.xlsx", label.folder / "report.html"
    for file in (sheet, page):
        label.does("label", "report", month, "-o", file)
    data = label.data("label", "report", month)
    values, texts = office.sheets(sheet, shown=False), office.sheets(sheet, shown=True)
    tables = Cells()
    tables.feed(page.read_text("utf-8"))
    for (name, columns), table in zip(
        (("Records", RECORD_COLUMNS), ("Invoices", INVOICE_COLUMNS)), tables.tables, strict=True
    ):
        rows = data[name.lower()]
        assert texts[name][TITLE_ROWS:] == table, f"{name}: sheet and page differ"
        assert values[name][TITLE_ROWS + 1 :] == [[plain(row.get(column)) for column in columns] for row in rows]
        check_sums(columns, rows)
    assert len(data["invoices"]) > INVOICES
    check_pages(office.convert("pdf", sheet)[0].read_bytes())


def plain(value: Any) -> str:
    """A value of the JSON as LibreOffice writes it unformatted."""
    if not isinstance(value, Mapping):
        return "" if value is None else str(value)
    amount = Decimal(value["minor"]).scaleb(-MINOR_DIGITS.get(value["currency"], 2))
    return f"{amount.normalize():f}"


def check_sums(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Raise AssertionError unless every amount of the last row is the sum of those above it."""
    *parts, total = rows
    assert not total["record"]
    amounts = [column for column in columns if isinstance(total.get(column), Mapping)]
    assert len(amounts) == (9 if "left" in columns else 3), amounts  # all but foreign ones
    for column in amounts:
        assert total[column] == {"minor": sum(row[column]["minor"] for row in parts), "currency": "EUR"}, column


def check_pages(pdf: bytes) -> None:
    """Raise AssertionError unless every page is A4 across, and the invoices go on to a second one."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([0-9.]+) ([0-9.]+)", pdf)
    sizes = [tuple(round(float(side)) for side in box) for box in boxes]
    assert len(sizes) > 1 + 1, f"{len(sizes)} pages"
    assert set(sizes) == {A4_ACROSS}, sizes


def check_lists(label: Label, office: Office) -> None:
    """Raise AssertionError unless LibreOffice reads the CSV files of notes and of an import without evaluating any."""
    markers = [
        NoteMarker(Fraction(second), text, f"n{second}")
        for second, text in enumerate(("vocal, louder", "=1+1", "+1 dB", '@SUM(1) "now"', "Zoë; later"), start=1)
    ]
    label.does("part", "add", SONG, "kick", "vocal")
    for name in REEL:
        note(label.folder / "reel" / f"{name}.wav", 220, seconds=0.1)
    label.does("take", "import", SONG, "reel", "--map", "plan.csv")
    files = [label.folder / name for name in ("notes.csv", "plan.csv", "reaper.csv")]
    files[0].write_bytes(write_markers(markers, "csv"))
    files[2].write_bytes(write_markers(markers, "reaper"))
    assert len([row for row in rows_of(files[1]) if row[0].endswith(".wav")]) == len(REEL)
    found = office.convert(TO_CSV.format(shown="false"), *files, options=[f"--infilter={FROM_CSV}"])
    for file, read in zip(files, found, strict=True):
        check_cells(rows_of(file), rows_of(read), file.name)


def check_cells(rows: Rows, read: Rows, name: str) -> None:
    """Raise AssertionError unless every cell of *rows* was *read* as the same text, or the same number."""
    width = max(map(len, rows))
    for own, theirs in zip(rows, read, strict=True):
        for text, cell in zip([*own, *[""] * (width - len(own))], theirs, strict=True):
            number = NUMBER.fullmatch(text) and NUMBER.fullmatch(cell) and Decimal(text) == Decimal(cell)
            assert text == cell or number, f"{name}: {text!r} became {cell!r}"


DRILLS = [("sheets in LibreOffice, with the numbers of the page and of --json", sheets, 1, 1)]
