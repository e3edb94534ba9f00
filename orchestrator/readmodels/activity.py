"""Activity: who did what, where and when; one row for each event."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from domain.core.event import Recorded, clock_us, tags_of
from domain.status.events.event_types import AnyEvent
from orchestrator.log.database.connection import Connection
from orchestrator.readmodels.base.event_writer import EventWriter
from orchestrator.readmodels.base.read_model import ReadModel
from orchestrator.readmodels.compiled import ACTIVITY as TABLE


class ActivityWriter:
    """Writer of the activity model."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[tuple[object, ...]] = []

    def apply(self, recorded: Recorded[AnyEvent]) -> None:
        """Apply the next event."""
        event = recorded.event
        record, song = _place(tags_of(event))
        time_us = clock_us(recorded.stored_id, recorded.recorded_us)
        self._rows.append((recorded.position, event.kind, recorded.actor, record, song, time_us))

    def write(self) -> None:
        """Write the rows that are not written yet."""
        if self._rows:
            self._connection.executemany(TABLE.put, self._rows)
            self._rows = []


@lru_cache(maxsize=4096)
def _place(tags: tuple[str, ...]) -> tuple[str, str]:
    """Return the last record and the last song in *tags*; empty if there is none."""
    places = {"record": "", "song": ""}
    for tag in tags:
        noun, _, id_ = tag.partition(":")
        if noun in places:
            places[noun] = id_
    return places["record"], places["song"]


def positions(connection: Connection, conditions: Sequence[tuple[str, object]], *, upto: int, limit: int) -> list[int]:
    """Return the last positions up to *upto*, at most *limit*, of events that fulfil *conditions*; the newest first.

    Args:
        connection: to the model's tables.
        conditions: each a condition with one parameter, such as ``("kind = ?", "note-added")``.
        upto: last position that counts.
        limit: most positions.
    """
    where = " AND ".join(condition for condition, _ in (*conditions, ("position <= ?", upto)))
    sql = f'SELECT position FROM "{TABLE.name}" WHERE {where} ORDER BY position DESC LIMIT {int(limit)}'  # noqa: S608 - our own conditions
    return [position for (position,) in connection.execute(sql, (*(value for _, value in conditions), upto))]


class _Activity:
    def writer(self, connection: Connection) -> EventWriter:
        return ActivityWriter(connection)


ACTIVITY: Final = ReadModel("activity", TABLE, _Activity(), by_record=False)
