"""Files and folders that are written whole or not at all.

Drafts are in ``.takesheet-unfinished`` beside their final place, so that the last step is a rename on one file system.
That folder must belong to this account (:mod:`flows.vault.scratch_folder`).  After a crash, the next write into the
final folder removes leftover drafts.

Rehearsals, and copies of sounds and texts for a player or an editor, are written into folders of this account among
this machine's temporary files.  The name of each is random, so that no other account can occupy it; it is found again
by its beginning and its owner.  The next rehearsal or draft removes what a killed one left there, and so does the next
temporary folder.

Tests: ``tests/orchestrator/test_new_file.py``.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from shlex import quote
from typing import Final

from domain.core.refusal import NotFound, Refused
from flows.vault.scratch_folder import scratch_folder, sweep
from flows.vault.storage import NO_LINKS, sync

UNFINISHED: Final = ".takesheet-unfinished"
REHEARSED: Final = "takesheet-rehearsed-"
"""Beginning of the name of a folder for rehearsals."""
TEMPORARY: Final = "takesheet-temporary-"
"""Beginning of the name of a folder for temporary copies."""


@contextmanager
def rehearsed(final: Path) -> Iterator[Path]:
    """Yield a path to write to in a private folder of this machine's temporary files, removed at the end of the block.

    Refuses as :func:`new_file` does, and leaves nothing beside *final*.
    """
    _refuse_to_replace(final)
    _refuse_no_folder(final)
    with ExitStack() as stack:
        yield _room_among_temporary_files(REHEARSED, stack) / final.name


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a new private folder among this machine's temporary files, removed at the end of the block.

    Folders that killed processes of this account left are removed first.
    """
    with ExitStack() as stack:
        yield _room_among_temporary_files(TEMPORARY, stack)


@contextmanager
def new_file(final: Path) -> Iterator[Path]:
    """Yield a path to write to; at the end of the block it is synced and becomes *final*, a file or a folder.

    Raises:
        NotFound: ``file.folder``; the folder of *final* does not exist.
        Refused: ``file.exists``; *final* exists, or appeared meanwhile.  ``file.unfinished``, ``store.link``; the
            folder for drafts belongs to another account, or is a link.
    """
    _refuse_to_replace(final)
    with _draft_of(final) as draft:
        yield draft
        sync(draft)
        _name(draft, final)
        sync(final.parent)


def replace(final: Path, data: bytes) -> None:
    """Write *data* into the file *final*, whole or not at all, replacing a file that exists.

    Raises:
        NotFound: ``file.folder``; the folder of *final* does not exist.
        Refused: ``file.unfinished``, ``store.link``; the folder for drafts belongs to another account, or is a link.
        OSError: the file cannot be written.
    """
    with _draft_of(final) as draft:
        draft.write_bytes(data)
        sync(draft)
        draft.replace(final)
        sync(final.parent)


@contextmanager
def _draft_of(final: Path) -> Iterator[Path]:
    _refuse_no_folder(final)
    _clear(REHEARSED)
    with ExitStack() as stack:
        yield _room_beside(final, stack) / final.name


def _refuse_no_folder(final: Path) -> None:
    if not final.parent.is_dir():
        made = f"mkdir -p {quote(str(final.parent))}"
        hint = "name a file in a folder" if _below_a_file(final) else made
        raise NotFound("file.folder", f"{final.parent} is no folder", next=hint)


def _below_a_file(path: Path) -> bool:
    """True if a part of *path* before its name is a file, so that no folder can be made there."""
    return any(os.path.lexists(part) and not part.is_dir() for part in path.parents)


def _room_among_temporary_files(beginning: str, stack: ExitStack) -> Path:
    while True:
        found = _clear(beginning)
        top = found[0] if found else Path(tempfile.mkdtemp(prefix=beginning))
        with suppress(FileNotFoundError):  # another process finished and removed the empty folder in between
            stack.callback(_leave, top)
            return stack.enter_context(scratch_folder(top))


def _clear(beginning: str) -> list[Path]:
    """Remove what killed processes of this account left in folders whose names have this *beginning*; return those."""
    with os.scandir(tempfile.gettempdir()) as entries:
        found = [
            Path(entry.path)
            for entry in entries
            if entry.name.startswith(beginning)
            and entry.is_dir(follow_symlinks=False)
            and entry.stat(follow_symlinks=False).st_uid == os.geteuid()
        ]
    for top in found:
        with suppress(FileNotFoundError):
            sweep(top)
    return found


def _room_beside(final: Path, stack: ExitStack) -> Path:
    top = final.parent / UNFINISHED
    while True:
        with suppress(FileNotFoundError):  # another process finished and removed the empty folder in between
            sweep(top, private=True)
            stack.callback(_leave, top)
            return stack.enter_context(scratch_folder(top, private=True))


def _leave(top: Path) -> None:
    with suppress(OSError):  # others still have drafts in it
        top.rmdir()


def _name(draft: Path, final: Path) -> None:
    if draft.is_dir():
        _refuse_to_replace(final)
        draft.rename(final)
        return
    try:
        os.link(draft, final)
    except FileExistsError:
        _refuse_to_replace(final)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        _refuse_to_replace(final)  # exFAT and some network shares have no hard links: a rename is all they offer
        draft.rename(final)


def _refuse_to_replace(final: Path) -> None:
    if os.path.lexists(final):
        raise Refused("file.exists", f"{final} is there already, and is not written over", next="name another file")
