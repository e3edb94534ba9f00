"""What a decision wants to know: events by kind and tag.

An *item* matches an event that has **all** of its tags and **one** of its kinds; a *query* matches what any of its
items matches.  Kinds are always named: a decision knows which facts move it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Self

from domain.core.event import Event


@dataclass(frozen=True, slots=True)
class QueryItem:
    """One alternative of a query; without tags it means its kinds anywhere in the log."""

    kinds: frozenset[str]
    tags: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.kinds:
            raise ValueError("a query always names kinds")

    def matches(self, kind: str, tags: Collection[str]) -> bool:
        """Whether an event of this kind with these tags is meant."""
        return kind in self.kinds and self.tags.issubset(tags)


@dataclass(frozen=True, slots=True)
class Query:
    """Events that any of the items matches; joined with ``|``."""

    items: tuple[QueryItem, ...]

    @classmethod
    def of(cls, *events: type[Event], tags: Iterable[str] = ()) -> Self:
        """The events of these classes that carry all of *tags*."""
        if isinstance(tags, str):
            raise TypeError(f"tags are a collection of tags, not one word: {tags!r}")
        return cls((QueryItem(frozenset(map(kind_of, events)), frozenset(tags)),))

    def __or__(self, other: "Query") -> "Query":
        return Query(tuple(dict.fromkeys(self.items + other.items)))

    def matches(self, kind: str, tags: Collection[str]) -> bool:
        """Whether any item means an event of this kind with these tags."""
        return any(item.matches(kind, tags) for item in self.items)


def kind_of(event: type[Event]) -> str:
    """The name in storage of an event class."""
    kind = event.model_fields["kind"].default
    if not isinstance(kind, str):
        raise TypeError(f"{event.__name__} has no kind of its own")
    return kind
