"""A request for trust: owner and external access of a store, shown to the user before they allow it."""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self
from uuid import uuid4

from domain.core.refusal import Clash, Refused
from flows.vault.regular_file import LinkFound
from orchestrator.store import config as settings
from orchestrator.store import trust
from orchestrator.store.config import Settings
from orchestrator.store.external_access import ExternalAccess
from orchestrator.store.permissions import doubts, tighten
from orchestrator.store.trust_refusals import trust_command


@dataclass(frozen=True, slots=True)
class TrustRequest:
    """The facts about a store that a user is shown before they trust it.

    Args:
        folder: the ``.takesheet`` folder.
        lines: facts, one a line, without secrets.
        trusted: True if the user trusts all of it already.
        becomes: values of ``config.toml`` that are changed when the store is trusted.
        config: the settings shown.
    """

    folder: Path
    lines: list[str]
    trusted: bool
    becomes: dict[str, str]
    config: Settings

    @classmethod
    def of(cls, folder: Path) -> Self:
        """Examine the store in *folder*; reads nothing but its settings, and changes nothing.

        Raises:
            LinkFound: ``store.link``; the folder or its settings are a symbolic link.
            Misused: ``store.config``.
        """
        if folder.is_symlink():
            raise LinkFound(folder)
        config = settings.load(folder)
        found = list(doubts(folder, (settings.CONFIG, settings.LOG, settings.VAULT)))
        becomes = _changes(config)
        lines = [*found, *ExternalAccess.of(config).lines()]
        if "vault" in becomes:
            lines.append(f"its vault is a link; config.toml will name the place itself: {becomes['vault']}")
        return cls(folder, lines or ["it starts nothing, and reaches nothing beyond its folder"],
                   not becomes and trust.trusted(config), becomes, config)  # fmt: skip

    def allow(self) -> str:
        """Trust the store; return a sentence if permissions were restricted, else an empty text.

        Raises:
            Clash: ``store.changed``; the settings have changed since they were shown, and are not trusted.
            OSError: the settings, or the user's configuration, cannot be written.
        """
        if self.becomes:
            settings.change(self.folder, **self.becomes)
        shown = replace(
            self.config,
            id=self.becomes.get("id", self.config.id),
            vault_address=self.becomes.get("vault", self.config.vault_address),
        )
        trust.record(shown)  # not the current file, which another process may have changed
        if not trust.trusted(settings.load(self.folder)):
            raise Clash(
                "store.changed",
                f"{self.folder / settings.CONFIG} was changed while you were asked: what it says now is not trusted",
                next=trust_command(self.folder),
            )
        return tighten(self.folder)


def _changes(config: Settings) -> dict[str, str]:
    """Return the values that ``config.toml`` needs to be trusted: an id, and the real path of a linked vault."""
    ours = config.folder.lstat().st_uid == os.geteuid()
    vault = Path(config.vault_address)
    linked = settings.is_inside(config.folder, config.vault_address) and vault.is_symlink()
    if linked and not ours:
        raise Refused(
            "store.link",
            f"{vault} is a symbolic link in a store of another account; its owner can let config.toml name the place",
            next=f"takesheet trust --store {config.folder.parent}, as its owner",
        )
    changes = {"vault": str(vault.resolve())} if linked else {}
    return changes if config.id or not ours else changes | {"id": str(uuid4())}
