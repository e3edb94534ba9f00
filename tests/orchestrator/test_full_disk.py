"""A disk that fills up: one clear sentence, nothing half-written, and a store that works again once there is space."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.status.events.event_types import KINDS as EVERY_KIND
from orchestrator.log.proof.verify import verify
from orchestrator.log.refusals import StoreFull, StoreUnreachable
from orchestrator.log.store import Log
from orchestrator.readmodels.activity import ACTIVITY
from orchestrator.readmodels.models import MODELS
from tests.golden_history import golden_history
from tests.orchestrator.disks import Disk, LimitedFiles, mounted
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.log.given import KINDS, drafted, spend, take
from tests.orchestrator.readmodels.given import drafts, held, models_of
from tests.orchestrator.sounds import note

MEGABYTES = 8
FULL = (StoreFull, StoreUnreachable)
"""SQLite reports a limit on files as an I/O error, and a full disk as such."""


@pytest.fixture(params=["a small disk", "a limit on files"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    if request.param == "a limit on files":
        folder = tmp_path / "limited"
        folder.mkdir()
        yield LimitedFiles(folder)
        return
    with mounted(tmp_path / "disk", MEGABYTES) as small:
        if small is None:
            pytest.skip("this user may mount nothing; the limit on files stands for it")
        yield small


@pytest.fixture
def taken(label: Label, tmp_path: Path) -> Label:
    """A label with 3 MB of audio, on a disk with space."""
    label.does("take", "ingest", f"{SONG}/drums", note(tmp_path / "drums_1.wav", 60, seconds=10.0))
    return label


def test_an_append_that_finds_no_room_records_nothing_and_the_next_one_works(disk: Disk) -> None:
    place = disk.folder / "log.sqlite"
    with Log.create(place, kinds=KINDS) as log:
        log.append(drafted(spend()))
        before = log.head()
        for _ in range(3):
            with disk.full(), pytest.raises(FULL):
                log.append(drafted(*(take(note="x" * 5000) for _ in range(100)), spend()))
            assert log.head() == before
        assert verify(log).sound
        log.append(drafted(take(note="x" * 5000), spend()))
    with Log.open(place, kinds=KINDS) as log:
        assert log.head().position == 3
        assert verify(log).sound


def test_a_disk_that_fills_up_little_by_little_keeps_every_append_that_was_acknowledged(disk: Disk) -> None:
    place = disk.folder / "log.sqlite"
    with Log.create(place, kinds=KINDS) as log:
        kept: list[int] = []

        def go_on() -> None:
            while True:
                kept.extend(recorded.position for recorded in log.append(drafted(take(note="x" * 20_000))))

        with disk.full(but=600_000), pytest.raises(FULL):
            go_on()
        assert len(kept) > 3
    with Log.open(place, kinds=KINDS) as log:
        assert log.head().position == kept[-1]
        assert verify(log).sound
        log.append(drafted(spend()))


@pytest.mark.parametrize("how", ["catch_up", "rebuild"])
def test_a_model_that_finds_no_room_beside_the_log_is_kept_in_the_users_cache_and_comes_along_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    history = drafts([one for one in golden_history() if one.event.kind != "midi-played"])
    with mounted(tmp_path / "disk", MEGABYTES) as small:
        if small is None:
            pytest.skip("this user may mount nothing")
        with Log.create(small.folder / "log.db", kinds=EVERY_KIND) as log:
            log.append(history[:20])
            if how == "rebuild":
                with models_of(log) as store:
                    store.catch_up(*MODELS)
                log.append(history[20:])
            with models_of(log) as store, small.full():
                connection = getattr(store, how)(*MODELS)
                assert len(held(connection, ACTIVITY)) == log.head().position
                assert store.place.startswith(str(tmp_path / "cache"))
            with models_of(log) as store:
                store.catch_up(*MODELS)
                assert store.place.startswith(str(small.folder))
                assert store.disagreements(*MODELS) == []


WRITERS = {
    "backup": ("store", "backup", "FILE"),
    "backup with audio": ("store", "backup", "FILE", "--with-audio"),
    "export": ("log", "export", "FILE"),
    "checkpoint": ("log", "checkpoint", "FILE"),
    "key": ("log", "keygen", "FILE"),
}


@pytest.mark.parametrize("words", WRITERS.values(), ids=WRITERS)
def test_what_finds_no_room_for_its_file_leaves_nothing_and_works_later(
    taken: Label, disk: Disk, words: tuple[str, ...]
) -> None:
    file = disk.folder / "the file"
    command = [file if word == "FILE" else word for word in words]
    with disk.full():
        said = taken.run(*command)
    assert said.code == 3
    assert len(said.err.splitlines()) <= 4
    assert list(disk.folder.iterdir()) == []
    taken.does(*command)
    assert file.is_file()
    taken.does("log", "verify")


def test_a_backup_with_room_for_the_log_alone_leaves_nothing(taken: Label, tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", 3) as small:
        if small is None:
            pytest.skip("this user may mount nothing")
        file = small.folder / "backup.tar"
        taken.does("store", "backup", file)
        file.unlink()
        with small.full(but=1_500_000):
            said = taken.run("store", "backup", file, "--with-audio")
        assert (said.code, said.rule) == (3, "machine")
        assert "free disk space" in said.err
        assert list(small.folder.iterdir()) == []


def test_a_restore_and_a_mirror_that_find_no_room_leave_no_half_store_and_go_on_later(taken: Label, disk: Disk) -> None:
    backup = taken.folder / "backup.tar"
    taken.does("store", "backup", backup, "--with-audio")
    with disk.full():
        assert taken.run("store", "restore", backup, disk.folder / "again").code == 3
    assert list(disk.folder.iterdir()) == []
    taken.does("store", "restore", backup, disk.folder / "again")
    shutil.rmtree(disk.folder / "again")
    with disk.full(but=10_000):
        assert taken.run("vault", "mirror", disk.folder / "mirror").code == 3
    assert list((disk.folder / "mirror").glob("blobs/*/*")) == []
    assert taken.data("vault", "mirror", disk.folder / "mirror")["copied"] == 1
