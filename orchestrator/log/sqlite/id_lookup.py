"""Ids in a log on SQLite, looked up in its tags without opening the log: for completion, which must be quick.

Nothing is checked, and nothing is written: the caller must take what it gets for a suggestion.

Tests: ``tests/orchestrator/cli/shell/test_completion.py``.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

BUSY_S: Final = 0.05
"""Seconds to wait for a lock; a suggestion is worth no more."""
LAST: Final = "\U0010ffff"
LONGEST: Final = 1 << 20
"""Characters of the largest event that is parsed."""


class IdLookup:
    """Looks ids up by their beginning."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def ids(self, noun: str, beginning: str, most: int) -> list[str]:
        """Return at most *most* ids of *noun* (record, song, part, person) that begin with *beginning*, sorted."""
        tag = f"{noun}:{beginning}"
        rows = self._connection.execute(
            "SELECT tag FROM tags WHERE tag >= ? AND tag < ? ORDER BY tag LIMIT ?", (tag, tag + LAST, most)
        )
        return [str(found).partition(":")[2] for (found,) in rows]

    def events(self, noun: str, id_: str, kinds: Sequence[str], most: int) -> Iterator[dict[str, object]]:
        """Yield the fields of at most *most* events of *kinds* that have the tag of *id_*, the newest first."""
        rows = self._connection.execute(
            "SELECT events.data FROM tags JOIN event_tags ON event_tags.tag = tags.id"
            " JOIN events ON events.position = event_tags.position"
            " JOIN kinds ON kinds.id = event_tags.kind"
            " WHERE tags.tag = ? AND kinds.kind IN (SELECT value FROM json_each(?)) AND length(events.data) < ?"
            " ORDER BY event_tags.position DESC LIMIT ?",
            (f"{noun}:{id_}", json.dumps(kinds), LONGEST, most),
        )
        for (data,) in rows:
            if isinstance(fields := json.loads(data), dict):
                yield fields


@contextmanager
def id_lookup(path: Path) -> Iterator[IdLookup]:
    """In the block, ids of the log at *path* can be looked up.

    Without a write-ahead log in use the file is opened as immutable, because SQLite would else create files beside it.

    Raises:
        sqlite3.Error: the file cannot be read, or is no log.
    """
    how = "mode=ro" if path.with_name(f"{path.name}-shm").exists() else "immutable=1"
    uri = f"{path.absolute().as_uri()}?{how}"
    with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_S)) as connection:
        connection.execute("PRAGMA query_only = 1")
        yield IdLookup(connection)
