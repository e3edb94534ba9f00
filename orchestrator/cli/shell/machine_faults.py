"""Errors of the machine (disk, permissions, vault, network) as refusals: one line, a next step, and an exit code.

None of them is a fault of the program, so none exits with 1; an error number that only a bug causes stays a fault.
"""

import errno
from collections.abc import Mapping
from typing import Final

from domain.core.refusal import Misused, NotFound, OperationalError, Refusal, Refused
from orchestrator.cli.shell.frame import Damaged

SPACE: Final = "free disk space, then the same command again"
RIGHTS: Final = "let yourself write there, or use another place"
AGAIN: Final = "check the connection, then the same command again"
NEXT: Final[Mapping[int, str]] = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), SPACE),
    errno.EFBIG: "allow larger files (ulimit -f), or use another file system; then the same command again",
    **dict.fromkeys((errno.EROFS, errno.EACCES, errno.EPERM), RIGHTS),
    errno.ENOENT: "check the path, or mount what it lies on; then the same command again",
    errno.ENOTDIR: "name a path that lies in a folder; a part of this one is a file",
    errno.EISDIR: "name a file; this is a folder",
    **dict.fromkeys((errno.EEXIST, errno.ENOTEMPTY), "name another path, or move away what lies there"),
    errno.ELOOP: "name the file itself, not a link",
    errno.ENAMETOOLONG: "name it shorter",
    errno.EIO: "check the disk with its own tools, then: takesheet log verify --audio",
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), "allow more open files (ulimit -n), then the same command again"),
    errno.ENOMEM: "end other programs, then the same command again",
    **dict.fromkeys(
        (errno.ETIMEDOUT, errno.ECONNREFUSED, errno.ECONNRESET, errno.ECONNABORTED, errno.ENETDOWN, errno.ENETUNREACH,
         errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ESTALE),
        AGAIN,
    ),
}  # fmt: skip
"""Next step by the number of an operating system's error."""
_MISUSED: Final = frozenset({errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP})
_BUGS: Final = frozenset({errno.EBADF, errno.EFAULT, errno.EINVAL, errno.ENOTTY, errno.ESPIPE, errno.ECHILD})
"""Numbers that a wrong call causes, whatever the machine is like."""
VERIFY: Final = "takesheet log verify --audio"
ENGINE: Final = "takesheet render"


def machine_refusal(error: OSError | MemoryError) -> Refusal:
    """Return the refusal for an error of the operating system.

    Its class is :class:`Refusal` itself, which exits with 1, if the number is one that only a bug causes.
    """
    if isinstance(error, MemoryError):
        return Refused("machine", "there is not enough memory", next=NEXT[errno.ENOMEM])
    number = error.errno or 0
    if number == errno.ENAMETOOLONG:
        return Misused("usage", "a name is too long for this file system", next=NEXT[number])
    place = f"{error.filename}: " if error.filename else ""
    return _kind(number)("machine", f"{place}{error.strerror or error}", next=NEXT.get(number, ""))


def operational_refusal(error: OperationalError) -> Refusal:
    """Return the refusal for unusable sound, or for an error of the vault or the engine."""
    if error.rule == "audio.unsound":
        return Refused(error.rule, str(error))
    if error.rule != "vault":
        return Refusal(error.rule, str(error), next=ENGINE if error.rule == "engine" else "")
    from flows.vault.vault_faults import VaultCorrupt, VaultMissing

    if isinstance(error, VaultMissing | VaultCorrupt):
        return Damaged(error.rule, str(error), next=VERIFY)
    number = getattr(error, "number", None) or 0
    if number == errno.ENAMETOOLONG:
        return Misused("usage", "a name is too long for this file system", next=NEXT[number])
    if number == errno.ENOTDIR:
        return Refused(error.rule, str(error), next="name a folder: in config.toml for the vault, else in the command")
    kind = NotFound if number == errno.ENOENT else Refused
    return kind(error.rule, str(error), next=NEXT.get(number, VERIFY))


def _kind(number: int) -> type[Refusal]:
    """Return the family of refusals of an error number."""
    if number == errno.ENOENT:
        return NotFound
    return Misused if number in _MISUSED else Refusal if number in _BUGS else Refused
