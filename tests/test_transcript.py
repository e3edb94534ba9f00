"""The evening in ``docs`` is what the commands print: it is played again, and compared line by line."""

from pathlib import Path

import pytest

from tests.transcript.evening import evening
from tests.transcript.page import PAGE

pytestmark = pytest.mark.waits


def test_an_evening_prints_what_its_page_shows(tmp_path: Path) -> None:
    shown = PAGE.read_text(encoding="utf-8").splitlines()
    printed = evening(tmp_path).splitlines()
    assert printed == shown, "python -m tests.transcript writes the page anew"


def test_no_printed_line_of_the_page_is_wider_than_its_terminal_unless_it_is_a_refusal_or_a_recipe() -> None:
    wide = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if len(line) > 80]
    assert "\x1b" not in PAGE.read_text(encoding="utf-8")
    said = [line for line in wide if line.startswith("  ") or "  " in line.strip()]
    assert said == []
