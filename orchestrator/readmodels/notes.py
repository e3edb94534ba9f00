"""Notes: address and author of each, and whether it is in force or was taken back; its text stays beside the log."""

from typing import Final

from domain.label.notes import NoteAdded
from orchestrator.log.database.connection import Connection
from orchestrator.readmodels.base.read_model import ReadModel
from orchestrator.readmodels.base.record_walk import RecordWriter, WalkStep
from orchestrator.readmodels.compiled import NOTES as TABLE
from orchestrator.readmodels.compiled import NoteRecordRow


class NotesWriter:
    """Writer of the model of notes for one record."""

    def __init__(self, connection: Connection, record: str) -> None:
        self._connection, self._record = connection, record
        self._rows: dict[int, tuple[object, ...]] = {}

    def observe(self, step: WalkStep) -> None:
        """Observe a new note, or the undo or redo of a note."""
        for recorded in step.changed:
            note = recorded.event
            if isinstance(note, NoteAdded):
                self._rows[recorded.position] = (
                    recorded.position, recorded.stored_id, note.record, note.song, note.target, note.at,
                    note.visibility, note.by, int(step.fold.counts(recorded)),
                )  # fmt: skip

    def write(self) -> None:
        """Write what changed."""
        if self._rows:
            self._connection.executemany(TABLE.put, list(self._rows.values()))


class _Notes:
    def writer(self, connection: Connection, record: str) -> RecordWriter:
        return NotesWriter(connection, record)


NOTES: Final = ReadModel("notes", TABLE, _Notes(), by_record=True)


def rows(connection: Connection, *, record: str) -> list[NoteRecordRow]:
    """Return the notes in *record* that are in force, in the order they were written."""
    rest = "WHERE record = ? AND stands = 1 ORDER BY position"
    return [NoteRecordRow.of(row) for row in TABLE.rows(connection, rest, (record,))]
