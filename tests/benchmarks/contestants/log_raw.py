"""Arguments WHAT PLACE COUNT: the module ``sqlite3`` alone on the same rows, without guards and hashes."""

import sqlite3
import sys
from contextlib import closing
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from domain.status.events.event_types import KINDS
from orchestrator.log.database.columns import COLUMNS
from orchestrator.log.sqlite.connection import connect
from orchestrator.log.sqlite.schema import TABLES
from orchestrator.log.store import Log
from tests.benchmarks.contestants.log_material import drafts, notes
from tests.benchmarks.contestants.stopwatch import timed

what, place, count = sys.argv[1], sys.argv[2], int(sys.argv[3])

EVENT = f"INSERT INTO events ({COLUMNS}) VALUES ({', '.join('?' * 15)})"  # noqa: S608 - constants
TAG = "INSERT INTO event_tags (tag, kind, position) VALUES (?, ?, ?)"
HEAD = "UPDATE log_head SET position = ?, hash = ?"
Row = tuple[Any, ...]


def rows(folder: str) -> tuple[list[Row], list[list[Row]]]:
    """Return the rows that our log makes of the same events."""
    with Log.create(Path(folder) / "ours.sqlite", kinds=KINDS) as log:
        log.append(list(islice(drafts(notes()), count)))
        events = log.database.connect().execute(f"SELECT {COLUMNS} FROM events ORDER BY position").fetchall()  # noqa: S608 - constants
        tags = log.database.connect().execute("SELECT tag, kind, position FROM event_tags ORDER BY position, tag")
        return events, [list(of_one) for _, of_one in groupby(tags.fetchall(), key=itemgetter(2))]


def append(batch: int) -> None:
    with TemporaryDirectory(dir=place) as folder:
        events, tags = rows(folder)
        with closing(connect(Path(folder) / "raw.sqlite", "rwc")) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            for statement in TABLES:
                connection.execute(statement)
            connection.execute("INSERT INTO log_head VALUES (zeroblob(16), 0, zeroblob(32))")

            def one_by_one() -> None:
                for event, of_event in zip(events, tags, strict=True):
                    connection.execute("BEGIN IMMEDIATE")
                    connection.execute(EVENT, event)
                    connection.executemany(TAG, of_event)
                    connection.execute(HEAD, (event[0], event[14]))
                    connection.execute("COMMIT")

            def in_batches() -> None:
                for first in range(0, count, batch):
                    some = events[first : first + batch]
                    connection.execute("BEGIN IMMEDIATE")
                    connection.executemany(EVENT, some)
                    connection.executemany(TAG, [row for of_one in tags[first : first + batch] for row in of_one])
                    connection.execute(HEAD, (some[-1][0], some[-1][14]))
                    connection.execute("COMMIT")

            timed(one_by_one if batch == 1 else in_batches)


def read() -> None:
    with closing(sqlite3.connect(place)) as connection:

        def all_rows() -> None:
            for _ in connection.execute(f"SELECT {COLUMNS} FROM events ORDER BY position"):  # noqa: S608 - constants
                pass

        timed(all_rows)


match what:
    case "append":
        append(1)
    case "append-100":
        append(100)
    case "rows":
        read()
