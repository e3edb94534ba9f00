"""Times of a session: conversion from the wall clock of a label's time zone to slots of UTC time."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final, NamedTuple

from domain.booking.slots import LONGEST, Slot
from domain.core.refusal import Misused

YEARS: Final = range(1900, 2200)
DAY: Final = timedelta(days=1)
LONGEST_NIGHT: Final = timedelta(hours=12)
"""Longest session over midnight that daily hours can state: 18-10 is probably 10-18, typed backwards."""
MOST_DAYS: Final = 366
_HOURS = re.compile(r"([0-9]{1,2})(?::([0-5][0-9]))?[-\u2013]([0-9]{1,2})(?::([0-5][0-9]))?", re.ASCII)
_TICK: Final = timedelta(microseconds=1)


class DailyHours(NamedTuple):
    """Daily hours of a session by the wall clock, as time since midnight; an end past 24 hours is on the next day."""

    start: timedelta
    end: timedelta


def parse_hours(text: str) -> DailyHours:
    """Parse ``10-18``, ``10:30-18:00``, or ``22-2``, which ends on the next day.

    Raises:
        Misused: ``session.hours`` for anything else, and for more than LONGEST_NIGHT over midnight.
    """
    found = _HOURS.fullmatch(text)
    if not found:
        raise Misused("session.hours", f"{text!r} are no hours; write 10-18, 10:30-18:00 or 22-2")
    start, end = (timedelta(hours=int(found[n]), minutes=int(found[n + 1] or 0)) for n in (1, 3))
    if start >= DAY or end > DAY or start == end:
        raise Misused("session.hours", f"{text} is no session; write --hours 10-18, at most 0-24")
    if start < end:
        return DailyHours(start, end)
    length = end + DAY - start
    if length > LONGEST_NIGHT:
        raise Misused(
            "session.hours",
            f"{text} would last {length // timedelta(hours=1)} hours over midnight; if it does, give --from and --to",
        )
    return DailyHours(start, end + DAY)


def slots_on(day: date, hours: DailyHours, days: int, zone: tzinfo, *, second: bool = False) -> tuple[Slot, ...]:
    """One slot a day from *day* on, at the same wall-clock *hours* of *zone*; *second* as for :func:`slot_between`.

    Raises:
        Misused: ``session.hours`` for no days or over a year of them; ``session.time`` as for :func:`slot_between`.
    """
    _refuse_year(day.year)
    if not 1 <= days <= MOST_DAYS:
        raise Misused("session.hours", f"{days} days are no session; write --days 1 to --days {MOST_DAYS}")
    midnights = [datetime(day.year, day.month, day.day) + n * DAY for n in range(days)]  # noqa: DTZ001 - wall clock
    return tuple(
        slot_between(midnight + hours.start, midnight + hours.end, zone, second=second) for midnight in midnights
    )


def slot_between(start: datetime, end: datetime, zone: tzinfo, *, second: bool = False) -> Slot:
    """The slot between two moments; those without a zone are wall-clock times of *zone*.

    Args:
        start: first moment.
        end: moment at which the slot is over; it may be the moment at which clocks go forward.
        zone: the label's time zone.
        second: take the later moment of a wall-clock time that occurs twice because clocks go back.

    Raises:
        Misused: ``session.time``; the slot ends before it starts, lasts over a year, lies outside YEARS, or names a
            wall-clock time that the change to summer time skips.
    """
    begin, finish = _true(start, zone, second=second), _true(end, zone, second=second, ends=True)
    if not begin < finish <= begin + LONGEST:
        raise Misused(
            "session.time", f"from {start} to {end} is no session: it must end after it starts, within a year"
        )
    return Slot(start=begin, end=finish)


def shifted(slots: tuple[Slot, ...], day: date, zone: tzinfo, *, second: bool = False) -> tuple[Slot, ...]:
    """*slots* at their wall-clock times of *zone*, moved by whole days so that the first one begins on *day*."""
    _refuse_year(day.year)
    days = day - slots[0].start.astimezone(zone).date()

    def on_the_wall(moment: datetime) -> datetime:
        return moment.astimezone(zone).replace(tzinfo=None) + days

    return tuple(slot_between(on_the_wall(slot.start), on_the_wall(slot.end), zone, second=second) for slot in slots)


def doubled(slots: Iterable[Slot], zone: tzinfo) -> list[datetime]:
    """Starts and ends of *slots* whose wall-clock time occurs twice in *zone*; their ``fold`` tells the two apart."""
    moments = (moment.astimezone(zone) for slot in slots for moment in (slot.start, slot.end))
    return [moment for moment in moments if exists_twice(moment)]


def exists_twice(moment: datetime) -> bool:
    """True if the wall-clock time of *moment* occurs twice in its zone, because clocks go back."""
    first, later = moment.replace(fold=0), moment.replace(fold=1)
    return later.astimezone(UTC) > first.astimezone(UTC)


def _refuse_year(year: int) -> None:
    if year not in YEARS:
        raise Misused("session.time", f"the year {year} is no year of a session")


def _true(moment: datetime, zone: tzinfo, *, second: bool, ends: bool = False) -> datetime:
    _refuse_year(moment.year)
    if moment.tzinfo:
        return moment.astimezone(UTC)
    there = moment.replace(tzinfo=zone, fold=int(second and exists_twice(moment.replace(tzinfo=zone)))).astimezone(UTC)
    if there.astimezone(zone).replace(tzinfo=None) != moment and not (
        ends and (there - _TICK).astimezone(zone).replace(tzinfo=None) == moment - _TICK
    ):
        raise Misused("session.time", f"{moment} does not exist in {zone}: clocks go forward there")
    return there
