"""Hostile or damaged archives: refused in one sentence, and nothing is written outside the folder."""

import io
import json
import tarfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from orchestrator.desk.upkeep.archive import CONTENTS, BackupContents, BackupDamaged, check, packing, unpack

BLOB = b"sound" * 1000
HASH = sha256(BLOB).hexdigest()
NAME = f".takesheet/vault/blobs/{HASH[:2]}/{HASH[2:]}"


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    file = tmp_path / "backup.tar"
    with packing(file) as packer:
        for name, data in ((".takesheet/config.toml", b""), (".takesheet/log.db", b"database" * 500), (NAME, BLOB)):
            assert packer.add(name, io.BytesIO(data), len(data))
        packer.close(BackupContents("00" * 16, 3, "11" * 32, audio=True, files=packer.files))
    return file


def everything_in(folder: Path) -> set[str]:
    return {str(entry.relative_to(folder)) for entry in folder.rglob("*") if not entry.is_dir()}


def test_an_archive_comes_back_as_it_was_packed_and_any_tar_can_unpack_it(backup: Path, tmp_path: Path) -> None:
    contents = unpack(backup, tmp_path / "here")
    assert contents == check(backup)
    assert everything_in(tmp_path / "here") == {".takesheet/config.toml", ".takesheet/log.db", NAME}
    assert (tmp_path / "here" / NAME).read_bytes() == BLOB
    with tarfile.open(backup) as tar:
        tar.extractall(tmp_path / "there", filter="data")
    assert (tmp_path / "there" / NAME).read_bytes() == BLOB


