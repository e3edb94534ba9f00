"""Export of the log to a file that outsiders can read and check: JSON Lines, every hashed column exactly as stored.

The first line names the log, its last position and the hash there; each further line is one event, in order.  Binary
values are hexadecimal.  Equal logs give equal bytes.  ``tools/verify_log.py`` checks such a file by itself.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from typing import IO, Any, Final
from uuid import UUID

from orchestrator.log.append_condition import Head
from orchestrator.log.database.columns import COLUMNS
from orchestrator.log.hash_chain import VERSION
from orchestrator.log.proof.identity import identity_and_head
from orchestrator.log.refusals import StoreDamaged
from orchestrator.log.store import Log

_NAMES: Final = tuple(COLUMNS.split(", "))
_ROWS: Final = f"SELECT {COLUMNS} FROM events ORDER BY position"  # noqa: S608 - constants

_object = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def export(log: Log, out: IO[bytes]) -> Head:
    """Write one state of *log* to *out*, while others go on writing; return its head.

    Raises:
        StoreDamaged: a stored text is not valid UTF-8, or the log has no head.
    """
    lines = _lines(log)
    identity: UUID
    head: Head
    identity, head = next(lines)
    out.write(
        _line({"format": VERSION.decode(), "log": identity.hex, "position": head.position, "hash": head.hash.hex()})
    )
    for row in lines:
        out.write(_line(event_fields(log.database.place, row)))
    return head


def _lines(log: Log) -> Iterator[Any]:
    """Yield the log's id and its head, then every row; errors of the consumer are not translated as the database's."""
    with log.database.translated_errors(), closing(log.database.connect()) as connection:
        log.database.begin_reading(connection)
        stand = identity_and_head(connection)
        if stand is None:
            raise StoreDamaged(log.database.place, "the log has no head of its own")
        yield stand
        yield from log.database.as_stored(connection, _ROWS)


def event_fields(place: str, row: tuple[Any, ...]) -> dict[str, object]:
    """Return the columns of an event by name; bytes are hexadecimal.

    Args:
        place: of the log, for messages.
        row: of all columns (``columns.COLUMNS``), as ``Database.as_stored`` yields it.

    Raises:
        StoreDamaged: a text is not valid UTF-8.
    """
    try:
        return {name: _readable(value) for name, value in zip(_NAMES, row, strict=True)}
    except UnicodeDecodeError as error:
        raise StoreDamaged(place, f"a text that is none: {error}", position=row[0]) from None


def _readable(value: object) -> object:
    if isinstance(value, bytearray):
        return str(value, "utf-8")
    return value.hex() if isinstance(value, bytes) else value


def _line(fields: dict[str, object]) -> bytes:
    return f"{_object(fields)}\n".encode()
