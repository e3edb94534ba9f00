"""Tables and lines of notes.

Tests: ``tests/orchestrator/cli/commands/daily/test_note.py``.
"""

from collections.abc import Sequence
from typing import Final

from domain.core.address import clock
from domain.status.note_list import NumberedNote, notes_of, notes_on
from domain.status.record_state import RecordState
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.addressing.times import shown
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.studio import Studio

UNCLOCKED_HZ: Final = 48_000
"""Rate in Hz at which notes count frames if their target has no song, or no take has set the song's rate."""


def notes_about(studio: Studio, address: str, record: str) -> list[NumberedNote]:
    """The notes about *address*, which lies in *record*, that the caller may see."""
    return notes_on(notes_of(read_record(studio, record).history, studio.reader), address)


def note_rows(studio: Studio, address: str, record: str) -> list[Row]:
    """One row for each note about *address*, which lies in *record*, that the caller may see."""
    read = read_record(studio, record)
    times = {one.position: shown(studio, one.recorded_at) for one in read.history}
    return [
        {
            "note": note.name,
            "about": note.added.target,
            "at": _place(read.state, note),
            "text": note.added.text,
            "by": note.added.by,
            "for": note.added.visibility,
            "state": note.state_in_words,
            "answered_by": note.answered_by or "",
            "written": times[note.position],
        }
        for note in notes_about(studio, address, record)
    ]


def note_lines(state: RecordState, notes: Sequence[NumberedNote]) -> list[str]:
    """One line for each of *notes*: its name, place, text, author and state."""
    return [
        f"{note.name} {' '.join(filter(None, [_place(state, note), note.added.text]))} "
        f"({note.added.by}{', private' if note.added.visibility == 'private' else ''}, {note.state_in_words})"
        for note in notes
    ]


def note_places(state: RecordState, notes: Sequence[NumberedNote]) -> list[str]:
    """Song time of each of *notes*; empty for one without."""
    return [_place(state, note) for note in notes]


def _place(state: RecordState, note: NumberedNote) -> str:
    """Song time of a note; empty without one."""
    if note.added.at is None:
        return ""
    song = state.catalog.songs.get(note.added.song or "")
    return clock(note.added.at, song.clock.rate if song and song.clock else UNCLOCKED_HZ)
