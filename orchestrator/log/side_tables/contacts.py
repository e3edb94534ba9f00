"""Contact data of people: beside the log, outside its proof, keyed by person, and erasable for good.

All rows are rewritten whenever one changes, so that no page of the table, and no file of the store, keeps replaced
data: there are as many rows as people, and they change rarely.  SQLite drops the table for it; PostgreSQL truncates it,
because a role that may change contact data need not own the table.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import Final

from orchestrator.log.database.side_table import CONTACTS
from orchestrator.log.store import Log

_ALL: Final = "SELECT person, field, value FROM contacts ORDER BY person, field"


def contact_of(log: Log, person: str) -> dict[str, str]:
    """Return the contact data of *person*, by field; also where nothing can be written."""
    with log.database.translated_errors(), closing(log.database.connect()) as connection:
        rows = connection.execute("SELECT field, value FROM contacts WHERE person = ? ORDER BY field", (person,))
        return dict(rows.fetchall())


def keep_contact(log: Log, person: str, known: Mapping[str, str]) -> None:
    """Replace the contact data of *person* by *known*; no file of the store keeps the previous data.

    Raises:
        StoreBusy: *known* is stored, but a reader keeps the previous data from being erased; call again.
    """
    with log.traceless() as connection:
        others = [row for row in connection.execute(_ALL).fetchall() if row[0] != person]
        own = [(person, field, value) for field, value in known.items()]
        CONTACTS.rewrite(log.database, connection, [*others, *own])


def change_contact(log: Log, person: str, changes: Mapping[str, str]) -> dict[str, str]:
    """Set the fields of *changes* in the contact data of *person*; an empty value deletes its field.

    Read and written in one turn of the writer, so that of two changes at once neither is lost.

    Returns:
        All that is known of *person* now, by field.

    Raises:
        StoreBusy: as :func:`keep_contact`.
    """
    with log.traceless() as connection:
        rows = connection.execute(_ALL).fetchall()
        known = {field: value for whose, field, value in rows if whose == person} | dict(changes)
        known = {field: value for field, value in sorted(known.items()) if value}
        others = [row for row in rows if row[0] != person]
        own = [(person, field, value) for field, value in known.items()]
        CONTACTS.rewrite(log.database, connection, [*others, *own])
    return known


def told_in_the_log(log: Log, values: Iterable[str]) -> list[int]:
    """Return the positions of events whose data, reason or texts contain one of *values*."""
    written = [(value, json.dumps(value, ensure_ascii=False)[1:-1]) for value in values]
    with log.database.translated_errors(), closing(log.database.connect()) as connection:
        log.database.begin_reading(connection)
        rows = log.database.every_row(connection, "SELECT position, data, why FROM events ORDER BY position")
        found = {at for at, data, why in rows if any(raw in (why or "") or escaped in data for raw, escaped in written)}
        if "texts" in log.database.tables(connection):
            beside = log.database.every_row(connection, "SELECT position, text FROM texts ORDER BY position")
            found |= {at for at, text in beside if any(raw in text for raw, _ in written)}
        return sorted(found)
