"""Holds: sessions pencilled in without money and without an exclusive time, until firm, released or expired."""

from collections.abc import Collection, Sequence
from datetime import datetime

from domain.booking.booking import named_resources, refuse_overlaps
from domain.booking.schedule import Schedule
from domain.booking.session_events import SessionChallenged, SessionHeld, SessionReleased
from domain.booking.slots import Slot
from domain.core.refusal import Misused, Refused, suggest


def hold(
    schedule: Schedule, *, record: str, resources: Sequence[str], slots: tuple[Slot, ...], line: str | None,
    rank: int | None, expires: datetime | None, now: datetime, session: str | None = None,
) -> tuple[str, list[SessionHeld]]:  # fmt: skip
    """Hold *resources* for *record*.  The same hold again yields no event.

    Args:
        schedule: all sessions that are known of the record and the resources.
        record: its id.
        resources: ids, at least one.
        slots: the wanted times; other holds and firm sessions may stand there.
        line: the budget line that is to pay.
        rank: 1 for a first hold; None: the one after the holds that overlap it, or the rank it has.
        expires: when the hold ends by itself; None: never.
        now: the present moment.
        session: the hold that is stated anew; None for one of the same resources and times, or a new one.

    Returns:
        The session id and the new events.

    Raises:
        NotFound: ``resource.unknown``, ``session.unknown``.
        Misused: ``session.resources``, ``session.time``, ``session.expiry``.
        Refused: ``session.firm``, ``session.released``; these resources are firm for the record at these times.
    """
    wanted = named_resources(resources)
    for resource in wanted:
        schedule.resource(resource)
    refuse_overlaps(slots)
    _refuse_firm(schedule, record, wanted, slots)
    known = (
        schedule.hold(session, record=record).held
        if session
        else next(
            (
                one.held
                for one in schedule.held
                if (one.held.record, one.held.resources, one.held.slots) == (record, wanted, slots)
            ),
            None,
        )
    )
    if expires is not None and expires <= now and (known is None or known.expires != expires):
        raise Misused("session.expiry", f"{expires} is past: a hold expires later than now")
    id_ = known.session if known else schedule.next_id(record)
    place = rank or (known.rank if known else 1 + len(rivals(schedule, id_, wanted, slots, now)))
    new = SessionHeld(session=id_, record=record, resources=wanted, slots=slots, line=line, rank=place, expires=expires)
    return id_, [] if new == known else [new]


def _refuse_firm(schedule: Schedule, record: str, resources: tuple[str, ...], slots: tuple[Slot, ...]) -> None:
    for booked in schedule.firm:
        if (booked.record, booked.resources, booked.slots) == (record, resources, slots):
            raise Refused(
                "session.firm", f"these are firm as {booked.session}", next=suggest("session show", booked.session)
            )


def challenge(
    schedule: Schedule, *, record: str, session: str, by: str, deadline: datetime, now: datetime
) -> list[SessionChallenged]:
    """Record that *by* wants the time of a held *session*, which must be firm by *deadline*.  The same again: no event.

    Raises:
        NotFound: ``session.unknown``.
        Misused: ``session.deadline`` if it is past.
        Refused: ``session.firm``, ``session.released``.
    """
    hold_ = schedule.hold(session, record=record)
    new = SessionChallenged(session=session, record=record, resources=hold_.held.resources, by=by, deadline=deadline)
    if hold_.challenge == new:
        return []
    if deadline <= now:
        raise Misused("session.deadline", f"{deadline} is past: the deadline of a challenge is later than now")
    return [new]


def release(schedule: Schedule, *, record: str, session: str) -> list[SessionReleased]:
    """Give up a held *session*.  One that is released already yields no event.

    Raises:
        NotFound: ``session.unknown``.
        Refused: ``session.firm``.
    """
    if session in schedule.holds and schedule.holds[session].released:
        return []
    held = schedule.hold(session, record=record).held
    return [SessionReleased(session=session, record=record, resources=held.resources)]


def rivals(
    schedule: Schedule, session: str, resources: Collection[str], slots: Sequence[Slot], now: datetime
) -> tuple[SessionHeld, ...]:
    """The open holds of sessions other than *session* that want one of *resources* at a time of *slots*, by rank."""
    found = (
        one.held
        for one in schedule.held
        if one.held.session != session
        and not one.lapsed(now)
        and set(one.held.resources) & set(resources)
        and any(old.overlaps(new) for old in one.held.slots for new in slots)
    )
    return tuple(sorted(found, key=lambda held: (held.rank, held.session)))
