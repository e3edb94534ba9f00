"""A store on a read-only file system: readers work, and decisions are refused in one line."""

import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.orchestrator.desk.addressing.test_times import CALLS
from tests.orchestrator.disks import mounted
from tests.orchestrator.label import Label
from tests.orchestrator.written import production

OPEN = ("a log that was closed", "a write-ahead log that was left behind")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Label:
    label, *_ = production(tmp_path_factory.mktemp("lived"))
    label.does("resource", "add", "room-a", "--rate", "600/day")
    label.does("budget", "set", "night-bus", "studio=700")
    label.does("session", "book", "night-bus", "--room", "room-a", "--on", "2026-12-07", "--hours", "10-18")
    label.does("mix", "revise", "night-bus/tin-roof", label.mix_recipe("drums"), "--as", "pat", "--why", "drier")
    return label


@pytest.fixture(scope="module", params=OPEN)
def sealed(request: pytest.FixtureRequest, lived: Label, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Label]:
    """The store on a file system of its own, mounted read-only."""
    folder = tmp_path_factory.mktemp("sealed") / "disk"
    with mounted(folder, 64) as disk:
        if disk is None:
            pytest.skip("this user may mount nothing")
        store = folder / "store"
        if request.param == OPEN[0]:
            shutil.copytree(lived.folder, store)
        else:
            _copied_while_open(lived.folder, store)
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        yield Label(store)


def _copied_while_open(source: Path, store: Path) -> None:
    """Copy a store with a non-empty write-ahead log and no shared memory, as a killed program leaves it."""
    with closing(sqlite3.connect(source / ".takesheet" / "log.db", isolation_level=None)) as hand:
        hand.execute("PRAGMA wal_autocheckpoint = 0")
        hand.execute("INSERT INTO subscriptions VALUES ('someone', 0) ON CONFLICT DO NOTHING")
        shutil.copytree(source, store, ignore=shutil.ignore_patterns("*-shm"))
    assert (store / ".takesheet" / "log.db-wal").stat().st_size


def without_disk_space(text: str) -> list[str]:
    """Lines of a command without those on the space of its disk, which is another; columns are as wide as they must."""
    return [re.sub(" +", " ", line) for line in text.splitlines() if not line.startswith("disk space")]


@pytest.mark.parametrize("words", CALLS, ids=lambda words: " ".join(map(str, words)))
def test_every_reading_command_says_what_it_says_where_it_can_write(
    lived: Label, sealed: Label, words: tuple[object, ...]
) -> None:
    here, there = lived.run(*words), sealed.run(*words)
    assert (there.code, without_disk_space(there.out)) == (here.code, without_disk_space(here.out)), there.err


def test_the_log_is_proved_there(sealed: Label) -> None:
    problems = sealed.run("log", "verify", "--json").json["data"].get("problems", [])
    assert [problem for problem in problems if "blob" not in problem["what"]] == [], "on paper there is no audio"


def test_a_backup_of_it_is_made_and_restored_elsewhere(sealed: Label, tmp_path: Path) -> None:
    sealed.does("store", "backup", tmp_path / "backup.tar")
    sealed.does("store", "restore", tmp_path / "backup.tar", tmp_path / "again")
    assert Label(tmp_path / "again").data("board") == sealed.data("board")


@pytest.mark.parametrize("words", [("note", "night-bus", "louder"), ("record", "new", "Two", "--artist", "B")])
def test_who_decides_there_is_told_in_one_line(sealed: Label, words: tuple[str, ...]) -> None:
    assert sealed.refuses(3, *words).rule == "store.unreachable"
