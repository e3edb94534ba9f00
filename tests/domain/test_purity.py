"""No module of the domain reads a clock, a file or chance; knowledge of the world is passed as an argument."""

import ast
from pathlib import Path

import pytest

import domain

DOMAIN = Path(domain.__file__).parent
MODULES = sorted(DOMAIN.rglob("*.py"))
ALLOWED = {
    "abc", "base64", "binascii", "bisect", "collections", "contextlib", "csv", "dataclasses", "datetime", "decimal",
    "difflib", "domain", "fractions", "functools", "hashlib", "inspect", "io", "itertools", "json", "math",
    "operator", "pydantic", "pydantic_core", "re", "statistics", "struct", "tomllib", "types", "typing",
    "typing_extensions", "unicodedata", "uuid",
}  # fmt: skip
WORLDLY = {"now", "utcnow", "today", "uuid1", "uuid4", "open", "print", "input", "getrandom", "hash", "id"}


def imported(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module).partition(".")[0])
            names |= {alias.name for alias in node.names} & WORLDLY
    return names


def called(tree: ast.Module) -> set[str]:
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(DOMAIN)))
def test_a_rule_depends_on_its_arguments_alone(module: Path) -> None:
    tree = ast.parse(module.read_text("utf-8"))
    assert imported(tree) <= ALLOWED
    assert not called(tree) & WORLDLY


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(DOMAIN)))
def test_no_float_is_written_in_a_rule(module: Path) -> None:
    numbers = [node.value for node in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(node, ast.Constant)]
    assert not [number for number in numbers if isinstance(number, float)]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(DOMAIN)))
def test_a_rule_names_use_cases_and_no_command_lines(module: Path) -> None:
    assert "takesheet " not in module.read_text("utf-8")
