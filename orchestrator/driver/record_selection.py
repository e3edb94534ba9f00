"""Selection of the records that the driver has to look at, without reading the others.

The rules are in :mod:`domain.status.due_renders`; the number of due renders of each record is in a read model.
"""

from collections.abc import Container

from flows.vault.vault import vault_at
from orchestrator.driver.missing_blobs import MissingBlobs
from orchestrator.readmodels import due_renders
from orchestrator.readmodels.compiled import DueRenderRow
from orchestrator.readmodels.due_renders import DUE_RENDERS
from orchestrator.studio import Studio


def select_records(studio: Studio, *, retry: bool) -> list[str]:
    """Return the records with due renders, failed jobs to *retry* or audio missing from the vault, oldest record first.

    Raises:
        VaultFault: the vault cannot be reached.
    """
    missing = MissingBlobs(vault_at(studio.config.vault))
    rows = studio.asked(due_renders.rows, DUE_RENDERS)
    return [row.record for row in rows if row.due or (retry and row.failed) or _lost(row, missing)]


def _lost(row: DueRenderRow, missing: Container[str]) -> bool:
    return any(blob in missing for blob in row.outputs.split())
