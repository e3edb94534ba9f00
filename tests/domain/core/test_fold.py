import ast
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from domain.core.fold import fold_events
from tests.paths import ROOT

SEVERAL_STATES = {
    "orchestrator/desk/session/setups.py setups_after", "orchestrator/desk/takes/takes.py parts_of",
    "orchestrator/readmodels/base/record_walk.py walk",
}  # fmt: skip
"""Loops that fold one event into one of several states, by its kind or by its part."""


@given(st.lists(st.integers()))
def test_events_are_folded_in_their_order(events: list[int]) -> None:
    assert fold_events(lambda state, event: (*state, event), (), events) == tuple(events)


@given(st.lists(st.integers()), st.lists(st.integers()))
def test_folding_may_stop_and_go_on(first: list[int], rest: list[int]) -> None:
    def evolve(state: int, event: int) -> int:
        return state * 3 + event

    assert fold_events(evolve, fold_events(evolve, 0, first), rest) == fold_events(evolve, 0, [*first, *rest])


def test_no_loop_folds_events_by_hand() -> None:
    found = {
        f"{module.relative_to(ROOT).as_posix()} {function}"
        for ring in ("domain", "flows", "orchestrator")
        for module in sorted((ROOT / ring).rglob("*.py"))
        for function in folding_functions(ast.parse(module.read_text("utf-8")))
    }
    assert found == SEVERAL_STATES


def folding_functions(tree: ast.Module) -> Iterator[str]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            loops = (node for node in ast.walk(function) if isinstance(node, ast.For))
            if any(evolves(node) for loop in loops for node in ast.walk(loop)):
                yield function.name


def evolves(node: ast.AST) -> bool:
    match node:
        case ast.Assign(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name))):
            return name.startswith("evolve")
    return False
