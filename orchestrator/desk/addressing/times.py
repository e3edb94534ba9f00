"""Times, dates, session slots and log positions as people write them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.booking.session_events import SessionBooked
from domain.booking.session_times import exists_twice, parse_hours, shifted, slot_between, slots_on
from domain.booking.slots import Slot
from domain.core.refusal import Misused
from orchestrator.studio import Studio


def position(studio: Studio, text: str) -> int:
    """Log position for *text*: a number, or a time in the store's time zone, for the last position recorded by then.

    Raises:
        Misused: ``when``; *text* is neither, or a position after the end of the log.
    """
    if text.isascii() and text.isdigit():
        at, head = int(text[:19]), studio.log.head().position  # nineteen digits are beyond any log
        if at > head:
            raise Misused("when", f"the log ends at position {head}; nothing stands at {text[:19]} yet")
        return at
    return studio.log.position_at(moment(studio, text))


def moment(studio: Studio, text: str) -> datetime:
    """A time such as ``2026-12-07T10:00``, in the store's time zone unless it names one.  Raises: Misused ``when``."""
    found = _plain(text)
    return found if found.tzinfo else found.replace(tzinfo=studio.config.zone)


def shown(studio: Studio, at: datetime) -> str:
    """*at* in the store's time zone, such as ``2026-12-07 10:00``."""
    return at.astimezone(studio.config.zone).strftime("%Y-%m-%d %H:%M")


def day(text: str) -> date:
    """A day such as ``2027-03-12``.  Raises: Misused ``when``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Misused("when", f"{text!r} is no day; write one like 2027-03-12") from None


def shown_exactly(studio: Studio, at: datetime) -> str:
    """*at* in the store's time zone; with its offset from UTC if that wall-clock time occurs twice."""
    there = at.astimezone(studio.config.zone)
    offset = there.strftime("%z") if exists_twice(there) else ""
    return shown(studio, at) + (f"{offset[:3]}:{offset[3:]}" if offset else "")


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """Times of a session as they were typed."""

    from_: str | None = None
    to: str | None = None
    on: str | None = None
    hours: str | None = None
    days: int = 1
    second: bool = False
    """Of a wall-clock time that exists twice, the later one."""

    def slots(self, studio: Studio) -> tuple[Slot, ...]:
        """Slots of a session: one between two times, or the same hours on each day.

        Raises:
            Misused: ``session.time``, ``session.hours``, ``when``.
        """
        zone = studio.config.zone
        if self.from_ and self.to and not (self.on or self.hours) and self.days == 1:
            return (slot_between(_plain(self.from_), _plain(self.to), zone, second=self.second),)
        if self.on and self.hours and not (self.from_ or self.to):
            return slots_on(day(self.on), parse_hours(self.hours), self.days, zone, second=self.second)
        raise Misused("session.time", "give --from TIME --to TIME, or --on DATE --hours 10-18 [--days 2]")

    def slots_after(self, studio: Studio, booked: SessionBooked) -> tuple[Slot, ...]:
        """Slots of a moved session; if only a day was typed, *booked* shifted to that day.  Raises: as ``slots``."""
        if self.on and not (self.from_ or self.to or self.hours) and self.days == 1:
            return shifted(booked.slots, day(self.on), studio.config.zone, second=self.second)
        return self.slots(studio)

    def slots_worked(self, studio: Studio, booked: Sequence[Slot]) -> tuple[Slot, ...]:
        """True slots of a session; if only hours were typed, these on each day of *booked*.  Raises: as ``slots``."""
        if self.hours and booked and not (self.from_ or self.to or self.on) and self.days == 1:
            zone, hours = studio.config.zone, parse_hours(self.hours)
            days = dict.fromkeys(slot.start.astimezone(zone).date() for slot in booked)
            return tuple(slot for one in days for slot in slots_on(one, hours, 1, zone, second=self.second))
        return self.slots(studio)


def _plain(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Misused("when", f"{text!r} is no time; write one like 2026-12-07T10:00") from None
