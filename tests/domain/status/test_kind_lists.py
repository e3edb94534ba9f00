"""No list of kinds of events stands outside ``event_types``: code that treats kinds alike asks each for its traits.

A statement or a function that names more than ``MOST`` classes or kinds is such a list.  Allowed are the folds: each is
typed on the very events that it folds, and folds nothing of a kind that it does not name.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final, get_args

import pytest

import domain
from domain.status.events.event_types import EVENTS, KINDS, AnyEvent

ROOT: Final = Path(domain.__file__).parent.parent
MODULES: Final = sorted(
    file for ring in ("domain", "dsp", "flows", "orchestrator") for file in (ROOT / ring).rglob("*.py")
)
NAMES: Final = {event.__name__: event.__name__ for event in EVENTS} | {
    kind: event.__name__ for kind, event in KINDS.items()
}
MOST: Final = 4
ALLOWED: Final = {
    ("domain/status/events/event_types.py", "EVENTS"): "the list itself",
    ("domain/status/record_fold.py", "FOLDS"): "what one record is folded from",
    ("orchestrator/desk/takes/takes.py", "parts_of"): "what a part's takes and comp are folded from",
    (
        "domain/status/events/event_types.py",
        "AnyEvent",
    ): "the same for the type checker, which finds a forgotten kind",
    ("domain/status/events/event_reach.py", "reach_of"): "typed on AnyEvent: every kind has its reach",
    ("domain/status/events/event_reach.py", "Nowhere"): "the kinds named as without one",
    ("domain/status/events/event_reach.py", "_nowhere"): "the same, checked",
    (
        "domain/status/events/event_permissions.py",
        "NEEDED",
    ): "the table of roles as users read it: who may record what",
    ("domain/status/absences.py", "FREE"): "the ways back and facts of the past, which a removed thing does not stop",
    (
        "orchestrator/desk/session/take_marks.py",
        "marks_of_record",
    ): "a take's mark follows from its pass, its move and the recorder's clock",
    ("orchestrator/log/upcast.py", "_WIDER"): "shapes of earlier releases by their stored names",
}
"""The reason of each exception, by file and by name of the statement or function."""


def named(node: ast.AST) -> Iterator[str]:
    """The event classes that *node* names, by class or by kind, outside of nested functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            continue
        word = getattr(child, "id", getattr(child, "attr", getattr(child, "value", None)))
        if isinstance(word, str) and word in NAMES:
            yield NAMES[word]
        yield from named(child)


def lists(tree: ast.Module) -> Iterator[tuple[str, set[str]]]:
    """Each function, and each assignment outside of functions, with the event classes it names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node.name, set(named(node))
    bodies = [tree.body, *(node.body for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]
    for statement in (statement for body in bodies for statement in body):
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            yield getattr(target, "id", "?"), set(named(statement))


FOUND: Final = {
    (str(file.relative_to(ROOT)), name): kinds
    for file in MODULES
    for name, kinds in lists(ast.parse(file.read_text("utf-8")))
    if len(kinds) > MOST
}


@pytest.mark.parametrize("place", sorted(FOUND), ids=" ".join)
def test_a_list_of_kinds_stands_in_one_file_alone(place: tuple[str, str]) -> None:
    assert place in ALLOWED, f"ask the events for their traits instead: {sorted(FOUND[place])}"


def test_the_type_checker_knows_every_kind() -> None:
    assert get_args(AnyEvent) == EVENTS


def test_no_exception_outlives_its_reason() -> None:
    assert set(ALLOWED) <= set(FOUND)
