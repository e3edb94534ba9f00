"""Leaves: the days on which a person is away, and the deputy who holds some of their roles in that time."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final, NamedTuple

from domain.core.refusal import Clash, FreeText, Misused, NotFound, Refused, suggest
from domain.label.people import LeaveEnded, LeaveNoted, People, Role, refuse_unknown
from domain.label.role_scopes import RoleScope

LONGEST: Final = 366
"""Days of one leave at most."""


class DelegatedRole(NamedTuple):
    """A role that a deputy holds for somebody who is away."""

    role: Role
    scope: RoleScope
    """No wider than the scope in which the delegator has the role, and to the end of the leave at the latest."""
    delegator: str


def away(people: People, person: str, day: date) -> LeaveNoted | None:
    """The leave of *person* on *day*; None if they are not away."""
    return next((one for one in people.leaves.get(person, ()) if one.first <= day <= one.last), None)


def refuse_away(people: People, persons: Collection[str], days: Iterable[date]) -> None:
    """Refuse to book *persons* on *days* on which one of them is away; ids of rooms and gear are nobody's leave.

    Raises:
        Clash: ``schedule.away``.
    """
    if refusal := away_refusal(people, persons, days):
        raise refusal


def away_refusal(people: People, persons: Collection[str], days: Iterable[date]) -> Clash | None:
    """The refusal ``schedule.away`` of the first of *days* on which one of *persons* is away; None if nobody is."""
    for day in sorted(days) if people.leaves.keys() & set(persons) else ():
        for person in persons:
            if leave := away(people, person, day):
                return Clash(
                    "schedule.away",
                    f"{person} is away from {leave.first} to {leave.last}, and {day} is one of these days",
                    next=suggest("user show", FreeText(person)),
                )
    return None


def delegated_roles(people: People, deputy: str, *, day: date) -> Iterator[DelegatedRole]:
    """The roles that *deputy* holds on *day* for people who are away.

    They are the delegator's own roles of that day: none that they were delegated themselves, and none if they are
    removed or shelved, or a robot, which may not approve in its other roles.
    """
    for delegator in people.leaves:
        leave, held = away(people, delegator, day), people.roles.get(delegator, {})
        if leave is None or leave.deputy != deputy or delegator in people.absent or "robot" in held:
            continue
        for role in leave.roles:
            for scope in held.get(role, ()):
                if scope.holds(day=day, records=()):
                    yield DelegatedRole(
                        role, replace(scope, until=min(scope.until or leave.last, leave.last)), delegator
                    )


def note_leave(
    people: People, person: str, *, first: date, last: date, deputy: str | None = None, roles: Collection[Role] = ()
) -> list[LeaveNoted]:
    """Note that *person* is away from *first* to *last*, with a *deputy* for *roles*; the same again yields no event.

    A leave that begins on the same day is replaced.

    Args:
        people: everybody.
        person: who is away.
        first: their first day away.
        last: their last day away.
        deputy: who holds *roles* in that time; None for nobody.
        roles: of the person's own roles; empty for all but that of a robot.

    Raises:
        NotFound: ``person.unknown``.
        Misused: ``leave.days``; the last day is before the first, or more than ``LONGEST`` days after it.
            ``leave.deputy``; nobody stands in for themselves, and roles are given to a deputy.
        Refused: ``leave.overlap``; another leave has some of these days.  ``leave.roles``; the person does not have a
            role, or has none to give.
    """
    refuse_unknown(people, person)
    if not 0 <= (last - first).days < LONGEST:
        raise Misused("leave.days", f"from {first} to {last} is no leave of 1 to {LONGEST} days")
    if deputy == person or (deputy is None and roles):
        raise Misused("leave.deputy", "roles are given to a deputy, who is somebody else: name one with --deputy")
    for other in people.leaves.get(person, ()):
        if other.first != first and other.first <= last and first <= other.last:
            raise Refused(
                "leave.overlap",
                f"{person} is away from {other.first} to {other.last} already",
                next=suggest("user back", FreeText(person), **{"from": str(other.first)}),
            )
    given: tuple[Role, ...] = ()
    if deputy is not None:
        refuse_unknown(people, deputy)
        given = _roles_given(people, person, roles)
    new = LeaveNoted(person=person, first=first, last=last, deputy=deputy, roles=given)
    return [] if new in people.leaves.get(person, ()) else [new]


def _roles_given(people: People, person: str, roles: Collection[Role]) -> tuple[Role, ...]:
    """The roles that a deputy of *person* holds, in the order of their names."""
    held = {role for role in people.roles.get(person, {}) if role != "robot"}
    missing = sorted(set(roles) - held)
    if missing or not held:
        what = f"is no {missing[0]}" if missing else "has no role"
        raise Refused(
            "leave.roles",
            f"{person} {what}, and a deputy holds no role that {person} does not have",
            next=suggest("user show", FreeText(person)),
        )
    return tuple(sorted(roles or held))


def end_leave(people: People, person: str, *, first: date | None = None, day: date) -> list[LeaveEnded]:
    """End the leave of *person* that begins on *first*, or without it the one of *day*, or else the next one.

    Raises:
        NotFound: ``person.unknown``.  ``leave.unknown``; there is no such leave.
    """
    refuse_unknown(people, person)
    leaves = people.leaves.get(person, ())
    found = next((one for one in leaves if (one.last >= day if first is None else one.first == first)), None)
    if found is None:
        when = f"from {day} on" if first is None else f"that begins on {first}"
        raise NotFound("leave.unknown", f"{person} has no leave {when}", next=suggest("user show", FreeText(person)))
    return [LeaveEnded(person=person, first=found.first)]
