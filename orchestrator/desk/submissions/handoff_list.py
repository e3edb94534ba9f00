"""Handoffs of a record: read, named as ``night-bus/H1``, listed with what has changed since, and returned to.

Tests: ``tests/orchestrator/cli/commands/sound/test_handoff.py``.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from domain.core.event import Event, Recorded
from domain.core.ids import record_of, slug_of
from domain.core.refusal import suggest
from domain.correspondence.handoffs import HandoffGiven, Handoffs, handoffs_after, is_handoff_id, refuse_other_song
from domain.status.handoff_changes import STALE, changes_in_words, changes_since, is_in_use
from domain.status.note_list import NumberedNote, notes_of, notes_on
from domain.status.record_state import RecordState
from orchestrator.desk.addressing.numbered_entries import numbered_entry
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.addressing.times import shown
from orchestrator.desk.record_state.record_state import RecordReading, read_record
from orchestrator.log.query import Query
from orchestrator.studio import Studio

EVERY_HANDOFF: Final = Query.of(HandoffGiven)


def handoff_query(record: str) -> Query:
    """Query for the handoffs of *record*."""
    return Query.of(HandoffGiven, tags=[f"record:{record}"])


def handoffs_in(history: Sequence[Recorded[Event]]) -> Handoffs:
    """The handoffs in *history*, the events of one record."""
    return handoffs_after(one.event for one in history if isinstance(one.event, HandoffGiven))


def handoffs_read(studio: Studio, record: str) -> Handoffs:
    """The handoffs of *record* now."""
    return handoffs_in(studio.read(handoff_query(record)))


def handoff_named(studio: Studio, text: str) -> HandoffGiven:
    """The handoff named *text*, such as ``night-bus/H1``, as it was given last; ``H1`` is one of the current record.

    Raises:
        Misused: ``handoff.id``; *text* is no number of a handoff, or names no record where there are several.
        NotFound: ``handoff.unknown``, ``record.unknown``.
    """
    record, id_ = numbered_entry(
        studio,
        text,
        noun="handoff",
        is_id=is_handoff_id,
        records_with=lambda id_: _records_with(studio, id_),
        listing=suggest("handoff list"),
    )
    return handoffs_read(studio, record).latest(record, id_)


def _records_with(studio: Studio, id_: str) -> list[str]:
    """Ids of the records with a handoff *id_*."""
    events = (one.event for one in studio.read(EVERY_HANDOFF))
    return [event.record for event in events if isinstance(event, HandoffGiven) and event.handoff == id_]


def handoff_returned_to(studio: Studio, record: str, song: str | None, text: str | None) -> HandoffGiven | None:
    """The handoff that ``--from`` *text* names as given last; None if it names a hash, or nothing.

    Raises:
        Refused: ``handoff.song``; it was given of another song, or of a whole record.
        NotFound: ``handoff.unknown``.
    """
    if text is None or not is_handoff_id(text):
        return None
    handoff = handoffs_read(studio, record).latest(record, text)
    refuse_other_song(handoff, song)
    return handoff


def return_remarks(studio: Studio, read: RecordReading, handoff: HandoffGiven | None) -> Iterator[str]:
    """Yield remarks on something returned to *handoff*: what it stands on, and the open notes that it may answer."""
    if handoff is None:
        return
    updates = len(handoffs_read(studio, handoff.record).given[handoff.handoff]) - 1
    given = f"{handoff.handoff}, given to {handoff.to}"
    yield f"it stands on {given}{f' and updated {updates} time{_s(updates)}' if updates else ''}"
    if changes := changes_in_words(changes_since(read.state, handoff), handoff.purpose):
        yield f"{STALE}: {changes} since {handoff.handoff} was given"
    if notes := [note.name for note in open_notes_given(read, handoff.address, studio)]:
        yield f"open notes that it may answer: {', '.join(notes)}"


def open_notes_given(read: RecordReading, address: str, studio: Studio) -> list[NumberedNote]:
    """The open notes at or under *address* that leave the house with a handoff: no private ones."""
    notes = notes_on(notes_of(read.history, studio.reader), address)
    return [note for note in notes if note.state == "open" and note.added.visibility != "private"]


def handoff_rows(studio: Studio, record: str | None) -> list[Row]:
    """One row for each handoff of *record*, or of every record, with what has changed since it was given last."""
    rows, states = list[Row](), dict[str, RecordState]()
    every = studio.read(EVERY_HANDOFF if record is None else handoff_query(record))
    events: dict[tuple[str, str], list[HandoffGiven]] = {}
    for event in (one.event for one in every):
        if isinstance(event, HandoffGiven):
            events.setdefault((event.record, event.handoff), []).append(event)
    for given in events.values():
        last = given[-1]
        if last.record not in states:
            states[last.record] = read_record(studio, last.record).state
        rows.append(_row(studio, states[last.record], last, updates=len(given) - 1))
    return rows


def _row(studio: Studio, state: RecordState, last: HandoffGiven, *, updates: int) -> Row:
    used = is_in_use(state, last)
    changes = changes_in_words(changes_since(state, last), last.purpose) if used else ""
    return {
        "handoff": f"{last.record}/{last.handoff}",
        "of": last.address,
        "to": last.to,
        "for": last.purpose,
        "sounds": len(last.given),
        "updates": updates,
        "given": shown(studio, last.at),
        "state": STALE if changes else "current" if used else "put away",
        "changes": changes,
        "manifest": last.manifest,
    }


def stale_rows(studio: Studio, record: str | None = None) -> list[Row]:
    """The rows of :func:`handoff_rows` of which something has changed since they were given last."""
    return [row for row in handoff_rows(studio, record) if row["state"] == STALE]


def stale_remarks(studio: Studio) -> dict[str, str]:
    """Changes of the handoffs of each record that has a stale one, in words."""
    remarks: dict[str, list[str]] = {}
    for row in stale_rows(studio):
        record, id_ = record_of(str(row["handoff"])), slug_of(str(row["handoff"]))
        remarks.setdefault(record, []).append(f"{STALE}: {id_} to {row['to']}: {row['changes']}")
    return {record: "; ".join(words) for record, words in remarks.items()}


def handoff_facts(studio: Studio, text: str) -> Row:
    """The row of the handoff named *text*, with each sound that was given and its hash.

    Raises:
        Misused, NotFound: as :func:`handoff_named`.
    """
    handoff = handoff_named(studio, text)
    rows = handoff_rows(studio, handoff.record)
    name = f"{handoff.record}/{handoff.handoff}"
    row = next(row for row in rows if row["handoff"] == name)
    return {**row, "hashes": handoff.hashes}


def _s(count: int) -> str:
    return "" if count == 1 else "s"
