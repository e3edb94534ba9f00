"""Storage of named bytes: a folder of this machine, or any place that fsspec reaches.

Storage knows names, not hashes: :mod:`flows.vault.vault` chooses the names.  A named file is always complete: it is
written elsewhere first and named last.  Below the root of a folder no link is followed, since anyone who can write
there could point it at any file of the reader.
"""

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from typing_extensions import override

from flows.vault.file_lock import wait_for_lock
from flows.vault.permissions import make_folders, open_owned
from flows.vault.regular_file import LinkFound, read_regular, reading, refuse_links
from flows.vault.scratch_folder import scratch_folder

READ_ONLY = frozenset({errno.EROFS, errno.ENOSPC, errno.EDQUOT})
NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK})


class BlobStorage(Protocol):
    """Operations that the vault needs of a storage."""

    scratch: Path
    """A folder of this machine, on the file system of the storage if that is a folder."""

    def size(self, name: str) -> int | None:
        """Bytes under *name*; None if it does not exist."""

    def read(self, name: str) -> bytes | None:
        """Content of *name*; None if it does not exist."""

    def stream(self, name: str) -> Any:  # noqa: ANN401 - a binary file of io or of fsspec
        """An open file to read, as a context manager.  Raises: FileNotFoundError."""

    def local(self, name: str) -> Path | None:
        """Path of *name* on this machine; None for a distant storage."""

    def put(self, file: Path, name: str) -> None:
        """Move a finished *file* to *name*, replacing any content in one step."""

    def put_first(self, data: bytes, name: str) -> bool:
        """Store *data* as *name* unless it exists; return True if it was stored."""

    def names(self, under: str) -> Iterator[str]:
        """The names two levels deep in the folder *under*, sorted."""

    def weight(self, under: str) -> tuple[int, int]:
        """Number of files in the folder *under*, and their total bytes."""

    def probe(self) -> None:
        """Contact the storage.  Raises: OSError, or an error of a library, if it does not answer."""

    def reconnect(self) -> None:
        """Drop connections that an outage may have cut."""


class FolderStorage(BlobStorage):
    """A folder of this machine: renames, fsync, and hard links for :meth:`put_first`.

    Raises:
        LinkFound: from any method; a symbolic link lies below the root.
    """

    def __init__(self, root: Path, *, make: bool = True) -> None:
        self._root = root
        self.scratch = root / "incoming"
        if not make:
            if os.path.lexists(root) and not root.is_dir():
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(root))
            return
        try:
            make_folders(root)
            refuse_links(self.scratch, root)
            make_folders(self.scratch)
        except OSError as error:  # a read-only folder can still be read
            if error.errno not in READ_ONLY and not (isinstance(error, PermissionError) and self._root.is_dir()):
                raise

    @override
    def size(self, name: str) -> int | None:
        try:
            return self._believed(name).lstat().st_size
        except FileNotFoundError:
            return None

    @override
    def read(self, name: str) -> bytes | None:
        try:
            return read_regular(self._root / name, below=self._root)
        except FileNotFoundError:
            return None

    @override
    def stream(self, name: str) -> Any:
        return reading(self._root / name, below=self._root)

    @override
    def local(self, name: str) -> Path | None:
        return self._believed(name)

    @override
    def put(self, file: Path, name: str) -> None:
        final = self._place(name)
        _settle(file, final.parent)
        file.replace(final)
        sync(final.parent)

    @override
    def put_first(self, data: bytes, name: str) -> bool:
        final = self._place(name)
        with scratch_folder(self.scratch) as room:
            draft = room / "draft"
            draft.write_bytes(data)
            _settle(draft, final.parent)
            first = self._name_first(draft, final)
        sync(final.parent)
        return first

    @override
    def names(self, under: str) -> Iterator[str]:
        top = self._believed(under)
        for folder in sorted(entry for entry in top.iterdir() if _is_folder(entry)) if top.is_dir() else ():
            for entry in sorted(folder.iterdir()):
                yield f"{under}/{folder.name}/{entry.name}"

    @override
    def weight(self, under: str) -> tuple[int, int]:
        sizes = [self.size(name) or 0 for name in self.names(under)]
        return len(sizes), sum(sizes)

    @override
    def probe(self) -> None:
        self.scratch.stat()
        os.statvfs(self._root)

    @override
    def reconnect(self) -> None:
        """Do nothing: a folder has no connections."""

    def _believed(self, name: str) -> Path:
        path = self._root / name
        refuse_links(path, self._root)
        return path

    def _place(self, name: str) -> Path:
        final = self._believed(name)
        if not final.parent.is_dir():
            make_folders(final.parent)
            sync(final.parent.parent)
            sync(self._root)
        return final

    def _name_first(self, draft: Path, final: Path) -> bool:
        try:
            os.link(draft, final)
        except FileExistsError:
            return False
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            return self._name_first_alone(draft, final)
        return True

    def _name_first_alone(self, draft: Path, final: Path) -> bool:
        # exFAT and some shares have no links; a lock gives the same guarantee among processes of this machine.
        with os.fdopen(open_owned(self.scratch / "naming.lock", os.O_WRONLY | os.O_CREAT), "wb") as turn:
            wait_for_lock(turn)
            if final.exists():
                return False
            draft.replace(final)
            return True


