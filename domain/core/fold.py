"""Folding: the state that events lead to."""

from collections.abc import Callable, Iterable
from functools import reduce
from typing import TypeVar

S = TypeVar("S")
E = TypeVar("E")


def fold_events(evolve: Callable[[S, E], S], state: S, events: Iterable[E]) -> S:
    """The state after *events*, each of which *evolve* folds into *state*, in order."""
    return reduce(evolve, events, state)