def test_the_same_files_give_the_same_archive(backup: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.tar"
    with packing(again) as packer:
        for name, data in ((".takesheet/config.toml", b""), (".takesheet/log.db", b"database" * 500), (NAME, BLOB)):
            packer.add(name, io.BytesIO(data), len(data))
        packer.close(BackupContents("00" * 16, 3, "11" * 32, audio=True, files=packer.files))
    assert again.read_bytes() == backup.read_bytes()


def test_bytes_that_are_not_what_was_expected_leave_no_trace_in_the_archive(tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    with packing(file) as packer:
        assert not packer.add(NAME, io.BytesIO(b"x" * 5_000_000), 5_000_000, expected=HASH)
        assert packer.add(NAME, io.BytesIO(BLOB), len(BLOB), expected=HASH)
        packer.close(BackupContents("00" * 16, 3, "11" * 32, audio=True, files=packer.files))
    assert set(check(file).files) == {NAME}
    assert file.stat().st_size < 30_000


Change = Callable[[tarfile.TarInfo], None]


def named(name: str) -> Change:
    return lambda member: setattr(member, "name", name)


def of_type(kind: bytes, link: str = "") -> Change:
    def change(member: tarfile.TarInfo) -> None:
        member.type, member.linkname, member.size = kind, link, 0

    return change


HOSTILE: dict[str, Change] = {
    "a path upwards": named(".takesheet/../../escaped"),
    "a path upwards in the vault": named(".takesheet/vault/blobs/../../../../escaped"),
    "an absolute path": named("/tmp/takesheet-escaped"),  # noqa: S108 - must never be written
    "a file that a store does not have": named(".takesheet/hooks/run"),
    "a file beside the store": named("escaped"),
    "a blob whose name is none": named(".takesheet/vault/blobs/ab/cd"),
    "a blob with a line end": named(NAME + "\n"),
    "the log's write-ahead log": named(".takesheet/log.db-wal"),
    "a symbolic link": of_type(tarfile.SYMTYPE, "/etc/passwd"),
    "a hard link": of_type(tarfile.LNKTYPE, ".takesheet/config.toml"),
    "a folder": of_type(tarfile.DIRTYPE),
    "a device": of_type(tarfile.CHRTYPE),
    "a pipe": of_type(tarfile.FIFOTYPE),
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_archive_is_refused_and_nothing_lands_outside(backup: Path, tmp_path: Path, change: Change) -> None:
    def harmed(member: tarfile.TarInfo, data: bytes) -> tuple[tarfile.TarInfo, bytes]:
        if member.name == NAME:
            change(member)
        return member, data

    rewrite(backup, harmed)
    folder = tmp_path / "deep" / "here"
    folder.mkdir(parents=True)
    before = everything_in(tmp_path)
    with pytest.raises(BackupDamaged):
        unpack(backup, folder)
    landed = everything_in(tmp_path) - before
    assert all(name.startswith("deep/here/.takesheet/") for name in landed)
    assert not Path("/tmp/takesheet-escaped").exists()  # noqa: S108 - as above


def test_a_link_first_and_a_file_through_it_is_refused_at_the_link(tmp_path: Path) -> None:
    file, outside = tmp_path / "backup.tar", tmp_path / "outside"
    outside.mkdir()
    with tarfile.open(file, "w") as tar:
        link = tarfile.TarInfo(".takesheet")
        link.type, link.linkname = tarfile.SYMTYPE, str(outside)
        tar.addfile(link)
        member = tarfile.TarInfo(".takesheet/config.toml")
        member.size = 4
        tar.addfile(member, io.BytesIO(b"evil"))
    with pytest.raises(BackupDamaged):
        unpack(file, tmp_path / "here")
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda member, data: (member, b"SOUND" + data[5:]) if member.name == NAME else (member, data),
        lambda member, data: None if member.name == NAME else (member, data),
        lambda member, data: None if member.name == CONTENTS else (member, data),
        lambda member, data: (member, b"{}") if member.name == CONTENTS else (member, data),
        lambda member, data: (member, b"[" * 100_000) if member.name == CONTENTS else (member, data),
        lambda member, data: (member, data.replace(b"backup-1", b"backup-2")),
        lambda member, data: (member, data.replace(b'"files"', b'"filez"')),
    ],
)  # fmt: skip
def test_an_archive_that_was_changed_is_refused(
    backup: Path, tmp_path: Path, change: Callable[[tarfile.TarInfo, bytes], tuple[tarfile.TarInfo, bytes] | None]
) -> None:
    rewrite(backup, change)
    with pytest.raises(BackupDamaged):
        unpack(backup, tmp_path / "here")


def test_a_file_that_stands_twice_is_refused(backup: Path, tmp_path: Path) -> None:
    with tarfile.open(backup) as tar:
        members = [(member, (tar.extractfile(member) or io.BytesIO()).read()) for member in tar]
    with tarfile.open(backup, "w") as tar:
        for member, data in [members[0], *members]:
            tar.addfile(member, io.BytesIO(data))
    with pytest.raises(BackupDamaged, match="twice"):
        unpack(backup, tmp_path / "here")


def test_an_archive_cut_anywhere_is_refused(backup: Path) -> None:
    raw = backup.read_bytes()
    with tarfile.open(backup) as tar:
        end = tar.getmember(CONTENTS).offset
    for size in (0, 1, 511, 512, 600, 5000, end, end + 100, end + 600):
        backup.write_bytes(raw[:size])
        with pytest.raises(BackupDamaged):
            check(backup)


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    for number, data in enumerate((b"hello" * 1000, b"\x1f\x8b" + b"\0" * 100, json.dumps({}).encode())):
        file = tmp_path / str(number)
        file.write_bytes(data)
        with pytest.raises(BackupDamaged):
            check(file)


def rewrite(backup: Path, change: Callable[[tarfile.TarInfo, bytes], tuple[tarfile.TarInfo, bytes] | None]) -> None:
    with tarfile.open(backup) as tar:
        members = [(member, (tar.extractfile(member) or io.BytesIO()).read()) for member in tar]
    with tarfile.open(backup, "w") as tar:
        for member, data in filter(None, (change(member, data) for member, data in members)):
            if member.isreg():
                member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
