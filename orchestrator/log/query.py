"""Queries: the events on which a decision depends, by kind and tag.

An *item* matches an event with **all** of the item's tags and **one** of its kinds; a *query* matches an event that any
of its items matches.  An item always names kinds, because a decision depends on known kinds of facts.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Self

from domain.core.event import Event


@dataclass(frozen=True, slots=True)
class QueryItem:
    """One alternative of a query; without tags it matches its kinds anywhere in the log."""

    kinds: frozenset[str]
    tags: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.kinds:
            raise ValueError("a query always names kinds")

    def matches(self, kind: str, tags: Collection[str]) -> bool:
        """True if the item matches an event of this kind with these tags."""
        return kind in self.kinds and self.tags.issubset(tags)


@dataclass(frozen=True, slots=True)
class Query:
    """A query of several items, which matches an event if any item does; ``|`` joins two queries."""

    items: tuple[QueryItem, ...]

    @classmethod
    def of(cls, *events: type[Event], tags: Iterable[str] = ()) -> Self:
        """Return a query for the events of these classes that carry all of *tags*."""
        if isinstance(tags, str):
            raise TypeError(f"tags are a collection of tags, not one word: {tags!r}")
        return cls((QueryItem(frozenset(map(kind_of, events)), frozenset(tags)),))

    def __or__(self, other: "Query") -> "Query":
        return Query(tuple(dict.fromkeys(self.items + other.items)))

    def matches(self, kind: str, tags: Collection[str]) -> bool:
        """True if any item matches an event of this kind with these tags."""
        return any(item.matches(kind, tags) for item in self.items)


def kind_of(event: type[Event]) -> str:
    """Return the storage name (kind) of an event class."""
    kind = event.model_fields["kind"].default
    if not isinstance(kind, str):
        raise TypeError(f"{event.__name__} has no kind of its own")
    return kind
