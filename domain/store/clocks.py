"""Clocks of the log's writers: limits of drift, and ranges of events with doubted times.

The order of events is their position, never their time.  Each event carries the clock of its writer: in its id, if
that is a UUID of version 7 (RFC 9562, section 5.7: 48 bits of milliseconds since 1970), else in ``recorded_us``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field
from typing_extensions import override

from domain.core.event import Event, Traits
from domain.core.refusal import Misused, NotFound, suggest

BEHIND: Final = timedelta(minutes=5)
"""A clock further behind the last event than this needs confirmation."""
AHEAD: Final = timedelta(days=365)
"""A clock further ahead of the last event than this needs confirmation."""

Position = Annotated[int, Field(ge=1)]


class ClockDoubted(Event):
    """The writer's clock was wrong for a range of events; lookups by time skip them."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    kind: Literal["clock-doubted"] = "clock-doubted"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ()
    first: Position = Field(alias="from")
    """First position, inclusive."""
    last: Position = Field(alias="to")
    """Last position, inclusive."""

    @override
    def describe(self) -> str:
        return f"the clock of {self.first} to {self.last} is left out when times are looked up"


@dataclass(frozen=True, slots=True)
class Drift:
    """Drift of an implausible clock: *by* is its lead on the last event's clock, negative if it is behind."""

    by: timedelta

    def __str__(self) -> str:
        return f"{span(abs(self.by))} {'ahead of' if self.by > timedelta() else 'behind'}"


def span(length: timedelta) -> str:
    """Format *length* in one unit: seconds, minutes, hours or days."""
    seconds = int(length.total_seconds())
    for unit, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} seconds"


def drift_of(now_us: int, last_us: int) -> Drift | None:
    """Drift of the clock *now_us* from that of the last event, both in µs since 1970; None if within the limits."""
    by = timedelta(microseconds=now_us - last_us)
    return Drift(by) if by > AHEAD or by < -BEHIND else None


def doubt(doubted: Iterable[ClockDoubted], *, first: int, last: int, head: int) -> list[ClockDoubted]:
    """Mark the events *first* to *last* as doubted, so that lookups by time skip them.  A known range yields no event.

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
