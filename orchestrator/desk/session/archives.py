"""Archiving a session: a folder is copied to several places, and every copy is read back and compared by hash.

A file is written under a name of its own and renamed when it is whole and synced, so that a copy which was interrupted
is continued by the same command: files that are there with equal bytes are only read.  No file is replaced.

Beside each copy lies a list of all its files with their hashes, in the form of ``sha256sum``, by which whoever has the
disk verifies the copy without this program.

Tests: ``tests/orchestrator/cli/commands/session/test_session_archive.py``.
"""

import io
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import BinaryIO, Final

from domain.core.event import Event
from domain.core.refusal import Misused, NotFound, Refused, suggest
from domain.label.people import Role
from domain.session.archives import SessionArchived, archive, is_safe, refuse_few
from orchestrator.desk.booking.booking import schedule_of, sessions_query
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

PART: Final = ".takesheet-part"
"""Ending of a file that is being copied."""
LIST: Final = ".sha256"
"""Ending of the list of a copy's files: ``cd A/night-bus-S1 && sha256sum -c "Session Folder.sha256"``."""
BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class ArchiveResult:
    """An archive that was verified."""

    event: SessionArchived
    changed: bool
    left_out: tuple[str, ...]
    """Links and special files, which are never followed or copied, by their path in the folder."""


def archive_query(session: str) -> Query:
    """Query for the archives of *session*."""
    return Query.of(SessionArchived, tags=[f"session:{session}"])


def is_archived(studio: Studio, session: str) -> bool:
    """True if the last archive of *session* is in two places."""
    return is_safe(one.event for one in studio.read(archive_query(session)) if isinstance(one.event, SessionArchived))


def archive_session(
    studio: Studio, record: str, session: str, folder: Path, places: Sequence[Path]
) -> ArchiveResult:  # fmt: skip
    """Copy *folder* into each of *places*, verify every copy, and record it.

    Raises:
        NotFound: ``session.unknown``; ``file.missing``, there is no such folder or place.
        Misused: ``session.copies``; ``archive.folder``, it is empty, a link, or one lies in the other.
        Refused: ``archive.differs``, another file is in its place; ``archive.changed``, a file changed meanwhile;
            ``archive.disk``, the system could not read or write it, such as on a full disk.
    """
    schedule_of(studio.read(sessions_query(f"record:{record}"))).place(session, record=record)
    refuse_few(session, [_label(place) for place in places])
    _refuse_unfit(session, folder, places)
    root = folder.resolve()
    left_out: list[str] = []
    try:
        targets = [_target(place, session, root) for place in places]
        hashes, size = _copied(session, root, targets, left_out)
        for target in targets if hashes else ():
            _list_files(target, hashes)
    except OSError as error:
        raise Refused(
            "archive.disk", f"{error.strerror or error} at {error.filename or folder}; what was copied is kept",
            next=suggest("session archive", session, "FOLDER", copies="DIR,DIR"),
        ) from None  # fmt: skip
    if not hashes:
        raise Misused("archive.folder", f"{folder} holds no file", next=suggest("session show", session))
    event = SessionArchived(
        session=session, record=record, folder=_label(root), manifest=sha256(_manifest(hashes)).hexdigest(),
        files=len(hashes), bytes=size, copies=tuple(_label(place) for place in places),
    )  # fmt: skip

    def decision(history: History, _: Role) -> tuple[bool, Sequence[Event]]:
        known = [one.event for one in history if isinstance(one.event, SessionArchived)]
        events = archive(known[-1] if known else None, new=event)
        return bool(events), events

    changed = studio.decide(archive_query(session), decision, deed="ingest")
    return ArchiveResult(event, changed, tuple(left_out))


def _label(place: Path) -> str:
    """Name of a folder, without its path; bytes that are no UTF-8 are replaced."""
    return os.fsencode(place.resolve().name).decode("utf-8", "replace")[:255] or "root"


def _target(place: Path, session: str, root: Path) -> Path:
    """The copy of *root* in *place*, such as ``A/night-bus-S1/Session Folder``."""
    return place.resolve() / session.replace("/", "-") / root.name


def _refuse_unfit(session: str, folder: Path, places: Sequence[Path]) -> None:
    for one in (folder, *places):
        if not one.is_dir():
            raise NotFound("file.missing", f"there is no folder {one}", next=suggest("session show", session))
    if folder.is_symlink():
        raise Misused("archive.folder", f"{folder} is a link; name the folder", next=suggest("session show", session))
    root = folder.resolve()
    for place in places:
        there = place.resolve()
        if there.is_relative_to(root) or root.is_relative_to(there / session.replace("/", "-")):
            raise Misused(
                "archive.folder", f"{place} and {folder} lie in one another", next=suggest("session show", session)
            )


