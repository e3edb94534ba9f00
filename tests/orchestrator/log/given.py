"""A small production for the log's own tests: three kinds of events, two views, and a log for a single test."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal
from uuid import UUID

from hypothesis import strategies as st

from domain.core.event import Event, PartId, Recorded, RecordId, ResourceId
from orchestrator.log.append_condition import Draft
from orchestrator.log.database.connection import Connection, Cursor
from orchestrator.log.proof.checkpoints import Checkpoint
from orchestrator.log.store import Log
from tests.orchestrator.log.databases import Databases


class TakeMade(Event):
    kind: Literal["take-made"] = "take-made"
    part: PartId
    number: int
    note: str = ""


class MoneySpent(Event):
    kind: Literal["money-spent"] = "money-spent"
    record: RecordId
    minor: int


class RoomBooked(Event):
    kind: Literal["room-booked"] = "room-booked"
    record: RecordId
    room: ResourceId
    day: int


KINDS: dict[str, type[Event]] = {"take-made": TakeMade, "money-spent": MoneySpent, "room-booked": RoomBooked}


class Spent:
    """View: the sum that each record spent, and the number of payments."""

    name, version = "spent", 1

    def ddl(self) -> Sequence[str]:
        return ["CREATE TABLE spent_v1 (record TEXT PRIMARY KEY, minor INTEGER NOT NULL, times INTEGER NOT NULL)"]

    def apply(self, cursor: Cursor, recorded: Recorded[Event]) -> None:
        if isinstance(recorded.event, MoneySpent):
            cursor.execute(
                "INSERT INTO spent_v1 VALUES (?, ?, 1)"
                " ON CONFLICT (record) DO UPDATE"
                " SET minor = spent_v1.minor + excluded.minor, times = spent_v1.times + 1",
                (recorded.event.record, recorded.event.minor),
            )


class Diary:
    """View: actor, time and event; depends on the order of events, and on every column that the log adds to them."""

    name, version = "diary", 3

    def ddl(self) -> Sequence[str]:
        return [
            "CREATE TABLE diary_v3 (line INTEGER PRIMARY KEY, id TEXT, actor TEXT, why TEXT, at TEXT, said TEXT)",
            "CREATE INDEX diary_v3_by_actor ON diary_v3 (actor)",
        ]

    def apply(self, cursor: Cursor, recorded: Recorded[Event]) -> None:
        ((lines,),) = cursor.execute("SELECT count(*) FROM diary_v3").fetchall()
        when = f"{recorded.occurred_at} {recorded.recorded_at} {recorded.correlation} {recorded.hash.hex()}"
        told = (lines + 1, str(recorded.id), recorded.actor, recorded.why, when, recorded.event.model_dump_json())
        cursor.execute("INSERT INTO diary_v3 VALUES (?, ?, ?, ?, ?, ?)", told)


@contextmanager
def fresh_log(databases: Databases | None = None, **how: Any) -> Iterator[Log]:
    """A new log, for tests that need many (SQLite by default); other tests use the fixture ``log``."""
    with TemporaryDirectory() as folder:
        place = databases.place() if databases else Path(folder) / "log.sqlite"
        with Log.create(place, kinds=KINDS, **how) as log:
            yield log


def drafted(*events: Event, **how: Any) -> list[Draft]:
    return [Draft(event=event, actor="pat", via="pat@desk", **how) for event in events]


def take(song: str = "night-bus/tin-roof", number: int = 1, note: str = "") -> TakeMade:
    return TakeMade(part=f"{song}/drums", number=number, note=note)


def spend(record: str = "night-bus", minor: int = 100) -> MoneySpent:
    return MoneySpent(record=record, minor=minor)


def book(record: str = "night-bus", room: str = "room-a", day: int = 1) -> RoomBooked:
    return RoomBooked(record=record, room=room, day=day)


records = st.sampled_from(["night-bus", "ferry"])
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(take, st.builds("{}/{}".format, records, st.sampled_from(["tin-roof", "rain"])), st.integers(1, 9)),
    st.builds(spend, records, st.integers(1, 9)),
    st.builds(book, records, st.sampled_from(["room-a", "room-b"]), st.integers(1, 3)),
)
histories = st.lists(events, max_size=12)


def keep_checkpoint(connection: Connection, position: int) -> None:
    """Insert an unsigned checkpoint of *position* into the store, as the log does."""
    ((log,),) = connection.execute("SELECT log FROM log_head").fetchall()
    ((hash_,),) = connection.execute("SELECT hash FROM events WHERE position = ?", (position,)).fetchall()
    stamp = Checkpoint(UUID(bytes=log), position, hash_, datetime(2026, 12, 7, tzinfo=UTC)).stamp
    connection.execute("INSERT INTO checkpoints (position, hash, signature) VALUES (?, ?, ?)", (position, hash_, stamp))
