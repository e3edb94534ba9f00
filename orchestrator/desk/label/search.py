"""Search for words in the texts of events.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from collections.abc import Sequence

from domain.label.notes import NoteAdded
from domain.status.event_types import EVENTS
from orchestrator.desk.addressing.rows import Row
from orchestrator.log.query import Query
from orchestrator.studio import Studio


def search_rows(studio: Studio, wanted: Sequence[str]) -> list[Row]:
    """One row an event whose text, reason or actor contains all of *wanted*; private notes only for their writer."""
    found: list[Row] = []
    needles = [word.casefold() for word in wanted]
    for recorded in studio.read(Query.of(*(kind for kind in EVENTS if kind.traits.searchable))):
        event = recorded.event
        if isinstance(event, NoteAdded) and event.visibility == "private" and event.by != studio.who.actor:
            continue
        said = f"{event.describe()} {recorded.why or ''} {recorded.actor}".casefold()
        if all(needle in said for needle in needles):
            row = {"kind": event.kind, "what": event.describe(), "why": recorded.why or ""}
            found.append({"position": recorded.position, "address": event.address, **row})
    return found