def _copied(
    session: str, root: Path, targets: Sequence[Path], left_out: list[str]
) -> tuple[dict[bytes, str], int]:  # fmt: skip
    """Copy and verify every file; return the hashes by path, and the bytes of all."""
    hashes, size = dict[bytes, str](), 0
    for target in targets:
        _make_folders(target)
    for path in _files(root, left_out, root):
        relative = path.relative_to(root)
        before = path.stat()
        for target in targets:
            _copy(path, target / relative)
        with path.open("rb") as source:
            digest = file_digest(source, "sha256").hexdigest()
        for target in targets:
            if (found := _read_back(target / relative)) != digest:
                raise Refused(
                    "archive.differs",
                    f"{target / relative} has other bytes ({found[:12]}) than {path} ({digest[:12]})",
                    next="move that file away, then the same command again",
                )  # fmt: skip
        after = path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise Refused(
                "archive.changed", f"{path} changed while it was copied",
                next=suggest("session archive", session, "FOLDER", copies="DIR,DIR"),
            )  # fmt: skip
        hashes[os.fsencode(relative)] = digest
        size += after.st_size
    return hashes, size


def _files(folder: Path, left_out: list[str], root: Path) -> Iterator[Path]:
    """The plain files in *folder* and below it; links and special files are added to *left_out*."""
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda one: os.fsencode(one.name))
    for entry in found:
        mode = entry.stat(follow_symlinks=False).st_mode
        if stat.S_ISDIR(mode):
            yield from _files(Path(entry.path), left_out, root)
        elif stat.S_ISREG(mode):
            yield Path(entry.path)
        else:
            left_out.append(os.fsencode(Path(entry.path).relative_to(root)).decode("utf-8", "replace"))


def _make_folders(folder: Path) -> None:
    """Make *folder*; a link at its place or at that of its parent is refused."""
    for one in (folder.parent, folder):
        if one.is_symlink():
            raise Refused("archive.differs", f"{one} is a link", next="move it away, then the same command again")
    folder.mkdir(parents=True, exist_ok=True)


def _copy(source: Path, target: Path) -> None:
    """Copy *source* to *target*, unless something is there; the comparison says whether it is equal."""
    _make_folders(target.parent)
    if os.path.lexists(target):
        if target.is_symlink() or not target.is_file():
            raise Refused("archive.differs", f"{target} is no plain file", next="move it away, then the same again")
        return
    draft = target.with_name(target.name + PART)
    with source.open("rb") as reading:
        _write_whole(draft, reading)
    draft.rename(target)


def _list_files(target: Path, hashes: dict[bytes, str]) -> None:
    """Write the list of the files of the copy *target* beside it, whole, in the place of an earlier one."""
    lines = []
    for name, digest in sorted(hashes.items()):
        size = (target / os.fsdecode(name)).stat().st_size
        path = os.fsencode(target.name) + b"/" + name
        escaped = path.replace(b"\\", b"\\\\").replace(b"\n", b"\\n").replace(b"\r", b"\\r")
        mark = b"\\" if escaped != path else b""
        lines.append(b"# %d bytes\n%s%s  %s\n" % (size, mark, digest.encode(), escaped))
    final = target.with_name(target.name + LIST)
    draft = target.with_name(target.name + LIST + PART)
    _write_whole(draft, io.BytesIO(b"".join(lines)))
    draft.replace(final)


def _write_whole(draft: Path, reading: BinaryIO) -> None:
    """Copy *reading* into the new file *draft* and sync it; a draft that was left there is removed first."""
    with suppress(FileNotFoundError):
        draft.unlink()
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(draft, flags, 0o600), "wb") as writing:
        while block := reading.read(BLOCK):
            writing.write(block)
        writing.flush()
        os.fsync(writing.fileno())


def _read_back(path: Path) -> str:
    """The hash of the bytes of *path*, asked of the disk and not of the memory, where the system heeds that."""
    with path.open("rb") as reading:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(reading.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return file_digest(reading, "sha256").hexdigest()


def _manifest(hashes: dict[bytes, str]) -> bytes:
    """All files with their hashes, one a record that ends with a zero byte, so that any name stands in it."""
    return b"".join(b"%s  %s\0" % (digest.encode(), path) for path, digest in sorted(hashes.items()))
