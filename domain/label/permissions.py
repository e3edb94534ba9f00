"""Permissions: in which of their roles a person may decide, on a day and about a record."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Final, NamedTuple

from domain.core.event import Event
from domain.core.refusal import FreeText, NotFound, Refused, Suggestion, suggest
from domain.label.leaves import delegated_roles
from domain.label.people import MAY, ROLES, LeaveEvent, People, Permission, Role, Roles, refuse_unknown
from domain.label.role_scopes import RoleScope, records_of

WHOLE_LABEL: Final[frozenset[Permission]] = frozenset({"people", "erase", "audit", "rules"})
"""Permissions that a role for one record does not hold."""
NOT_DELEGATED: Final[frozenset[Permission]] = frozenset({"people", "erase", "leave", "rules"})
"""Permissions that a deputy does not hold: what is decided by them outlasts the delegation, or is a person's own."""
JUDGING: Final[frozenset[Permission]] = frozenset({"judge-take", "judge-mix", "judge-master"})
"""Permissions that a robot never holds, whatever other roles it has."""


MOST_NAMED: Final = 3
"""People who are named in a refusal at most."""


DEEDS_IN_WORDS: Final[Mapping[Permission, str]] = {
    "people": "add people, grant and take back roles",
    "record": "open and change records, songs and parts",
    "book": "book rooms, people and gear",
    "budget": "set budgets",
    "spend": "pay",
    "ingest": "run sessions, ingest takes, set form, lyrics and passes",
    "edit-take": "edit takes, return comps made outside",
    "judge-take": "approve and reject takes, set comps",
    "mix": "revise mixes",
    "judge-mix": "approve and reject mixes",
    "plan-master": "plan masters",
    "judge-master": "approve and reject masters",
    "note": "write and answer notes, undo their own decisions",
    "render": "request renders",
    "erase": "erase what others said",
    "audit": "verify and export the log",
    "rules": "set the house rules",
    "leave": "say when they are away, who stands in for them, and whether they come to a session",
}
"""Each permission as users read it."""


class RoleGrant(NamedTuple):
    """One role of a person in one of its scopes."""

    role: Role
    scope: RoleScope
    delegator: str | None = None
    """The person who is away and whose role it is; None for the person's own."""

    def holds(self, deed: Permission, *, day: date, records: Collection[str]) -> bool:
        """True if this grant holds the permission *deed* on *day* for a decision that asks about *records*."""
        return (
            self.role in MAY[deed]
            and self.scope.holds(day=day, records=records)
            and not (deed in WHOLE_LABEL and self.scope.record)
            and not (deed in NOT_DELEGATED and self.delegator)
        )

    def described(self, currency: str | None = None) -> str:
        """The grant in words, such as ``producer for night-bus until 2026-12-31, standing in for pat``."""
        own = f"{self.role}{self.scope.described(currency)}"
        return f"{own}, standing in for {self.delegator}" if self.delegator else own


def role_grants(people: People, person: str, *, day: date) -> Iterator[RoleGrant]:
    """The roles of *person* in each of their scopes, by priority: first their own, then those delegated for *day*."""
    held = people.roles.get(person, {})
    yield from (RoleGrant(role, scope) for role in ROLES for scope in held.get(role, ()))
    delegated = (RoleGrant(*one) for one in delegated_roles(people, person, day=day))
    yield from sorted(delegated, key=lambda grant: ROLES.index(grant.role))


def grants_for(
    people: People, person: str, deed: Permission, *, day: date, records: Collection[str] = ()
) -> tuple[RoleGrant, ...]:
    """The roles of *person* that hold the permission *deed*, by priority, delegated ones last; at least one.

    Args:
        people: everybody.
        person: who decides.
        deed: the permission that the decision needs.
        day: the day of the decision in the label's time zone.
        records: ids of the records that the decision asks about; none if it asks about no record in particular.

    Raises:
        NotFound: ``person.unknown``; the person is not in this store.
        Refused: ``person.role``; none of the person's roles holds it.  ``person.robot``; a robot judges nothing.
            ``entry.removed``, ``entry.shelved``; the person is no longer there.
    """
    refuse_unknown(people, person)
    if absence := people.absent.get(person):
        raise Refused(f"entry.{absence}", f"{person} is {absence}", next=suggest("user restore", FreeText(person)))
    found = tuple(
        grant for grant in role_grants(people, person, day=day) if grant.holds(deed, day=day, records=records)
    )
    if not found:
        raise not_permitted(people, person, deed, day=day, records=records)
    if deed in JUDGING and is_robot(people, person, day=day):
        raise robot_judges(person)
    return found


