"""Checks of the texts beside the log against the commitments in it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from domain.core.erasable_text import REASON, SALT_BYTES, Opening, commitment, is_commitment
from domain.core.event import Event
from domain.label.erasure import TextsErased
from domain.status.events.event_types import kind_of
from orchestrator.log.database.connection import Connection
from orchestrator.log.database.database import Database
from orchestrator.log.database.side_table import TEXTS
from orchestrator.log.proof.problem import Problem

AGAIN: Final = "takesheet user erase NAME --words"
_STORED: Final = """
    SELECT t.position, t.field, t.salt, t.text, e.data, e.why FROM texts t
    LEFT JOIN events e ON e.position = t.position ORDER BY t.position, t.field
"""
_ERASURES: Final = "SELECT data FROM events WHERE kind = ? ORDER BY position"


def texts_agree(database: Database, connection: Connection) -> Iterator[Problem]:
    """Yield a problem for each text that is not the one recorded, or that was erased and is there again."""
    if TEXTS.name not in database.tables(connection):
        return
    erased = erased_texts(database, connection)
    for position, field, salt, text, data, why in database.every_row(connection, _STORED):
        if data is None:
            yield Problem(None, f"a text lies beside position {position}, where no event is")
        elif not _is_of(salt, text, why if field == REASON else _fields(data).get(field)):
            yield Problem(position, f"its {field} beside the log is not the text that was recorded")
        elif (position, field) in erased:
            yield Problem(position, f"its {field} was erased, and is there again", AGAIN)


def erased_texts(database: Database, connection: Connection) -> frozenset[tuple[int, str]]:
    """Return the texts that the log says were erased, by position and field."""
    rows = database.every_row(connection, _ERASURES, (kind_of(TextsErased),))
    events = [TextsErased.model_validate_json(data) for (data,) in rows]
    return frozenset((one.position, one.field) for event in events for one in event.texts)


def texts_missing(database: Database, connection: Connection, kinds: Mapping[str, type[Event]]) -> int:
    """Return the number of texts that the log commits to, that nobody erased, and that are not beside it."""
    known = set(erased_texts(database, connection))
    if TEXTS.name in database.tables(connection):
        known |= set(database.every_row(connection, "SELECT position, field FROM texts ORDER BY position"))
    committing = {kind: model for kind, model in kinds.items() if model.erasable_since}
    names = ", ".join("?" * len(committing)) or "NULL"
    sql = f"SELECT position, kind, schema, data, why FROM events WHERE why LIKE 'c1:%' OR kind IN ({names})"  # noqa: S608 - parameters
    missing = 0
    for position, kind, schema, data, why in database.every_row(connection, sql, tuple(committing)):
        if why is not None and is_commitment(why):
            missing += (position, REASON) not in known
        model = committing.get(kind)
        if model is not None and schema >= model.erasable_since:
            fields = (name for name, value in _fields(data).items() if isinstance(value, str) and is_commitment(value))
            missing += sum((position, name) not in known for name in fields)
    return missing


def _is_of(salt: object, text: object, stored: object) -> bool:
    if not (isinstance(salt, bytes) and len(salt) == SALT_BYTES and isinstance(text, str)):
        return False
    return commitment(Opening(salt, text)) == stored


def _fields(data: str) -> dict[str, Any]:
    found = json.loads(data)
    return found if isinstance(found, dict) else {}
