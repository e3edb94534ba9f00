"""Opening records, adding songs and parts.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from collections.abc import Sequence
from datetime import date

from domain.core.address import slug
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.ids import record_of
from domain.label import catalog
from domain.label.catalog import (
    CatalogEvent,
    add_part,
    add_song,
    catalog_after,
    open_record,
    part_named,
    record_named,
    song_named,
)
from domain.label.people import Role
from orchestrator.desk.addressing.addresses import catalog_query
from orchestrator.desk.label.corrections import records_query
from orchestrator.studio import History, Studio


def new_record(studio: Studio, *, title: str, artist: str, due: date | None) -> str:
    """Open a record; return its address, also if it is open already."""

    def decision(history: History, _: Role) -> tuple[str, Sequence[Event]]:
        state = catalog_after(history)
        events = open_record(state, title=title, artist=artist, due=due, currency=studio.config.currency)
        return str(record_named(fold_events(catalog.evolve, state, events), title, artist)), events

    return studio.decide(records_query(), decision, deed="record")


def add_songs(studio: Studio, record: str, titles: Sequence[str], *, like: str | None) -> list[str]:
    """Add songs to a record; return their addresses, also of those it has already."""

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


def add_parts(
    studio: Studio, song: str, names: Sequence[str], *, instrument: str = "", player: str | None = None,
    guide: bool = False, optional: bool = False, stack: bool = False,
) -> list[str]:  # fmt: skip
    """Add parts to a song; return their addresses, also of those it has already."""

    def decision(history: History, _: Role) -> tuple[list[str], Sequence[Event]]:
        state, found, events = catalog_after(history), list[str](), list[CatalogEvent]()
        for name in names:
            who = slug(player) if player else None
            new = add_part(
                state,
                song=song,
                name=name,
                instrument=instrument,
                player=who,
                guide=guide,
                optional=optional,
                stack=stack,
            )
            state, events = fold_events(catalog.evolve, state, new), [*events, *new]
            found.append(f"{song}/{part_named(state.songs[song], name)}")
        return found, events

    return studio.decide(catalog_query(record_of(song)), decision, deed="record")
