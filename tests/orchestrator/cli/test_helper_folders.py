"""A link beside a file that is to be written is never followed: nothing at its target is removed or overwritten."""

import os
from pathlib import Path

import pytest

from orchestrator.new_file import UNFINISHED
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note

WRITERS = {
    "store backup": ("store", "backup", "out/store.tar"),
    "log export": ("log", "export", "out/log.jsonl"),
    "log keygen": ("log", "keygen", "out/label.key"),
    "log checkpoint": ("log", "checkpoint", "out/head.json"),
    "log receipt": ("log", "receipt", "1", "out/receipt.json"),
    "store restore": ("store", "restore", "store.tar", "out"),
    "show": ("show", f"{SONG}/drums/1", "--png", "out/drums.png"),
    "export": ("export", f"{SONG}/drums/1", "out"),
}


@pytest.fixture
def elsewhere(label: Label, tmp_path: Path) -> Path:
    """A folder of another program, shaped like a leftover of ours, behind a link in the place of a helper folder."""
    label.does("take", "ingest", f"{SONG}/drums", note(tmp_path / "a.wav"))
    label.does("store", "backup", "store.tar")
    folder = tmp_path / "elsewhere"
    for room in ("data-1", "4194304-0123456789ab"):
        (folder / room).mkdir(parents=True)
        (folder / room / "f").write_text("keep")
        (folder / f"{room}.lock").touch()
    (label.folder / "out").mkdir()
    (label.folder / "out" / UNFINISHED).symlink_to(folder)
    return folder


@pytest.mark.parametrize("words", WRITERS.values(), ids=WRITERS)
def test_a_helper_folder_that_is_a_link_is_refused_and_nothing_behind_it_is_touched(
    label: Label, elsewhere: Path, words: tuple[str, ...]
) -> None:
    before = sorted(elsewhere.rglob("*"))
    said = label.refuses(3, *words)
    assert said.rule == "store.link"
    assert UNFINISHED in said.err
    assert sorted(elsewhere.rglob("*")) == before
    assert os.listdir(label.folder / "out") == [UNFINISHED]  # noqa: PTH208 - the names alone


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder of another account")
def test_a_helper_folder_of_another_account_is_refused_by_its_owner(label: Label) -> None:
    (label.folder / UNFINISHED).mkdir()
    os.chown(label.folder / UNFINISHED, 65534, 65534)
    said = label.refuses(3, "store", "backup", "store.tar")
    assert said.rule == "file.unfinished"
    assert "user id 65534" in said.err


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_an_export_writes_through_no_link_and_waits_for_no_pipe(label: Label, tmp_path: Path, kind: str) -> None:
    label.does("take", "ingest", f"{SONG}/drums", note(tmp_path / "a.wav"))
    (name,) = (Path(line).name for line in label.does("export", f"{SONG}/drums/1", "first").splitlines())
    kept = tmp_path / "kept"
    kept.write_bytes(b"kept")
    (label.folder / "second").mkdir()
    place = label.folder / "second" / name
    place.symlink_to(kept) if kind == "link" else os.mkfifo(place)
    assert label.refuses(3, "export", f"{SONG}/drums/1", "second").rule == "store.link"
    assert kept.read_bytes() == b"kept"


def test_a_picture_takes_the_place_of_the_one_before(label: Label, tmp_path: Path) -> None:
    file = note(tmp_path / "a.wav")
    for _ in range(2):
        assert label.does("show", file, "--png", "a.png") == "a.png"
    assert UNFINISHED not in os.listdir(label.folder)  # noqa: PTH208 - the names alone
