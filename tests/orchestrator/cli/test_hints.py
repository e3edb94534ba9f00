"""Every next command that a refusal or a list names is accepted by the command line."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.core.refusal import suggest
from orchestrator.cli.shell.suggestions import command_line
from tests.orchestrator.label import Label
from tests.paths import ROOT

ROOMS = (
    "domain",
    "dsp",
    "flows",
    "orchestrator/cli",
    "orchestrator/desk",
    "orchestrator/driver",
    "orchestrator/log",
    "orchestrator/store",
    "orchestrator/engine",
)
ALONE = ("orchestrator/studio.py", "orchestrator/new_file.py")
COMMAND = re.compile(r"^takesheet (?!runs |X$)|(?:next: |then )takesheet ")
NO_STORE = {"init", "demo", "measure"}
"""Commands that need no store: they would carry out the hint."""


CHECKED_FIRST = (
    ("--kind X", "--kind room"),
    ("log receipt X", "log receipt 1"),
    ("setup approve X X", "setup approve X 1"),
)
"""A placeholder becomes any word, except one that is checked before the store is opened, such as a number."""
GOT_THERE = {"": 0, "file.exists": 3, "file.missing": 4, "store.missing": 4, "store.damaged.backup": 9}
"""Exit codes by rule that show that a command line was parsed: the store is looked for, or the backup is read."""


def hints() -> Iterator[tuple[str, str]]:
    """Yield the place and text of each command in the source, with an X for each value filled in at run time."""
    files = [file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py")) if "demo" not in file.parts]
    for file in [*files, *(ROOT / name for name in ALONE)]:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for at, text in (*texts(tree), *suggestions(tree)):
            for start in COMMAND.finditer(text):
                rest = text[start.end() :]
                yield (
                    f"{file.relative_to(ROOT)}:{at}",
                    _filled_in(re.split(r", then |, as its owner|; | < | > ", rest)[0]),
                )


def _filled_in(text: str) -> str:
    for placeholder, word in CHECKED_FIRST:
        text = text.replace(placeholder, word)
    return text


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield every text of a module, with its line."""
    pieces = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield node.lineno, "".join(part.value if isinstance(part, ast.Constant) else "X" for part in node.values)  # type: ignore[misc]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in pieces:
            yield node.lineno, node.value


def suggestions(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every suggestion of a module, as the command line that it becomes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "suggest":
            use_case, *arguments = node.args
            assert isinstance(use_case, ast.Constant), "the use case is named where it is suggested"
            options = {option.arg: _filled(option.value) for option in node.keywords if option.arg}
            yield node.lineno, command_line(suggest(use_case.value, *map(_filled, arguments), **options))  # type: ignore[arg-type]


def _filled(value: ast.expr) -> Any:
    """The value of an argument; an X is each part of it that is known at run time alone."""
    if isinstance(value, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "X" for part in value.values)  # type: ignore[misc]
    return value.value if isinstance(value, ast.Constant) else "X"


HINTS = {f"{text} ({where})": text for where, text in hints()}


def test_the_hints_of_the_whole_source_are_found() -> None:
    assert len(HINTS) > 120
    assert "log rebuild-models" in " ".join(HINTS)


@pytest.mark.parametrize("text", HINTS.values(), ids=HINTS)
def test_a_hint_is_a_command_that_is_taken_as_far_as_the_store(text: str, tmp_path: Path) -> None:
    words = [word for word in shlex.split(text) if word != "…"]
    if words[0] in NO_STORE:
        words.append("--help")
    for placeholder in ("FILE", "RECIPE"):
        (tmp_path / placeholder).touch()
    said = Label(tmp_path).run(*words)
    assert GOT_THERE.get(said.rule) == said.code, said
