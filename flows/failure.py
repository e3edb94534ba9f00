"""Why a job failed, in three classes: what may pass by itself, what somebody must mend, and what is our own fault."""

import errno
from typing import Final, Literal, TypeAlias

from domain.refusal import Refusal
from dsp.audio import Unsound
from flows.vault import VaultFault

Class: TypeAlias = Literal["transient", "input", "bug"]

PASSING = frozenset({
    errno.EIO, errno.EAGAIN, errno.EINTR, errno.EBUSY, errno.ESTALE, errno.ENOLCK,
    errno.ENOSPC, errno.EDQUOT, errno.ENOMEM, errno.EMFILE, errno.ENFILE,
    errno.ETIMEDOUT, errno.ECONNREFUSED, errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE,
    errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTDOWN, errno.EHOSTUNREACH,
})  # fmt: skip
"""Errors of the operating system that another try, a little later, may not meet."""


LONGEST: Final = 2_000
"""Characters of a reason, more or less; beyond it a file or a library pasted itself into its message."""


def class_of(error: Exception) -> Class:
    """The class of *error*."""
    match error:
        case VaultFault(number=number) | OSError(errno=number) if number in PASSING:
            return "transient"
        case ConnectionError() | TimeoutError() | MemoryError():
            return "transient"
        case VaultFault() | Unsound() | Refusal():
            return "input"
        case _:
            return "bug"


def reason_of(error: Exception) -> str:
    """One line for a person: the sentence of an error of ours, else its type and message."""
    said = str(error) if isinstance(error, VaultFault | Unsound | Refusal) else f"{type(error).__name__}: {error}"
    line = " ".join(said.split()) or type(error).__name__
    return line if len(line) <= LONGEST else f"{line[: LONGEST // 2]} ... {line[-LONGEST // 2 :]}"
