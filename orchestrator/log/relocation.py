"""Notice of a log's new place, for programs that still open the old place."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from domain.core.event import EPOCH
from domain.store.relocation import LogMoved
from orchestrator.log.codec import MICROSECOND
from orchestrator.log.database.url import Place

LAST: Final = "SELECT kind, data, actor, via, recorded_at FROM events ORDER BY position DESC LIMIT 1"
"""Selects the last event of a sealed log."""
_UNKNOWN: Final = "it does not say where; ask who moved it"


def destination(place: Place) -> LogMoved:
    """Return the event with which a log moved to *place* ends."""
    if isinstance(place, Path):
        return LogMoved(medium="file", to=place.name)
    return LogMoved(medium="postgresql", to=place.shared)


def notice(rows: Sequence[Sequence[Any]]) -> str:
    """Return the move that the :data:`LAST` row of a sealed log records, in words; release 0.1.0 recorded none."""
    if not rows or rows[0][0] != "log-moved":
        return _UNKNOWN
    _, data, actor, via, at_us = rows[0]
    try:
        moved = LogMoved.model_validate_json(data)
    except ValueError:
        return _UNKNOWN
    what = f"the file {json.dumps(moved.to, ensure_ascii=False)}" if moved.medium == "file" else moved.to
    by = f"{actor} ({via})" if via else actor
    return f"to {what}, by {by} on {EPOCH + at_us * MICROSECOND:%Y-%m-%d %H:%M} UTC"
