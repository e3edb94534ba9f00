"""Availability: a resource can be booked if no firm session, block or closing hour stands against it."""

from collections.abc import Iterable
from datetime import tzinfo

from domain.booking.schedule import Schedule, check_free
from domain.booking.slots import MINUTE, Slot, in_words
from domain.booking.terms.register import TermsRegister
from domain.booking.terms.working_hours import WorkingHoursSet, first_overlap, is_open, weekly_in_words
from domain.core.refusal import Clash, suggest


def check_bookable(
    schedule: Schedule, register: TermsRegister, resources: Iterable[str], slots: Iterable[Slot], zone: tzinfo,
    *, moving: str | None = None,
) -> None:  # fmt: skip
    """Refuse a time at which one of *resources* is not to be had.

    The time to set up and to strike counts as occupied, and must not be blocked; opening hours are those of the work.

    Args:
        schedule: all sessions.
        register: terms of the resources.
        resources: ids.
        slots: the wanted times.
        zone: of the opening hours, and of the times in the refusal.
        moving: the session that leaves its own times for these.

    Raises:
        Clash: ``schedule.conflict``, ``schedule.buffer``, ``schedule.blocked``, ``schedule.closed``.
    """
    wanted, names = tuple(slots), tuple(dict.fromkeys(resources))
    check_free(schedule, names, wanted, zone, moving=moving)
    for resource in names:
        hours = register.hours_of(resource)
        _check_buffers(schedule, hours, wanted, zone, moving)
        for slot in wanted:
            if blocked := first_overlap(register.blocked.get(resource, ()), occupied(hours, slot)):
                raise Clash(
                    "schedule.blocked", f"{resource} is blocked {in_words(blocked, zone)}",
                    next=suggest("resource show", resource),
                )  # fmt: skip
            if not is_open(hours.weekly, slot, zone):
                raise Clash(
                    "schedule.closed",
                    f"{resource} cannot be booked {in_words(slot, zone)}, but {weekly_in_words(hours.weekly)}",
                    next=suggest("resource show", resource),
                )


def occupied(hours: WorkingHoursSet, slot: Slot) -> Slot:
    """*slot* with the time to set up before it and to strike after it."""
    return slot.padded(hours.setup_minutes * MINUTE, hours.strike_minutes * MINUTE)


def _check_buffers(
    schedule: Schedule, hours: WorkingHoursSet, wanted: tuple[Slot, ...], zone: tzinfo, moving: str | None
) -> None:
    if not hours.setup_minutes and not hours.strike_minutes:
        return
    needed = [occupied(hours, slot) for slot in wanted]
    for booked in schedule.firm:
        if hours.resource not in booked.resources or booked.session == moving:
            continue
        for slot in booked.slots:
            if first_overlap(needed, occupied(hours, slot)):
                raise Clash(
                    "schedule.buffer",
                    f"{hours.resource} needs {hours.strike_minutes} min to strike and {hours.setup_minutes} min to set "
                    f"up between sessions, and is firm for {booked.session} {in_words(slot, zone)}",
                    next=suggest("resource show", hours.resource), session=booked.session,
                )  # fmt: skip
