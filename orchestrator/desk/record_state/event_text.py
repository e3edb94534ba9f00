"""Events as text for people: tables of the log, and one line an event.

Tests: ``tests/domain/status/test_event_descriptions.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.core.event import Event, Recorded
from domain.core.refusal import Misused
from domain.label.curtain import sees
from domain.label.notes import NoteAdded
from domain.status.events.event_types import KINDS
from domain.status.undo import DecisionUndone
from orchestrator.desk.addressing import addresses
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.addressing.times import moment, shown
from orchestrator.log.codec import microseconds
from orchestrator.log.query import Query, QueryItem
from orchestrator.readmodels import activity
from orchestrator.readmodels.activity import ACTIVITY
from orchestrator.studio import Studio

_MATTERS: Final = {"money": "money", "rejections": "a verdict"}
"""Words for an event that the reader may not see, by its secret."""
PAGE: Final = 1000
"""Events shown where no number is named: as many as anybody reads, and never more than fits in memory."""


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of the log: the last *limit* events that fit the filters."""

    target: str | None = None
    """Address of a record, song or part that they concern."""
    limit: int = PAGE
    before: int | None = None
    """Only events before this position."""
    kind: str | None = None
    by: str | None = None
    """Only events of this person."""
    since: str | None = None
    until: str | None = None
    """Times as people write them; *until* is excluded."""


def log_rows(studio: Studio, page: LogPage) -> list[Row]:
    """One row for each event of *page*, in order.

    Raises:
        NotFound: ``address``.
        Misused: ``log.kind``, ``when``.
    """
    return [
        {
            "position": recorded.position,
            "time": shown(studio, recorded.recorded_at),
            "actor": recorded.who,
            "kind": recorded.event.kind,
            "what": _what(studio, recorded.event),
            "why": (recorded.why or "") if sees(studio.reader, recorded.event) else "",
        }
        for recorded in _events(studio, page)
    ]


def _events(studio: Studio, page: LogPage) -> Sequence[Recorded[Event]]:
    head = studio.head()
    upto = head if page.before is None else min(head, page.before - 1)
    conditions = _conditions(studio, page)
    if conditions:
        found = studio.asked(
            lambda connection: activity.positions(connection, conditions, upto=upto, limit=page.limit), ACTIVITY
        )
        return studio.log.events_at(found)
    if page.target is None:
        return studio.last(page.limit, upto=upto)
    address = addresses.find(studio, page.target)
    noun = {1: "record", 2: "song", 3: "part"}[len(address.path)]
    query = Query((QueryItem(frozenset(KINDS), frozenset({f"{noun}:{'/'.join(address.path)}"})),))
    return studio.last(page.limit, query, upto=upto)


def _conditions(studio: Studio, page: LogPage) -> list[tuple[str, object]]:
    """Conditions on the activity of events; empty if the log alone answers."""
    found: list[tuple[str, object]] = []
    if page.kind is not None:
        if page.kind not in KINDS:
            raise Misused("log.kind", f"{page.kind!r} is no kind of event; they are {', '.join(sorted(KINDS))}")
        found.append(("kind = ?", page.kind))
    if page.by is not None:
        found.append(("actor = ?", page.by))
    if page.since is not None:
        found.append(("recorded_us >= ?", microseconds(moment(studio, page.since))))
    if page.until is not None:
        found.append(("recorded_us < ?", microseconds(moment(studio, page.until))))
    if found and page.target is not None:
        address = addresses.find(studio, page.target)
        place = {1: "record = ?", 2: "song = ?"}.get(len(address.path))
        if place is None:
            raise Misused("log.target", f"{address} is a part; with --kind, --by, --since or --until name its song")
        found.append((place, "/".join(address.path)))
    return found


def _what(studio: Studio, event: Event) -> str:
    """Text of an event; for an undo, the text of the decision that no longer counts."""
    if not sees(studio.reader, event):
        matter = (
            f"a {event.visibility} note"
            if isinstance(event, NoteAdded)
            else _MATTERS.get(event.secret or "", "a matter")
        )
        return f"{event.address}: {matter}, not shown to {studio.reader.person}"
    if not isinstance(event, DecisionUndone):
        return event.describe()
    undone = studio.log.find(event.decision)
    return event.describe() if undone is None else f"takes back {undone.position}: {_what(studio, undone.event)}"
