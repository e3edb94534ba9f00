"""People of the label: names, roles, and the permissions of each role."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.core.event import Event, PersonId, Traits
from domain.core.money import Currency, active_currency
from domain.core.refusal import FreeText, Misused, NotFound, Refused, suggest
from domain.label.corrections import (
    Absence,
    EntryEvent,
    EntryRemoved,
    EntryRenamed,
    EntryRestored,
    EntryShelved,
    absences_after,
)

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
    "plan-master", "judge-master", "note", "render", "erase",
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
}
"""Roles that hold each permission; a robot renders and ingests but never judges."""


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
    """A person was granted roles."""

    kind: Literal["roles-granted"] = "roles-granted"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("person",)
    person: PersonId
    roles: tuple[Role, ...]

    @override
    def describe(self) -> str:
        return f"{self.person}: {', '.join(self.roles)}"


class RolesRevoked(Event):
    """Roles of a person were taken back; decisions that they made in them stand."""

    kind: Literal["roles-revoked"] = "roles-revoked"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("person",)
    person: PersonId
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]

    @override
    def describe(self) -> str:
        return f"{self.person}: no longer {', '.join(self.roles)}"


PeopleEvent = StoreOpened | PersonAdded | RolesGranted | RolesRevoked | EntryEvent


@dataclass(frozen=True, slots=True)
class People:
    """The store's opening event, and names and roles by person, also of those who are removed or shelved."""

    house: StoreOpened | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    absent: Mapping[str, Absence] = field(default_factory=dict)


def evolve(people: People, event: PeopleEvent) -> People:
    """Fold one event into the state."""
    match event:
        case StoreOpened():
            return replace(people, house=event)
        case PersonAdded(person=person, name=name):
            return replace(people, names={**people.names, person: name})
        case RolesGranted(person=person, roles=roles):
            held = people.roles.get(person, frozenset())
            return replace(people, roles={**people.roles, person: held | set(roles)})
        case RolesRevoked(person=person, roles=roles):
            held = people.roles.get(person, frozenset())
            return replace(people, roles={**people.roles, person: held - set(roles)})
        case _:
            return _corrected(people, event)


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


def add_person(people: People, *, person: str, name: str, roles: tuple[Role, ...]) -> list[PeopleEvent]:
    """Add *person*, or grant an existing one more roles; roles already held yield no event."""
    new: list[PeopleEvent] = []
    if person not in people.names:
        new.append(PersonAdded(person=person, name=name))
    missing = tuple(role for role in roles if role not in people.roles.get(person, frozenset()))
    if missing:
        new.append(RolesGranted(person=person, roles=missing))
    return new


def rename_person(people: People, person: str, *, name: str) -> list[EntryRenamed]:
    """Give *person* another name; what they decided stays under their id.  The name they have yields no event.

    Raises:
        NotFound: ``person.unknown``.
    """
    _refuse_unknown(people, person)
    return [] if people.names[person] == name else [EntryRenamed(person=person, title=name)]


def take_person_away(people: People, person: str, *, absence: Absence) -> list[EntryRemoved | EntryShelved]:
    """Remove or shelve *person*, who decides nothing from then on; one who is gone already yields no event.

    Raises:
        NotFound: ``person.unknown``.
        Refused: ``person.last``; nobody else could manage people.
    """
    _refuse_unknown(people, person)
    if people.absent.get(person) == absence:
        return []
    _refuse_last(people, person, frozenset())
    kind = EntryRemoved if absence == "removed" else EntryShelved
    return [kind(person=person)]


def restore_person(people: People, person: str) -> list[EntryRestored]:
    """Bring a removed or shelved *person* back, with the roles they had; one who is there yields no event.

    Raises:
        NotFound: ``person.unknown``.
    """
    _refuse_unknown(people, person)
    return [EntryRestored(person=person)] if person in people.absent else []


def revoke_roles(people: People, person: str, *, roles: tuple[Role, ...]) -> list[RolesRevoked]:
    """Take *roles* of *person* back; roles not held yield no event.

    Raises:
        NotFound: ``person.unknown``.
        Refused: ``person.last``; nobody else could manage people.
    """
    _refuse_unknown(people, person)
    held = people.roles.get(person, frozenset())
    revoked = tuple(role for role in ROLES if role in roles and role in held)
    if not revoked:
        return []
    _refuse_last(people, person, held - set(revoked))
    return [RolesRevoked(person=person, roles=revoked)]


def _refuse_last(people: People, person: str, roles: frozenset[Role]) -> None:
    """Refuse a change after which nobody may manage people, which nobody could take back.

    Args:
        people: before the change.
        person: who changes.
        roles: the roles that the person has after it; none if they are gone.
    """
    after = {**{one: held for one, held in people.roles.items() if one not in people.absent}, person: roles}
    if not any(role in MAY["people"] for held in after.values() for role in held):
        raise Refused(
            "person.last",
            f"{person} is the last one who may manage people; {' or '.join(MAY['people'])} may",
            next=suggest("user add", "NAME", role=MAY["people"][0]),
        )


def _refuse_unknown(people: People, person: str) -> None:
    if person not in people.names:
        raise NotFound(
            "person.unknown",
            f"there is no person {person}",
            next=suggest("user add", FreeText(person), role="producer"),
        )


def role_for(people: People, person: str, deed: Permission) -> Role:
    """The first of *person*'s roles that holds the permission *deed*.

    Raises:
        NotFound: ``person.unknown``; the person is not in this store.
        Refused: ``person.role``; none of the person's roles holds it.  ``entry.removed``, ``entry.shelved``; the person
            is no longer there.
    """
    held = people.roles.get(person, frozenset())
    _refuse_unknown(people, person)
    if absence := people.absent.get(person):
        raise Refused(f"entry.{absence}", f"{person} is {absence}", next=suggest("user restore", FreeText(person)))
    may = [role for role in MAY[deed] if role in held]
    if not may:
        has = ", ".join(sorted(held)) or "no role"
        raise Refused(
            "person.role",
            f"{person} ({has}) may not do this; {' or '.join(MAY[deed])} may",
            next=suggest("user add", FreeText(person), role=MAY[deed][0]),
        )
    return may[0]
