"""The people of a label and their roles.

Tests: ``tests/orchestrator/desk/label/test_contacts.py``.
"""

import re
from collections.abc import Sequence
from typing import Final, get_args

from domain.core.address import slug
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.refusal import Misused
from domain.label import people
from domain.label.people import People, PeopleEvent, PersonAdded, Role, RolesGranted
from orchestrator.desk.addressing.rows import Row
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

_CONTACT: Final = re.compile(r"@|[0-9][0-9 ()/.-]{5,}[0-9]")
"""An e-mail address, or a number of seven characters or more: contact data, not a name."""
_KEPT_BESIDE: Final = "takesheet user add NAME --role ROLE, then takesheet user contact NAME --email ADDRESS"

EVERYBODY = Query.of(PersonAdded, RolesGranted)


def everybody(history: History) -> People:
    """The people after *history*."""
    return fold_events(people.evolve, People(), (one.event for one in history if isinstance(one.event, PeopleEvent)))


def add_user(studio: Studio, name: str, roles: Sequence[str]) -> str:
    """Add a person, or grant roles to a known one; return the id.  Raises: Misused ``person.role``, ``person.name``."""
    known = get_args(Role)
    wrong = [role for role in roles if role not in known]
    if wrong:
        raise Misused("person.role", f"{wrong[0]!r} is no role; there are {', '.join(known)}")
    if _CONTACT.search(name):
        raise Misused(
            "person.name", f"{name!r} holds contact data, and what is in the log stays there", next=_KEPT_BESIDE
        )
    person = slug(name)

    def decision(history: History, _: Role) -> tuple[str, Sequence[Event]]:
        given = tuple(role for role in known if role in roles)
        return person, people.add_person(everybody(history), person=person, name=name, roles=given)

    return studio.decide(EVERYBODY, decision, deed="people")


def people_rows(studio: Studio) -> list[Row]:
    """One row for each person, with their roles."""
    state = everybody(studio.read(EVERYBODY))
    return [
        {"person": person, "name": name, "roles": ", ".join(sorted(state.roles.get(person, ())))}
        for person, name in state.names.items()
    ]
