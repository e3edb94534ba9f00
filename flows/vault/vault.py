"""The vault: audio under the SHA-256 of its bytes, and reports under their job's key.

```
blobs/ab/cdef…          a file's bytes, by their hash; never changed, read-only
reports/ab/abcdef….json  a job's report, by the job's key; the first one is kept
jobs/ab/abcdef….json     a job file, by the hash of its bytes; written again if lost
peaks/ab/cdef…           peaks of a sound, by its pcm hash; a cache, measured again if lost
incoming/                scratch of running renders and copies
```
A plain path or ``file://`` is a folder of this machine; every other URL goes through fsspec and a cache folder.
"""

import fcntl
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from flows.vault.redaction import redacted
from flows.vault.regular_file import reading
from flows.vault.scratch_folder import scratch_folder, sweep
from flows.vault.storage import BlobStorage, FolderStorage, ObjectStorage
from flows.vault.vault_faults import VaultCorrupt, VaultFault, VaultMissing, faults

CHUNK_BYTES = 1 << 20
MOST_REPORT_BYTES = 16 << 20
"""Largest report; one of a hundred stems has 100,000 bytes."""
FICLONE = 0x40049409
"""ioctl of Linux (linux/fs.h): let one file share the blocks of another until either is written."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A file in the vault."""

    hash: str
    size: int
    """Bytes."""


