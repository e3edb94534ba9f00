"""Faults of the vault: one family of errors for what file systems and libraries for distant places raise."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from domain.core.refusal import OperationalError, Refusal
from flows.vault.redaction import redacted_text


class VaultFault(OperationalError):
    """A request to the vault failed; *reason* is one sentence, *number* the errno if there is one.

    Secrets in URLs, which messages of libraries may repeat, are redacted.
    """

    rule = "vault"

    def __init__(self, reason: str, number: int | None = None) -> None:
        reason = redacted_text(reason)
        super().__init__(reason)
        self.reason, self.number = reason, number


class VaultMissing(VaultFault):
    """The vault does not hold a blob."""

    def __init__(self, hash: str) -> None:  # noqa: A002 - the vault's word for it
        super().__init__(f"blob {hash} is not in the vault")
        self.hash = hash


class VaultCorrupt(VaultFault):
    """The stored bytes of a blob do not have its hash."""

    def __init__(self, hash: str, found: str) -> None:  # noqa: A002 - the vault's word for it
        super().__init__(f"blob {hash} is corrupt: its bytes hash to {found[:12]}")
        self.hash, self.found = hash, found


@contextmanager
def faults(what: str) -> Iterator[None]:
    """Raise what a file system or a library raises within as a VaultFault that begins with *what*.

    Refusals and programming errors pass unchanged.
    """
    try:
        yield
    except OSError as error:
        said = redacted_text(str(error.strerror or error))
        raise VaultFault(f"{what}: {said}", error.errno or _number_of(error)) from error
    except (VaultFault, Refusal):  # a refused link is no outage: waiting does not help
        raise
    except Exception as error:
        if not _is_of_a_library(error):
            raise
        # Libraries for distant places raise errors of their own, such as those of ftplib and botocore.
        said = redacted_text(f"{type(error).__name__}: {error}")
        raise VaultFault(f"{what}: {said}", errno.ECONNABORTED) from error


def _is_of_a_library(error: Exception) -> bool:
    """True unless *error* is a built-in type that indicates a programming error."""
    return isinstance(error, EOFError) or type(error).__module__ != "builtins"


def _number_of(error: OSError) -> int | None:
    """The errno that fits an OSError without one, such as those that libraries for remote storage raise."""
    if isinstance(error, TimeoutError):
        return errno.ETIMEDOUT
    return None if isinstance(error, FileNotFoundError | PermissionError) else errno.ECONNABORTED
