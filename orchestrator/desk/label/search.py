"""Search for words in the texts of events."""

from collections.abc import Sequence
from typing import Final

from domain.booking.budget import MoneySpent
from domain.core.event import Event
from domain.label.catalog import PartAdded, RecordOpened, SongAdded
from domain.label.notes import NoteAdded
from domain.label.people import PersonAdded
from domain.masters.masters import MasterPlanned
from domain.mixes.mixes import MixRevised
from domain.status.verdicts import VerdictGiven
from domain.takes.midi_takes import MidiPlayed
from domain.takes.outside_comps import CompSubmitted
from domain.takes.take_edits import TakeEdited
from domain.takes.takes import CompSet, TakeIngested, TakeJudged
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.record_state.event_text import event_text
from orchestrator.log.query import Query
from orchestrator.studio import Studio

WRITTEN: Final = (
    RecordOpened, SongAdded, PartAdded, PersonAdded, NoteAdded, TakeIngested, MidiPlayed, TakeJudged,
    TakeEdited, CompSet, CompSubmitted, MixRevised, MasterPlanned, VerdictGiven, MoneySpent,
)  # fmt: skip


def search_rows(studio: Studio, wanted: Sequence[str]) -> list[Row]:
    """One row an event whose text, reason or actor contains all of *wanted*; private notes only for their writer."""
    found: list[Row] = []
    needles = [word.casefold() for word in wanted]
    for recorded in studio.read(Query.of(*WRITTEN)):
        event = recorded.event
        if isinstance(event, NoteAdded) and event.visibility == "private" and event.by != studio.who.actor:
            continue
        said = f"{event_text(event)} {recorded.why or ''} {recorded.actor}".casefold()
        if all(needle in said for needle in needles):
            row = {"kind": event.kind, "what": event_text(event), "why": recorded.why or ""}
            found.append({"position": recorded.position, "address": address_of(event), **row})
    return found


def address_of(event: Event) -> str:
    """The address that an event is about; empty if it names none."""
    for name in ("take", "part", "target", "song", "record", "person"):
        if found := getattr(event, name, None):
            number = getattr(event, "number", None)
            return f"{found}@mix{number}" if isinstance(event, MixRevised) else str(found)
    return ""
