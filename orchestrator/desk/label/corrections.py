"""Corrections: entries renamed, removed, shelved, dropped and restored; records and parts edited; songs put in order.

Tests: ``tests/orchestrator/cli/commands/label/test_corrections.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

from domain.core.address import slug
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.ids import IdParts, record_of
from domain.label import catalog
from domain.label.catalog import Catalog, CatalogEvent, RecordOpened, catalog_after
from domain.label.catalog_additions import read_wanted
from domain.label.catalog_edits import (
    edit_part,
    edit_record,
    order_songs,
    rename_entry,
    restore_entry,
    take_entry_away,
    title_of,
)
from domain.label.corrections import Absence, EntryEvent, RecordEdited
from domain.label.people import Permission, Role
from domain.masters.masters import Masters
from domain.status.booking_edits import refuse_sessions_to_come
from domain.status.record_fold import fold
from domain.status.record_state import RecordState
from domain.status.revision_edits import rename_revision, restore_revision, take_revision_away
from orchestrator.desk.addressing import addresses
from orchestrator.desk.addressing.addresses import catalog_query
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.booking import resource_corrections, session_corrections
from orchestrator.desk.booking.booking import schedule_of, session_rows, sessions_query
from orchestrator.desk.booking.resource_corrections import CorrectedResource
from orchestrator.desk.booking.session_corrections import CorrectedSession
from orchestrator.desk.label.people import CorrectedPerson, rename_user, restore_user, take_user_away
from orchestrator.desk.record_state.record_state import production_query, read_record
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

EntryWord = Literal["record", "song", "part", "mix", "master", "user", "resource", "session"]
"""Noun of an entry as people say it."""
CatalogDecision = Callable[[Catalog], Sequence[CatalogEvent]]


@dataclass(frozen=True, slots=True)
class CorrectedEntry:
    """An entry after a correction."""

    address: str
    """Address of the entry; of a person or resource, the id."""
    title: str
    """Title of the entry; of a mix or master only if it was just renamed."""
    changed: bool
    """False if the entry was in this state already, so that nothing was recorded."""
    money: str = ""
    """Of a session, the amount that was freed or committed again, in words."""


RevisionDecision = Callable[[RecordState], Sequence[EntryEvent]]


def records_query() -> Query:
    """Query for titles, artists and absences of all records, by which a new title is checked."""
    return Query.of(RecordOpened, RecordEdited, *get_args(EntryEvent))


def absent_records(studio: Studio) -> list[Row]:
    """One row for each record that is removed, shelved or dropped."""
    known = catalog_after(studio.read(records_query()))
    return [
        {"address": record, "title": known.records[record].title, "standing": absence}
        for record, absence in known.absent_records.items()
    ]


def absent_rows(studio: Studio, record: str) -> list[Row]:
    """One row for each song, part, mix, master and session of *record* that is itself absent."""
    state = read_record(studio, record).state
    rows = [_absent(song.id, song.title, song.absence) for song in state.catalog.all_songs_of(record)]
    for song in state.catalog.all_songs_of(record):
        rows += [
            _absent(f"{song.id}/{name}", part.name, song.absent_parts.get(name)) for name, part in song.parts.items()
        ]
    for owner, mixes in state.mixes.items():
        rows += [
            _absent(f"{owner}@mix{number}", mixes.titles.get(number, ""), one) for number, one in mixes.absent.items()
        ]
    masters = state.masters.get(record, Masters())
    rows += [_absent(f"{record}@master{n}", masters.titles.get(n, ""), one) for n, one in masters.absent.items()]
    sessions = {str(row["session"]): row for row in session_rows(studio, record, absent=True)}
    there = {row["session"] for row in session_rows(studio, record)}
    rows += [
        {"address": name, "title": row["title"], "standing": row["state"]}
        for name, row in sessions.items()
        if name not in there
    ]
    return [row for row in rows if row["standing"]]


def _absent(address: str, title: str, absence: Absence | None) -> Row:
    return {"address": address, "title": title, "standing": absence or ""}


def rename(studio: Studio, noun: EntryWord, text: str, title: str, *, why: str | None) -> CorrectedEntry:
    """Give the entry that *text* names another title; its address stays."""
    if noun == "user":
        return _of_person(rename_user(studio, text, title, why=why))
    if noun == "resource":
        return _of_resource(resource_corrections.rename(studio, text, title, why=why))
    if noun == "session":
        return _of_session(session_corrections.rename(studio, text, title, why=why))
    entry = str(addresses.find(studio, text, noun))
    if IdParts.of(entry).revision:
        done = _revision(studio, entry, lambda state: rename_revision(state, entry, title=title), why)
        return replace(done, title=title)
    return _corrected(studio, entry, lambda known: rename_entry(known, entry, title=title), why)


def take_away(studio: Studio, noun: EntryWord, text: str, absence: Absence, *, why: str | None) -> CorrectedEntry:
    """Remove, shelve or drop the entry that *text* names; a record only if no session of it lies ahead."""
    if noun == "user":
        return _of_person(take_user_away(studio, text, absence, why=why))
    if noun == "resource":
        return _of_resource(resource_corrections.take_away(studio, text, absence, why=why))
    if noun == "session":
        return _of_session(session_corrections.take_away(studio, text, absence, why=why))
    entry = str(addresses.find(studio, text, noun))
    if IdParts.of(entry).revision:
        return _revision(studio, entry, lambda state: take_revision_away(state, entry, absence=absence), why)

    def check(history: History) -> None:
        if entry == record_of(entry):
            refuse_sessions_to_come(schedule_of(history), entry, absence, studio.now())

    return _corrected(
        studio, entry, lambda known: take_entry_away(known, entry, absence=absence, reason=why), why, check=check
    )


def restore(studio: Studio, noun: EntryWord, text: str, *, why: str | None) -> CorrectedEntry:
    """Restore the absent entry that *text* names; a dropped one needs a reason."""
    if noun == "user":
        return _of_person(restore_user(studio, text, why=why))
    if noun == "resource":
        return _of_resource(resource_corrections.restore(studio, text, why=why))
    if noun == "session":
        return _of_session(session_corrections.restore(studio, text, why=why))
    entry = str(addresses.find(studio, text, noun))
    if IdParts.of(entry).revision:
        return _revision(studio, entry, lambda state: restore_revision(state, entry), why)
    return _corrected(studio, entry, lambda known: restore_entry(known, entry, reason=why), why)


def _of_person(done: CorrectedPerson) -> CorrectedEntry:
    return CorrectedEntry(done.person, done.name, done.changed)


def _of_resource(done: CorrectedResource) -> CorrectedEntry:
    return CorrectedEntry(done.resource, done.title, done.changed)


def _of_session(done: CorrectedSession) -> CorrectedEntry:
    return CorrectedEntry(done.session, done.title, done.changed, done.money)


def edit_record_facts(
    studio: Studio, record: str, *, artist: str | None, due: date | None, without_due: bool, why: str | None
) -> CorrectedEntry:
    """Change the artist or due date of a record."""
    return _corrected(
        studio, record, lambda known: edit_record(known, record, artist=artist, due=due, without_due=without_due), why
    )


def edit_part_facts(
    studio: Studio, part: str, *, instrument: str | None, player: str | None, guide: bool | None,
    optional: bool | None, stack: bool | None, sections: str | None = None, why: str | None,
) -> CorrectedEntry:  # fmt: skip
    """Change facts of a part.

    An empty *player* leaves it without a player; empty *sections* want it in the whole song.
    """
    wanted = None if sections is None else read_wanted(sections)

    def decision(known: Catalog) -> Sequence[CatalogEvent]:
        return edit_part(
            known, part, instrument=instrument, player=slug(player) if player else None, without_player=player == "",
            guide=guide, optional=optional, stack=stack, sections=wanted,
        )  # fmt: skip

    return _corrected(studio, part, decision, why)


def put_songs_in_order(studio: Studio, record: str, songs: Sequence[str], *, why: str | None) -> list[str]:
    """Put *songs* first on *record*, in this order; return the ids of all its songs in order."""

    def decision(history: History, _: Role) -> tuple[list[str], Sequence[Event]]:
        known = catalog_after(history)
        events = order_songs(known, record, songs)
        return [song.id for song in fold_events(catalog.evolve, known, events).songs_of(record)], events

    return studio.decide(catalog_query(record), decision, deed="record", why=why)


def _corrected(
    studio: Studio, entry: str, decision: CatalogDecision, why: str | None,
    *, check: Callable[[History], None] | None = None,
) -> CorrectedEntry:  # fmt: skip
    """Correct *entry*; *check* refuses what something else than the catalog forbids, unless nothing would change."""

    def decided(history: History, _: Role) -> tuple[CorrectedEntry, Sequence[Event]]:
        known = catalog_after(history)
        events = decision(known)
        if events and check:
            check(history)
        title = title_of(fold_events(catalog.evolve, known, events), entry)
        return CorrectedEntry(entry, title, bool(events)), events

    query = catalog_query(record_of(entry))
    if entry == record_of(entry):
        query |= records_query() | sessions_query(f"record:{entry}")
    return studio.decide(query, decided, deed="record", why=why)


def _revision(studio: Studio, revision: str, decision: RevisionDecision, why: str | None) -> CorrectedEntry:
    def decided(history: History, _: Role) -> tuple[CorrectedEntry, Sequence[Event]]:
        events = decision(fold(history))
        return CorrectedEntry(revision, "", bool(events)), events

    deed: Permission = "mix" if IdParts.of(revision).song else "plan-master"
    return studio.decide(production_query(record_of(revision)), decided, deed=deed, why=why)
