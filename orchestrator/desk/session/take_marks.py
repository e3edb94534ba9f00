"""The marks of the room at the takes of a record, as far as the caller may see them.

Tests: ``tests/orchestrator/cli/commands/daily/test_keeper_offer.py``.
"""

from collections.abc import Sequence

from domain.core.event import Event
from domain.core.ids import record_of
from domain.label.corrections import TakeMoved
from domain.label.curtain import sees
from domain.session.day_events import SlateMarked
from domain.session.recordings import RecorderClockSet
from domain.session.slate_matches import clock_after
from domain.session.take_marks import marks_of_takes
from domain.status.session_undo import DAY_KINDS
from domain.status.undo import DecisionUndone
from domain.takes.takes import TakeIngested
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.session.session_day import day_of
from orchestrator.log.query import Query
from orchestrator.studio import Studio


def marks_of_record(studio: Studio, record: str) -> dict[str, SlateMarked]:
    """The mark that counts of each marked take of *record* that the caller may see, by the take's id."""
    own = f"record:{record}"
    if not studio.read(Query.of(SlateMarked, tags=[own])):
        return {}
    kinds: tuple[type[Event], ...] = (*DAY_KINDS, RecorderClockSet, TakeIngested, TakeMoved, DecisionUndone)
    history = studio.read(Query.of(*kinds, tags=[own]))
    events = [one.event for one in history]
    takes = [event for event in events if isinstance(event, TakeIngested)]
    moved_from = {event.to: event.take for event in events if isinstance(event, TakeMoved)}
    found: dict[str, SlateMarked] = {}
    for session in dict.fromkeys(event.session for event in events if isinstance(event, SlateMarked)):
        found |= marks_of_takes(
            day_of(history, record, session), takes,
            moved_from=moved_from, ahead_ms=clock_after(session, events) or 0, zone=studio.config.zone,
        )  # fmt: skip
    return {take: mark for take, mark in found.items() if not mark.secret or sees(studio.reader, mark.secret, record)}


def with_marks(studio: Studio, rows: Sequence[Row]) -> list[Row]:
    """The *rows* of takes of one record with the mark of each; empty for a take without one."""
    if not rows:
        return []
    marks = marks_of_record(studio, record_of(str(rows[0]["take"])))
    return [row | {"mark": marks[take].mark if (take := str(row["take"])) in marks else ""} for row in rows]
