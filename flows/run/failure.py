"""Classes of failure: transient (may pass by itself), input (a person must repair it) and bug (an error in our code).

An outage is no failure of a job: a resource that every job needs is unavailable.
"""

import errno
from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

from domain.core.refusal import Refusal
from dsp.audio import Unsound
from flows.vault.vault import Vault
from flows.vault.vault_faults import VaultFault

Class: TypeAlias = Literal["transient", "input", "bug"]

PASSING = frozenset({
    errno.EIO, errno.EAGAIN, errno.EINTR, errno.EBUSY, errno.ESTALE, errno.ENOLCK,
    errno.ENOSPC, errno.EDQUOT, errno.ENOMEM, errno.EMFILE, errno.ENFILE,
    errno.ETIMEDOUT, errno.ECONNREFUSED, errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE,
    errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTDOWN, errno.EHOSTUNREACH,
})  # fmt: skip
"""errno of errors that may not recur in a later attempt."""


RETRY_DELAYS_S = [0.5, 2.0]
"""Delays in seconds before the second and third attempt at a job that failed for a transient reason, within one run.

Over several runs, ``TRIES`` in :mod:`domain.status.due_renders` counts the failures that were recorded.
"""

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""errno of a full file system or an exhausted quota."""


def outage_of(error: BaseException, vault: Vault) -> Literal["disk", "vault"] | None:
    """The outage behind *error*: a full disk, or a vault that does not answer; None for all other failures."""
    if any(_number(one) in FULL for one in chain_of(error)):
        return "disk"
    if isinstance(error, VaultFault) and vault.is_distant and error.number in PASSING:
        return "vault"
    # A lost mount looks like missing files, and a cut connection like missing bytes.
    return "vault" if isinstance(error, VaultFault | Unsound | OSError) and not vault.is_reached() else None


def chain_of(error: BaseException) -> Iterator[BaseException]:
    """*error* and the chain of its causes."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__


def _number(error: BaseException) -> int | None:
    match error:
        case VaultFault(number=number) | OSError(errno=number):
            return number
        case _:
            return None


LONGEST: Final = 2_000
"""Approximate limit of a reason in characters; longer messages have a file or library pasted in."""


def class_of(error: Exception) -> Class:
    """The class of failure of *error*."""
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
    """One line for people: the message of one of our own errors, else type and message."""
    said = str(error) if isinstance(error, VaultFault | Unsound | Refusal) else f"{type(error).__name__}: {error}"
    line = " ".join(said.split()) or type(error).__name__
    return line if len(line) <= LONGEST else f"{line[: LONGEST // 2]} ... {line[-LONGEST // 2 :]}"
