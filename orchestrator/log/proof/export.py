"""Export of the log to a file that outsiders can read and check: JSON Lines, every hashed column exactly as stored.

The first line names the log, its last position and the hash there; each further line is one event, in order.  Binary
values are hexadecimal.  Equal logs give equal bytes.  Texts, if they are wanted, stand beside the columns of their
event, each with the salt of its commitment.  ``tools/verify_log.py`` checks such a file by itself.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from types import MappingProxyType
from typing import IO, Any, Final
from uuid import UUID

from domain.core.erasable_text import Opening
from orchestrator.log.append_condition import Head
from orchestrator.log.database.columns import COLUMNS
from orchestrator.log.hash_chain import VERSION
from orchestrator.log.proof.identity import identity_and_head
from orchestrator.log.refusals import StoreDamaged
from orchestrator.log.store import Log

NO_TEXTS: Final[Mapping[int, Mapping[str, Opening]]] = MappingProxyType({})
_NAMES: Final = tuple(COLUMNS.split(", "))
_ROWS: Final = f"SELECT {COLUMNS} FROM events ORDER BY position"  # noqa: S608 - constants

_object = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def export(log: Log, out: IO[bytes], texts: Mapping[int, Mapping[str, Opening]] = NO_TEXTS) -> Head:
    """Write one state of *log* to *out*, while others go on writing; return its head.

    Args:
        log: the log.
        out: the file.
        texts: texts by the position of their event and the name of their field, to be written with their salts.

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
        fields = event_fields(log.database.place, row)
        if opened := texts.get(row[0]):
            fields["texts"] = {name: {"salt": one.salt.hex(), "text": one.text} for name, one in opened.items()}
        out.write(_line(fields))
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
