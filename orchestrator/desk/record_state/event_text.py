"""Events as text for people: tables of the log, and one line an event.

Tests: ``tests/domain/status/test_event_descriptions.py``.
"""

from collections.abc import Sequence

from domain.core.event import Event, Recorded
from domain.status.event_types import KINDS
from domain.status.undo import DecisionUndone
from orchestrator.desk.addressing import addresses
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.addressing.times import shown
from orchestrator.log.query import Query, QueryItem
from orchestrator.studio import Studio


def log_rows(studio: Studio, target: str | None, limit: int | None = None) -> list[Row]:
    """One row an event: all, or those of the record, song or part at *target*; with *limit* only the last so many."""
    return [
        {
            "position": recorded.position,
            "time": shown(studio, recorded.recorded_at),
            "actor": recorded.actor,
            "kind": recorded.event.kind,
            "what": _what(studio, recorded.event),
            "why": recorded.why or "",
        }
        for recorded in _events(studio, target, limit)
    ]


def _events(studio: Studio, target: str | None, limit: int | None) -> Sequence[Recorded[Event]]:
    if target is None:
        return studio.read_all() if limit is None else studio.last(limit)
    address = addresses.find(studio, target)
    noun = {1: "record", 2: "song", 3: "part"}[len(address.path)]
    query = Query((QueryItem(frozenset(KINDS), frozenset({f"{noun}:{'/'.join(address.path)}"})),))
    return studio.read(query) if limit is None else studio.last(limit, query)


def _what(studio: Studio, event: Event) -> str:
    """Text of an event; for an undo, the text of the decision that no longer counts."""
    if not isinstance(event, DecisionUndone):
        return event.describe()
    undone = studio.log.find(event.decision)
    return event.describe() if undone is None else f"takes back {undone.position}: {_what(studio, undone.event)}"
