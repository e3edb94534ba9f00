"""A log that was moved away: where it went, for whoever still opens the place it left."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from domain.core.event import EPOCH
from domain.store.relocation import LogMoved
from orchestrator.log.codec import MICROSECOND
from orchestrator.log.database.url import Place

LAST: Final = "SELECT kind, data, actor, via, recorded_at FROM events ORDER BY position DESC LIMIT 1"
"""The event that a sealed log ends with."""
_UNKNOWN: Final = "it does not say where; ask who moved it"


def destination(place: Place) -> LogMoved:
    """The event that a log moved to *place* ends with."""
    if isinstance(place, Path):
        return LogMoved(medium="file", to=place.name)
    return LogMoved(medium="postgresql", to=place.shared)


def notice(rows: Sequence[Sequence[Any]]) -> str:
    """What the :data:`LAST` row of a sealed log says; a log moved by release 0.1.0 says nothing."""
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
