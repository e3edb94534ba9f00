"""Notices: news for people, from a subscriber of the log; programs read the outbox and deliver them by chat or mail.

Tests: ``tests/orchestrator/desk/upkeep/test_rebuild_read_models.py``.
"""

import json
from collections.abc import Sequence
from typing import Final

from domain.core.event import Event, Recorded
from domain.label.curtain import sees
from domain.label.notes import NoteAdded
from orchestrator.desk.addressing.rows import Row
from orchestrator.log.side_tables.outbox import catch_up, outbox, try_again
from orchestrator.studio import Studio


class Notices:
    """Subscriber that makes notices of verdicts, mixes, masters, outside comps, sessions, failures and notes."""

    name: Final = "notices"

    def notices(self, recorded: Recorded[Event]) -> Sequence[str]:
        """One JSON object if the event is news, else nothing; private notes are no news."""
        event = recorded.event
        if not event.traits.newsworthy or (isinstance(event, NoteAdded) and event.visibility == "private"):
            return []
        told = {
            "at": recorded.recorded_at.isoformat(),
            "actor": recorded.actor,
            "kind": event.kind,
            "address": event.address,
            "what": event.describe(),
            "why": recorded.why,
        }
        return [json.dumps(told, ensure_ascii=False)]


NOTICES: Final = Notices()


def outbox_rows(studio: Studio, *, after: int, again: bool) -> tuple[list[Row], list[Row]]:
    """Notices that the caller may see, with the outbox brought to the head of the log, and the parked (failed) events.

    Args:
        studio: the store.
        after: a position; a delivery program keeps the last one it delivered.
        again: try the parked events once more.
    """
    catch_up(studio.log, NOTICES)
    if again:
        try_again(studio.log, NOTICES)
    notices, parked = outbox(studio.log, NOTICES.name, after=after)
    told = {one.position: one.event for one in studio.log.events_at([one.position for one in notices])}
    return (
        [
            {"position": one.position, **json.loads(one.text)}
            for one in notices
            if one.position not in told or sees(studio.reader, told[one.position])
        ],
        [{"position": one.position, "reason": one.reason} for one in parked],
    )
