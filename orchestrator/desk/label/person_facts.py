"""One person of the register: what they may do, who granted it, what they play, and how they are reached."""

from collections.abc import Iterable, Mapping
from typing import get_args

from domain.booking.resources import ResourceAdded
from domain.core.event import Event, Recorded
from domain.label.catalog import Catalog, CatalogEvent, catalog_after
from domain.label.curtain import sees
from domain.label.people import ROLES, People, RolesGranted
from domain.label.permissions import DEEDS_IN_WORDS, RoleGrant, permissions_held
from domain.label.role_scopes import RoleScope
from orchestrator.desk.addressing.register import EVERYBODY, everybody
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.addressing.times import shown
from orchestrator.desk.booking.booking import schedule_of
from orchestrator.desk.booking.deals import deals_of
from orchestrator.desk.booking.resource_corrections import RESOURCES, corrections_of
from orchestrator.desk.booking.session_facts import session_fees
from orchestrator.desk.label.contacts import shown_contact
from orchestrator.desk.label.leaves import leave_rows
from orchestrator.desk.label.people import person_facts, person_row
from orchestrator.log.query import Query
from orchestrator.studio import Studio

PARTS = Query.of(*get_args(CatalogEvent))


def register_rows(studio: Studio) -> list[Row]:
    """One row for each person who is neither removed nor shelved: their roles, parts, and rate if they are booked."""
    state, plays, rates = everybody(studio.read(EVERYBODY)), parts_played(studio), booked_at(studio)
    return [
        person_row(studio, state, person)
        | {"plays": ", ".join(plays.get(person, ())), "booked_at": rates.get(person, "")}
        for person in state.names
        if person not in state.absent
    ]


def parts_played(studio: Studio) -> dict[str, list[str]]:
    """The parts of all records by their player's id, without removed and shelved ones."""
    return _played(catalog_after(studio.read(PARTS)))


def _played(catalog: Catalog) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for song in catalog.songs.values():
        for name, part in song.parts.items():
            if part.player and catalog.absent_entry(f"{song.id}/{name}") is None:
                found.setdefault(part.player, []).append(f"{song.id}/{name}")
    return found


def booked_at(studio: Studio) -> dict[str, str]:
    """The rate of each person who can be booked, as far as the caller sees it; ``no rate`` without one."""
    history = studio.read(RESOURCES)
    absent = corrections_of(history).absent
    return {
        name: _rate(studio, there)
        for name, there in schedule_of(history).resources.items()
        if there.sort == "person" and name not in absent
    }


def _rate(studio: Studio, there: ResourceAdded) -> str:
    if there.rate is None:
        return "no rate"
    return f"{there.rate.amount}/{there.rate.per}" if sees(studio.reader, there) else "a rate"


def facts_of(studio: Studio, text: str) -> Row:
    """Everything about one person, also about one who is removed or shelved.

    ``may`` has a row for each permission: the deed in words, and the roles in which they hold it today; ``grants`` one
    for each role: its bounds, who granted it, when, at which position of the log, and why; ``away`` one for each leave.
    ``deals`` and ``fees`` have what they are paid by deals and for sessions, as far as the caller sees it.

    Raises:
        NotFound: ``person.unknown``.
    """
    row = person_facts(studio, text)
    person, history = str(row["person"]), studio.read(EVERYBODY)
    state = everybody(history)
    row |= {"may": _may(studio, state, person), "grants": _grants(studio, state, person, history)}
    row |= {"plays": parts_played(studio).get(person, []), "booked_at": booked_at(studio).get(person, "")}
    row |= {"deals": deals_of(studio, person), "fees": session_fees(studio, person)}
    return row | {"away": leave_rows(studio, person), "contact": shown_contact(studio, person)}


def _may(studio: Studio, state: People, person: str) -> list[Mapping[str, object]]:
    """One row for each permission that *person* holds today."""
    held = permissions_held(state, person, day=studio.today())
    return [
        {
            "deed": deed,
            "in_words": DEEDS_IN_WORDS[deed],
            "as": [grant.described(studio.config.currency) for grant in grants],
        }
        for deed, grants in held.items()
    ]


def _grants(
    studio: Studio, state: People, person: str, history: Iterable[Recorded[Event]]
) -> list[Mapping[str, object]]:
    """One row for each role and scope that *person* has, with the last grant of it."""
    given = {
        (role, one.event.record): one
        for one in history
        if isinstance(one.event, RolesGranted) and one.event.person == person
        for role in one.event.roles
    }
    held = state.roles.get(person, {})
    return [
        _grant(studio, RoleGrant(role, scope), given[role, scope.record])
        for role in ROLES
        for scope in held.get(role, ())
    ]


def _grant(studio: Studio, grant: RoleGrant, given: Recorded[Event]) -> Mapping[str, object]:
    scope: RoleScope = grant.scope
    return {
        "role": grant.role,
        "record": scope.record,
        "until": scope.until,
        "limit": scope.limit,
        "in_words": grant.described(studio.config.currency),
        "by": given.actor,
        "at": shown(studio, given.recorded_at),
        "position": given.position,
        "why": given.why or "",
    }
