"""``session archive``, through the command line."""

import os
import subprocess
from pathlib import Path

import pytest

from orchestrator.desk.session import archives
from tests.orchestrator.label import Label, open_label

S1, COPY = "night-bus/S1", Path("night-bus-S1") / "daw"


@pytest.fixture
def label(tmp_path: Path) -> Label:
    """A session with a recorder's folder, and two empty places."""
    label = open_label(tmp_path)
    label.does("resource", "add", "room-a")
    label.does("session", "book", "night-bus", "--room", "room-a", "--on", "2027-12-07", "--hours", "10-18")
    for name in ("daw/audio", "a", "b"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "daw" / "song.prj").write_bytes(b"project")
    (tmp_path / "daw" / "audio" / "take 1\n.wav").write_bytes(b"x" * 3_000_000)
    return label


ARCHIVE = ("session", "archive", S1, "daw", "--copies", "a,b")


def test_every_file_is_in_both_places_and_the_second_time_nothing_is_recorded(label: Label) -> None:
    assert label.does(*ARCHIVE) == f"{S1} is safe in 2 places: a, b"
    for place in ("a", "b"):
        copies = {one.name: one.read_bytes() for one in (label.folder / place / COPY).rglob("*") if one.is_file()}
        assert copies == {"song.prj": b"project", "take 1\n.wav": b"x" * 3_000_000}
    head = label.head
    label.does(*ARCHIVE)
    assert label.head == head
    assert "is not safe" not in label.run("session", "wrap", S1).err


def test_whoever_has_a_copy_verifies_it_without_this_program(label: Label) -> None:
    (label.folder / "daw" / "back\\slash.wav").write_bytes(b"odd")
    label.does(*ARCHIVE)
    for place in ("a", "b"):
        room = label.folder / place / "night-bus-S1"
        text = (room / "daw.sha256").read_text("utf-8")
        assert text.count("# 3000000 bytes\n") == 1
        assert len(text.splitlines()) == 6
        checked = subprocess.run(
            ["sha256sum", "-c", "daw.sha256"], cwd=room, capture_output=True, text=True, check=True
        )
        assert checked.stdout.count(": OK\n") == 3
    (label.folder / "b" / COPY / "song.prj").write_bytes(b"projecT")
    found = subprocess.run(["sha256sum", "-c", "daw.sha256"], cwd=room, capture_output=True, text=True, check=False)
    assert (found.returncode, "song.prj: FAILED" in found.stdout) == (1, True)


def test_the_list_of_a_copy_follows_its_folder_and_is_never_written_through_a_link(label: Label) -> None:
    label.does(*ARCHIVE)
    secret, listed = label.folder / "secret.txt", label.folder / "a" / "night-bus-S1" / "daw.sha256"
    secret.write_text("secret")
    listed.unlink()
    listed.symlink_to(secret)
    (label.folder / "daw" / "new.wav").write_bytes(b"new")
    label.does(*ARCHIVE)
    assert secret.read_text("utf-8") == "secret"
    assert not listed.is_symlink()
    assert "daw/new.wav" in listed.read_text("utf-8")


def test_a_wrap_warns_until_the_files_are_in_two_places(label: Label) -> None:
    assert "is not safe in two places yet" in label.run("session", "wrap", S1).err
    assert label.refuses(2, "session", "archive", S1, "daw", "--copies", "a").rule == "session.copies"
    assert label.refuses(2, "session", "archive", S1, "daw", "--copies", "a,a").rule == "session.copies"
    assert "is not safe in two places yet" in label.run("session", "wrap", S1).err


def test_another_file_in_the_place_of_one_is_not_replaced(label: Label) -> None:
    label.does(*ARCHIVE)
    (label.folder / "b" / COPY / "song.prj").write_bytes(b"damaged")
    assert label.refuses(3, *ARCHIVE).rule == "archive.differs"
    assert (label.folder / "b" / COPY / "song.prj").read_bytes() == b"damaged"


def test_links_are_told_and_never_followed_in_either_direction(label: Label, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (tmp_path / "daw" / "link.txt").symlink_to(secret)
    (tmp_path / "daw" / "up").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "daw" / "pipe")
    said = label.run(*ARCHIVE)
    assert said.code == 0
    assert [name for name in ("link.txt", "up", "pipe") if f"no plain file: {name}" not in said.err] == []
    assert not os.path.lexists(tmp_path / "a" / COPY / "link.txt")
    (tmp_path / "c").mkdir()
    (tmp_path / "d").mkdir()
    (tmp_path / "c" / "night-bus-S1").symlink_to(tmp_path / "d")
    assert label.refuses(3, "session", "archive", S1, "daw", "--copies", "a,c").rule == "archive.differs"
    assert list((tmp_path / "d").iterdir()) == []


def test_a_copy_that_was_killed_goes_on_and_a_full_disk_is_told(label: Label, monkeypatch: pytest.MonkeyPatch) -> None:
    half = label.folder / "a" / COPY / "audio" / f"take 1\n.wav{archives.PART}"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"x" * 1000)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device", "a")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        patch.setattr(archives.os, "fsync", full)
        said = label.run(*ARCHIVE)
    assert (said.code, said.rule) == (3, "archive.disk")
    assert "No space left" in said.err
    assert "is safe" in label.does(*ARCHIVE)
    assert not half.exists()


def test_folders_within_one_another_and_missing_and_empty_ones_are_refused(label: Label, tmp_path: Path) -> None:
    (tmp_path / "daw" / "copy").mkdir()
    (tmp_path / "empty").mkdir()
    assert label.refuses(2, "session", "archive", S1, "daw", "--copies", "a,daw/copy").rule == "archive.folder"
    assert label.refuses(2, "session", "archive", S1, "empty", "--copies", "a,b").rule == "archive.folder"
    assert label.refuses(4, "session", "archive", S1, "daw", "--copies", "a,nowhere").rule == "file.missing"
