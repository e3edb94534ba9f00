"""Notes about any address: writing, listing and answering them.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from collections.abc import Sequence
from dataclasses import replace

from domain.core.address import Address, frames_of
from domain.core.event import Event
from domain.label.notes import NoteAdded, NoteAnswered, NoteState, Visibility
from domain.label.notes import note as noted
from domain.label.people import Role
from domain.status.note_list import NumberedNote, answer, note_named, notes_of
from domain.status.undo import DecisionUndone, effective_events
from orchestrator.desk.record_state.note_rows import UNCLOCKED_HZ
from orchestrator.desk.record_state.song_places import places_read
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio


def _frame(studio: Studio, target: Address, at: str) -> int:
    """Frame of a note: in arranged time on a mix, in recorded time on anything else."""
    if len(target.path) == 1:
        return frames_of(at, UNCLOCKED_HZ)
    places = places_read(studio, "/".join(target.path[:2]))
    places = places if places.rate else replace(places, rate=UNCLOCKED_HZ)
    return places.arranged(at) if target.revision and target.revision[0] == "mix" else places.start(at)


def add_note(
    studio: Studio, target: Address, text: str, *, at: str | None = None, visibility: Visibility = "team"
) -> None:
    """Add *text* as a note on *target*, at the song time *at* if one is given."""
    frame = _frame(studio, target, at) if at is not None else None

    def decision(history: History, _: Role) -> tuple[None, Sequence[Event]]:
        known = [old.event for old in effective_events(history) if isinstance(old.event, NoteAdded)]
        return None, noted(str(target), text=text, by=studio.who.actor, at=frame, visibility=visibility, known=known)

    studio.decide(Query.of(NoteAdded, DecisionUndone, tags=[f"record:{target.path[0]}"]), decision, deed="note")


def answer_notes(
    studio: Studio, record: str, names: Sequence[str], state: NoteState, *, mix: Address | None = None,
    why: str | None = None,
) -> list[NumberedNote]:  # fmt: skip
    """Set the state of the notes called *names*; return them.

    Args:
        studio: the store.
        record: record id.
        names: such as ``n12``.
        state: the new state.
        mix: full address of the mix revision in which they were addressed, if it is known.
        why: the reason given.

    Raises:
        Misused: ``note.name``.
        NotFound: ``note.unknown``.
    """
    revision = f"mix{mix.revision[1]}" if mix and mix.revision else None

    def decision(history: History, _: Role) -> tuple[list[NumberedNote], Sequence[Event]]:
        known, events = notes_of(history, studio.reader), list[Event]()
        found = [note_named(known, name, record) for name in dict.fromkeys(names)]
        for note in found:
            events += answer(note, state=state, revision=revision, by=studio.who.actor)
        return found, events

    query = Query.of(NoteAdded, NoteAnswered, DecisionUndone, tags=[f"record:{record}"])
    return studio.decide(query, decision, deed="note", why=why)