class ObjectStorage(BlobStorage):
    """Any other place that fsspec can reach, by put and rename; scratch is a folder of this machine."""

    def __init__(self, url: str, scratch: Path) -> None:
        self._url = url
        self.reconnect()
        self.scratch = scratch
        self.scratch.mkdir(parents=True, exist_ok=True)

    @override
    def size(self, name: str) -> int | None:
        try:
            return int(self._files.size(self._at(name)))
        except FileNotFoundError:
            return None

    @override
    def read(self, name: str) -> bytes | None:
        try:
            return bytes(self._files.cat_file(self._at(name)))
        except FileNotFoundError:
            return None

    @override
    def stream(self, name: str) -> Any:
        return self._files.open(self._at(name), "rb")

    @override
    def local(self, name: str) -> Path | None:
        return None

    @override
    def put(self, file: Path, name: str) -> None:
        # Except in an object store, an upload may break off: the file gets its name only when it is complete.
        drafts = self._at(f"incoming/{name.replace('/', '-')}.")
        draft = f"{drafts}{uuid4().hex}.part"
        self._files.makedirs(self._parent(draft), exist_ok=True)
        self._files.makedirs(self._parent(self._at(name)), exist_ok=True)
        self._files.put_file(str(file), draft)
        try:
            self._files.mv(draft, self._at(name))
        except FileNotFoundError:
            if self.size(name) is None:
                raise  # else another process stored the same file first, and removed ours as a leftover
        self._forget(drafts)
        file.unlink()

    def _forget(self, drafts: str) -> None:
        """Remove leftovers of broken uploads of a name that is now complete."""
        self._files.invalidate_cache(self._parent(drafts))
        for left in self._files.glob(f"{drafts}*.part"):
            with suppress(FileNotFoundError):
                self._files.rm_file(left)

    @override
    def put_first(self, data: bytes, name: str) -> bool:
        self._files.makedirs(self._parent(self._at(name)), exist_ok=True)
        try:
            self._files.pipe_file(self._at(name), data, mode="create")
        except FileExistsError:
            return False
        return True

    @override
    def names(self, under: str) -> Iterator[str]:
        try:
            found = sorted(self._files.find(self._at(under)))
        except FileNotFoundError:
            return
        for name in found:
            yield str(name)[str(name).rindex(f"{under}/") :]

    @override
    def weight(self, under: str) -> tuple[int, int]:
        try:
            found = self._files.find(self._at(under), detail=True)  # one listing instead of one request a file
        except FileNotFoundError:
            return 0, 0
        return len(found), sum(int(file["size"] or 0) for file in found.values())

    @override
    def probe(self) -> None:
        self._files.invalidate_cache()
        self.size("blobs/probe")

    @override
    def reconnect(self) -> None:
        from fsspec.core import url_to_fs

        self._files, root = url_to_fs(self._url, skip_instance_cache=True)
        self._root = str(root).rstrip("/")

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _parent(self, name: str) -> str:
        return name.rpartition("/")[0]


def sync(path: Path) -> None:
    """Flush a file, or the names in a folder, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        # On macOS fsync stops at the drive's own cache.
        fcntl.fcntl(handle, fcntl.F_FULLFSYNC) if hasattr(fcntl, "F_FULLFSYNC") else os.fsync(handle)
    finally:
        os.close(handle)


def _is_folder(entry: Path) -> bool:
    """True if *entry* is a folder.  Raises: LinkFound; it is a symbolic link."""
    mode = entry.lstat().st_mode
    if stat.S_ISLNK(mode):
        raise LinkFound(entry)
    return stat.S_ISDIR(mode)


def _settle(file: Path, folder: Path) -> None:
    """Flush *file* to disk, and make it read-only for all who may read *folder*."""
    sync(file)
    with suppress(PermissionError):  # a file system without modes: the hash still shows changes
        file.chmod(folder.stat().st_mode & 0o444)
