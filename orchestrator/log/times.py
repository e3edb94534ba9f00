"""Times and positions: the position that the log had reached at a moment, by the writers' clocks.

Positions give the order; clocks may be wrong.  An event was recorded no later than any event after it, so its time is
the least clock from its position on (the suffix minimum): one clock that was ahead affects no other time.  The last
position recorded by a moment is then the last event whose own clock is not after that moment.

The search runs from the end of the log backwards (measured on SQLite with 1,000,000 events, CPU): the newest moment
costs nothing, one before the last tenth 0.07 s, the oldest of all 0.8 s.
"""

from collections.abc import Callable, Sequence
from typing import Final

from domain.core.event import clock_us
from domain.store.clocks import ClockDoubted
from orchestrator.log.database.connection import Row
from orchestrator.log.query import kind_of

Ask = Callable[[str, Sequence[object]], list[Row]]
"""Returns the rows of one statement."""

_DOUBTED: Final = """
    SELECT data FROM events WHERE position IN (
        SELECT position FROM event_tags WHERE tag = 0 AND kind = (SELECT id FROM kinds WHERE kind = ?)
    )
"""
_SEVEN, _EIGHT = b"\x70", b"\x80"
_IS_TIMED: Final = "(substr(id, 7, 1) >= ? AND substr(id, 7, 1) < ?)"
"""True for a UUID of version 7; the version is the upper half of the seventh byte (RFC 9562, section 4)."""
_IS_BY_THEN: Final = f"({_IS_TIMED} AND id < ? OR NOT {_IS_TIMED} AND recorded_at <= ?)"
_MILLISECONDS: Final = 48


def position_at(ask: Ask, at_us: int) -> int:
    """Return the last position recorded at or before *at_us* (microseconds since 1970, UTC); 0 if there is none."""
    ranges = doubted(ask)
    apart = "".join(" AND NOT (position BETWEEN ? AND ?)" for _ in ranges)
    newest = f"SELECT position FROM events WHERE {_IS_BY_THEN}{apart} ORDER BY position DESC LIMIT 1"  # noqa: S608 - constants
    after = min(max(at_us // 1000 + 1, 0), (1 << _MILLISECONDS) - 1).to_bytes(6)
    version = _SEVEN, _EIGHT
    rows = ask(newest, (*version, after, *version, at_us, *(bound for pair in ranges for bound in pair)))
    return int(rows[0][0]) if rows else 0


def last_clock_us(ask: Ask) -> int | None:
    """Return the clock of the last event outside the doubted ranges, microseconds since 1970; None if there is none."""
    ranges = doubted(ask)
    apart = " AND ".join("NOT (position BETWEEN ? AND ?)" for _ in ranges) or "1 = 1"
    newest = f"SELECT id, recorded_at FROM events WHERE {apart} ORDER BY position DESC LIMIT 1"  # noqa: S608 - constants
    rows = ask(newest, [bound for pair in ranges for bound in pair])
    return clock_us(*rows[0]) if rows else None


def doubted(ask: Ask) -> list[tuple[int, int]]:
    """Return the ranges of positions whose clocks are doubted, both ends included."""
    rows = ask(_DOUBTED, (kind_of(ClockDoubted),))
    events = [ClockDoubted.model_validate_json(data) for (data,) in rows]
    return [(event.first, event.last) for event in events]
