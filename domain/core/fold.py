"""Folding: the state that events lead to."""

from collections.abc import Callable, Iterable
from functools import reduce
from typing import TypeVar

S = TypeVar("S")
E = TypeVar("E")


def fold_events(evolve: Callable[[S, E], S], state: S, events: Iterable[E]) -> S:
    """*state* after *events*: each is folded into it by *evolve*, in order."""
    return reduce(evolve, events, state)
