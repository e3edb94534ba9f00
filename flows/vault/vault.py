"""The vault: audio under the SHA-256 of its bytes, and reports under their job's key.

```
blobs/ab/cdef…          a file's bytes, by their hash; never changed, read-only
reports/ab/abcdef….json  a job's report, by the job's key; the first one stands
peaks/ab/cdef…           what is drawn of a sound, by its pcm hash; a cache, measured again where it is gone
incoming/                scratch of renders and copies under way
```
A plain path or ``file://`` is a folder of this machine; every other URL goes through fsspec and a cache folder.
"""

import errno
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
from urllib.parse import urlsplit
from urllib.request import url2pathname

from domain.core.refusal import OperationalError, Refusal
from flows.vault.redaction import redacted, redacted_text
from flows.vault.regular_file import reading
from flows.vault.scratch_folder import scratch_folder, sweep
from flows.vault.storage import BlobStorage, FolderStorage, ObjectStorage

CHUNK_BYTES = 1 << 20
MOST_REPORT_BYTES = 16 << 20
"""A report of a hundred stems has 100,000 bytes."""
FICLONE = 0x40049409
"""ioctl of Linux (linux/fs.h): let one file share the blocks of another until either is written."""


class VaultFault(OperationalError):
    """The vault cannot do what was asked; *reason* is one sentence, *number* the errno where there is one.

    Libraries repeat a URL with all that is in it: what is kept of their words holds no secret.
    """

    rule = "vault"

    def __init__(self, reason: str, number: int | None = None) -> None:
        reason = redacted_text(reason)
        super().__init__(reason)
        self.reason, self.number = reason, number


class VaultMissing(VaultFault):
    """The vault does not hold a blob."""

    def __init__(self, hash: str) -> None:  # noqa: A002 - the word the vault uses for it everywhere
        super().__init__(f"blob {hash} is not in the vault")
        self.hash = hash


