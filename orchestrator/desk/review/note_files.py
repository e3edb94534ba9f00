"""Notes on a mix, written into files for other programs and read back.

Tests: ``tests/orchestrator/cli/commands/daily/test_note_files.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from domain.core.address import Address
from domain.core.event import Event
from domain.core.refusal import Misused, NotFound
from domain.label.notes import NoteAdded, NoteAnswered
from domain.label.notes import note as noted
from domain.label.people import Role
from domain.status.note_list import NumberedNote, notes_of, open_notes
from domain.status.undo import DecisionUndone, effective_events
from dsp.files.chunks import chunks_of, read_chunk
from orchestrator.desk.record_state.note_rows import UNCLOCKED_HZ
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.desk.review.note_markers import (
    LARGEST,
    MarkerFormat,
    NoteMarker,
    cue_markers,
    read_markers,
    write_markers,
)
from orchestrator.desk.song.song_form import read_small
from orchestrator.log.query import Query
from orchestrator.new_file import new_file
from orchestrator.studio import History, Studio


@dataclass(frozen=True, slots=True)
class BroughtNotes:
    """Result of reading a file with markers.

    Args:
        added: texts of the new notes.
        known: names of the notes whose markers are unchanged.
        different: names of notes whose markers have another text or time; these notes are not changed.
        unknown: names of notes in the file that the mix has no open note of.
    """

    added: tuple[str, ...]
    known: tuple[str, ...]
    different: tuple[str, ...]
    unknown: tuple[str, ...]


def export_notes(studio: Studio, mix: Address, file: Path, layout: MarkerFormat) -> list[NumberedNote]:
    """Write the open notes on *mix*, without private ones, into a new *file*; return them.

    Notes without a time stand at the beginning.

    Raises:
        NotFound: ``note.none``; the mix has no such notes.  ``file.folder``.
        Refused: ``file.exists``.
        Misused: ``note.file``.
    """
    read, rate = read_record(studio, mix.path[0]), _rate(studio, mix)
    notes = [
        note
        for note in open_notes(notes_of(read.history, studio.reader), str(mix))
        if note.added.visibility != "private"
    ]
    if not notes:
        raise NotFound("note.none", f"{mix} has no open notes that are not private")
    data = write_markers([_marker(note, rate) for note in notes], layout)
    with new_file(file) as draft:
        draft.write_bytes(data)
    return notes


def import_notes(studio: Studio, mix: Address, file: Path, layout: MarkerFormat, *, why: str | None) -> BroughtNotes:
    """Add the markers of *file* that are no notes yet as notes on *mix*.

    A marker whose name begins with the name of an open note of the mix stands for that note, and changes nothing.

    Raises:
        NotFound: ``file.missing``.
        Misused: ``note.file``, ``file.unfit``.
    """
    markers, rate = _read(file, layout), _rate(studio, mix)

    def decision(history: History, _: Role) -> tuple[BroughtNotes, Sequence[Event]]:
        known = {note.name: note for note in notes_of(history, studio.reader)}
        texts = [one.event for one in effective_events(history) if isinstance(one.event, NoteAdded)]
        events, result = list[NoteAdded](), BroughtNotes((), (), (), ())
        for marker in markers:
            there = known.get(marker.note or "")
            if there is not None:
                same = _is_same(_marker(there, rate), marker)
                name = (there.name,)
                result = (
                    replace(result, known=result.known + name) if same
                    else replace(result, different=result.different + name)
                )  # fmt: skip
            elif marker.note:
                result = replace(result, unknown=(*result.unknown, marker.note))
            else:
                new = noted(
                    str(mix), text=marker.text, by=studio.who.actor, at=round(marker.seconds * rate),
                    known=[*texts, *events],
                )  # fmt: skip
                events += new
                result = replace(result, added=result.added + tuple(one.text for one in new))
        return result, events

    query = Query.of(NoteAdded, NoteAnswered, DecisionUndone, tags=[f"record:{mix.path[0]}"])
    return studio.decide(query, decision, deed="note", why=why)


def _rate(studio: Studio, mix: Address) -> int:
    song = read_record(studio, mix.path[0]).state.catalog.song("/".join(mix.path))
    return song.clock.rate if song.clock else UNCLOCKED_HZ


def _marker(note: NumberedNote, rate: int) -> NoteMarker:
    return NoteMarker(Fraction(note.added.at or 0, rate), note.added.text, note.name)


def _is_same(there: NoteMarker, marker: NoteMarker) -> bool:
    """True if *marker* has the text of the note, and its time within two milliseconds, to which files round."""
    return there.label == marker.label and abs(there.seconds - marker.seconds) < Fraction(2, 1000)


def _read(file: Path, layout: MarkerFormat) -> list[NoteMarker]:
    if layout != "wav-cue":
        return read_markers(read_small(file, LARGEST), layout)
    if not file.is_file():
        raise NotFound("file.missing", f"there is no file {file}")
    with file.open("rb") as wave:
        chunks = chunks_of(wave)
        content = {name: [read_chunk(wave, one, most=LARGEST) for one in chunks if one.name == name]
                   for name in (b"fmt ", b"cue ", b"LIST")}  # fmt: skip
    if not content[b"fmt "] or not content[b"cue "]:
        raise Misused("note.file", f"{file.name} is no WAV with cue points")
    return cue_markers(content[b"cue "][0], content[b"LIST"], int.from_bytes(content[b"fmt "][0][4:8], "little"))
