"""The register of people: every user, player and booked person, by one id.

Tests: ``tests/orchestrator/cli/commands/label/test_register.py``.
"""

import re
from typing import Final, get_args

from domain.core.fold import fold_events
from domain.core.refusal import Misused
from domain.label import people
from domain.label.corrections import EntryEvent
from domain.label.people import LeaveEvent, People, PeopleEvent, PersonAdded, RolesGranted, RolesRevoked
from orchestrator.log.query import Query
from orchestrator.studio import History

_CONTACT: Final = re.compile(r"@|[0-9][0-9 ()/.-]{5,}[0-9]")
"""An e-mail address, or a number of seven characters or more: contact data, not a name."""
_KEPT_BESIDE: Final = "takesheet user add NAME --role ROLE, then takesheet user contact NAME --email ADDRESS"

_KINDS: Final = (PersonAdded, RolesGranted, RolesRevoked, *get_args(LeaveEvent), *get_args(EntryEvent))

EVERYBODY: Final = Query.of(*_KINDS)


def everybody(history: History) -> People:
    """The people after *history*."""
    return fold_events(people.evolve, People(), (one.event for one in history if isinstance(one.event, PeopleEvent)))


def person_query(person: str) -> Query:
    """Query for the entry of one person in the register."""
    return Query.of(*_KINDS, tags=[f"person:{person}"])


def refuse_contact_data(name: str) -> None:
    """Refuse a name that holds an address or a number.  Raises: Misused ``person.name``."""
    if _CONTACT.search(name):
        raise Misused(
            "person.name", f"{name!r} holds contact data, and what is in the log stays there", next=_KEPT_BESIDE
        )
