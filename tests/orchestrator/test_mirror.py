"""Every module of the use cases, the driver and the commands has its test file, or says where it is covered."""

import ast
import re
from pathlib import Path

import pytest

from tests.paths import ROOT

ROOMS = ("orchestrator/desk", "orchestrator/driver", "orchestrator/cli/commands")
MODULES = [module for room in ROOMS for module in sorted((ROOT / room).rglob("*.py")) if module.name != "__init__.py"]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(ROOT)))
def test_a_module_has_its_test_file_or_says_where_it_is_covered(module: Path) -> None:
    mirrored = ROOT / "tests" / module.relative_to(ROOT).with_name(f"test_{module.name}")
    covered = re.search(
        r"^Tests: ``(\S+)``\.$", ast.get_docstring(ast.parse(module.read_text("utf-8"))) or "", re.MULTILINE
    )
    assert mirrored.is_file() != bool(covered), "one of the two, not both"
    if covered:
        assert (ROOT / covered[1]).is_file()
