"""Errors that pause the driver, and errors that end it."""

import errno
from pathlib import Path

import pytest

from domain.core.refusal import Misused
from flows.vault.vault_faults import VaultFault, VaultMissing
from orchestrator.driver.outage import Outage, outage_behind
from orchestrator.engine.embedded import EngineFault
from orchestrator.engine.prefect_server.server import ServerFault
from orchestrator.log.refusals import (
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreMoved,
    StoreNewer,
    StoreUncertain,
    StoreUnreachable,
)
from orchestrator.store.config import load
from tests.orchestrator.disks import mounted
from tests.orchestrator.label import Label


def after(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (StoreUnreachable("db", "no answer"), "database"),
        (StoreUncertain("db"), "database"),
        (StoreBusy("db"), "database"),
        (StoreFull("db", "no room"), "disk"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk"),
        (VaultFault("away", errno.ECONNREFUSED), "vault"),
        (EngineFault("Prefect broke off a run"), "prefect"),
        (ServerFault("it does not answer"), "prefect"),
        (after(EngineFault("Prefect broke off a run"), VaultFault("away", errno.ETIMEDOUT)), "vault"),
        (OSError(errno.EAGAIN, "no process can be made"), "prefect"),
        (Outage("vault", "away"), "vault"),
        (StoreDamaged("db", "no log"), None),
        (StoreMoved("db", "elsewhere"), None),
        (StoreNewer("newer"), None),
        (VaultMissing("ab" * 32), None),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), None),
        (PermissionError(errno.EACCES, "Permission denied"), None),
        (Misused("store.config", "vault"), None),
        (KeyError("a fault of the program"), None),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_outages_are_told_from_what_only_people_can_mend(label: Label, error: Exception, cause: str | None) -> None:
    found = outage_behind(error, load(label.folder / ".takesheet"))
    assert (found and found.cause) == cause


def test_a_server_that_fails_on_a_full_disk_is_an_outage_of_the_disk(label: Label, tmp_path: Path) -> None:
    config = label.folder / ".takesheet" / "config.toml"
    with mounted(tmp_path / "disk", 2) as small:
        if small is None:
            pytest.skip("this user may mount nothing")
        config.write_text(config.read_text().replace('vault = "vault"', f'vault = "{small.folder}"'))
        with small.full():
            found = outage_behind(EngineFault("database or disk is full"), load(config.parent))
    assert found is not None
    assert found.cause == "disk"
