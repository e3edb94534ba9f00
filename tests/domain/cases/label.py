"""Records, people, notes and clocks."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from domain.core.fold import fold_events
from domain.label import catalog, notes, people
from domain.label.catalog import Catalog, PartAdded, RecordOpened, Song, SongAdded
from domain.label.people import People
from domain.status import note_list
from domain.status.note_list import NumberedNote
from domain.store import clocks
from tests.domain.cases.case import Case, Decide, appended
from tests.domain.paper import DRUMS, ROOF

RECORD = "night-bus"
FERRY = "night-bus/ferry-song"


def calling(decision: Decide, *, after: str) -> Decide:
    """*decision* with the state as the keyword *after*."""
    return lambda state, **command: decision(**command, **{after: state})


CATALOG = fold_events(
    catalog.evolve,
    Catalog(),
    (
        RecordOpened(record=RECORD, title="Night Bus", artist="The Ferrymen", currency="EUR"),
        SongAdded(song=ROOF, title="Tin Roof"),
        PartAdded(part=DRUMS, name="Drums"),
        PartAdded(part=f"{ROOF}/click", name="Click", guide=True),
    ),
)


SONG = CATALOG.song(ROOF)


NOTE = NumberedNote(1, UUID(int=1), 7, notes.NoteAdded(record=RECORD, target=RECORD, text="late", by="pat"))


def evolve_note(note: NumberedNote, event: Any) -> NumberedNote:
    return replace(note, state=event.state, revision=event.revision)


def evolve_clock(song: Song, event: Any) -> Song:
    return replace(song, clock=event)


CASES: Final[Mapping[Decide, Case]] = {
    catalog.open_record: Case(
        Catalog(),
        catalog.evolve,
        [
            {"title": title, "artist": artist, "due": due, "currency": "EUR"}
            for title in ("Night Bus", "Night-Bus")
            for artist in ("The Ferrymen", "Ann")
            for due in (None, date(2027, 3, 12))
        ],
    ),
    catalog.add_song: Case(
        CATALOG,
        catalog.evolve,
        [
            {"record": RECORD, "title": title, "like": like}
            for title in ("Ferry", "ferry", "7")
            for like in (None, ROOF)
        ],
    ),
    catalog.add_part: Case(
        CATALOG,
        catalog.evolve,
        [
            {"song": ROOF, "name": "Bass"}, {"song": ROOF, "name": "bass", "stack": True}, {"song": ROOF, "name": "3"},
            {"song": ROOF, "name": "Guide", "guide": True}, {"song": FERRY, "name": "Bass"},
        ],
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
            {"person": person, "name": person, "roles": roles}
            for person in ("pat", "ann")
            for roles in ((), ("mixer",), ("mixer", "label"))
        ],
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
