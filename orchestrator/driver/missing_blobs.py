"""Blobs that the log names and the vault does not have.

Tests: ``tests/orchestrator/driver/test_record_selection.py``.
"""

from flows.vault.vault import Vault


class MissingBlobs:
    """Set-like view of the blobs that are missing from the vault; each blob is looked up once."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._known: dict[str, bool] = {}

    def __contains__(self, blob: object) -> bool:
        name = str(blob)
        if name not in self._known:
            self._known[name] = not self._vault.has(name)
        return self._known[name]
