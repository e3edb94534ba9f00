import errno
import shutil
from pathlib import Path

import pytest

from domain.core.refusal import Misused
from dsp.audio import Unsound
from flows.jobs.rendering import Unequal
from flows.run.failure import class_of, outage_of, reason_of
from flows.vault.vault import Vault
from flows.vault.vault_faults import VaultCorrupt, VaultFault, VaultMissing

pytestmark = pytest.mark.waits

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


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(str(tmp_path / "vault"))


def from_(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk"),
        (VaultFault("the vault is full", errno.EDQUOT), "disk"),
        (from_(RuntimeError("a broken run"), OSError(errno.ENOSPC, "No space left on device")), "disk"),
        (OSError(errno.EIO, "Input/output error"), None),
        (VaultMissing(BLOB), None),
        (Unsound("the file is empty"), None),
        (KeyError("main"), None),
    ],
    ids=str,
)
def test_no_room_is_an_outage_and_a_failure_of_one_job_is_none(
    vault: Vault, error: Exception, outage: str | None
) -> None:
    assert outage_of(error, vault) == outage


@pytest.mark.parametrize("error", [VaultMissing(BLOB), Unsound("there is no such file"), FileNotFoundError("gone")])
def test_a_vault_that_is_gone_is_an_outage_whatever_it_looks_like(vault: Vault, error: Exception) -> None:
    shutil.rmtree(Path(vault.url))
    assert outage_of(error, vault) == "vault"
