"""Views are disposable: whatever their history, they equal a replay of the log."""

from collections.abc import Sequence
from contextlib import closing, suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.event import Event, Recorded
from orchestrator.log.database.connection import Connection, Cursor
from orchestrator.log.database.url import Place
from orchestrator.log.database.views import View
from orchestrator.log.query import Query
from orchestrator.log.store import BATCH, Log
from tests.orchestrator.log.databases import Databases, anyone
from tests.orchestrator.log.given import (
    KINDS,
    Diary,
    MoneySpent,
    RoomBooked,
    Spent,
    book,
    drafted,
    events,
    fresh_log,
    spend,
    take,
)

pytestmark = pytest.mark.slow


def tables(connection: Connection, view: View) -> list[tuple[Any, ...]]:
    name = f"{view.name}_v{view.version}"
    with closing(connection):
        return connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()  # noqa: S608 - a test's own words


def brought(log: Log, view: View) -> list[tuple[Any, ...]]:
    return tables(log.bring(view), view)


def replayed(log: Log, view: View, upto: int | None = None) -> list[tuple[Any, ...]]:
    return tables(log.replay(view, upto), view)


class Broken(Diary):
    """A view with a fault, met at bookings."""

    name = "diary"

    def apply(self, cursor: Cursor, recorded: Recorded[Event]) -> None:
        super().apply(cursor, recorded)
        if isinstance(recorded.event, RoomBooked):
            raise ArithmeticError  # noqa: TRY004 - any fault will do


def crash(place: Place, history: list[Event]) -> None:
    """A simulated failure of another program during an append, or while it brings its view up to date."""
    with Log.open(place, kinds=KINDS, views=[Spent(), Broken()]) as other:
        with suppress(ArithmeticError):
            other.bring(Broken()).close()
        with suppress(ArithmeticError):
            other.append(drafted(*history, book()))


Step = tuple[str, list[Event]]

steps: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("append"), st.lists(events, min_size=1, max_size=4)),
    st.tuples(st.sampled_from(["append elsewhere", "crash"]), st.lists(events, min_size=1, max_size=3)),
    st.tuples(st.sampled_from(["bring", "rebuild"]), st.just([])),
)


@given(st.lists(steps, max_size=8))
def test_a_view_is_the_same_whoever_appended_brought_crashed_or_rebuilt(
    databases: Databases, steps: list[Step]
) -> None:
    with fresh_log(databases, views=[Spent(), Diary()]) as log:
        for what, history in steps:
            match what:
                case "append":
                    log.append(drafted(*history))
                case "append elsewhere":
                    with Log.open(log.place, kinds=KINDS, views=[Spent()]) as other:
                        other.append(drafted(*history))
                case "crash":
                    crash(log.place, history)
                case "bring":
                    log.bring(Diary()).close()
                case "rebuild":
                    log.rebuild(Diary())
        for view in log.views:
            assert brought(log, view) == replayed(log, view)
            log.rebuild(view)
            assert brought(log, view) == replayed(log, view)


@given(st.lists(events, max_size=10), st.integers(0, 12))
def test_as_of_a_position_equals_folding_the_first_events_alone(
    databases: Databases, history: list[Event], upto: int
) -> None:
    with fresh_log(databases) as log, fresh_log(databases) as young:
        log.append(drafted(*history))
        young.append(drafted(*history[:upto]))
        assert replayed(log, Spent(), upto) == brought(young, Spent())


def test_an_append_moves_the_views_it_knows_that_stand_at_the_head(place: Place) -> None:
    with Log.create(place, kinds=KINDS, views=[Spent(), Diary()]) as log:
        log.bring(Spent()).close()
        log.append(drafted(spend(minor=7)))
        rows = log._reader.rows("SELECT name, position FROM views")
        assert rows == [("spent", 1)]
        assert log._reader.rows("SELECT * FROM spent_v1") == [("night-bus", 7, 1)]


def test_a_reader_is_right_whoever_appended_last(place: Place) -> None:
    with (
        Log.create(place, kinds=KINDS, views=[Spent()]) as log,
        Log.open(log.place, kinds=KINDS) as other,
    ):
        assert brought(log, Spent()) == []
        other.append(drafted(spend(minor=7)))
        log.append(drafted(spend(minor=1)))
        assert brought(log, Spent()) == [("night-bus", 8, 2)]


def test_a_log_open_for_reading_makes_the_view_in_memory_and_leaves_the_file_alone(log: Log) -> None:
    log.append(drafted(spend(minor=7)))
    with Log.open(log.place, kinds=KINDS, readonly=True) as reader:
        assert brought(reader, Spent()) == [("night-bus", 7, 1)]
    assert log._reader.rows("SELECT * FROM views") == []


def test_two_versions_of_a_view_share_a_store(place: Place) -> None:
    class Older(Spent):
        version = 0

        def ddl(self) -> Sequence[str]:
            return ["CREATE TABLE spent_v0 (record TEXT PRIMARY KEY)"]

        def apply(self, cursor: Cursor, recorded: Recorded[Event]) -> None:
            if isinstance(recorded.event, MoneySpent):
                cursor.execute("INSERT INTO spent_v0 VALUES (?) ON CONFLICT DO NOTHING", (recorded.event.record,))

    with (
        Log.create(place, kinds=KINDS, views=[Spent()]) as new,
        Log.open(new.place, kinds=KINDS, views=[Older()]) as old,
    ):
        new.append(drafted(spend()))
        old.append(drafted(spend("ferry")))
        assert brought(old, Older()) == [("ferry",), ("night-bus",)]
        assert brought(new, Spent()) == [("ferry", 100, 1), ("night-bus", 100, 1)]


def test_a_view_with_a_fault_stops_the_append_and_nothing_of_it_remains(place: Place) -> None:
    with Log.create(place, kinds=KINDS, views=[Broken()]) as log:
        log.bring(Broken()).close()
        with pytest.raises(ArithmeticError):
            log.append(drafted(spend("new-record"), book("newer-record")))
        assert log.head().position == 0
        assert brought(log, Broken()) == []
        log.append(drafted(take("other/song"), spend("new-record")))  # tag ids of the failed append are assigned again
        assert [one.position for one in log.read(Query.of(MoneySpent, tags={"record:new-record"}))] == [2]
        assert list(log.read(Query.of(MoneySpent, tags={"record:other"}))) == []


def test_a_long_history_is_brought_in_batches(log: Log) -> None:
    log.append(drafted(*(spend(minor=1) for _ in range(BATCH + 7))))
    assert brought(log, Spent()) == [("night-bus", BATCH + 7, BATCH + 7)]


def test_readers_see_the_old_tables_or_the_rebuilt_ones(log: Log) -> None:
    log.append(drafted(spend(minor=7)))
    with closing(log.bring(Spent())) as reading:
        reading.execute("BEGIN")
        assert reading.execute("SELECT minor FROM spent_v1").fetchall() == [(7,)]
        with anyone(log) as hand:
            hand.execute("UPDATE spent_v1 SET minor = 1")
        log.rebuild(Spent())
        assert reading.execute("SELECT minor FROM spent_v1").fetchall() == [(7,)]
        reading.execute("COMMIT")
        assert reading.execute("SELECT minor FROM spent_v1").fetchall() == [(7,)]


def test_a_view_that_was_dropped_by_hand_is_made_anew(log: Log) -> None:
    log.append(drafted(spend(minor=7)))
    log.bring(Spent()).close()
    with anyone(log) as hand:
        hand.execute("DROP TABLE spent_v1")
    log.rebuild(Spent())
    assert brought(log, Spent()) == [("night-bus", 7, 1)]
