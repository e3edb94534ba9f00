"""Opening, closing, sharing; and every way a file can be wrong, told in one line."""

import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import ClassVar, Literal

import pytest

from domain.event import Event
from orchestrator.log.codec import Unknown
from orchestrator.log.draft import Condition
from orchestrator.log.query import Query
from orchestrator.log.refusals import (
    Conflict,
    StoreDamaged,
    StoreExists,
    StoreFull,
    StoreMissing,
    StoreNewer,
    StoreUnreachable,
)
from orchestrator.log.store import Log
from orchestrator.log.verify import verify
from tests.orchestrator.log.given import KINDS, Diary, MoneySpent, Spent, TakeMade, drafted, spend, take


def test_a_log_is_never_made_over_something_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    path.write_text("somebody's notes")
    with pytest.raises(StoreExists, match="is there already"):
        Log.create(path, kinds=KINDS)
    assert path.read_text() == "somebody's notes"


def test_a_log_is_not_made_by_opening_it(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="no log at"):
        Log.open(tmp_path / "log.sqlite", kinds=KINDS)
    assert list(tmp_path.iterdir()) == []


def test_a_path_may_hold_any_letters(tmp_path: Path) -> None:
    folder = tmp_path / "Größe 50% ? #1"
    folder.mkdir()
    with Log.create(folder / "a b&mode=memory.sqlite", kinds=KINDS) as log:
        log.append(drafted(take()))
    assert (folder / "a b&mode=memory.sqlite").is_file()


@pytest.mark.parametrize("content", [b"", b"somebody's notes", b"SQLite format 3\0 and no more", os.urandom(8192)])
def test_what_is_no_log_is_told_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "log.sqlite"
    path.write_bytes(content)
    with pytest.raises(StoreDamaged) as damaged:
        Log.open(path, kinds=KINDS)
    assert "\n" not in str(damaged.value)
    assert path.read_bytes() == content


def test_another_programs_database_is_no_log(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "log.sqlite")) as other:
        other.execute("CREATE TABLE events (position INTEGER PRIMARY KEY)")
    with pytest.raises(StoreDamaged, match="no log of ours"):
        Log.open(tmp_path / "log.sqlite", kinds=KINDS)


def test_a_log_cut_short_is_damaged_and_says_so(log: Log) -> None:
    log.append(drafted(*(take(note="x" * 300) for _ in range(200))))
    log.close()
    os.truncate(log.place, 3 * log.place.stat().st_size // 4)
    with pytest.raises(StoreDamaged, match=r"store\.damaged"), Log.open(log.place, kinds=KINDS) as cut:
        list(cut.read_all())


def test_data_that_is_no_such_event_is_damaged_at_its_position(log: Log) -> None:
    log.append(drafted(take(), take()))
    with closing(sqlite3.connect(log.place, isolation_level=None)) as hand:
        hand.execute("DROP TRIGGER events_guards_update")
        hand.execute("UPDATE events SET data = '{}' WHERE position = 2")
    with pytest.raises(StoreDamaged, match="position 2: not a take-made") as damaged:
        list(log.read(Query.of(TakeMade)))
    assert damaged.value.position == 2


def test_a_head_that_is_not_where_the_events_end_stops_every_append(log: Log) -> None:
    log.append(drafted(take(), take()))
    with closing(sqlite3.connect(log.place, isolation_level=None)) as hand:
        hand.execute("UPDATE log_head SET position = 7")
    with pytest.raises(StoreDamaged, match="new events follow the last"):
        log.append(drafted(take()))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_written_is_told(log: Log) -> None:
    log.close()
    log.place.chmod(0o400)
    with Log.open(log.place, kinds=KINDS) as reader, pytest.raises(StoreUnreachable):
        reader.append(drafted(take()))


def test_a_folder_in_the_place_of_the_log_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable, match=r"store\.unreachable"):
        Log.open(tmp_path, kinds=KINDS)


def test_a_full_disk_records_nothing_and_once_there_is_room_all_works_again(log: Log) -> None:
    log.append(drafted(take()))
    writing = log._opened_writer().connection
    ((pages,),) = writing.execute("PRAGMA page_count")
    writing.execute(f"PRAGMA max_page_count = {pages + 2}")  # SQLite's own measure of room, as a quota would be
    with pytest.raises(StoreFull, match="nothing was recorded"):
        log.append(drafted(take(), take(note="x" * 100_000)))
    assert log.head().position == 1
    assert verify(log).sound
    writing.execute("PRAGMA max_page_count = 1000000")
    log.append(drafted(take(), take(note="x" * 100_000)))
    assert verify(log).sound


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
    with closing(log.replay(Diary())) as diary:
        assert diary.execute("SELECT count(*) FROM diary_v3").fetchone() == (3,)
    assert verify(log).sound


def test_a_newer_shape_of_a_known_kind_is_not_guessed_at(log: Log) -> None:
    with Log.open(log.place, kinds={**KINDS, "take-made": TakeMadeNow}) as newer:
        newer.append(drafted(TakeMadeNow(part="a/b/c", number=1)))
    with pytest.raises(StoreNewer, match="take-made"):
        list(log.read(Query.of(TakeMade)))
    assert isinstance(next(log.read_all()).event, Unknown)


def test_a_store_for_newer_writers_is_only_read(log: Log) -> None:
    log.append(drafted(spend(minor=7)))
    with closing(sqlite3.connect(log.place, isolation_level=None)) as newer:
        newer.execute("UPDATE meta SET value = value + 1 WHERE key = 'store.min_writer'")
    with pytest.raises(StoreNewer, match="for newer takesheets to write"):
        log.append(drafted(take()))
    with closing(log.bring(Spent())) as board:
        assert board.execute("SELECT minor FROM spent_v1").fetchall() == [(7,)]
    assert log._reader.rows("SELECT * FROM views") == []
    assert [one.position for one in log.read_all()] == [1]


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
    heavy = "sqlmodel sqlalchemy numpy prefect numba rich typer scipy pedalboard"
    imported = "import sys, orchestrator.log.store, orchestrator.log.verify"
    program = f"{imported}; print(*set('{heavy}'.split()) & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
