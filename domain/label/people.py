"""The label's house and its people: who may decide what."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Final, Literal, assert_never

from pydantic import Field, StringConstraints

from domain.core.event import Event, PersonId
from domain.core.money import Currency
from domain.core.refusal import FreeText, Misused, NotFound, Refused, suggest

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
    "plan-master", "judge-master", "note", "render",
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
"""In the order in which a person of many roles speaks."""

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
}
"""A robot renders and ingests; it never judges."""


class StoreOpened(Event):
    """A label began to work in this store."""

    kind: Literal["store-opened"] = "store-opened"
    label: str
    currency: Currency
    timezone: str
    """IANA name: the house's days begin and end by it."""


class StoreUpgraded(Event):
    """The tables of the store were made or changed; from then on programs below a number only read it."""

    kind: Literal["store-upgraded"] = "store-upgraded"
    version: Annotated[int, Field(ge=1)]
    """Of the tables."""
    min_writer: Annotated[int, Field(ge=1)]
    """The least number of a program that may append."""


class PersonAdded(Event):
    """Somebody decides or plays here from now on."""

    kind: Literal["person-added"] = "person-added"
    person: PersonId
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class RolesGranted(Event):
    """A person was given roles."""

    kind: Literal["roles-granted"] = "roles-granted"
    person: PersonId
    roles: tuple[Role, ...]


PeopleEvent = StoreOpened | PersonAdded | RolesGranted


@dataclass(frozen=True, slots=True)
class People:
    """The house, and each person's name and roles."""

    house: StoreOpened | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, frozenset[Role]] = field(default_factory=dict)


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
        case _:
            assert_never(event)


def open_house(people: People, *, label: str, currency: str, timezone: str, founder: str) -> list[PeopleEvent]:
    """Begin a store; who begins it holds every role but the robot's."""
    if people.house:
        raise Refused("store.opened", f"this store is {people.house.label}'s already")
    if not label.strip():
        raise Misused("label.name", "a label needs a name")
    return [
        StoreOpened(label=label, currency=currency, timezone=timezone),
        PersonAdded(person=founder, name=founder),
        RolesGranted(person=founder, roles=tuple(role for role in ROLES if role != "robot")),
    ]


def add_person(people: People, *, person: str, name: str, roles: tuple[Role, ...]) -> list[PeopleEvent]:
    """Add *person*, or give one who is here more roles; what they have already yields nothing."""
    new: list[PeopleEvent] = []
    if person not in people.names:
        new.append(PersonAdded(person=person, name=name))
    missing = tuple(role for role in roles if role not in people.roles.get(person, frozenset()))
    if missing:
        new.append(RolesGranted(person=person, roles=missing))
    return new


def role_for(people: People, person: str, deed: Permission) -> Role:
    """The role in which *person* does *deed*.

    Raises:
        NotFound: ``person.unknown``; they are not in this store.
        Refused: ``person.role``; none of their roles may do it.
    """
    held = people.roles.get(person, frozenset())
    if person not in people.names:
        raise NotFound(
            "person.unknown",
            f"there is no person {person}",
            next=suggest("user add", FreeText(person), role="producer"),
        )
    may = [role for role in MAY[deed] if role in held]
    if not may:
        has = ", ".join(sorted(held)) or "no role"
        raise Refused(
            "person.role",
            f"{person} ({has}) may not do this; {' or '.join(MAY[deed])} may",
            next=suggest("user add", FreeText(person), role=MAY[deed][0]),
        )
    return may[0]