class VaultCorrupt(VaultFault):
    """The bytes under a hash are not the bytes it was made from."""

    def __init__(self, hash: str, found: str) -> None:  # noqa: A002 - as above
        super().__init__(f"blob {hash} is corrupt: its bytes hash to {found[:12]}")
        self.hash, self.found = hash, found


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
        cache: where the files of a distant vault lie while they are used; the user's cache where None.

    Raises:
        VaultFault: no such place, or no way in.
    """

    def __init__(self, url: str, *, cache: Path | None = None) -> None:
        self.url = redacted(url)
        """The place without secrets, for people."""
        self._checked: dict[str, tuple[int, int, int]] = {}
        with _faults(f"the vault {self.url} cannot be opened"):
            try:
                self._shelf, self._cache = _shelf_at(url, cache)
            except (ImportError, ValueError) as error:  # of fsspec: an unknown scheme, or one whose package is missing
                raise VaultFault(f"the vault {self.url} cannot be opened: {error}") from error

    @property
    def is_distant(self) -> bool:
        """True if it lies on another machine, or is reached as if it did."""
        return self._cache is not None

    def is_reached(self) -> bool:
        """True if the vault answers: a folder is there, another place can be asked for a name."""
        try:
            with _faults("the vault cannot be read"):
                self._shelf.probe()
        except VaultFault:
            return False
        return True

    def reconnect(self) -> None:
        """Let go of connections to a distant vault: after an outage they may be dead and not know it."""
        with _faults(f"the vault {self.url} cannot be reached"):
            self._shelf.reconnect()

    def take_in(self, path: Path) -> Blob:
        """Copy an original in; it is only read.  What is hashed is what was stored.

        Raises:
            VaultFault: not a plain file, unreadable, changed while it was copied, or no room.
        """
        with self.scratch() as room, _faults(f"{path.name} cannot be taken into the vault"):
            copy = room / "copy"
            with _open_plain(path) as original, copy.open("w+b") as into:
                before = _marks(original)
                digest = _digest(into) if _reflink(original, into) else _copy(original, into)
                if _marks(original) != before:
                    raise VaultFault(f"{path.name} was written to while it was copied")
            return self._keep(copy, digest)

    def publish(self, path: Path) -> Blob:
        """Move a finished file of :meth:`scratch` under its hash; on disk for good when this returns.

        Where the hash is held already the same bytes take their place again, which mends a damaged blob.
        """
        with _faults(f"{path.name} cannot be put into the vault"):
            with path.open("rb") as file:
                digest = _digest(file)
            return self._keep(path, digest)

    def has(self, hash: str, size: int | None = None) -> bool:  # noqa: A002 - the word of the vault
        """Whether a blob is here, and has *size* bytes where that is known.  Reads no audio."""
        with _faults("the vault cannot be read"):
            held = self._shelf.size(_blob(hash))
        return held is not None and size in (None, held)

    def size(self, hash: str) -> int:  # noqa: A002 - the word of the vault
        """Bytes of a blob.  Raises: VaultMissing."""
        with _faults("the vault cannot be read"):
            held = self._shelf.size(_blob(hash))
        if held is None:
            raise VaultMissing(hash)
        return held

    def path(self, hash: str) -> Path:  # noqa: A002 - the word of the vault
        """A blob as a file of this machine, to be read only; fetched first where the vault is distant.

        Raises:
            VaultMissing: it is not here.
            VaultCorrupt: it was fetched, and its bytes are others.
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
        """Where a blob lies, as a URL without secrets; it need not be there."""
        here = self._shelf.local(_blob(hash))
        return here.as_uri() if here else f"{self.url.rstrip('/')}/{_blob(hash)}"

    def checked(self, hash: str) -> Path:  # noqa: A002 - the word of the vault
        """As :meth:`path`, with the bytes hashed anew at the first use of this file.

        Raises:
            VaultMissing: it is not here.
            VaultCorrupt: its bytes are others.
        """
        here = self.path(hash)
        with _faults(f"blob {hash} cannot be read"), reading(here) as file:
            marks = _marks(file)
            if self._checked.get(hash) != marks:
                found = _digest(file)
                if found != hash:
                    raise VaultCorrupt(hash, found)
                self._checked[hash] = marks
        return here

    def forget_checks(self) -> None:
        """Let the next use of each blob hash its bytes again."""
        self._checked.clear()

    def rehash(self, hash: str) -> str:  # noqa: A002 - the word of the vault
        """The hash of the bytes that lie under *hash* now, where they lie.  Raises: VaultMissing."""
        with _faults(f"blob {hash} cannot be read"), self.stream(hash) as file:
            return _digest(file)

    def stream(self, hash: str) -> Any:  # noqa: A002, ANN401 - the word of the vault; a binary file of io or of fsspec
        """A blob as an open file, read where it lies and checked by nobody.  Raises: VaultMissing."""
        self.size(hash)
        with _faults(f"blob {hash} cannot be read"):
            return self._shelf.stream(_blob(hash))

    def blobs(self) -> Iterator[str]:
        """Every hash held."""
        with _faults("the vault cannot be read"):
            for name in self._shelf.names("blobs"):
                yield name.removeprefix("blobs/").replace("/", "")

    def publish_report(self, key: str, data: bytes) -> bytes:
        """Put a report under its job's *key*, unless one stands there; the standing one either way."""
        with _faults(f"report {key} cannot be put into the vault"):
            if self._shelf.put_first(data, _report(key)):
                return data
        standing = self.report(key)
        assert standing is not None, "reports are never removed"
        return standing

    def report(self, key: str) -> bytes | None:
        """The standing report of the job *key*, if there is one.  Raises: VaultFault; it is larger than any is."""
        with _faults(f"report {key} cannot be read"):
            if (self._shelf.size(_report(key)) or 0) > MOST_REPORT_BYTES:
                largest = f"{MOST_REPORT_BYTES:,} bytes"
                raise VaultFault(f"report {key} in the vault is larger than {largest}; remove it and render again")
            return self._shelf.read(_report(key))

    def reports(self) -> Iterator[str]:
        """The key of every report held."""
        with _faults("the vault cannot be read"):
            for name in self._shelf.names("reports"):
                yield name.rpartition("/")[2].removesuffix(".json")

    def derived(self, kind: str, pcm: str) -> bytes | None:
        """What was kept of a sound by its pcm hash, such as its ``peaks``; it can be measured again at any time."""
        with _faults(f"the {kind} of {pcm} cannot be read"):
            return self._shelf.read(_derived(kind, pcm))

    def keep_derived(self, kind: str, pcm: str, data: bytes) -> None:
        """Keep *data*, measured from a sound; what was kept before is replaced."""
        with self.scratch() as room, _faults(f"the {kind} of {pcm} cannot be put into the vault"):
            draft = room / kind
            draft.write_bytes(data)
            self._shelf.put(draft, _derived(kind, pcm))

    def derived_weight(self, kind: str) -> tuple[int, int]:
        """How many sounds something was kept of, such as their ``peaks``, and its bytes."""
        with _faults(f"the {kind} cannot be read"):
            return self._shelf.weight(kind)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """An empty folder on the file system of the vault, removed afterwards."""
        with ExitStack() as stack:
            with _faults("the vault has no room to work in"):
                folder = stack.enter_context(scratch_folder(self._shelf.scratch))
            yield folder

    def sweep(self) -> int:
        """Remove the scratch of processes that are gone; how many folders it was."""
        with _faults("the scratch of the vault cannot be swept"):
            return sweep(self._shelf.scratch)

    def _keep(self, file: Path, digest: str) -> Blob:
        blob = Blob(digest, file.stat().st_size)
        self._shelf.put(file, _blob(digest))
        return blob

    def _fetch(self, hash: str, here: Path) -> None:  # noqa: A002 - the word of the vault
        with self.scratch() as room, _faults(f"blob {hash} cannot be fetched"):
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
    """One vault a URL and process, so that the tasks of a run share what was checked already."""
    return Vault(url)


