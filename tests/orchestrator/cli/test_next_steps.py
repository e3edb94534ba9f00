"""Every refusal has a next step, and none advises what its reader may not do."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.core.refusal import Misused, Refused
from orchestrator.cli.shell.next_steps import NEXT_STEPS, next_step
from tests.orchestrator.label import open_label
from tests.paths import ROOT

FAMILY = {"Refused", "NotFound", "Clash", "Unfit", "Refusal", "NeedsInput", "Pending"}
"""Refusals whose rule needs a next step of its own; of :class:`Misused` it is the help of the command."""


def bare_rules() -> Iterator[tuple[str, str]]:
    """Yield the place and rule of each refusal in the source that is raised without a next step."""
    for room in ("domain", "dsp", "flows", "orchestrator"):
        for file in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and node.args and _refuses(node.func):
                    rule = node.args[0]
                    bare = not any(option.arg == "next" for option in node.keywords)
                    if bare and isinstance(rule, ast.Constant) and isinstance(rule.value, str):
                        yield f"{file.relative_to(ROOT)}:{node.lineno}", rule.value


def _refuses(function: ast.expr) -> bool:
    return isinstance(function, ast.Name) and function.id in FAMILY


def test_every_rule_that_is_raised_without_a_next_step_has_one_here() -> None:
    bare = dict(bare_rules())
    assert len(bare) > 40
    assert {place: rule for place, rule in bare.items() if rule not in NEXT_STEPS} == {}


@pytest.mark.parametrize("rule", ["log.conflict", "log.id", "store.missing", "store.exists"])
def test_the_refusals_of_the_log_have_a_next_step(rule: str) -> None:
    assert next_step(Refused(rule, "…"), "takesheet --help") == NEXT_STEPS[rule]


def test_words_that_do_not_parse_lead_to_the_help_of_their_command() -> None:
    assert next_step(Misused("time", "…"), "takesheet take approve --help") == "takesheet take approve --help"


def test_a_wrong_word_leads_to_the_help_of_its_command(tmp_path: Path) -> None:
    label = open_label(tmp_path)
    said = label.refuses(2, "session", "book", "night-bus", "--room", "a", "--on", "2026-12-07", "--hours", "ten")
    assert "next: takesheet session book --help" in said.err
    assert "next: takesheet log show --limit 5" in label.refuses(4, "redo").err


def test_whoever_may_manage_people_is_told_to_add_the_role_and_others_whom_to_ask(tmp_path: Path) -> None:
    label = open_label(tmp_path, "Drums")
    label.does("user", "add", "kim", "--role", "musician")
    label.does("user", "add", "pat", "--role", "producer")
    label.does("user", "add", "cleo", "--role", "coordinator")
    refused = label.refuses(3, "part", "add", "night-bus/tin-roof", "Gong", "--as", "kim")
    assert refused.rule == "person.role"
    assert "next: ask cleo or pat or root, who may" in refused.err
    assert "user add" not in refused.err
    manager = label.refuses(3, "budget", "set", "night-bus", "studio=700", "--as", "cleo")
    assert "next: takesheet user add cleo --role label" in manager.err


def test_a_stranger_is_not_told_to_add_themselves(tmp_path: Path) -> None:
    said = open_label(tmp_path).refuses(4, "record", "new", "Tide", "--artist", "A", "--as", "nobody")
    assert (said.rule, "next: takesheet user list" in said.err) == ("person.unknown", True)
