"""People of the label: names, roles, and the permissions of each role."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.core.event import Event, PersonId, RecordId, Traits
from domain.core.money import Currency, active_currency
from domain.core.refusal import Misused, NotFound, Refused, suggest
from domain.label.corrections import (
    Absence,
    EntryEvent,
    EntryLeft,
    EntryRenamed,
    EntryRestored,
    absences_after,
    leave,
)
from domain.label.role_scopes import EVERYWHERE, Limit, RoleScope, with_scope

Role = Literal[
    "label",
    "coordinator",
    "producer",
    "engineer",
    "mixer",
    "mastering",
    "artist",
    "musician",
    "finance",
    "auditor",
    "robot",
]
Permission = Literal[
    "people", "record", "book", "budget", "spend", "ingest", "edit-take", "judge-take", "mix", "judge-mix",
    "plan-master", "judge-master", "note", "render", "erase", "audit",
    "leave", "rules",
]  # fmt: skip

ROLES: Final[tuple[Role, ...]] = (
    "producer",
    "label",
    "coordinator",
    "engineer",
    "mixer",
    "mastering",
    "artist",
    "musician",
    "finance",
    "auditor",
    "robot",
)
"""Roles by priority: a person with several roles decides in the first one that holds the permission."""

MAY: Final[Mapping[Permission, tuple[Role, ...]]] = {
    "people": ("label", "coordinator"),
    "record": ("producer", "label", "coordinator"),
    "book": ("producer", "label", "coordinator"),
    "budget": ("label",),
    "spend": ("producer", "label", "coordinator", "finance"),
    "ingest": ("producer", "coordinator", "engineer", "robot"),
    "edit-take": ("producer", "engineer", "mixer"),
    "judge-take": ("producer",),
    "mix": ("producer", "engineer", "mixer"),
    "judge-mix": ("producer", "label", "artist"),
    "plan-master": ("producer", "label", "mastering"),
    "judge-master": ("producer", "label", "artist"),
    "note": ("producer", "label", "coordinator", "engineer", "mixer", "mastering", "artist", "musician"),
    "render": ROLES,
    "erase": ("label",),
    "audit": ("label", "auditor"),
    "rules": ("label",),
    "leave": tuple(role for role in ROLES if role != "robot"),
}
"""Roles that hold each permission; a robot renders and ingests but never judges, whatever other roles it holds."""


class StoreOpened(Event):
    """A label opened this store."""

    kind: Literal["store-opened"] = "store-opened"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ()
    label: str
    currency: Currency
    timezone: str
    """IANA time zone name; calendar days of the label are those of this zone."""

    @override
    def describe(self) -> str:
        return f"{self.label}, {self.currency}, {self.timezone}"


class PersonAdded(Event):
    """A person was added to the store."""

    schema_number = 2
    kind: Literal["person-added"] = "person-added"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("person",)
    erasable_since = 2
    person: PersonId
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]

    @property
    @override
    def erasable_fields(self) -> tuple[str, ...]:
        return ("name",)

    @override
    def describe(self) -> str:
        return f"{self.person} ({self.name})"


class RolesGranted(Event):
    """A person was granted roles, all in one scope, which replaces the scope they had for the same record.

    The bounds of the scope are those of :class:`domain.label.role_scopes.RoleScope`; events of schema 1 have none.
    """

    schema_number: ClassVar[int] = 2
    kind: Literal["roles-granted"] = "roles-granted"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("person",)
    person: PersonId
    roles: tuple[Role, ...]
    record: RecordId | None = None
    until: date | None = None
    limit: Limit | None = None

    @property
    def scope(self) -> RoleScope:
        """The bounds of these roles."""
        return RoleScope(self.record, self.until, self.limit)

    @override
    def describe(self) -> str:
        limit = "" if self.limit is None else f" up to {self.limit} minor units"
        return f"{self.person}: {', '.join(self.roles)}{self.scope.described()}{limit}"


class RolesRevoked(Event):
    """Roles of a person were taken back; earlier decisions made in these roles stay valid."""

    schema_number: ClassVar[int] = 2
    kind: Literal["roles-revoked"] = "roles-revoked"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("person",)
    person: PersonId
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    record: RecordId | None = None
    """Only the roles for this record were taken back; None: the roles in every scope."""

    @override
    def describe(self) -> str:
        return f"{self.person}: no longer {', '.join(self.roles)}{RoleScope(self.record).described()}"


class LeaveNoted(Event):
    """A person is away for some days, and a deputy may hold their roles then; replaces a leave of that first day."""

    kind: Literal["leave-noted"] = "leave-noted"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("person",)
    person: PersonId
    first: date
    last: date
    """The last day, included; both are days in the label's time zone."""
    deputy: PersonId | None = None
    roles: tuple[Role, ...] = ()
    """Roles of the person that the deputy holds in that time, as far as the person has them then."""

    @override
    def describe(self) -> str:
        deputy = f", {self.deputy} stands in as {', '.join(self.roles)}" if self.deputy else ""
        return f"{self.person} is away from {self.first} to {self.last}{deputy}"