class Vault:
    """Blobs and reports at *url*; safe for threads, and for many processes on one folder.

    Args:
        url: a folder, ``file://…``, or any URL that fsspec knows.
        cache: folder for files of a distant vault while they are used; None for the user's cache.
        make: make the vault's folder if it is not there; without it, a missing folder reads as an empty vault.

    Raises:
        VaultFault: the place does not exist or cannot be opened.
    """

    def __init__(self, url: str, *, cache: Path | None = None, make: bool = True) -> None:
        self.url = redacted(url)
        """URL without secrets, for people."""
        self._checked: dict[str, tuple[int, int, int]] = {}
        with faults(f"the vault {self.url} cannot be opened"):
            try:
                self._shelf, self._cache = _shelf_at(url, cache, make=make)
            except (ImportError, ValueError) as error:  # of fsspec: an unknown scheme, or one whose package is missing
                raise VaultFault(f"the vault {self.url} cannot be opened: {error}") from error

    @property
    def is_distant(self) -> bool:
        """True if the vault is not a local folder."""
        return self._cache is not None

    def is_reached(self) -> bool:
        """True if the vault answers: its folder exists, or its storage answers a request."""
        try:
            with faults("the vault cannot be read"):
                self._shelf.probe()
        except VaultFault:
            return False
        return True

    def reconnect(self) -> None:
        """Drop connections to a distant vault, which may be dead after an outage."""
        with faults(f"the vault {self.url} cannot be reached"):
            self._shelf.reconnect()

    def take_in(self, path: Path) -> Blob:
        """Copy an original into the vault; the hash is that of the stored copy.

        Raises:
            VaultFault: no plain file, unreadable, changed while it was copied, or no disk space.
        """
        with self.scratch() as room, faults(f"{path.name} cannot be taken into the vault"):
            copy = room / "copy"
            with _open_plain(path) as original, copy.open("w+b") as into:
                before = _marks(original)
                digest = _digest(into) if _reflink(original, into) else _copy(original, into)
                if _marks(original) != before:
                    raise VaultFault(f"{path.name} was written to while it was copied")
            return self._keep(copy, digest)

    def publish(self, path: Path) -> Blob:
        """Move a finished file of :meth:`scratch` under its hash; it is on disk when this returns.

        A blob of this hash is replaced by the same bytes, which repairs a damaged one.
        """
        with faults(f"{path.name} cannot be put into the vault"):
            with path.open("rb") as file:
                digest = _digest(file)
            return self._keep(path, digest)

    def has(self, hash: str, size: int | None = None) -> bool:  # noqa: A002 - the word of the vault
        """True if the blob exists, with *size* bytes if given.  Reads no audio."""
        with faults("the vault cannot be read"):
            held = self._shelf.size(_blob(hash))
        return held is not None and size in (None, held)

    def size(self, hash: str) -> int:  # noqa: A002 - the word of the vault
        """Bytes of a blob.  Raises: VaultMissing."""
        with faults("the vault cannot be read"):
            held = self._shelf.size(_blob(hash))
        if held is None:
            raise VaultMissing(hash)
        return held

    def path(self, hash: str) -> Path:  # noqa: A002 - the word of the vault
        """A blob as a read-only file of this machine; fetched first if the vault is distant.

        Raises:
            VaultMissing: the vault does not hold the blob.
            VaultCorrupt: the fetched bytes have another hash.
        """
        name = _blob(hash)
        here = self._shelf.local(name)
        if here is None:
            assert self._cache is not None, "a shelf without local files has a cache"
            here = self._cache / name
            if not here.exists():
                self._fetch(hash, here)
        if not here.is_file():
            raise VaultMissing(hash)
        return here

    def address(self, hash: str) -> str:  # noqa: A002 - the word of the vault
        """URL of a blob without secrets, even if the blob does not exist."""
        here = self._shelf.local(_blob(hash))
        return here.as_uri() if here else f"{self.url.rstrip('/')}/{_blob(hash)}"

    def checked(self, hash: str) -> Path:  # noqa: A002 - the word of the vault
        """Like :meth:`path`, with the bytes hashed again at the first use of this file.

        Raises:
            VaultMissing: the vault does not hold the blob.
            VaultCorrupt: its bytes have another hash.
        """
        here = self.path(hash)
        with faults(f"blob {hash} cannot be read"), reading(here) as file:
            marks = _marks(file)
            if self._checked.get(hash) != marks:
                found = _digest(file)
                if found != hash:
                    raise VaultCorrupt(hash, found)
                self._checked[hash] = marks
        return here

    def forget_checks(self) -> None:
        """Forget earlier checks, so that the next use of each blob hashes its bytes again."""
        self._checked.clear()

    def rehash(self, hash: str) -> str:  # noqa: A002 - the word of the vault
        """The hash of the bytes stored under *hash* now, without copying them.  Raises: VaultMissing."""
        with faults(f"blob {hash} cannot be read"), self.stream(hash) as file:
            return _digest(file)

    def stream(self, hash: str) -> Any:  # noqa: A002, ANN401 - the word of the vault; a binary file of io or of fsspec
        """A blob as an open file, read in place and unchecked.  Raises: VaultMissing."""
        self.size(hash)
        with faults(f"blob {hash} cannot be read"):
            return self._shelf.stream(_blob(hash))

    def blobs(self) -> Iterator[str]:
        """The hash of every blob."""
        with faults("the vault cannot be read"):
            for name in self._shelf.names("blobs"):
                yield name.removeprefix("blobs/").replace("/", "")

    def publish_report(self, key: str, data: bytes) -> bytes:
        """Store a report under its job's *key* unless there is one; return the stored report."""
        with faults(f"report {key} cannot be put into the vault"):
            if self._shelf.put_first(data, _report(key)):
                return data
        standing = self.report(key)
        assert standing is not None, "reports are never removed"
        return standing

    def report(self, key: str) -> bytes | None:
        """The report of the job *key*; None if there is none.  Raises: VaultFault; the report is too large."""
        with faults(f"report {key} cannot be read"):
            if (self._shelf.size(_report(key)) or 0) > MOST_REPORT_BYTES:
                largest = f"{MOST_REPORT_BYTES:,} bytes"
                raise VaultFault(f"report {key} in the vault is larger than {largest}; remove it and render again")
            return self._shelf.read(_report(key))

    def reports(self) -> Iterator[str]:
        """The key of every report."""
        with faults("the vault cannot be read"):
            for name in self._shelf.names("reports"):
                yield name.rpartition("/")[2].removesuffix(".json")

    def keep_job(self, data: bytes) -> str:
        """Store a job file under the SHA-256 of *data*, and repair a damaged one; return the hash."""
        digest = sha256(data).hexdigest()
        with faults(f"job {digest} cannot be put into the vault"):
            if not self._shelf.put_first(data, _job(digest)) and self._shelf.read(_job(digest)) != data:
                with self.scratch() as room:
                    draft = room / "job"
                    draft.write_bytes(data)
                    self._shelf.put(draft, _job(digest))
        return digest

    def job_size(self, hash: str) -> int | None:  # noqa: A002 - the word of the vault
        """Bytes of a job file; None if there is none."""
        with faults(f"job {hash} cannot be read"):
            return self._shelf.size(_job(hash))

    def job(self, hash: str) -> bytes | None:  # noqa: A002 - the word of the vault
        """The bytes of a job file, unchecked; None if there is none."""
        with faults(f"job {hash} cannot be read"):
            return self._shelf.read(_job(hash))

    def derived(self, kind: str, pcm: str) -> bytes | None:
        """Data derived from a sound, such as its ``peaks``, by pcm hash; None if it was not kept."""
        with faults(f"the {kind} of {pcm} cannot be read"):
            return self._shelf.read(_derived(kind, pcm))

    def keep_derived(self, kind: str, pcm: str, data: bytes) -> None:
        """Keep *data* derived from a sound, replacing earlier data."""
        with self.scratch() as room, faults(f"the {kind} of {pcm} cannot be put into the vault"):
            draft = room / kind
            draft.write_bytes(data)
            self._shelf.put(draft, _derived(kind, pcm))

    def derived_weight(self, kind: str) -> tuple[int, int]:
        """Number of sounds with derived data, such as ``peaks``, and its total bytes."""
        with faults(f"the {kind} cannot be read"):
            return self._shelf.weight(kind)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """An empty folder on the file system of the vault, removed afterwards."""
        with ExitStack() as stack:
            with faults("the vault cannot make a working folder"):
                folder = stack.enter_context(scratch_folder(self._shelf.scratch))
            yield folder

    def sweep(self) -> int:
        """Remove scratch folders of ended processes; return their number."""
        with faults("the scratch of the vault cannot be swept"):
            return sweep(self._shelf.scratch)

    def _keep(self, file: Path, digest: str) -> Blob:
        blob = Blob(digest, file.stat().st_size)
        self._shelf.put(file, _blob(digest))
        return blob

    def _fetch(self, hash: str, here: Path) -> None:  # noqa: A002 - the word of the vault
        with self.scratch() as room, faults(f"blob {hash} cannot be fetched"):
            copy = room / "fetched"
            try:
                with self._shelf.stream(_blob(hash)) as distant, copy.open("w+b") as into:
                    found = _copy(distant, into)
            except FileNotFoundError:
                raise VaultMissing(hash) from None
            if found != hash:
                raise VaultCorrupt(hash, found)
            here.parent.mkdir(parents=True, exist_ok=True)
            copy.replace(here)


