"""How people are reached, paid and registered: for whoever looks after people, until the law has it erased."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from domain.core.address import slug
from domain.core.refusal import Misused, NotFound
from domain.label.people import role_for
from orchestrator.desk.label.people import EVERYBODY, everybody
from orchestrator.log import contacts
from orchestrator.studio import Studio

SHAPES: Final = {
    "email": (r"[^@\s]{1,100}@[^@\s]{1,100}", "pat@example.org"),
    "phone": (r"\+?[0-9][0-9 ()/.-]{4,30}", "+49 30 1234567"),
    "bank": (r"[A-Za-z0-9][A-Za-z0-9 ]{4,60}", "DE02 1203 0000 0000 2020 51"),
    "ipi": (r"[0-9][0-9.]{8,14}", "00012345678"),
}
"""Each field, what it looks like, and an example.  IPI: a writer's number with the collecting societies (CISAC)."""


def contact(studio: Studio, name: str, changes: Mapping[str, str | None]) -> tuple[str, dict[str, str]]:
    """Note *changes* of how to reach a person (empty is: forget it); their id, and all that is known then.

    Raises:
        NotFound: ``person.unknown``.
        Refused: ``person.role``; the caller does not look after people.
        Misused: ``person.contact``.
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


@dataclass(frozen=True, slots=True)
class ErasedContact:
    """What was erased.

    Args:
        person: whose contact data.
        fields: what it was.
        told_at: the positions of the log at which somebody wrote some of it into free text.
    """

    person: str
    fields: tuple[str, ...]
    told_at: tuple[int, ...]


def erase(studio: Studio, name: str) -> ErasedContact:
    """Erase a person's contact data from every file of the store; repeated, it makes sure.

    Raises:
        NotFound: ``person.unknown``.
        Refused: ``person.role``; the caller does not look after people.
        StoreBusy: it is deleted, but not yet out of every file; the same again.
    """
    person = _person(studio, name)
    known = contacts.contact_of(studio.log, person)
    contacts.keep_contact(studio.log, person, {})
    told_at = contacts.told_in_the_log(studio.log, known.values()) if known else []
    return ErasedContact(person, tuple(known), tuple(told_at))


def _person(studio: Studio, name: str) -> str:
    people, person = everybody(studio.read(EVERYBODY)), slug(name)
    role_for(people, studio.who.actor, "people")
    if person not in people.names:
        raise NotFound("person.unknown", f"there is no person {person}", next="takesheet user list")
    return person
