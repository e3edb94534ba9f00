"""Slots: half-open intervals of UTC time, and the working days of a house that they touch."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, model_validator

from domain.core.event import Value

LONGEST: Final = timedelta(days=366)
NIGHT_ENDS: Final = timedelta(hours=6)
"""Hours after midnight that belong to the evening before, for work that began by then."""
MINUTE: Final = timedelta(minutes=1)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
"""A time in UTC.  Python compares and subtracts two times of one zone by their wall clocks, wrong by an hour in
the night when the clocks change.
"""


class Slot(Value):
    """A half-open interval of UTC time."""

    start: Moment
    end: Moment

    @model_validator(mode="after")
    def _forward(self) -> "Slot":
        if not self.start < self.end:
            raise ValueError("a slot ends after it starts")
        return self

    @property
    def minutes(self) -> int:
        """True length in minutes; a begun minute counts whole."""
        return -((self.start - self.end) // MINUTE)

    def overlaps(self, other: "Slot") -> bool:
        """True if the two slots share any moment."""
        return self.start < other.end and other.start < self.end

    def padded(self, before: timedelta, after: timedelta) -> "Slot":
        """The slot with *before* in front of it and *after* behind it."""
        return Slot(start=self.start - before, end=self.end + after) if before or after else self

    def days(self, zone: tzinfo) -> Iterable[date]:
        """The working days of *zone* that the slot touches: each is a calendar day and the night after it.

        A slot from 20:00 to 02:00 touches one; only after NIGHT_ENDS does the next day begin for it.
        """
        day, end = self.start.astimezone(zone).date(), self.end.astimezone(zone)
        last = (end.replace(tzinfo=None) - NIGHT_ENDS - timedelta(microseconds=1)).date()
        yield day
        while day < last:
            day += timedelta(days=1)
            yield day


def in_words(slot: Slot, zone: tzinfo) -> str:
    """*slot* by the wall clock of *zone*, such as ``2026-12-07 10:00 to 2026-12-07 18:00``."""
    return " to ".join(moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") for moment in (slot.start, slot.end))
