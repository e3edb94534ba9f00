"""A log in a SQLite file: every fault of a file is refused in one line, and no stray files are left."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from flows.vault.regular_file import LinkFound
from orchestrator.log.proof.verify import verify
from orchestrator.log.refusals import StoreDamaged, StoreExists, StoreFull, StoreMissing, StoreUnreachable
from orchestrator.log.store import Log
from tests.orchestrator.log.given import KINDS, drafted, take


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with Log.create(tmp_path / "log.sqlite", kinds=KINDS) as log:
        yield log


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


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_written_is_told(log: Log) -> None:
    log.close()
    log.place.chmod(0o400)
    with Log.open(log.place, kinds=KINDS) as reader, pytest.raises(StoreUnreachable):
        reader.append(drafted(take()))


def test_a_folder_in_the_place_of_the_log_is_told(tmp_path: Path) -> None:
    with pytest.raises(LinkFound, match="no regular file"):
        Log.open(tmp_path, kinds=KINDS)


def test_a_full_disk_records_nothing_and_once_there_is_room_all_works_again(log: Log) -> None:
    log.append(drafted(take()))
    writing = log._opened_writer().connection
    ((pages,),) = writing.execute("PRAGMA page_count")
    writing.execute(f"PRAGMA max_page_count = {pages + 2}")  # SQLite's own size limit, in place of a full disk
    with pytest.raises(StoreFull, match="nothing was recorded"):
        log.append(drafted(take(), take(note="x" * 100_000)))
    assert log.head().position == 1
    assert verify(log).sound
    writing.execute("PRAGMA max_page_count = 1000000")
    log.append(drafted(take(), take(note="x" * 100_000)))
    assert verify(log).sound


def test_the_last_one_out_leaves_one_tidy_file(log: Log) -> None:
    log.append(drafted(take()))
    log.close()
    left = {path.name for path in log.place.parent.iterdir()}
    assert left == {"log.sqlite", "log.sqlite.queue", "log.sqlite.turn"}
