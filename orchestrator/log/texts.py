"""Texts of events, with the salts of their commitments: beside the log, and erasable for good.

Like contact data, all texts are written anew when some are erased, so that no page and no file of the store keeps an
erased one; that is rare.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

from domain.core.erasable_text import Opening
from orchestrator.log.codec import Encoded, Openings
from orchestrator.log.database.connection import Connection, Row
from orchestrator.log.database.database import Database
from orchestrator.log.database.side_table import OUTBOX, TEXTS

AT_ONCE: Final = 1000
"""Positions named in one statement."""

_PUT: Final = (
    "INSERT INTO texts (position, field, salt, text) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (position, field) DO UPDATE SET salt = excluded.salt, text = excluded.text"
)
"""A new text replaces one that was left at the same position without an event."""


def texts_at(rows: Callable[[str], list[Row]], positions: Sequence[int]) -> Openings:
    """Return the texts of the events at *positions*, by position and field.

    Args:
        rows: returns the rows of one statement.
        positions: of events.
    """
    found: list[Row] = []
    for first in range(0, len(positions), AT_ONCE):
        places = ", ".join(str(int(position)) for position in positions[first : first + AT_ONCE])
        found += rows(f"{TEXTS.select} WHERE position IN ({places})")
    return {(position, field): Opening(bytes(salt), text) for position, field, salt, text in found}


def put_texts(connection: Connection, batch: Iterable[tuple[int, Encoded]]) -> None:
    """Write the texts of events that are being appended; within their transaction.

    Args:
        connection: within the transaction.
        batch: positions and events.
    """
    rows = [(position, field, *opening) for position, encoded in batch for field, opening in encoded.texts]
    if rows:
        connection.executemany(_PUT, rows)


def drop_texts(database: Database, connection: Connection, erased: Collection[tuple[int, str]]) -> int:
    """Erase the texts with these positions and fields, within ``Log.traceless``; return how many there were.

    The outbox loses its notices of the same events, which repeat their texts.
    """
    found = connection.execute(TEXTS.select).fetchall()
    kept = [row for row in found if (row[0], row[1]) not in erased]
    TEXTS.rewrite(database, connection, kept)
    positions = {position for position, _ in erased}
    notices = connection.execute(OUTBOX.select).fetchall()
    OUTBOX.rewrite(database, connection, [row for row in notices if row[1] not in positions])
    return len(found) - len(kept)
