"""Who must be told what: a subscriber of the log.  Its outbox is for whoever delivers: a chat, a mail, a wall."""

import json
from collections.abc import Sequence
from typing import Final

from domain.core.event import Event, Recorded
from domain.label.notes import NoteAdded
from orchestrator.desk.addressing.rows import Row
from orchestrator.log.subscriptions import catch_up, outbox, try_again
from orchestrator.studio import Studio


class Notices:
    """What is news to others: verdicts, new mixes and masters, outside edits, sessions, refusals, failures, notes."""

    name: Final = "notices"

    def notices(self, recorded: Recorded[Event]) -> Sequence[str]:
        """One JSON object, where an event is news."""
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
    """The notices after position *after*, brought to the head first, and what is parked.

    Args:
        studio: the store.
        after: a position; who delivers keeps the last one it delivered.
        again: try what is parked once more.
    """
    catch_up(studio.log, NOTICES)
    if again:
        try_again(studio.log, NOTICES)
    notices, parked = outbox(studio.log, NOTICES.name, after=after)
    return (
        [{"position": one.position, **json.loads(one.text)} for one in notices],
        [{"position": one.position, "reason": one.reason} for one in parked],
    )
