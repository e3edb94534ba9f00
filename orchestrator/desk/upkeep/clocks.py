"""Doubted clocks: ranges of events that lookups of times ignore."""

from collections.abc import Sequence
from typing import Final

from domain.core.event import Event
from domain.label.people import Role
from domain.store.clocks import ClockDoubted
from domain.store.clocks import doubt as decide
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

DOUBTS: Final = Query.of(ClockDoubted)


def doubt(studio: Studio, first: int, last: int, why: str) -> bool:
    """Let lookups of times ignore the events from *first* to *last*; False if they do already.

    Raises:
        Misused, NotFound: ``log.range``.
        Refused: ``person.role``.
    """

    def decision(history: History, _: Role) -> tuple[bool, Sequence[Event]]:
        known = [recorded.event for recorded in history if isinstance(recorded.event, ClockDoubted)]
        new = decide(known, first=first, last=last, head=studio.log.head().position)
        return bool(new), new

    return studio.decide(DOUBTS, decision, deed="record", why=why)