@lru_cache(maxsize=8)
def vault_at(url: str) -> Vault:
    """The vault at *url*, one instance a process, so that the tasks of a run share checked blobs."""
    return Vault(url)


def _shelf_at(url: str, cache: Path | None, *, make: bool) -> tuple[BlobStorage, Path | None]:
    if "://" not in url:
        return FolderStorage(Path(url).absolute(), make=make), None
    if url.startswith("file://"):
        return FolderStorage(Path(unquote(urlsplit(url).path)), make=make), None
    cache = cache or user_cache() / f"vault-{sha256(url.encode()).hexdigest()[:16]}"
    return ObjectStorage(url, cache / "incoming"), cache


def user_cache() -> Path:
    """The folder for what can be made again, in this user's cache.  Raises: RuntimeError; this user has no home."""
    from platformdirs import user_cache_path

    return user_cache_path("takesheet", appauthor=False)


def _blob(hash: str) -> str:  # noqa: A002 - the word of the vault
    return f"blobs/{hash[:2]}/{hash[2:]}"


def _report(key: str) -> str:
    return f"reports/{key[:2]}/{key}.json"


def _job(hash: str) -> str:  # noqa: A002 - the word of the vault
    return f"jobs/{hash[:2]}/{hash}.json"


def _derived(kind: str, pcm: str) -> str:
    return f"{kind}/{pcm[:2]}/{pcm[2:]}"


def _open_plain(path: Path) -> BinaryIO:
    # Non-blocking: opening a pipe without writer would wait forever.
    file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise VaultFault(f"{path.name} is not a plain file")
    return file


def _marks(file: Any) -> tuple[int, int, int]:  # noqa: ANN401 - any open file of this machine
    now = os.fstat(file.fileno())
    return now.st_ino, now.st_size, now.st_mtime_ns


def _reflink(original: BinaryIO, into: Any) -> bool:  # noqa: ANN401 - an open file
    if not sys.platform.startswith("linux"):
        return False
    try:
        fcntl.ioctl(into.fileno(), FICLONE, original.fileno())
    except OSError:
        return False  # the file system cannot share blocks, or the files are on different ones: copy instead
    return True


def _copy(original: Any, into: Any) -> str:  # noqa: ANN401 - open files, of io or of fsspec
    digest = sha256()
    while chunk := original.read(CHUNK_BYTES):
        digest.update(chunk)
        into.write(chunk)
    into.flush()
    return digest.hexdigest()


def _digest(file: Any) -> str:  # noqa: ANN401 - an open file, of io or of fsspec
    return file_digest(file, "sha256").hexdigest()
