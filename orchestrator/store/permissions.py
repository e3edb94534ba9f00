"""Owners and permissions of a store's files, checked before any of them is opened."""

import grp
import os
import pwd
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from domain.core.refusal import NotFound, Refused
from flows.vault.permissions import PRIVATE_FOLDER, SHARED_FOLDER, is_shared

OTHERS: Final = 0o007
GROUP_AND_OTHERS: Final = 0o077
DEPTH: Final = 2
"""Levels below ``.takesheet`` whose permissions are narrowed; they keep others from everything deeper."""


def doubts(folder: Path, names: Iterable[str]) -> Iterator[str]:
    """Yield a sentence for each of *folder* and *names* in it that another account owns or anybody may write to.

    Args:
        folder: the ``.takesheet`` folder.
        names: files and folders in it; missing ones are skipped.
    """
    me = os.geteuid()
    for path in (folder, *(folder / name for name in dict.fromkeys(names))):
        try:
            found = path.lstat()
        except FileNotFoundError:
            continue
        if found.st_uid != me:
            yield f"{path} belongs to {_user(found.st_uid)}, not to {_user(me)}"
        elif found.st_mode & stat.S_IWOTH and not stat.S_ISLNK(found.st_mode):
            yield f"{path} may be written by everybody on this machine ({stat.S_IMODE(found.st_mode):04o})"


def _user(uid: int) -> str:
    try:
        return f"{pwd.getpwuid(uid).pw_name} (uid {uid})"
    except KeyError:
        return f"uid {uid}"


def tighten(folder: Path) -> str:
    """Remove the permissions of other accounts (or, if shared, of accounts outside the group) from a store of ours.

    Files are only examined if the folder's permissions are wrong.  Permissions that cannot be changed, as on a
    read-only mount, stay.

    Returns:
        A sentence for the user; empty if nothing was changed.
    """
    found = folder.lstat()
    wide = OTHERS if is_shared(found.st_mode) else GROUP_AND_OTHERS
    if found.st_uid != os.geteuid() or not found.st_mode & wide:
        return ""
    with suppress(OSError):
        folder.chmod(stat.S_IMODE(found.st_mode) & ~wide)
        _narrow_below(folder, wide, DEPTH)
        now = "its group's" if is_shared(found.st_mode) else "yours"
        return f"{folder} was open to other accounts ({stat.S_IMODE(found.st_mode):04o}); it is {now} alone now"
    return ""


def _narrow_below(folder: Path, wide: int, depth: int) -> None:
    for path in folder.iterdir():
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode) or found.st_uid != os.geteuid():
            continue
        if found.st_mode & wide:
            path.chmod(stat.S_IMODE(found.st_mode) & ~wide)
        if stat.S_ISDIR(found.st_mode) and depth > 1:
            _narrow_below(path, wide, depth - 1)


def group_id(name: str) -> int:
    """Return the id of the group *name*.  Raises: NotFound ``store.group``."""
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        raise NotFound("store.group", f"this machine has no group {name}", next="getent group") from None


def give(folder: Path, group: int | None) -> None:
    """Set the permissions of a new store's *folder*: for its owner alone, or also for *group*.

    Raises:
        Refused: ``store.group``; the caller is not in that group.
    """
    if group is None:
        folder.chmod(PRIVATE_FOLDER)
        return
    try:
        os.chown(folder, -1, group)
    except PermissionError:
        name = grp.getgrgid(group).gr_name
        raise Refused("store.group", f"you are not in the group {name}", next="id -nG") from None
    folder.chmod(SHARED_FOLDER)
