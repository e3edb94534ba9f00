"""External access of a store: the programs that its ``config.toml`` names, and the places outside its folder."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Self

from flows.vault.redaction import redacted
from orchestrator.log.database.url import DatabaseUrl
from orchestrator.store.config import Settings, is_inside


@dataclass(frozen=True, slots=True)
class ExternalAccess:
    """The programs and outside places that settings name; a text is empty for a place within the folder.

    Args:
        player: the command that plays audio.
        plugins: absolute paths by name, including paths within the store's folder, since plug-ins are programs.
        log: URL of a database, or a file outside the folder.
        vault: URL, or a folder outside.
    """

    player: str = ""
    plugins: Mapping[str, str] = field(default_factory=dict)
    log: str = ""
    vault: str = ""

    @classmethod
    def of(cls, config: Settings) -> Self:
        """Return the external access that *config* asks for."""
        log = config.log.whole if isinstance(config.log, DatabaseUrl) else str(config.log)
        return cls(
            player=config.player,
            plugins={name: _real(config, path) for name, path in sorted(config.plugins.items())},
            log="" if is_inside(config.folder, log) else _real(config, log),
            vault="" if is_inside(config.folder, config.vault_address) else _real(config, config.vault_address),
        )

    def __bool__(self) -> bool:
        return bool(self.player or self.plugins or self.log or self.vault)

    def digest(self) -> str:
        """Return the SHA-256 of all programs and places, hexadecimal."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def names(self) -> Iterator[str]:
        """Yield the names of the settings that name a program or an outside place."""
        yield from (name for name, value in asdict(self).items() if value)

    def lines(self) -> Iterator[str]:
        """Yield one line for each program and place, without secrets."""
        if self.player:
            yield f"starts, to play: {_shown(self.player)}"
        for name, path in self.plugins.items():
            yield f"loads, as plug-in {_shown(name)}: {_shown(path)}"
        if self.log:
            yield f"reads and writes its log at: {_shown(redacted(self.log))}"
        if self.vault:
            yield f"reads and writes its vault at: {_shown(redacted(self.vault))}"


def _real(config: Settings, text: str) -> str:
    """Return *text*, a URL or a path, with the store's folder replaced by its real path.

    The rest of a path is not normalised, because ``link/../x`` may be another file than ``x``.
    """
    folder = str(config.folder)
    return f"{config.folder.resolve()}{text[len(folder) :]}" if text.startswith(f"{folder}{os.sep}") else text


def _shown(text: str) -> str:
    """Return *text* as one line, with control characters and line ends escaped."""
    return text if text.isprintable() else repr(text)