class LeaveEnded(Event):
    """A person is not away after all in the leave that begins on a day; nobody stands in for them any more."""

    kind: Literal["leave-ended"] = "leave-ended"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("person",)
    person: PersonId
    first: date

    @override
    def describe(self) -> str:
        return f"{self.person} is not away from {self.first}"


LeaveEvent = LeaveNoted | LeaveEnded
Roles = Mapping[Role, tuple[RoleScope, ...]]
"""The roles of a person, each with its scopes, the widest first; none is without a scope."""
PeopleEvent = StoreOpened | PersonAdded | RolesGranted | RolesRevoked | LeaveEvent | EntryEvent


@dataclass(frozen=True, slots=True)
class People:
    """The store's opening event, and names and roles by person, also of those who are removed or shelved."""

    house: StoreOpened | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, Roles] = field(default_factory=dict)
    absent: Mapping[str, Absence] = field(default_factory=dict)
    leaves: Mapping[str, tuple[LeaveNoted, ...]] = field(default_factory=dict)
    """The leaves of each person, in the order of their days."""


def evolve(people: People, event: PeopleEvent) -> People:
    """Fold one event into the state."""
    if isinstance(event, LeaveEvent):
        return replace(people, leaves={**people.leaves, event.person: _leaves_after(people, event)})
    match event:
        case StoreOpened():
            return replace(people, house=event)
        case PersonAdded(person=person, name=name):
            return replace(people, names={**people.names, person: name})
        case RolesGranted() | RolesRevoked():
            return replace(people, roles={**people.roles, event.person: _roles_after(people, event)})
        case _:
            return _corrected(people, event)


def _roles_after(people: People, event: RolesGranted | RolesRevoked) -> Roles:
    """The roles of a person after *event*."""
    held = people.roles.get(event.person, {})
    if isinstance(event, RolesGranted):
        return {**held, **{role: with_scope(held.get(role, ()), event.scope) for role in event.roles}}
    return _without(held, event.roles, event.record)


def _leaves_after(people: People, event: LeaveEvent) -> tuple[LeaveNoted, ...]:
    """The leaves of a person after *event*."""
    others = [one for one in people.leaves.get(event.person, ()) if one.first != event.first]
    new = [event] if isinstance(event, LeaveNoted) else []
    return tuple(sorted([*others, *new], key=lambda leave: leave.first))


def _without(held: Roles, roles: Collection[Role], record: str | None) -> Roles:
    """The roles *held* without *roles*; with *record*, these lose only their scope for that record."""
    after = {
        role: tuple(one for one in scopes if role not in roles or (record is not None and one.record != record))
        for role, scopes in held.items()
    }
    return {role: scopes for role, scopes in after.items() if scopes}


def _corrected(people: People, event: EntryEvent) -> People:
    """Fold a correction of an entry; one of no person changes nothing."""
    if event.person is None:
        return people
    if isinstance(event, EntryRenamed):
        return replace(people, names={**people.names, event.person: event.title})
    return replace(people, absent=absences_after(people.absent, event.person, event))


