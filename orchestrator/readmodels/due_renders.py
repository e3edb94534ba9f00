"""Due renders: how many each record has, and the position of the last event that could change them."""

from typing import Final

from domain.label.catalog import RecordOpened
from domain.status.due_renders import RenderNeed, master_is_due, output_blobs, song_is_due
from domain.status.wanted_renders import rendered_songs
from orchestrator.log.database.connection import Connection
from orchestrator.readmodels.base.read_model import ReadModel
from orchestrator.readmodels.base.record_walk import RecordWriter, WalkStep
from orchestrator.readmodels.compiled import DUE_RENDERS as TABLE
from orchestrator.readmodels.compiled import DueRenderRow


class DueRendersWriter:
    """Writer of the model of due renders for one record."""

    def __init__(self, connection: Connection, record: str) -> None:
        self._connection, self._record = connection, record
        self._moved: int | None = None
        self._last: WalkStep | None = None

    def observe(self, step: WalkStep) -> None:
        """Note the position of an event that can change the record's renders."""
        if step.reach.songs or step.reach.masters:
            self._moved, self._last = step.position, step

    def write(self) -> None:
        """Write the record's row, if there was an event that can change its renders."""
        if self._last is None or self._record not in self._last.state.catalog.records:
            return
        state, history = self._last.state, self._last.fold.history
        need = RenderNeed(state)
        due = sum(song_is_due(need, self._record, song.id) for song in rendered_songs(state, self._record))
        outputs = "\n".join(sorted(output_blobs(state, self._record)))
        opened = next(one.position for one in history if isinstance(one.event, RecordOpened))
        due += master_is_due(need, self._record)
        row = (self._record, self._moved, opened, due, len(state.failures), outputs)
        self._connection.executemany(TABLE.put, [row])


class _DueRenders:
    def writer(self, connection: Connection, record: str) -> RecordWriter:
        return DueRendersWriter(connection, record)


DUE_RENDERS: Final = ReadModel("due_renders", TABLE, _DueRenders(), by_record=True)


def rows(connection: Connection) -> list[DueRenderRow]:
    """Return one row for each record, in the order in which the records were opened."""
    return [DueRenderRow.of(row) for row in TABLE.rows(connection, "ORDER BY opened")]
