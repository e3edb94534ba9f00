"""Read access to a store: its owner, or its group if it was created for one, whatever the umask."""

import grp
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import note


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def any_umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def used(label: Label) -> Label:
    label.does("take", "ingest", f"{SONG}/drums", note(label.folder / "take.wav", 60, seconds=0.2))
    label.does("at", SONG)
    label.does("store", "move", "other.db")
    return label


@pytest.mark.usefixtures("any_umask")
def test_a_store_is_its_owners_alone(tmp_path: Path) -> None:
    store = used(open_label(tmp_path, "Drums")).folder / ".takesheet"
    assert mode(store) == 0o700
    assert {oct(mode(path)) for path in store.iterdir() if path.is_file()} == {"0o600"}
    vault = list((store / "vault").rglob("*"))
    assert {oct(mode(path)) for path in vault if path.is_dir()} == {"0o700"}
    assert {oct(mode(path)) for path in vault if path.is_file()} == {"0o400"}


@pytest.mark.usefixtures("any_umask")
def test_a_shared_store_is_its_groups_and_nobody_elses(tmp_path: Path) -> None:
    group = next((one for one in grp.getgrall() if one.gr_gid in os.getgroups() or os.geteuid() == 0), None)
    assert group is not None
    label = Label(tmp_path)
    label.does("init", ".", "--label", "Harbour Records", "--shared", group.gr_name)
    label.does("record", "new", "Night Bus", "--artist", "The Ferrymen")
    label.does("song", "add", "night-bus", "Tin Roof")
    label.does("part", "add", SONG, "Drums")
    store = used(label).folder / ".takesheet"
    assert mode(store) == 0o2770
    assert {oct(mode(path)) for path in store.iterdir() if path.is_file()} == {"0o660"}
    vault = list((store / "vault").rglob("*"))
    assert {oct(mode(path)) for path in vault if path.is_dir()} == {"0o2770"}
    assert {oct(mode(path)) for path in vault if path.is_file()} == {"0o440"}
    assert {path.lstat().st_gid for path in (store, *store.rglob("*"))} == {group.gr_gid}


def test_a_group_that_is_none_makes_no_store(tmp_path: Path) -> None:
    said = Label(tmp_path).run("init", "label", "--label", "X", "--shared", "no-such-group")
    assert (said.code, said.rule) == (4, "store.group")
    assert not (tmp_path / "label" / ".takesheet").exists()


def test_an_older_store_is_narrowed_once_and_that_is_said(label: Label) -> None:
    store = label.folder / ".takesheet"
    (store / "vault" / "blobs").mkdir(parents=True, exist_ok=True)
    for path in (store, store / "vault", store / "vault" / "blobs"):
        path.chmod(0o755)
    for path in (store / "log.db", store / "config.toml"):
        path.chmod(0o644)
    assert "was open to other accounts (0755)" in label.run("board").err
    assert mode(store) == mode(store / "vault") == mode(store / "vault" / "blobs") == 0o700
    assert mode(store / "log.db") == mode(store / "config.toml") == 0o600
    assert label.run("board").err == ""


@pytest.mark.usefixtures("any_umask")
def test_backups_and_exports_of_the_log_are_their_makers_alone(label: Label, tmp_path: Path) -> None:
    label.does("store", "backup", tmp_path / "b.tar")
    label.does("log", "export", tmp_path / "log.jsonl")
    label.does("log", "keygen", tmp_path / "key")
    assert [oct(mode(tmp_path / name)) for name in ("b.tar", "log.jsonl", "key")] == ["0o600"] * 3
    label.does("store", "restore", tmp_path / "b.tar", tmp_path / "again")
    restored = tmp_path / "again" / ".takesheet"
    assert mode(restored) == 0o700
    assert {oct(mode(path)) for path in restored.iterdir() if path.is_file()} == {"0o600"}
