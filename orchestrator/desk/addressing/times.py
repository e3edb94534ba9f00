"""Times, dates, session slots and log positions as people write them."""

import re
from datetime import date, datetime
from typing import Final

from domain.booking.booking import shifted, slot_between, slots_on
from domain.booking.schedule import SessionBooked, Slot
from domain.core.refusal import Misused
from orchestrator.studio import Studio

_HOURS: Final = re.compile(r"^(\d{1,2})-(\d{1,2})$", re.ASCII)


def position(studio: Studio, text: str) -> int:
    """Log position that *text* means: a number, or the last one at or before a time in the store's time zone.

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


def slots(
    studio: Studio, *, from_: str | None, to: str | None, on: str | None, hours: str | None, days: int
) -> tuple[Slot, ...]:
    """Slots of a session: one between two times, or the same hours on each day.  Raises: Misused ``session.time``."""
    if from_ and to and not (on or hours):
        return (slot_between(_plain(from_), _plain(to), studio.config.zone),)
    found = _HOURS.match(hours or "")
    if on and found and not (from_ or to):
        return slots_on(day(on), (int(found[1]), int(found[2])), days, studio.config.zone)
    raise Misused("session.time", "give --from TIME --to TIME, or --on DATE --hours 10-18 [--days 2]")


def moved_slots(
    studio: Studio, booked: SessionBooked, *, from_: str | None, to: str | None, on: str | None, hours: str | None,
    days: int,
) -> tuple[Slot, ...]:  # fmt: skip
    """Slots of a session that is moved: those of :func:`slots`; or with *on* alone, its own hours from that day on.

    Raises:
        Misused: ``session.time``.
    """
    if on and not (from_ or to or hours):
        return shifted(booked.slots, day(on), studio.config.zone)
    return slots(studio, from_=from_, to=to, on=on, hours=hours, days=days)


def _plain(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Misused("when", f"{text!r} is no time; write one like 2026-12-07T10:00") from None
