"""Files and folders that appear whole or not at all, and never in place of another.

What is under way lies in ``.takesheet-unfinished`` beside the place where it is to appear, so that the last step is a
rename on one file system.  That folder is this account's own, or nothing is written
(:mod:`flows.vault.scratch_folder`).  After a crash the next one that appears in the same folder sweeps what was left.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from shlex import quote
from typing import Final

from domain.core.refusal import NotFound, Refused
from flows.vault.scratch_folder import scratch_folder, sweep
from flows.vault.storage import NO_LINKS, sync

UNFINISHED: Final = ".takesheet-unfinished"


@contextmanager
def new_file(final: Path) -> Iterator[Path]:
    """Where to write what shall stand at *final*, a file or a folder; it stands there, on disk, when the block ends.

    Raises:
        NotFound: ``file.folder``; there is no such folder to put it into.
        Refused: ``file.exists``; something is there, or came there meanwhile.  ``file.unfinished``, ``store.link``; the
            helper folder is another account's, or a link.
    """
    _refuse_to_replace(final)
    with _draft_of(final) as draft:
        yield draft
        sync(draft)
        _name(draft, final)
        sync(final.parent)


def replace(final: Path, data: bytes) -> None:
    """Write *data* into the file *final*, whole or not at all, in place of the file that may be there.

    Raises:
        NotFound: ``file.folder``; there is no such folder to put it into.
        Refused: ``file.unfinished``, ``store.link``; the helper folder is another account's, or a link.
        OSError: it cannot be written.
    """
    with _draft_of(final) as draft:
        draft.write_bytes(data)
        sync(draft)
        draft.replace(final)
        sync(final.parent)


@contextmanager
def _draft_of(final: Path) -> Iterator[Path]:
    if not final.parent.is_dir():
        raise NotFound("file.folder", f"{final.parent} is no folder", next=f"mkdir -p {quote(str(final.parent))}")
    with ExitStack() as stack:
        yield _room_beside(final, stack) / final.name


def _room_beside(final: Path, stack: ExitStack) -> Path:
    top = final.parent / UNFINISHED
    while True:
        with suppress(FileNotFoundError):  # another one was ready, and took the empty folder away as we came
            sweep(top, private=True)
            stack.callback(_leave, top)
            return stack.enter_context(scratch_folder(top, private=True))


def _leave(top: Path) -> None:
    with suppress(OSError):  # others are still at work in it
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
        _refuse_to_replace(final)  # exFAT and some shares have no links; a rename is all they offer
        draft.rename(final)


def _refuse_to_replace(final: Path) -> None:
    if os.path.lexists(final):
        raise Refused("file.exists", f"{final} is there already, and is not written over", next="name another file")
