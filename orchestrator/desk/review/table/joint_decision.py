"""Several decisions recorded as one: all of them in one append, or none.

Tests: ``tests/orchestrator/cli/commands/daily/test_review_table.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, TypeVar, cast
from uuid import uuid4

from typing_extensions import override

from domain.core.event import Event, Recorded, tags_of
from domain.core.refusal import Refusal
from domain.label.people import Permission, Role
from orchestrator.log.codec import microseconds
from orchestrator.log.query import Query
from orchestrator.studio import Decision, History, Studio

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the decisions, and the line and the record that it is about."""

    line: int
    record: str
    query: Query
    decide: Decision[Any]
    deed: Permission


class JointDecision(Studio):
    """A studio whose decisions are collected, and carried out together at the end.

    Each of them sees the events of the ones before it.  Their results are not known before the end: what a collected
    decision returns is not to be used.
    """

    def __init__(self, studio: Studio) -> None:
        self.__dict__.update(studio.__dict__)
        self._studio = studio
        self._parts: list[_Part] = []
        self._about = (0, "")

    def about(self, line: int, record: str) -> None:
        """Set the line and the record that the next decisions are about."""
        self._about = (line, record)

    @override
    def decide(self, query: Query, decision: Decision[T], *, deed: Permission, why: str | None = None) -> T:
        self._parts.append(_Part(*self._about, query, decision, deed))
        return cast("T", None)

    def carry_out(
        self, since: int, refuse: Callable[[Sequence[tuple[int, Refusal]]], None], *, why: str | None = None
    ) -> int:
        """Record the events of all collected decisions in one append; return how many they are.

        Args:
            since: position of the log that is not after what anybody who decides has read.
            refuse: called with the line and the refusal of each decision that was refused; raises if there are any.
            why: the reason given.

        Raises:
            Refusal: of *refuse*; the caller's roles do not permit all of the decisions.
        """
        if not self._parts:
            refuse([])
            return 0

        def decision(history: History, role: Role) -> tuple[int, Sequence[Event]]:
            self.delegator = self._studio.delegator
            seen, new, refused = list(history), list[Event](), list[tuple[int, Refusal]]()
            for part in self._parts:
                try:
                    _, events = part.decide([one for one in seen if _concerns(one.event, part.record)], role)
                except Refusal as refusal:
                    refused.append((part.line, refusal))
                    continue
                new += events
                seen += [self._as_recorded(event, since) for event in events]
            refuse(refused)
            return len(new), new

        query = reduce(or_, (part.query for part in self._parts))
        return self._studio.decide(query, decision, deed=self._parts[0].deed, why=why)

    def _as_recorded(self, event: Event, position: int) -> Recorded[Event]:
        """A new event for the decisions after it, which by its *position* do not take it for somebody else's."""
        who, now = self.who, microseconds(self._studio.now())
        return Recorded(position, event, who.actor, who.via, None, b"", uuid4().bytes, None, now)


def _concerns(event: Event, record: str) -> bool:
    """True if *event* is about *record*, or about no record."""
    named = [tag.removeprefix("record:") for tag in tags_of(event) if tag.startswith("record:")]
    return not named or record in named