def permissions_held(people: People, person: str, *, day: date) -> dict[Permission, tuple[RoleGrant, ...]]:
    """The permissions that *person* holds on *day*, for any record, each with the roles that hold it."""
    held: dict[Permission, tuple[RoleGrant, ...]] = {}
    for deed in MAY:
        with suppress(Refused, NotFound):
            held[deed] = grants_for(people, person, deed, day=day)
    return held


def is_robot(people: People, person: str, *, day: date) -> bool:
    """True if *person* has the role of a robot on *day*, for whatever record."""
    return any(scope.holds(day=day, records=()) for scope in people.roles.get(person, {}).get("robot", ()))


def robot_judges(person: str) -> Refused:
    """The refusal ``person.robot`` of a verdict that a robot would give."""
    return Refused(
        "person.robot",
        f"{person} is a robot: it approves and rejects nothing, whatever other roles it has",
        next=suggest("user revoke", FreeText(person), role="robot"),
    )


def role_for(people: People, person: str, deed: Permission, *, day: date) -> Role:
    """The first of *person*'s roles that holds the permission *deed* on *day*, as :func:`grants_for`."""
    return grants_for(people, person, deed, day=day)[0].role


def beyond_record(
    people: People, person: str, deed: Permission, grant: RoleGrant, events: Sequence[Event], *, day: date
) -> Refused | None:
    """The refusal ``person.role`` of *events* about another record than that of *grant*; None if they are about it.

    Their own leave is about no record: whoever has a role for one record alone notes it, too.
    """
    if grant.scope.covers(event for event in events if not (isinstance(event, LeaveEvent) and event.person == person)):
        return None
    return not_permitted(people, person, deed, day=day, records=records_of(events))


def not_permitted(people: People, person: str, deed: Permission, *, day: date, records: Collection[str]) -> Refused:
    """The refusal ``person.role`` of a decision that no role of *person* permits."""
    held = people.roles.get(person, {})
    has = ", ".join(roles_in_words(held)) or "no role"
    scopes = [grant.scope for grant in role_grants(people, person, day=day)]
    about = " and ".join(sorted(records)) or "the whole label"
    where = f"; it is about {about}" if any(scope.record for scope in scopes) else ""
    when = f"; today is {day}" if any(scope.until and scope.until < day for scope in scopes) else ""
    return Refused(
        "person.role",
        f"{person} ({has}) may not do this; {' or '.join(MAY[deed])} may{where}{when}",
        next=permission_advice(people, person, deed, day=day, records=records),
        records=tuple(records),
    )


def permission_advice(
    people: People, person: str, deed: Permission, *, day: date, records: Collection[str] = ()
) -> Suggestion | str:
    """The next step after ``person.role``: to add the role, if *person* may manage people; else, whom to ask.

    Args:
        people: everybody; if only the refused person is known, nobody can be named.
        person: who was refused.
        deed: the permission that the decision needs.
        day: the day of the decision in the label's time zone.
        records: ids of the records that the decision is about.
    """
    if _holders(people, "people", day, ()) & {person}:
        return suggest("user add", FreeText(person), role=MAY[deed][0])
    if able := sorted(_holders(people, deed, day, records)):
        return f"ask {_some(able)}, who may"
    managers = sorted(_holders(people, "people", day, ()))
    return f"ask {_some(managers)}, who may give roles" if managers else suggest("user list")


def _holders(people: People, deed: Permission, day: date, records: Collection[str]) -> set[str]:
    """Everybody who is there and may decide *deed* on *day*, robots left out."""
    return {
        person
        for person in people.names
        if person not in people.absent and not (deed in JUDGING and is_robot(people, person, day=day))
        for grant in role_grants(people, person, day=day)
        if grant.role != "robot" and grant.holds(deed, day=day, records=records)
    }


def _some(names: Sequence[str]) -> str:
    """The first three of *names*."""
    return " or ".join(names[:MOST_NAMED])


def roles_in_words(roles: Roles, currency: str | None = None) -> list[str]:
    """Names of *roles* with their bounds, such as ``producer for night-bus until 2026-12-31``.

    Args:
        roles: of one person.
        currency: currency of the limits; without it, limits are left out.
    """
    return [f"{role}{scope.described(currency)}" for role in sorted(roles) for scope in roles[role]]
