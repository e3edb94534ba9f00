"""The way out of every error: what a user is told of one that no command expected, and the code it leaves with."""

import errno
import json

import pytest

from dsp.audio import Unsound
from flows.vault.vault_faults import VaultCorrupt, VaultFault, VaultMissing
from orchestrator.cli.main import _fault
from orchestrator.engine.embedded import EngineFault
from orchestrator.engine.prefect_server.api import Unanswered
from orchestrator.engine.prefect_server.fault import ServerFault


@pytest.mark.parametrize(
    ("error", "code", "rule"),
    [
        (Unsound("it is empty"), 3, "audio.unsound"),
        (VaultFault("the vault cannot be read"), 3, "vault"),
        (VaultFault("the vault cannot be opened", errno.ENOENT), 4, "vault"),
        (VaultFault("the vault cannot be opened", errno.ENOTDIR), 3, "vault"),
        (VaultFault("the vault cannot be read", errno.EIO), 3, "vault"),
        (VaultMissing("ab" * 32), 9, "vault"),
        (VaultCorrupt("ab" * 32, "cd" * 32), 9, "vault"),
        (EngineFault("the flows cannot be run"), 1, "engine"),
        (ServerFault("the server does not start"), 1, "engine"),
        (Unanswered("the server does not answer"), 1, "engine"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_error_of_sound_a_vault_or_the_engine_is_told_under_the_rule_of_its_family(
    capsys: pytest.CaptureFixture[str], error: Exception, code: int, rule: str
) -> None:
    assert _fault(error, as_json=True) == code
    told = json.loads(capsys.readouterr().out)
    assert (told["rule"], told["detail"]) == (rule, str(error))
    assert told["next"]
    assert not told["next"].endswith("--help")


class LibraryError(Exception):
    """A library's own."""


def test_an_error_of_a_library_that_has_the_name_of_one_of_ours_is_a_fault(capsys: pytest.CaptureFixture[str]) -> None:
    library = type("VaultFault", (LibraryError,), {})
    assert _fault(library("no"), as_json=True) == 1
    assert json.loads(capsys.readouterr().out)["rule"] == "fault"
