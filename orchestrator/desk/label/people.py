"""The people of a label and their roles.

Tests: ``tests/orchestrator/desk/label/test_contacts.py``.
"""

from collections.abc import Sequence
from typing import get_args

from domain.core.address import slug
from domain.core.event import Event
from domain.core.refusal import Misused
from domain.label import people
from domain.label.people import Role
from orchestrator.desk.addressing.register import EVERYBODY, everybody, refuse_contact_data
from orchestrator.desk.addressing.rows import Row
from orchestrator.studio import History, Studio


def add_user(studio: Studio, name: str, roles: Sequence[str]) -> str:
    """Add a person, or grant roles to a known one; return the id.  Raises: Misused ``person.role``, ``person.name``."""
    known = get_args(Role)
    wrong = [role for role in roles if role not in known]
    if wrong:
        raise Misused("person.role", f"{wrong[0]!r} is no role; there are {', '.join(known)}")
    refuse_contact_data(name)
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
