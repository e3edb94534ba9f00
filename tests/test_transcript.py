"""The transcripts in ``docs`` are what the commands print: they are played again, and compared line by line."""

from pathlib import Path

import pytest

from tests.transcript.page import PAGES

pytestmark = [pytest.mark.waits, pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)]


def test_the_commands_print_what_the_page_shows(tmp_path: Path, page: Path) -> None:
    folder = tmp_path / "harbour"
    folder.mkdir()
    shown = page.read_text(encoding="utf-8").splitlines()
    printed = PAGES[page](folder).splitlines()
    assert printed == shown, "python -m tests.transcript writes the page anew"


def test_no_printed_table_of_a_page_is_wider_than_its_terminal(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "\x1b" not in text
    wide = [line for line in text.splitlines() if len(line) > 80]
    assert [line for line in wide if line.startswith("  ") or "  " in line.strip()] == []
