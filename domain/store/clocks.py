"""The clocks of those who write to the log: what time an event was recorded at, and which clocks were wrong.

The order of events is their position, never their time.  Each event carries the clock of its writer: in its id, where
that is a UUID of version 7 (RFC 9562, section 5.7: 48 bits of milliseconds since 1970), else in ``recorded_us``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field

from domain.core.event import Event
from domain.core.refusal import Misused, NotFound, suggest

BEHIND: Final = timedelta(minutes=5)
"""A clock that is further behind the last event than this is asked about."""
AHEAD: Final = timedelta(days=365)
"""A clock that is further ahead of the last event than this is asked about."""

Position = Annotated[int, Field(ge=1)]


class ClockDoubted(Event):
    """The clock was wrong where these events were recorded; when times are looked up, they are left out."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    kind: Literal["clock-doubted"] = "clock-doubted"
    first: Position = Field(alias="from")
    """The first position, itself included."""
    last: Position = Field(alias="to")
    """The last position, itself included."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A clock that can hardly be right: *by* is how far it is ahead of the last event (negative: behind)."""

    by: timedelta

    def __str__(self) -> str:
        return f"{span(abs(self.by))} {'ahead of' if self.by > timedelta() else 'behind'}"


def span(length: timedelta) -> str:
    """A *length* of time in one unit: seconds, minutes, hours or days."""
    seconds = int(length.total_seconds())
    for unit, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} seconds"


def drift_of(now_us: int, last_us: int) -> Drift | None:
    """How far the clock *now_us* is from that of the last event, where that is more than it may be."""
    by = timedelta(microseconds=now_us - last_us)
    return Drift(by) if by > AHEAD or by < -BEHIND else None


def doubt(doubted: Iterable[ClockDoubted], *, first: int, last: int, head: int) -> list[ClockDoubted]:
    """Leave the events from *first* to *last* out when times are looked up; the same range again yields nothing.

    Raises:
        Misused: ``log.range``; the range ends before it begins.
        NotFound: ``log.range``; the log ends before the range does.
    """
    if not 1 <= first <= last:
        raise Misused("log.range", f"{first} to {last} is no range of positions: write the lower one first, from 1")
    if last > head:
        raise NotFound("log.range", f"the log ends at position {head}; nothing is recorded at {last}",
                       next=suggest("log show", limit="5"))  # fmt: skip
    if any((known.first, known.last) == (first, last) for known in doubted):
        return []
    return [ClockDoubted(first=first, last=last)]
