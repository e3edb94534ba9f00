"""Records, songs and parts."""

from collections.abc import Sequence
from datetime import date

from domain.core.address import slug
from domain.core.event import Event
from domain.core.ids import record_of
from domain.label import catalog
from domain.label.catalog import (
    Catalog,
    CatalogEvent,
    RecordOpened,
    add_part,
    add_song,
    open_record,
    part_named,
    record_named,
    song_named,
)
from domain.label.people import Role
from orchestrator.desk.addressing.addresses import catalog_query
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio


def _catalog(history: History) -> Catalog:
    state = Catalog()
    for recorded in history:
        if isinstance(recorded.event, CatalogEvent):
            state = catalog.evolve(state, recorded.event)
    return state


def new_record(studio: Studio, *, title: str, artist: str, due: date | None) -> str:
    """Open a record; its address, also when it is open already."""

    def decision(history: History, _: Role) -> tuple[str, Sequence[Event]]:
        state = _catalog(history)
        events = open_record(state, title=title, artist=artist, due=due, currency=studio.config.currency)
        for event in events:
            state = catalog.evolve(state, event)
        return str(record_named(state, title, artist)), events

    return studio.decide(Query.of(RecordOpened), decision, deed="record")


def add_songs(studio: Studio, record: str, titles: Sequence[str], *, like: str | None) -> list[str]:
    """Put songs on a record; their addresses, also of those that are there already."""

    def decision(history: History, _: Role) -> tuple[list[str], Sequence[Event]]:
        state, found, events = _catalog(history), list[str](), list[CatalogEvent]()
        for title in titles:
            for event in add_song(state, record=record, title=title, like=like):
                state = catalog.evolve(state, event)
                events.append(event)
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
    """Plan parts of a song; their addresses, also of those that are there already."""

    def decision(history: History, _: Role) -> tuple[list[str], Sequence[Event]]:
        state, found, events = _catalog(history), list[str](), list[CatalogEvent]()
        for name in names:
            who = slug(player) if player else None
            for event in add_part(
                state,
                song=song,
                name=name,
                instrument=instrument,
                player=who,
                guide=guide,
                optional=optional,
                stack=stack,
            ):
                state = catalog.evolve(state, event)
                events.append(event)
            found.append(f"{song}/{part_named(state.songs[song], name)}")
        return found, events

    return studio.decide(catalog_query(record_of(song)), decision, deed="record")
