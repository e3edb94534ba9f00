"""Records, people, notes and clocks."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from domain.core.fold import fold_events
from domain.label import catalog, catalog_additions, catalog_edits, erasure, house_rules, leaves, notes, people
from domain.label.catalog import Catalog, PartAdded, RecordOpened, Song, SongAdded
from domain.label.erasure import TextsErased, WrittenText
from domain.label.house_rules import HouseRules
from domain.label.people import People, PersonAdded, RolesGranted
from domain.label.role_scopes import EVERYWHERE, RoleScope
from domain.status import booking_edits, note_list
from domain.status.booking_edits import ResourceCorrections
from domain.status.note_list import NumberedNote
from domain.store import clocks
from tests.domain.cases.booking import ROOMS
from tests.domain.cases.case import Case, Decide, appended
from tests.domain.paper import DRUMS, ROOF

RECORD = "night-bus"
FERRY = "night-bus/ferry-song"
COLD = "night-bus/cold-harbour"
ENTRIES: Final = (RECORD, ROOF, COLD, DRUMS)


def calling(decision: Decide, *, after: str) -> Decide:
    """*decision* with the state as the keyword *after*."""
    return lambda state, **command: decision(**command, **{after: state})


WRITTEN: Final = (
    WrittenText(3, "text", "private note", RECORD, "late"), WrittenText(3, "why", "reason", RECORD, "early"),
)  # fmt: skip


def without_erased(written: tuple[WrittenText, ...], event: TextsErased) -> tuple[WrittenText, ...]:
    """The texts of *written* that *event* leaves."""
    gone = {(one.position, one.field) for one in event.texts}
    return tuple(one for one in written if (one.position, one.field) not in gone)


CATALOG = fold_events(
    catalog.evolve,
    Catalog(),
    (
        RecordOpened(record=RECORD, title="Night Bus", artist="The Ferrymen", currency="EUR"),
        SongAdded(song=ROOF, title="Tin Roof"),
        SongAdded(song=COLD, title="Cold Harbour"),
        PartAdded(part=DRUMS, name="Drums"),
        PartAdded(part=f"{ROOF}/click", name="Click", guide=True),
    ),
)


SONG = CATALOG.song(ROOF)


NOTE = NumberedNote(1, UUID(int=1), 7, notes.NoteAdded(record=RECORD, target=RECORD, text="late", by="pat"))


def evolve_note(note: NumberedNote, event: Any) -> NumberedNote:
    return replace(note, state=event.state, revision=event.revision)


PEOPLE = fold_events(
    people.evolve,
    People(),
    (
        *people.open_house(People(), label="Ferry", currency="EUR", timezone="UTC", founder="pat"),
        PersonAdded(person="ann", name="Ann"),
        RolesGranted(person="ann", roles=("mixer", "engineer", "coordinator")),
        RolesGranted(person="ann", roles=("mixer",), record="night-bus"),
    ),
)


def evolve_clock(song: Song, event: Any) -> Song:
    return replace(song, clock=event)


CASES: Final[Mapping[Decide, Case]] = {
    catalog_additions.open_record: Case(
        Catalog(),
        catalog.evolve,
        [
            {"title": title, "artist": artist, "due": due, "currency": "EUR"}
            for title in ("Night Bus", "Night-Bus")
            for artist in ("The Ferrymen", "Ann")
            for due in (None, date(2027, 3, 12))
        ],
    ),
    catalog_additions.add_song: Case(
        CATALOG,
        catalog.evolve,
        [
            {"record": RECORD, "title": title, "like": like}
            for title in ("Ferry", "ferry", "7")
            for like in (None, ROOF)
        ],
    ),
    catalog_additions.add_part: Case(
        CATALOG,
        catalog.evolve,
        [
            {"song": ROOF, "name": "Bass"}, {"song": ROOF, "name": "bass", "stack": True}, {"song": ROOF, "name": "3"},
            {"song": ROOF, "name": "Guide", "guide": True}, {"song": FERRY, "name": "Bass"},
            {"song": ROOF, "name": "Vocal", "sections": ("verse1", "chorus1")},
        ],
    ),
    catalog_edits.rename_entry: Case(
        CATALOG,
        catalog.evolve,
        [{"entry": entry, "title": title} for entry in ENTRIES for title in ("Tin Roof", "Copper Roof")],
    ),
    catalog_edits.take_entry_away: Case(
        CATALOG,
        catalog.evolve,
        [
            {"entry": entry, "absence": absence, "reason": "no"}
            for entry in ENTRIES
            for absence in ("removed", "shelved", "dropped")
        ],
    ),
    catalog_edits.restore_entry: Case(
        fold_events(catalog.evolve, CATALOG, catalog_edits.take_entry_away(CATALOG, ROOF, absence="shelved")),
        catalog.evolve,
        [{"entry": entry} for entry in ENTRIES],
    ),
    catalog_edits.edit_record: Case(
        CATALOG,
        catalog.evolve,
        [
            {"record": RECORD, "artist": artist, "due": due, "without_due": without}
            for artist in (None, "Ann")
            for due in (None, date(2027, 3, 12))
            for without in (False, True)
        ],
    ),
    catalog_edits.edit_part: Case(
        CATALOG,
        catalog.evolve,
        [
            {"part": DRUMS, "player": "ann"}, {"part": DRUMS, "player": "pat", "instrument": "kit"},
            {"part": DRUMS, "without_player": True}, {"part": DRUMS, "stack": True, "optional": False},
            {"part": DRUMS, "guide": True}, {"part": DRUMS, "guide": False, "stack": False},
            {"part": DRUMS, "sections": ("verse1",)}, {"part": DRUMS, "sections": ()},
        ],
    ),
    catalog_edits.order_songs: Case(
        CATALOG, catalog.evolve, [{"record": RECORD, "songs": songs} for songs in ((COLD,), (ROOF, COLD), (COLD, ROOF))]
    ),
    catalog.set_clock: Case(
        SONG,
        evolve_clock,
        [
            {"rate": rate, "bits": bits, "zero": zero}
            for rate in (48_000, 44_100)
            for bits in (16, 24)
            for zero in (None, 0, 900)
        ],
    ),
    people.open_house: Case(
        People(),
        people.evolve,
        [{"label": label, "currency": "EUR", "timezone": "UTC", "founder": "pat"} for label in ("Ferry", "Night")],
    ),
    people.add_person: Case(
        People(),
        people.evolve,
        [
            {"person": person, "name": person, "roles": roles, "scope": scope}
            for person in ("pat", "ann")
            for roles in ((), ("mixer",), ("mixer", "label"))
            for scope in (EVERYWHERE, RoleScope("night-bus"), RoleScope("night-bus", limit=100))
        ],
    ),
    people.rename_person: Case(
        PEOPLE, people.evolve, [{"person": one, "name": name} for one in ("pat", "ann") for name in ("Ann", "ann")]
    ),
    people.take_person_away: Case(
        PEOPLE,
        people.evolve,
        [{"person": person, "absence": one} for person in ("pat", "ann", "zoe") for one in ("removed", "shelved")],
    ),
    people.restore_person: Case(
        fold_events(people.evolve, PEOPLE, people.take_person_away(PEOPLE, "ann", absence="shelved")),
        people.evolve,
        [{"person": person} for person in ("pat", "ann")],
    ),
    house_rules.set_rule: Case(
        HouseRules(),
        house_rules.evolve,
        [
            {"rule": "approve.quorum.master", "value": "label, producer"},
            {"rule": "approve.quorum.mix", "value": "none"},
            {"rule": "approve.self", "value": "off"},
            {"rule": "park.takes", "value": "12"}, {"rule": "park.takes", "value": "012"},
            {"rule": "park.minutes", "value": "off"}, {"rule": "park.minutes", "value": "45"},
        ],
    ),
    leaves.note_leave: Case(
        PEOPLE,
        people.evolve,
        [
            {"person": "ann", "first": first, "last": date(2026, 12, 18), "deputy": deputy, "roles": roles}
            for first in (date(2026, 12, 7), date(2026, 12, 18))
            for deputy, roles in (("pat", ()), ("pat", ("mixer",)), (None, ()))
        ],
    ),
    leaves.end_leave: Case(
        fold_events(
            people.evolve,
            PEOPLE,
            leaves.note_leave(PEOPLE, "ann", first=date(2026, 12, 7), last=date(2026, 12, 18), deputy="pat"),
        ),
        people.evolve,
        [{"person": "ann", "day": date(2026, 12, 1)}, {"person": "ann", "first": date(2026, 12, 7), "day": date.max}],
    ),
    people.revoke_roles: Case(
        PEOPLE,
        people.evolve,
        [
            {"person": person, "roles": roles, "record": record}
            for person in ("pat", "ann")
            for roles in (("mixer",), ("label", "coordinator"), ("mixer", "engineer"))
            for record in (None, "night-bus")
        ],
    ),
    booking_edits.rename_resource: Case(
        ResourceCorrections(),
        booking_edits.evolve,
        [{"resource": room, "title": title} for room in ("room-a", "room-z") for title in ("Room A", "room-a")],
        lambda state, **command: booking_edits.rename_resource(ROOMS, state, **command),
    ),
    booking_edits.take_resource_away: Case(
        ResourceCorrections(),
        booking_edits.evolve,
        [{"resource": room, "absence": one} for room in ("room-a", "pat") for one in ("removed", "shelved")],
        lambda state, **command: booking_edits.take_resource_away(ROOMS, state, **command),
    ),
    booking_edits.restore_resource: Case(
        ResourceCorrections(absent={"room-a": "shelved"}),
        booking_edits.evolve,
        [{"resource": room} for room in ("room-a", "pat")],
        lambda state, **command: booking_edits.restore_resource(ROOMS, state, **command),
    ),
    notes.note: Case(
        (),
        appended,
        [
            {"target": target, "text": text, "by": "pat", "at": at}
            for target in (RECORD, ROOF, f"{DRUMS}/1", f"{ROOF}@mix1")
            for text in ("late", "early")
            for at in (None, 7)
        ],
        calling(notes.note, after="known"),
    ),
    erasure.erase: Case(
        WRITTEN,
        without_erased,
        [{"person": "pat"}],
        lambda state, person: erasure.erase(person, state),
    ),
    note_list.answer: Case(
        NOTE,
        evolve_note,
        [{"state": state, "revision": revision, "by": "pat"}
         for state, revision in (("addressed", "mix2"), ("addressed", None), ("declined", None), ("open", None))],
    ),
    clocks.doubt: Case(
        (),
        appended,
        [{"first": first, "last": last, "head": 9} for first in (1, 3, 7) for last in (5, 9, 12)],
    ),
}  # fmt: skip