def _shelf_at(url: str, cache: Path | None) -> tuple[BlobStorage, Path | None]:
    if "://" not in url:
        return FolderStorage(Path(url).absolute()), None
    if url.startswith("file://"):
        return FolderStorage(Path(url2pathname(urlsplit(url).path))), None
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


def _derived(kind: str, pcm: str) -> str:
    return f"{kind}/{pcm[:2]}/{pcm[2:]}"


def _open_plain(path: Path) -> BinaryIO:
    # Non-blocking: a pipe with nobody at its other end would be waited for until the end of days.
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
        return False  # the file system shares no blocks, or the two are on different ones: then it is a copy
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


@contextmanager
def _faults(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        said = redacted_text(str(error.strerror or error))
        raise VaultFault(f"{what}: {said}", error.errno or _number_of(error)) from error
    except (VaultFault, Refusal):  # a link that was refused is no outage: waiting mends nothing
        raise
    except Exception as error:
        if not _is_of_a_library(error):
            raise
        # Whoever speaks to a distant place has errors of its own, such as ftplib's and botocore's.
        said = redacted_text(f"{type(error).__name__}: {error}")
        raise VaultFault(f"{what}: {said}", errno.ECONNABORTED) from error


def _is_of_a_library(error: Exception) -> bool:
    """True unless Python itself raised *error*, as it does for faults of a program."""
    return isinstance(error, EOFError) or type(error).__module__ != "builtins"


def _number_of(error: OSError) -> int | None:
    """The errno of an error that was raised without one, as libraries for distant places do."""
    if isinstance(error, TimeoutError):
        return errno.ETIMEDOUT
    return None if isinstance(error, FileNotFoundError | PermissionError) else errno.ECONNABORTED
