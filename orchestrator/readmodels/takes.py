"""Takes: every take of every song, with its pass, its place and its verdict.

A moved take is listed only in its new part; takes of removed and shelved parts are left out.
"""

from typing import Final

from domain.core.ids import record_of, song_of
from domain.takes.takes import Take
from orchestrator.log.database.connection import Connection
from orchestrator.readmodels.base.read_model import ReadModel
from orchestrator.readmodels.base.record_walk import RecordWriter, WalkStep
from orchestrator.readmodels.compiled import TAKES as TABLE
from orchestrator.readmodels.compiled import TakeRecordRow


class TakesWriter:
    """Writer of the model of takes for one record."""

    def __init__(self, connection: Connection, record: str) -> None:
        self._connection, self._record = connection, record
        self._parts: dict[str, None] = {}
        self._last: WalkStep | None = None

    def observe(self, step: WalkStep) -> None:
        """Note the parts whose takes may have changed."""
        if step.reach.parts:
            self._parts |= dict.fromkeys(step.reach.parts)
            self._last = step

    def write(self) -> None:
        """Write the takes of the noted parts in their present state."""
        if self._last is None:
            return
        catalog, takes = self._last.state.catalog, self._last.state.takes
        parts = [part for part in self._parts if part in takes]
        gone = [part for part in parts if catalog.absent_entry(part)]
        if stale := [*gone, *(part for part in parts if takes[part].moved)]:
            self._connection.executemany(f'DELETE FROM "{TABLE.name}" WHERE part = ?', [(part,) for part in stale])  # noqa: S608 - our own name
        rows = [_row(part, take) for part in parts if part not in gone for take in takes[part].takes.values()]
        if rows:
            self._connection.executemany(TABLE.put, rows)


def _row(part: str, take: Take) -> tuple[object, ...]:
    given = take.ingested
    return (
        part, take.number, record_of(part), song_of(part), given.pass_number, given.session, take.begins, take.frames,
        take.rate, len(take.tracks), take.verdict, "\n".join(given.warnings), given.recorded_on,
    )  # fmt: skip


class _Takes:
    def writer(self, connection: Connection, record: str) -> RecordWriter:
        return TakesWriter(connection, record)


TAKES: Final = ReadModel("takes", TABLE, _Takes(), by_record=True)


def rows(connection: Connection, *, song: str) -> list[TakeRecordRow]:
    """Return the takes of *song*, part by part."""
    return [TakeRecordRow.of(row) for row in TABLE.rows(connection, "WHERE song = ? ORDER BY part, number", (song,))]