def open_house(people: People, *, label: str, currency: str, timezone: str, founder: str) -> list[PeopleEvent]:
    """Open a store; its founder gets every role but robot.

    Raises:
        Refused: ``store.opened``.
        Misused: ``label.name``; ``money.currency``.
    """
    if people.house:
        raise Refused("store.opened", f"this store is {people.house.label}'s already")
    if not label.strip():
        raise Misused("label.name", "a label needs a name")
    return [
        StoreOpened(label=label, currency=active_currency(currency), timezone=timezone),
        PersonAdded(person=founder, name=founder),
        RolesGranted(person=founder, roles=tuple(role for role in ROLES if role != "robot")),
    ]


def add_person(
    people: People, *, person: str, name: str, roles: tuple[Role, ...], scope: RoleScope = EVERYWHERE
) -> list[PeopleEvent]:
    """Add *person*, or grant an existing one more roles; roles already held in *scope* yield no event.

    A role that is held for the same record until another day or up to another limit gets the bounds of *scope*.

    Raises:
        Refused: ``person.last``; nobody could manage people for good any more.
    """
    new: list[PeopleEvent] = []
    if person not in people.names:
        new.append(PersonAdded(person=person, name=name))
    held = people.roles.get(person, {})
    missing = tuple(role for role in roles if scope not in held.get(role, ()))
    if missing:
        granted = RolesGranted(person=person, roles=missing, record=scope.record, until=scope.until, limit=scope.limit)
        if _manages(held):
            _refuse_last(people, person, _roles_after(people, granted))
        new.append(granted)
    return new


def rename_person(people: People, person: str, *, name: str) -> list[EntryRenamed]:
    """Give *person* another name; what they decided stays under their id.  The name they have yields no event.

    Raises:
        NotFound: ``person.unknown``.
    """
    refuse_unknown(people, person)
    return [] if people.names[person] == name else [EntryRenamed(person=person, title=name)]


def take_person_away(people: People, person: str, *, absence: Absence) -> list[EntryLeft]:
    """Remove or shelve *person*, who decides nothing from then on.  An already absent person yields no event.

    Raises:
        NotFound: ``person.unknown``.
        Refused: ``person.last``; nobody else could manage people.
    """
    refuse_unknown(people, person)
    if people.absent.get(person) == absence:
        return []
    _refuse_last(people, person, {})
    return [leave({"person": person}, absence)]


def restore_person(people: People, person: str) -> list[EntryRestored]:
    """Restore a removed or shelved *person* with their former roles.  A person who is not absent yields no event.

    Raises:
        NotFound: ``person.unknown``.
    """
    refuse_unknown(people, person)
    return [EntryRestored(person=person)] if person in people.absent else []


def revoke_roles(
    people: People, person: str, *, roles: tuple[Role, ...], record: str | None = None
) -> list[RolesRevoked]:
    """Take *roles* for *record* back from *person*, or with None in every scope; roles not held yield no event.

    Raises:
        NotFound: ``person.unknown``.
        Refused: ``person.last``; nobody else could manage people.
    """
    refuse_unknown(people, person)
    held = people.roles.get(person, {})
    after = _without(held, roles, record)
    revoked = tuple(role for role in ROLES if held.get(role) != after.get(role))
    if not revoked:
        return []
    _refuse_last(people, person, after)
    return [RolesRevoked(person=person, roles=revoked, record=record)]


def _refuse_last(people: People, person: str, roles: Roles) -> None:
    """Refuse a change that leaves nobody with a lasting role that manages people: nobody could grant such a role again.

    Args:
        people: before the change.
        person: id of the person whose roles change.
        roles: the person's roles after the change; empty if the person is removed or shelved.
    """
    after = {**{one: held for one, held in people.roles.items() if one not in people.absent}, person: roles}
    if not any(_manages(held) for held in after.values()):
        raise Refused(
            "person.last",
            f"{person} is the last one who may manage people; {' or '.join(MAY['people'])} may",
            next=suggest("user add", "NAME", role=MAY["people"][0]),
        )


def _manages(roles: Roles) -> bool:
    """True if one of *roles* may manage people, for the whole label and without a last day."""
    return any(scope.lasting for role in MAY["people"] for scope in roles.get(role, ()))


def refuse_unknown(people: People, person: str) -> None:
    """Refuse a person who is not in this store.  Raises: NotFound ``person.unknown``."""
    if person not in people.names:
        raise NotFound(
            "person.unknown",
            f"there is no person {person}",
            next=suggest("user list"),
        )
