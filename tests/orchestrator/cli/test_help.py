"""Every command is documented, the table of words is complete, and help is fast."""

import importlib
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from orchestrator.cli.main import WORDS, load, name_of
from tests.orchestrator.label import SONG, Label
from tests.paths import ROOT


def leaves() -> Iterator[tuple[str, Any]]:
    """Every leaf command, with the words that call it."""
    for word in WORDS:
        found = load(word)
        if hasattr(found, "commands"):
            yield from ((f"{word} {name}", command) for name, command in found.commands.items())
        else:
            yield word, found


LEAVES = dict(leaves())


def test_every_word_of_the_table_is_in_its_module_with_the_same_help() -> None:
    for word, (module, help_) in WORDS.items():
        noun = getattr(importlib.import_module(f"orchestrator.cli.commands.{module}"), name_of(word))
        assert isinstance(noun, typer.Typer)
        assert noun.info.help == help_, word


def test_every_noun_that_a_module_offers_is_in_the_table() -> None:
    for module in {module for module, _ in WORDS.values()}:
        offered = vars(importlib.import_module(f"orchestrator.cli.commands.{module}"))
        own = {name for name, value in offered.items() if isinstance(value, typer.Typer) and not name.startswith("_")}
        assert own == {name_of(word) for word, (home, _) in WORDS.items() if home == module}, module


PROMISED = """
    init, at, user add, record new, record list, record show, board, song add, part add, resource add, budget set,
    budget spend, budget report, session book, take ingest, take list, take import, take approve, take keep, take hold,
    take reject, review, comp show, comp set, mix draft, mix revise, mix edit, mix submit, mix approve, master plan,
    master approve, render, nightly, up, play, path, export, why, log show, log verify, rebuild, measure, demo
"""


def test_every_command_that_is_promised_is_there() -> None:
    promised = {" ".join(command.split()) for command in PROMISED.split(",")}
    assert promised <= LEAVES.keys()


@pytest.mark.parametrize(
    "noun", ["user", "record", "song", "part", "resource", "budget", "session", "take", "comp", "mix", "master", "log"]
)
def test_list_and_show_exist_for_every_noun(noun: str) -> None:
    assert {f"{noun} list", f"{noun} show"} <= LEAVES.keys()


@pytest.mark.parametrize("name", LEAVES)
def test_a_command_and_each_of_its_parameters_is_documented(name: str) -> None:
    command = LEAVES[name]
    assert command.help
    assert command.help.splitlines()[0].rstrip().endswith((".", ":")), name
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{name}: {parameter.name}"


@pytest.mark.parametrize("name", LEAVES)
def test_every_command_shows_an_example_that_it_takes(name: str, tmp_path: Path) -> None:
    told = " ".join(Label(tmp_path).does(*name.split(), "--help").split())
    example = re.search(r"Example: (takesheet .*)$", told)
    assert example is not None
    words = shlex.split(example[1])[1:]
    assert words[: len(name.split())] == name.split()
    if name not in {"init", "demo", "measure"}:  # these need no store
        assert Label(tmp_path).run(*words, "--no-input").rule != "usage"


@pytest.mark.parametrize("name", LEAVES)
def test_every_command_knows_the_shared_flags(name: str) -> None:
    flags = {flag for parameter in LEAVES[name].params for flag in parameter.opts}
    assert {"--json", "--as", "--store", "--no-input", "--plain"} <= flags


def test_help_offers_completion_once_and_not_at_every_noun(label: Label) -> None:
    assert "--install-completion" in label.does("--help")
    assert "--install-completion" not in label.does("take", "--help")


def test_a_word_that_is_nearly_right_is_answered_with_the_right_one(label: Label) -> None:
    assert "'board' is one" in label.refuses(2, "bord").err


def imported(*words: str, folder: Path) -> set[str]:
    """The modules and packages that a command imports in a process of its own."""
    code = (
        "import json, sys\n"
        "from orchestrator.cli.main import run\n"
        "run(sys.argv[1:])\n"
        "names = {name.partition('.')[0] for name in sys.modules} | sys.modules.keys()\n"
        "print('\\n' + json.dumps(sorted(names)))\n"
    )
    root = ROOT
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=folder, env={"PYTHONPATH": str(root), "HOME": str(folder)}, capture_output=True, text=True, check=True,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return set(json.loads(done.stdout.splitlines()[-1]))


HEAVY = {"prefect", "numba", "pedalboard", "scipy", "pyloudnorm"}
SQL = {"sqlalchemy", "sqlmodel"}
READERS = [
    ("board",), ("record", "list"), ("take", "list", SONG), ("part", "list", SONG), ("comp", "show", f"{SONG}/drums"),
    ("log", "show"), ("why", f"{SONG}/drums"), ("next",), ("search", "tin"), ("at",), ("budget", "list"),
    ("review", "--no-input"), ("render",), ("nightly",),
]  # fmt: skip


@pytest.mark.parametrize("words", [("--help",), ("take", "--help"), ("take", "approve", "--help"), ("--version",)])
def test_help_imports_neither_events_nor_pydantic_nor_anything_heavy(words: tuple[str, ...], tmp_path: Path) -> None:
    found = imported(*words, folder=tmp_path)
    assert not found & (HEAVY | SQL | {"pydantic", "numpy", "soundfile", "domain.core.event"})


@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_readers_and_prompts_never_import_what_renders(label: Label, words: tuple[str, ...]) -> None:
    found = imported(*words, folder=label.folder)
    assert not found & HEAVY


@pytest.mark.parametrize("words", READERS[:8], ids=" ".join)
def test_readers_never_import_sqlmodel_either(label: Label, words: tuple[str, ...]) -> None:
    found = imported(*words, folder=label.folder)
    assert not found & SQL


@pytest.mark.parametrize("name", LEAVES)
def test_a_help_text_names_what_is_typed_and_no_type_of_the_program(label: Label, name: str) -> None:
    said = label.does(*name.split(), "--help")
    assert "<" not in said
    assert not re.search(r"[\[{][a-z_]+[\]}]", said.splitlines()[0]), said


def test_a_noun_tells_of_each_command_in_whole_sentences(label: Label) -> None:
    assert "..." not in label.does("store", "--help").partition("Commands:")[2]


def test_a_usage_line_brackets_each_word_once(label: Label) -> None:
    for name in LEAVES:
        usage = label.does(*name.split(), "--help").partition("\n\n")[0]
        assert not any(doubled in usage for doubled in ("[[", "]]", "{[", "…", "{{")), usage
