import errno

import pytest

from domain.refusal import Misused
from dsp.audio import Unsound
from flows.answer import Unequal
from flows.failure import class_of, reason_of
from flows.vault import VaultCorrupt, VaultFault, VaultMissing

BLOB = "ab" * 32


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (OSError(errno.EIO, "Input/output error"), "transient"),
        (OSError(errno.ENOSPC, "No space left on device"), "transient"),
        (VaultFault("the vault is full", errno.ENOSPC), "transient"),
        (ConnectionResetError("gone"), "transient"),
        (TimeoutError("too long"), "transient"),
        (Unsound("the file is empty"), "input"),
        (Misused("recipe.mix", "line 3"), "input"),
        (VaultMissing(BLOB), "input"),
        (VaultCorrupt(BLOB, "cd" * 32), "input"),
        (VaultFault("no way in", errno.EACCES), "input"),
        (PermissionError(errno.EACCES, "Permission denied"), "bug"),
        (Unequal("other sound"), "bug"),
        (KeyError("main"), "bug"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_each_failure_has_its_class(error: Exception, failure: str) -> None:
    assert class_of(error) == failure


def test_a_reason_is_one_line_and_names_what_the_program_did_not_expect() -> None:
    assert reason_of(Unsound("the file\nis empty")) == "the file is empty"
    assert reason_of(VaultMissing(BLOB)) == f"blob {BLOB} is not in the vault"
    assert reason_of(KeyError("main")) == "KeyError: 'main'"
    assert "\n" not in reason_of(ValueError("a\nb"))
