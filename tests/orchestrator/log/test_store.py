"""Opening, closing and sharing a log; damage is reported in one line, and newer events are never guessed at."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import ClassVar, Literal

import pytest

from domain.core.event import Event
from orchestrator.log.append_condition import Condition
from orchestrator.log.codec import Unknown
from orchestrator.log.database.columns import WRITER
from orchestrator.log.migrations.migrate import RUNGS, migrate
from orchestrator.log.migrations.migration import Migration
from orchestrator.log.proof.verify import verify
from orchestrator.log.query import Query
from orchestrator.log.refusals import Conflict, StoreDamaged, StoreNewer
from orchestrator.log.store import Log
from tests.orchestrator.log.databases import anyone, tampering
from tests.orchestrator.log.given import KINDS, MoneySpent, TakeMade, drafted, spend, take


def test_data_that_is_no_such_event_is_damaged_at_its_position(log: Log) -> None:
    log.append(drafted(take(), take()))
    with tampering(log) as hand:
        hand.execute("UPDATE events SET data = '{}' WHERE position = 2")
    with pytest.raises(StoreDamaged, match="position 2: not a take-made") as damaged:
        list(log.read(Query.of(TakeMade)))
    assert damaged.value.position == 2


def test_a_head_that_is_not_where_the_events_end_stops_every_append(log: Log) -> None:
    log.append(drafted(take(), take()))
    with anyone(log) as hand:
        hand.execute("UPDATE log_head SET position = 7")
    with pytest.raises(StoreDamaged, match="new events follow the last"):
        log.append(drafted(take()))


class Remix(Event):
    kind: Literal["remix-made"] = "remix-made"
    song: str


class TakeMadeNow(TakeMade):
    schema_number: ClassVar[int] = 2


def test_an_older_program_reads_on_and_decides_nothing_where_an_unknown_kind_may_matter(log: Log) -> None:
    class SongRemixed(TakeMade):
        kind: Literal["song-remixed"] = "song-remixed"  # type: ignore[assignment]  # a kind of tomorrow

    with Log.open(log.place, kinds={**KINDS, "song-remixed": SongRemixed}) as newer:
        newer.append(drafted(take(), SongRemixed(part="night-bus/tin-roof/drums", number=1), spend("ferry")))
    with pytest.raises(StoreNewer, match="song-remixed in this log is from a newer takesheet") as refusal:
        log.read(Query.of(TakeMade, tags={"song:night-bus/tin-roof"}))
    assert refusal.value.values == {"kind": "song-remixed", "position": 2}
    assert [one.position for one in log.read(Query.of(MoneySpent, tags={"record:ferry"}))] == [3]
    assert [one.position for one in log.read(Query.of(TakeMade, tags={"record:night-bus"}), upto=1)] == [1]
    everything = [one.event for one in log.read_all()]
    assert isinstance(everything[1], Unknown)
    assert everything[1].kind == "song-remixed"
    assert verify(log).sound


def test_a_newer_shape_of_a_known_kind_is_not_guessed_at(log: Log) -> None:
    with Log.open(log.place, kinds={**KINDS, "take-made": TakeMadeNow}) as newer:
        newer.append(drafted(TakeMadeNow(part="a/b/c", number=1)))
    with pytest.raises(StoreNewer, match="take-made"):
        list(log.read(Query.of(TakeMade)))
    assert isinstance(next(log.read_all()).event, Unknown)


def test_a_store_for_newer_writers_is_only_read(log: Log) -> None:
    log.append(drafted(spend(minor=7)))
    with closing(log.database.writer()) as newer:
        migrate(log.database, newer, rungs=(*RUNGS, Migration(len(RUNGS) + 1, "what breaks us", min_writer=WRITER + 1)))
    with pytest.raises(StoreNewer, match="for newer takesheets to write"):
        log.append(drafted(take()))
    assert [one.event.kind for one in log.read_all()] == ["money-spent", "store-upgraded"]


def test_threads_share_one_log_and_each_sees_at_once_what_it_recorded(log: Log) -> None:
    together = threading.Barrier(4)

    def play(player: int) -> None:
        together.wait()
        for number in range(1, 26):
            mine = Query.of(TakeMade, tags={f"song:record-{player}/song"})
            log.append(drafted(take(f"record-{player}/song", number)))
            assert len(list(log.read(mine))) == number

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(play, range(4)))
    assert log.head().position == 100
    assert verify(log).sound


def test_of_threads_that_want_the_same_room_each_day_is_given_once(log: Log) -> None:
    everyone = Query.of(MoneySpent)

    def claim(_player: int) -> int:
        won = 0
        for day in range(1, 31):
            after = log.head().position
            if any(isinstance(one.event, MoneySpent) and one.event.minor == day for one in log.read(everyone)):
                continue
            try:
                log.append(drafted(spend(minor=day)), condition=Condition(everyone, after))
            except Conflict:
                continue
            won += 1
        return won

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(claim, range(4)))
    days = [one.event.minor for one in log.read(everyone) if isinstance(one.event, MoneySpent)]
    assert sum(won) == len(days) == len(set(days))


def test_reading_the_log_imports_nothing_heavy() -> None:
    heavy = "psycopg sqlmodel sqlalchemy numpy prefect numba rich typer scipy pedalboard"
    imported = "import sys, orchestrator.log.store, orchestrator.log.proof.verify"
    program = f"{imported}; print(*set('{heavy}'.split()) & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
