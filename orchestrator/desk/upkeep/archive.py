"""The file of a backup: a plain tar of a store, that ``tar`` alone could unpack too.

The members come in a fixed order, ``takesheet-backup.json`` last: it names each of the others with its size and its
SHA-256, so an archive without it was cut.  Nothing is compressed: audio hardly shrinks, and a damaged byte damages one
file.

Whoever made an archive that is unpacked may mean harm.  Only plain files of the names a backup has are taken, each
once, so nothing can land anywhere but in the store that is being made; a link, a device or any other name refuses it
all.
"""

import json
import re
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final

from domain.core.refusal import Refusal
from flows.vault.permissions import create_private, make_folders

FORMAT: Final = "takesheet-backup-1"
CONTENTS: Final = "takesheet-backup.json"
STORE: Final = ".takesheet"
CHUNK_BYTES: Final = 1 << 20
LONGEST_CONTENTS: Final = 1 << 28
"""Bytes; a hundred for each file, and no vault has two million."""

_NAME: Final = re.compile(
    rf"{re.escape(STORE)}/(?:config\.toml|log\.db|vault/blobs/[0-9a-f]{{2}}/[0-9a-f]{{62}}"
    r"|vault/reports/(?P<fan>[0-9a-f]{2})/(?P=fan)[0-9a-f]{62}\.json)"
)


class BackupDamaged(Refusal):
    """The file is no backup, or no longer what was written."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__("store.damaged.backup", f"{file}: {reason}", next="another backup", file=file)
        self.file, self.reason = file, reason


@dataclass(frozen=True, slots=True)
class BackupContents:
    """What a backup says of itself.

    Args:
        log: the log's id.
        position: where the log ended.
        hash: the hash there.
        audio: whether the vault is in it.
        lacks: what should have been in it and was not in the vault as it was recorded.
        files: size and SHA-256 of each file, by name.
    """

    log: str
    position: int
    hash: str
    audio: bool
    lacks: tuple[str, ...] = ()
    files: dict[str, tuple[int, str]] = field(default_factory=dict)

    def text(self) -> str:
        """As JSON."""
        return json.dumps({"format": FORMAT, **{name: getattr(self, name) for name in self.__slots__}}, indent=1)


class Packer:
    """Writes an archive, one file after the other; a context manager made by ``packing``."""

    def __init__(self, raw: IO[bytes], tar: tarfile.TarFile) -> None:
        self._raw, self._tar = raw, tar
        self.files: dict[str, tuple[int, str]] = {}

    def add(self, name: str, data: IO[bytes], size: int, *, expected: str | None = None) -> bool:
        """Write *size* bytes of *data* under *name*; nothing stays of it where they do not hash to *expected*.

        Raises:
            OSError: there are fewer bytes, they cannot be read, or there is no room.
        """
        start, through = self._tar.offset, _Hashing(data)
        self._tar.addfile(_member(name, size), through)
        found = through.digest.hexdigest()
        if expected not in {None, found}:
            self._take_back(start)
            return False
        self.files[name] = size, found
        return True

    def close(self, contents: BackupContents) -> None:
        """Write what is in it, and end it."""
        data = contents.text().encode()
        self._tar.addfile(_member(CONTENTS, len(data)), BytesIO(data))

    def _take_back(self, start: int) -> None:
        self._raw.seek(start)
        self._raw.truncate()
        self._tar.offset = start


@contextmanager
def packing(file: Path) -> Iterator[Packer]:
    """A new archive at *file*."""
    with create_private(file) as raw, tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
        yield Packer(raw, tar)


def unpack(file: Path, folder: Path) -> BackupContents:
    """Write what the archive *file* holds into the empty *folder*, each file as the archive says it is.

    Raises:
        BackupDamaged: *file* is no backup, was cut or changed, or holds what no backup holds.
    """
    return _read_through(file, lambda name: _new(folder / name))


def check(file: Path) -> BackupContents:
    """Read an archive through and keep nothing of it.  Raises: BackupDamaged."""
    return _read_through(file, lambda _: None)


def _read_through(file: Path, place: Callable[[str], Path | None]) -> BackupContents:
    found: dict[str, tuple[int, str]] = {}
    try:
        with tarfile.open(file, "r:") as tar:
            for member in tar:
                if member.name == CONTENTS:
                    return _contents(file, _read(file, tar, member), found)
                _refuse_other(file, member, found)
                found[member.name] = member.size, _extract(tar, member, place(member.name))
    except (tarfile.TarError, EOFError) as error:
        raise BackupDamaged(file, str(error)) from None
    raise BackupDamaged(file, f"it ends before {CONTENTS}: part of it is gone")


def _refuse_other(file: Path, member: tarfile.TarInfo, found: dict[str, tuple[int, str]]) -> None:
    if member.type != tarfile.REGTYPE or member.issparse() or not _NAME.fullmatch(member.name):
        raise BackupDamaged(file, f"it holds {member.name[:200]!r}, which no backup does")
    if member.name in found:
        raise BackupDamaged(file, f"it holds {member.name} twice")


def _read(file: Path, tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    data = tar.extractfile(member) if member.type == tarfile.REGTYPE and not member.issparse() else None
    if data is None or member.size > LONGEST_CONTENTS:
        raise BackupDamaged(file, f"{CONTENTS} is no list of contents")
    return data.read()


def _contents(file: Path, data: bytes, found: dict[str, tuple[int, str]]) -> BackupContents:
    try:
        given: dict[str, Any] = json.loads(data)
        if given.pop("format") != FORMAT:
            raise BackupDamaged(file, f"it does not say {FORMAT}")
        given["files"] = {name: (size, digest) for name, (size, digest) in given["files"].items()}
        contents = BackupContents(**given | {"lacks": tuple(given["lacks"])})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BackupDamaged(file, f"{CONTENTS} is no list of contents: {error!r}") from None
    for name in sorted(found.keys() | contents.files.keys()):
        if found.get(name) != contents.files.get(name):
            raise BackupDamaged(file, f"{name} is not what was written")
    return contents


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, place: Path | None) -> str:
    data = tar.extractfile(member)
    assert data is not None, "a plain file has bytes"
    through = _Hashing(data)
    if place is None:
        while through.read(CHUNK_BYTES):
            pass
    else:
        with create_private(place) as into:
            while chunk := through.read(CHUNK_BYTES):
                into.write(chunk)
    return through.digest.hexdigest()


def _new(place: Path) -> Path:
    make_folders(place.parent)
    return place


def _member(name: str, size: int) -> tarfile.TarInfo:
    """Nothing of this machine or this hour: the same store gives the same archive, but for what SQLite does inside."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o444 if "/blobs/" in name else 0o644
    return member


class _Hashing:
    """A file that is hashed as it is read."""

    def __init__(self, data: IO[bytes]) -> None:
        self._data, self.digest = data, sha256()

    def read(self, size: int = -1, /) -> bytes:
        """As the file would give them."""
        chunk = self._data.read(size)
        self.digest.update(chunk)
        return chunk
