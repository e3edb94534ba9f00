"""The people of a label and their roles.

Tests: ``tests/orchestrator/desk/label/test_contacts.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from domain.core.address import slug
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.money import parse_money
from domain.core.refusal import Misused
from domain.label import people
from domain.label.corrections import Absence
from domain.label.people import People, PeopleEvent, Role
from domain.label.permissions import roles_in_words
from domain.label.role_scopes import RoleScope
from orchestrator.desk.addressing.register import EVERYBODY, everybody, refuse_contact_data
from orchestrator.desk.addressing.rows import Row, one
from orchestrator.studio import History, Studio


@dataclass(frozen=True, slots=True)
class AddedUser:
    """A person after roles were granted."""

    person: str
    roles: tuple[str, ...]
    """All their roles, with their bounds."""
    is_past: bool
    """True if the last day of the roles is past, so that they hold nothing."""


def add_user(
    studio: Studio, name: str, roles: Sequence[str], *, record: str | None = None, until: date | None = None,
    limit: str | None = None, why: str | None = None,
) -> AddedUser:  # fmt: skip
    """Add a person, or grant roles to a known one.

    Args:
        studio: the store.
        name: their name.
        roles: the roles to grant, all within the same bounds.
        record: id of the only record for which they hold.
        until: their last day, in the label's time zone.
        limit: the most that one commitment or payment may be, as a plain decimal of the label's currency.
        why: the reason given.

    The id of a removed or shelved person is not given again: another one of that name gets ``-2``.

    Raises:
        Misused: ``person.role``, ``person.name``, ``money.amount``.
        Refused: ``person.last``.
    """
    given = roles_named(roles)
    refuse_contact_data(name)
    most = None if limit is None else parse_money(limit, studio.config.currency).minor
    scope = RoleScope(record, until, most)

    def decision(history: History, _: Role) -> tuple[AddedUser, Sequence[Event]]:
        state = everybody(history)
        person = slug(name, state.absent)
        events = people.add_person(state, person=person, name=name, roles=given, scope=scope)
        after = fold_events(people.evolve, state, events)
        held = _in_words(studio, after, person)
        return AddedUser(person, held, is_past=until is not None and until < studio.today()), events

    return studio.decide(EVERYBODY, decision, deed="people", why=why)


def _in_words(studio: Studio, state: People, person: str) -> tuple[str, ...]:
    """The roles of *person* with their bounds."""
    return tuple(roles_in_words(state.roles.get(person, {}), studio.config.currency))


def roles_named(words: Sequence[str]) -> tuple[Role, ...]:
    """The roles that *words* name, each once.  Raises: Misused ``person.role``."""
    known = get_args(Role)
    wrong = [role for role in words if role not in known]
    if wrong:
        raise Misused("person.role", f"{wrong[0]!r} is no role; there are {', '.join(known)}")
    return tuple(role for role in known if role in words)


@dataclass(frozen=True, slots=True)
class CorrectedPerson:
    """A person after a correction."""

    person: str
    name: str
    roles: tuple[str, ...]
    changed: bool
    """False if it was so already, and nothing was recorded."""


def rename_user(studio: Studio, text: str, name: str, *, why: str | None) -> CorrectedPerson:
    """Give a person another name.  Raises: Misused ``person.name``."""
    refuse_contact_data(name)
    return _corrected(studio, text, lambda state, person: people.rename_person(state, person, name=name), why)


def take_user_away(studio: Studio, text: str, absence: Absence, *, why: str | None) -> CorrectedPerson:
    """Remove or shelve a person; what they decided stays."""
    return _corrected(studio, text, lambda state, person: people.take_person_away(state, person, absence=absence), why)


def restore_user(studio: Studio, text: str, *, why: str | None) -> CorrectedPerson:
    """Bring a removed or shelved person back."""
    return _corrected(studio, text, people.restore_person, why)


def revoke(studio: Studio, text: str, roles: Sequence[str], *, record: str | None, why: str | None) -> CorrectedPerson:
    """Take roles of a person back: those for *record*, or with None all of them.  Raises: Misused ``person.role``."""
    given = roles_named(roles)
    return _corrected(
        studio, text, lambda state, person: people.revoke_roles(state, person, roles=given, record=record), why
    )


def _corrected(
    studio: Studio, text: str, decision: Callable[[People, str], Sequence[PeopleEvent]], why: str | None
) -> CorrectedPerson:
    person = slug(text)

    def decided(history: History, _: Role) -> tuple[CorrectedPerson, Sequence[Event]]:
        state = everybody(history)
        events = decision(state, person)
        after = fold_events(people.evolve, state, events)
        return CorrectedPerson(person, after.names[person], _in_words(studio, after, person), bool(events)), events

    return studio.decide(EVERYBODY, decided, deed="people", why=why)


def person_facts(studio: Studio, text: str) -> Row:
    """The row of one person, also of one who is removed or shelved.  Raises: NotFound ``person.unknown``."""
    state = everybody(studio.read(EVERYBODY))
    return one([person_row(studio, state, person) for person in state.names], "person", text, "takesheet user list")


def person_row(studio: Studio, state: People, person: str) -> Row:
    """The row of *person*: id, name, roles, and whether they are removed or shelved."""
    row: Row = {
        "person": person, "name": state.names[person], "roles": ", ".join(_in_words(studio, state, person))
    }  # fmt: skip
    return row | ({"standing": state.absent[person]} if person in state.absent else {})
