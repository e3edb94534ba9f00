"""Contact, bank and society data of people; kept beside the log, erasable, and open only to those who manage people."""

import re
from collections.abc import Mapping
from typing import Final

from domain.core.address import slug
from domain.core.refusal import Misused, NotFound, suggest
from domain.label.permissions import permissions_held, role_for
from orchestrator.desk.addressing.register import EVERYBODY, everybody
from orchestrator.log.side_tables import contacts
from orchestrator.studio import Studio

SHAPES: Final = {
    "email": (r"[^@\s]{1,100}@[^@\s]{1,100}", "pat@example.org"),
    "phone": (r"\+?[0-9][0-9 ()/.-]{4,30}", "+49 30 1234567"),
    "bank": (r"[A-Za-z0-9][A-Za-z0-9 ]{4,60}", "DE02 1203 0000 0000 2020 51"),
    "ipi": (r"[0-9][0-9.]{8,14}", "00012345678"),
}
"""Pattern and example of each field.  IPI: a writer's number with the collecting societies (CISAC)."""


def contact(studio: Studio, name: str, changes: Mapping[str, str | None]) -> tuple[str, dict[str, str]]:
    """Change a person's contact data (an empty value deletes); return their id and all data known after that.

    Raises:
        NotFound: ``person.unknown``.
        Refused: ``person.role``; the caller may not manage people.
        Misused: ``person.contact``; a value does not have the form of its field.
    """
    person = _person(studio, name)
    given = {field: value.strip() for field, value in changes.items() if value is not None}
    for field, value in given.items():
        shape, example = SHAPES[field]
        if value and not re.fullmatch(shape, value):
            raise Misused("person.contact", f"{value!r} is no {field}; write one like {example}")
    if not given:
        return person, contacts.contact_of(studio.log, person)
    return person, contacts.change_contact(studio.log, person, given)


def shown_contact(studio: Studio, person: str) -> dict[str, str]:
    """The contact data of *person*, if the reader may manage people; else none, and none of an earlier moment."""
    people, readers = everybody(studio.read(EVERYBODY)), {studio.who.actor, studio.reader.person}
    if studio.upto is None and all("people" in permissions_held(people, one, day=studio.today()) for one in readers):
        return contacts.contact_of(studio.log, person)
    return {}


def _person(studio: Studio, name: str) -> str:
    people, person = everybody(studio.read(EVERYBODY)), slug(name)
    role_for(people, studio.who.actor, "people", day=studio.today())
    if person not in people.names:
        raise NotFound("person.unknown", f"there is no person {person}", next=suggest("user list"))
    return person
