"""Opening records, adding songs and parts.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.core.address import slug
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.ids import record_of
from domain.label import catalog
from domain.label.catalog import CatalogEvent, catalog_after
from domain.label.catalog_additions import (
    add_part,
    add_song,
    open_record,
    part_named,
    read_wanted,
    record_named,
    song_named,
)
from domain.label.people import Role, add_person
from orchestrator.desk.addressing.addresses import catalog_query
from orchestrator.desk.addressing.register import everybody, person_query, refuse_contact_data
from orchestrator.desk.label.corrections import records_query
from orchestrator.studio import History, Studio


def new_record(studio: Studio, *, title: str, artist: str, due: date | None) -> str:
    """Open a record; return its address, even if it is open already."""

    def decision(history: History, _: Role) -> tuple[str, Sequence[Event]]:
        state = catalog_after(history)
        events = open_record(state, title=title, artist=artist, due=due, currency=studio.config.currency)
        return str(record_named(fold_events(catalog.evolve, state, events), title, artist)), events

    return studio.decide(records_query(), decision, deed="record")


def add_songs(studio: Studio, record: str, titles: Sequence[str], *, like: str | None) -> list[str]:
    """Add songs to a record; return their addresses, including those of existing songs."""

    def decision(history: History, _: Role) -> tuple[list[str], Sequence[Event]]:
        state, found, events = catalog_after(history), list[str](), list[CatalogEvent]()
        for title in titles:
            new = add_song(state, record=record, title=title, like=like)
            state, events = fold_events(catalog.evolve, state, new), [*events, *new]
            found.append(str(song_named(state, record, title)))
        return found, events

    query = catalog_query(record)
    if like and record_of(like) != record:
        query |= catalog_query(record_of(like))
    return studio.decide(query, decision, deed="record")


@dataclass(frozen=True, slots=True)
class PlannedParts:
    """Addresses of added and existing parts, and the player if they were added to the register of people."""

    addresses: Sequence[str]
    new_person: str | None = None


def add_parts(
    studio: Studio, song: str, names: Sequence[str], *, instrument: str = "", player: str | None = None,
    guide: bool = False, optional: bool = False, stack: bool = False, sections: str = "",
) -> PlannedParts:  # fmt: skip
    """Add parts to a song; a player whose name is new is added to the register of people, without a role.

    Raises:
        Misused: ``person.name``; the player's name holds contact data.  ``part.sections``.
    """
    refuse_contact_data(player or "")
    who, wanted = slug(player) if player else None, read_wanted(sections)

    def decision(history: History, _: Role) -> tuple[PlannedParts, Sequence[Event]]:
        state, found, events = catalog_after(history), list[str](), list[CatalogEvent]()
        for name in names:
            new = add_part(
                state,
                song=song,
                name=name,
                instrument=instrument,
                player=who,
                guide=guide,
                optional=optional,
                stack=stack,
                sections=wanted,
            )
            state, events = fold_events(catalog.evolve, state, new), [*events, *new]
            found.append(f"{song}/{part_named(state.songs[song], name)}")
        plays = any(part.player == who for part in state.songs[song].parts.values())
        entered = add_person(everybody(history), person=who, name=player or who, roles=()) if who and plays else []
        return PlannedParts(found, who if entered else None), [*entered, *events]

    query = catalog_query(record_of(song))
    return studio.decide(query | person_query(who) if who else query, decision, deed="record")
