"""Briefs of records: written, and shown where the record is judged.

Tests: ``tests/orchestrator/cli/commands/label/test_brief.py``.
"""

from collections.abc import Sequence

from domain.core.event import Event, Recorded
from domain.label.briefs import BriefWritten, write_brief
from domain.label.people import Role
from orchestrator.desk.addressing.rows import Row
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio


def brief_query(record: str) -> Query:
    """Query for the briefs of *record*."""
    return Query.of(BriefWritten, tags=[f"record:{record}"])


def set_brief(studio: Studio, record: str, *, intent: str | None, audience: str | None, why: str | None) -> bool:
    """Write the brief of *record*; return False if it was so already."""

    def decision(history: History, _: Role) -> tuple[bool, Sequence[Event]]:
        events = write_brief(_last(history), record=record, by=studio.who.actor, intent=intent, audience=audience)
        return bool(events), events

    return studio.decide(brief_query(record), decision, deed="record", why=why)


def brief_facts(studio: Studio, record: str) -> Row:
    """The brief of *record*, and who wrote it; empty texts without one."""
    history = studio.read(brief_query(record))
    brief = _last(history)
    return {
        "record": record,
        "intent": brief.intent if brief else "",
        "audience": brief.audience if brief else "",
        "by": brief.by if brief else "",
    }


def brief_lines(studio: Studio, record: str) -> list[str]:
    """The brief of *record* in lines; none without one."""
    facts = brief_facts(studio, record)
    return [f"{name}: {facts[name]}" for name in ("intent", "audience") if facts[name]]


def _last(history: Sequence[Recorded[Event]]) -> BriefWritten | None:
    return next((one.event for one in reversed(history) if isinstance(one.event, BriefWritten)), None)
