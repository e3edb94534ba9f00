"""The notes of a record, each with its number and its state."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from domain.core.event import Event, Recorded
from domain.core.ids import IdParts, lies_under, number_of_revision
from domain.core.refusal import Misused, NotFound, suggest
from domain.label.curtain import Reader, sees
from domain.label.notes import NoteAdded, NoteAnswered, NoteState
from domain.status.undo import effective_events

_NAME: Final = re.compile(r"n[1-9][0-9]{0,8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class NumberedNote:
    """A note of a record.

    Args:
        number: serial number within the record, never reused; undone notes count, too.
        id: id of its event.
        position: position of its event in the log.
        added: the note itself.
        state: open, addressed or declined.
        revision: mix revision in which it was addressed; None if none was named.
        answered_by: person who set the state; None for a note that was never answered.
    """

    number: int
    id: UUID
    position: int
    added: NoteAdded
    state: NoteState = "open"
    revision: str | None = None
    answered_by: str | None = None

    @property
    def name(self) -> str:
        """Name of the note within its record, such as ``n12``."""
        return f"n{self.number}"

    @property
    def state_in_words(self) -> str:
        """State of the note in words, such as ``addressed in mix4``."""
        return f"{self.state} in {self.revision}" if self.revision else self.state


def notes_of(history: Iterable[Recorded[Event]], reader: Reader) -> list[NumberedNote]:
    """The notes in *history*, the events of one record, that are in force and that *reader* may see, in order."""
    events = list(history)
    numbers = {one.id: n for n, one in enumerate((e for e in events if isinstance(e.event, NoteAdded)), start=1)}
    found: dict[UUID, NumberedNote] = {}
    for recorded in effective_events(events):
        event = recorded.event
        if isinstance(event, NoteAdded) and sees(reader, event):
            found[recorded.id] = NumberedNote(numbers[recorded.id], recorded.id, recorded.position, event)
        elif isinstance(event, NoteAnswered) and event.note in found:
            found[event.note] = replace(
                found[event.note], state=event.state, revision=event.revision, answered_by=event.by
            )
    return list(found.values())


def notes_on(notes: Sequence[NumberedNote], address: str) -> list[NumberedNote]:
    """Those of *notes* whose address is *address* or lies under it.

    For a mix: its own notes, open notes of the song's earlier mixes, and notes that were addressed in this mix.
    """
    place = IdParts.of(address)
    if not (place.song and place.revision.startswith("mix")):
        return [note for note in notes if lies_under(note.added.target, address)]
    number = number_of_revision(place.revision)
    return [note for note in notes if _concerns(note, place, number)]


def _concerns(note: NumberedNote, place: IdParts, number: int) -> bool:
    target = IdParts.of(note.added.target)
    if target.path != place.path or not target.revision.startswith("mix"):
        return False
    own = number_of_revision(target.revision)
    return own == number or note.revision == f"mix{number}" or (note.state == "open" and own < number)


def open_notes(notes: Sequence[NumberedNote], mix: str) -> list[NumberedNote]:
    """The open ones of *notes* on the mix at the address *mix* and on the song's earlier mixes."""
    return [note for note in notes_on(notes, mix) if note.state == "open"]


def note_named(notes: Sequence[NumberedNote], name: str, record: str) -> NumberedNote:
    """The note called *name*, such as ``n12``, in either case.

    Raises:
        Misused: ``note.name``; *name* is no name of a note.
        NotFound: ``note.unknown``.
    """
    if not _NAME.fullmatch(name.lower()):
        hint = suggest("note list", record)
        raise Misused("note.name", f"{name[:40]!r} is no name of a note; they are called n1, n2 and so on", next=hint)
    name = name.lower()
    found = next((note for note in notes if note.name == name), None)
    if found is None:
        raise NotFound("note.unknown", f"{record} has no note {name}", next=suggest("note list", record))
    return found


def answer(note: NumberedNote, *, state: NoteState, revision: str | None, by: str) -> list[NoteAnswered]:
    """Set the state of *note*.  Its present state yields no event."""
    if (note.state, note.revision) == (state, revision):
        return []
    told = note.added
    new = NoteAnswered(
        record=told.record, song=told.song, target=told.target, note=note.id, state=state, revision=revision, by=by
    )
    return [new]
