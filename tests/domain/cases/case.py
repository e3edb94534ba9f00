"""A decision of the domain, its state, and commands to try on it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.core.event import Event

Decide = Callable[..., Any]


@dataclass(frozen=True)
class Case:
    """A decision with a state and the commands that are tried on it."""

    given: Any
    """The state before."""
    evolve: Callable[[Any, Any], Any]
    commands: Sequence[Mapping[str, Any]]
    decide: Decide | None = None
    """The decision, called with the state and a command; where None, the function that the table names."""


def latest(_: object, event: Event) -> Event:
    return event


def appended(events: tuple[Event, ...], event: Event) -> tuple[Event, ...]:
    return (*events, event)
