"""File format of a backup: a plain tar of a store, which ``tar`` alone could unpack too.

The members are in a fixed order.  The last, ``takesheet-backup.json``, lists the others with size and SHA-256; an
archive without it was truncated.  Nothing is compressed: audio hardly shrinks, and a damaged byte damages one file.

An archive may be hostile.  Only plain files with the names of a backup are accepted, each once, so nothing can be
written outside the new store; an archive with a link, a device or any other name is refused.
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
"""Bytes: about a hundred for each of two million files, more than any vault holds."""

_NAME: Final = re.compile(
    rf"{re.escape(STORE)}/(?:config\.toml|log\.db|vault/blobs/[0-9a-f]{{2}}/[0-9a-f]{{62}}"
    r"|vault/reports/(?P<fan>[0-9a-f]{2})/(?P=fan)[0-9a-f]{62}\.json)"
)


class BackupDamaged(Refusal):
    """The file is not a backup, or was changed after it was written."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__("store.damaged.backup", f"{file}: {reason}", next="another backup", file=file)
        self.file, self.reason = file, reason


@dataclass(frozen=True, slots=True)
class BackupContents:
    """The list of contents of a backup.

    Args:
        log: id of the log.
        position: last position of the log.
        hash: hash of the log at that position.
        audio: True if the audio of the vault is included.
        lacks: blobs that are left out, because they are missing from the vault or altered.
        files: size and SHA-256 of each file, by name.
    """

    log: str
    position: int
    hash: str
    audio: bool
    lacks: tuple[str, ...] = ()
    files: dict[str, tuple[int, str]] = field(default_factory=dict)

    def text(self) -> str:
        """The list as JSON."""
        return json.dumps({"format": FORMAT, **{name: getattr(self, name) for name in self.__slots__}}, indent=1)


class Packer:
    """Writes an archive, one file after the other; made by :func:`packing`."""

    def __init__(self, raw: IO[bytes], tar: tarfile.TarFile) -> None:
        self._raw, self._tar = raw, tar
        self.files: dict[str, tuple[int, str]] = {}

    def add(self, name: str, data: IO[bytes], size: int, *, expected: str | None = None) -> bool:
        """Write *size* bytes of *data* under *name*; if they do not hash to *expected*, remove them and return False.

        Raises:
            OSError: *data* is shorter or cannot be read, or the disk is full.
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
        """Write the list of contents, which ends the archive."""
        data = contents.text().encode()
        self._tar.addfile(_member(CONTENTS, len(data)), BytesIO(data))

    @property
    def size(self) -> int:
        """Bytes of a closed archive, with the end that tar adds."""
        return -(-(self._tar.offset + 2 * tarfile.BLOCKSIZE) // tarfile.RECORDSIZE) * tarfile.RECORDSIZE

    def _take_back(self, start: int) -> None:
        self._raw.seek(start)
        self._raw.truncate()
        self._tar.offset = start


@contextmanager
def measuring() -> Iterator[Packer]:
    """A new archive that is counted and not kept; ``Packer.size`` is the size that it would have."""
    raw = _Nowhere()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
        yield Packer(raw, tar)


@contextmanager
def packing(file: Path) -> Iterator[Packer]:
    """A new archive at *file*."""
    with create_private(file) as raw, tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
        yield Packer(raw, tar)


def unpack(file: Path, folder: Path) -> BackupContents:
    """Unpack the archive *file* into the empty *folder*, checking every file against the list of contents.

    Raises:
        BackupDamaged: *file* is not a backup, was cut or changed, or holds a name that no backup holds.
    """
    return _read_through(file, lambda name: _new(folder / name))


def check(file: Path) -> BackupContents:
    """Check an archive without unpacking it.  Raises: BackupDamaged."""
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
    """Tar member without machine or time, so that equal stores give equal archives, except for SQLite's own bytes."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o444 if "/blobs/" in name else 0o644
    return member


class _Nowhere(BytesIO):
    """Binary file whose bytes are counted and dropped."""

    def __init__(self) -> None:
        super().__init__()
        self._at = 0

    def write(self, data: Any, /) -> int:  # noqa: ANN401 - any buffer, as io has it
        """Count *data*."""
        self._at += len(data)
        return len(data)

    def tell(self) -> int:
        """Bytes counted so far."""
        return self._at

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go on counting at *offset*, from the start."""
        assert whence == 0, "a packer counts from the start"
        self._at = offset
        return offset

    def truncate(self, size: int | None = None, /) -> int:
        """Do nothing: there are no bytes."""
        return self._at if size is None else size


class _Hashing:
    """Binary file that is hashed as it is read."""

    def __init__(self, data: IO[bytes]) -> None:
        self._data, self.digest = data, sha256()

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes of the file."""
        chunk = self._data.read(size)
        self.digest.update(chunk)
        return chunk
