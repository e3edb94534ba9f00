"""Working hours: when a room, a person or gear can be booked, the time to set up and strike, and blocked times."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator
from typing_extensions import override

from domain.booking.slots import MINUTE, Slot
from domain.core.event import Event, ResourceId, Traits, Value

MINUTES_A_DAY: Final = 24 * 60
Buffer = Annotated[int, Field(ge=0, le=MINUTES_A_DAY, strict=True)]
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class OpenHours(Value):
    """Hours of one day of the week by the wall clock of the house; an end past 24 hours is on the next day."""

    weekday: Annotated[int, Field(ge=1, le=7, strict=True)]
    """1 is Monday (ISO 8601)."""
    start_minute: Annotated[int, Field(ge=0, lt=MINUTES_A_DAY, strict=True)]
    end_minute: Annotated[int, Field(gt=0, le=2 * MINUTES_A_DAY, strict=True)]

    @model_validator(mode="after")
    def _forward(self) -> "OpenHours":
        if not self.start_minute < self.end_minute:
            raise ValueError("hours end after they start")
        return self


class WorkingHoursSet(Event):
    """A room, person or piece of gear can be booked in these hours, and needs this time before and after a session."""

    kind: Literal["working-hours-set"] = "working-hours-set"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ()
    resource: ResourceId
    setup_minutes: Buffer = 0
    strike_minutes: Buffer = 0
    weekly: tuple[OpenHours, ...] = ()
    """Empty: at any time."""

    @override
    def describe(self) -> str:
        buffers = f"{self.setup_minutes} min to set up, {self.strike_minutes} min to strike"
        return f"{self.resource}: {buffers}, {weekly_in_words(self.weekly)}"


class ResourceBlocked(Event):
    """A room, person or piece of gear cannot be booked in this time; the reason is that of the log."""

    kind: Literal["resource-blocked"] = "resource-blocked"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ()
    resource: ResourceId
    slot: Slot

    @override
    def describe(self) -> str:
        return f"{self.resource} blocked"


class ResourceUnblocked(Event):
    """A blocked time is free again."""

    kind: Literal["resource-unblocked"] = "resource-unblocked"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ()
    resource: ResourceId
    slot: Slot

    @override
    def describe(self) -> str:
        return f"{self.resource} not blocked"


WorkingHoursEvent = WorkingHoursSet | ResourceBlocked | ResourceUnblocked


def weekly_in_words(weekly: Sequence[OpenHours]) -> str:
    """*weekly* such as ``mon 10:00-22:00, tue 10:00-22:00``; ``at any time`` if it is empty."""
    return ", ".join(
        f"{WEEKDAYS[one.weekday - 1]} {_clock(one.start_minute)}-{_clock(one.end_minute)}" for one in weekly
    ) or "at any time"  # fmt: skip


def _clock(minute: int) -> str:
    hours, minutes = divmod(minute if minute <= MINUTES_A_DAY else minute - MINUTES_A_DAY, 60)
    return f"{hours:02}:{minutes:02}"


def is_open(weekly: Sequence[OpenHours], slot: Slot, zone: tzinfo) -> bool:
    """True if all of *slot* lies within the hours of *weekly* in *zone*, by its wall clock, or if *weekly* is empty."""
    if not weekly:
        return True
    reached = slot.start
    for start, end in sorted(_openings(weekly, slot, zone)):
        if start <= reached < end:
            reached = end
    return reached >= slot.end


def _openings(weekly: Sequence[OpenHours], slot: Slot, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    """The opening times of the days of *slot* and of the day before, in UTC."""
    day, last = slot.start.astimezone(zone).date() - timedelta(days=1), slot.end.astimezone(zone).date()
    while day <= last:
        for hours in weekly:
            if hours.weekday == day.isoweekday():
                yield _moment(day, hours.start_minute, zone), _moment(day, hours.end_minute, zone)
        day += timedelta(days=1)


def _moment(day: date, minute: int, zone: tzinfo) -> datetime:
    wall = datetime(day.year, day.month, day.day) + minute * MINUTE  # noqa: DTZ001 - wall clock
    return wall.replace(tzinfo=zone).astimezone(UTC)


def first_overlap(blocked: Iterable[Slot], wanted: Slot) -> Slot | None:
    """The first of the *blocked* times that shares a moment with *wanted*; None without one."""
    return next((slot for slot in blocked if slot.overlaps(wanted)), None)
