"""The manual page covers every command and option, in roff that a formatter reads without a warning."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.orchestrator.cli.test_help import LEAVES
from tools.man_page import EXITS, SHARED, main, man_page, roff

PAGE = man_page()
HEADINGS = [line.removeprefix(".SS ").replace("\\-", "-") for line in PAGE.splitlines() if line.startswith(".SS ")]


def test_every_command_has_its_section_and_no_other() -> None:
    assert [name for name, command in LEAVES.items() if not command.hidden] == HEADINGS


@pytest.mark.parametrize("name", HEADINGS)
def test_every_option_of_a_command_is_in_its_section(name: str) -> None:
    (section,) = (
        part for part in re.split(r"^\.S[SH] ", PAGE, flags=re.MULTILINE) if part.startswith(f"{roff(name)}\n")
    )
    for parameter in LEAVES[name].params:
        if parameter.param_type_name == "option" and not SHARED & set(parameter.opts) and not parameter.hidden:
            assert roff(parameter.opts[0]) in section, parameter.opts


def test_each_exit_code_is_explained() -> None:
    assert [int(code) for code, _ in EXITS] == [*range(10), 130]


def test_no_line_is_read_as_a_request_that_is_none() -> None:
    requests = {line.split(" ")[0] for line in PAGE.splitlines() if line.startswith((".", "'"))}
    assert requests == {".TH", ".SH", ".SS", ".PP", ".TP", ".B"}
    assert roff(".secret -x\\n\n'y") == "\\&.secret \\-x\\en\n\\&'y"


def test_the_page_is_written_into_a_file(tmp_path: Path) -> None:
    main([str(tmp_path / "build" / "takesheet.1")])
    assert (tmp_path / "build" / "takesheet.1").read_text(encoding="utf-8") == PAGE


@pytest.mark.skipif(shutil.which("groff") is None, reason="there is no groff on this machine")
def test_groff_formats_it_without_a_warning() -> None:
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww"], input=PAGE, capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stderr == ""
    assert "TAKESHEET(1)" in done.stdout
