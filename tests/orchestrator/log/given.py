"""A small production for the log's own tests: three kinds of events, and a log for a single test."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal
from uuid import UUID

from hypothesis import strategies as st

from domain.core.event import Event, PartId, RecordId, ResourceId
from orchestrator.log.append_condition import Draft
from orchestrator.log.database.connection import Connection
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
