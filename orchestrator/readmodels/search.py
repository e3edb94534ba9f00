"""Search: the events whose text contains all words of a search, the newest first."""

from collections.abc import Iterator, Sequence
from typing import Final

from domain.core.event import Recorded
from domain.core.words import words_of
from domain.status.events.event_types import AnyEvent
from orchestrator.log.database.connection import Connection
from orchestrator.readmodels.base.event_writer import EventWriter
from orchestrator.readmodels.base.read_model import ReadModel
from orchestrator.readmodels.compiled import ACTIVITY
from orchestrator.readmodels.compiled import SEARCH as TABLE

LAST: Final = "\U0010ffff"
"""Sorts after every character that a word holds."""


class SearchWriter:
    """Writer of the search model."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[tuple[str, int]] = []

    def apply(self, recorded: Recorded[AnyEvent]) -> None:
        """Apply an event: the words of its text, reason, actor and address."""
        event = recorded.event
        if event.traits.searchable:
            text = f"{event.address} {event.describe()} {recorded.why or ''} {recorded.actor}"
            self._rows += [(word, recorded.position) for word in words_of(text)]

    def write(self) -> None:
        """Write the rows that are not written yet."""
        if self._rows:
            self._rows.sort()  # neighbours lie together in the table
            self._connection.executemany(TABLE.put, self._rows)
            self._rows = []


class _Search:
    def writer(self, connection: Connection) -> EventWriter:
        return SearchWriter(connection)


SEARCH: Final = ReadModel("search", TABLE, _Search(), by_record=False, holds_texts=True)


def positions(
    connection: Connection, words: Sequence[str], *, also: Sequence[tuple[str, object]] = (), before: int, limit: int
) -> Iterator[int]:
    """Yield the positions of events, the newest first, in whose text each of *words* is the beginning of a word.

    Args:
        connection: to the tables of this model and of ``activity``.
        words: as :func:`domain.core.words.searched` gives them.
        also: conditions on the event's activity, such as ``("kind = ?", "note-added")``.
        before: only positions before this one.
        limit: most positions.
    """
    parts, parameters = [], list[object]()
    for word in words:
        parts.append(f'SELECT position FROM "{TABLE.name}" WHERE word >= ? AND word < ? AND position < ?')  # noqa: S608 - our own names
        parameters += [word, word + LAST, before]
    for condition, value in also:
        parts.append(f'SELECT position FROM "{ACTIVITY.name}" WHERE {condition} AND position < ?')  # noqa: S608 - our own conditions
        parameters += [value, before]
    if not parts:
        parts, parameters = [f'SELECT position FROM "{ACTIVITY.name}" WHERE position < ?'], [before]  # noqa: S608 - our own names
    sql = f"SELECT position FROM ({' INTERSECT '.join(parts)}) AS found ORDER BY position DESC LIMIT {int(limit)}"  # noqa: S608 - numbered parameters
    return (position for (position,) in connection.execute(sql, parameters))
