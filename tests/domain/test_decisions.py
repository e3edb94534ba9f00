"""Every decision of the domain may be repeated: on the state it led to, it yields nothing new."""

import importlib
import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import domain
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.refusal import Refusal
from tests.domain.cases import (
    booking,
    completion,
    correspondence,
    finance,
    label,
    preparation,
    session,
    sessions,
    song,
    sound,
    takes,
)
from tests.domain.cases.case import Case, Decide

CASES: Final[Mapping[Decide, Case]] = {
    **label.CASES, **booking.CASES, **sessions.CASES, **finance.CASES, **takes.CASES, **song.CASES, **sound.CASES,
    **completion.CASES, **session.CASES, **preparation.CASES, **correspondence.CASES,
}  # fmt: skip
NO_CASE: Final = {
    "domain.status.session_undo undo_key": "repeated, it takes back the key before",
    "domain.status.session_undo day_events": "a question: it answers with events that are recorded already",
    "domain.status.undo undo": "repeated, it takes back the decision before",
    "domain.status.undo redo": "repeated, it brings back what was undone before",
    "domain.status.wanted_renders kept_mixes": "a question: it answers with events that are recorded already",
    "domain.status.wanted_renders wanted_mixes": "a question: it answers with events that are recorded already",
    "domain.status.wanted_renders wanted_masters": "a question: it answers with events that are recorded already",
}


def decided(decision: Decide, state: object, command: Mapping[str, Any]) -> list[Event]:
    """The events of the decision, without the result that some decisions return, too; none if it refuses."""
    try:
        answer = (CASES[decision].decide or decision)(state, **command)
    except Refusal:
        return []
    return list(answer[-1] if isinstance(answer, tuple) else answer)


def named(decision: Decide) -> str:
    return f"{decision.__module__} {decision.__qualname__}"


@pytest.mark.parametrize("decision", CASES, ids=named)
@settings(max_examples=25)
@given(st.data())
def test_a_decision_repeated_on_the_state_it_led_to_yields_nothing_new(decision: Decide, data: st.DataObject) -> None:
    case = CASES[decision]
    state = case.given
    for command in data.draw(st.lists(st.sampled_from(case.commands), min_size=1, max_size=6)):
        state = fold_events(case.evolve, state, decided(decision, state, command))
        assert decided(decision, state, command) == []


@pytest.mark.parametrize("decision", CASES, ids=named)
def test_each_decision_of_the_table_yields_something_at_first(decision: Decide) -> None:
    case = CASES[decision]
    assert any(decided(decision, case.given, command) for command in case.commands)


def test_the_table_names_every_decision_of_the_domain() -> None:
    """A decision is a public function that answers with a list of events, alone or beside a result."""
    assert sorted(decisions()) == sorted([*map(named, CASES), *NO_CASE])


def decisions() -> Iterator[str]:
    root = Path(domain.__file__).parent
    for file in sorted(root.rglob("*.py")):
        name = ".".join(("domain", *file.relative_to(root).with_suffix("").parts)).removesuffix(".__init__")
        module = importlib.import_module(name)
        for function in vars(module).values():
            if inspect.isfunction(function) and function.__module__ == name and not function.__name__.startswith("_"):
                answer = get_type_hints(function).get("return")
                if any(is_list_of_events(part) for part in (answer, *tuple_parts(answer))):
                    yield named(function)


def tuple_parts(answer: object) -> tuple[object, ...]:
    return get_args(answer) if get_origin(answer) is tuple else ()


def is_list_of_events(answer: object) -> bool:
    if get_origin(answer) is not list:
        return False
    (item,) = get_args(answer)
    kinds = get_args(item) if isinstance(item, UnionType) else (item,)
    return all(isinstance(kind, type) and issubclass(kind, Event) for kind in kinds)
