"""The reach of a store: all that its ``config.toml`` may start, or reach beyond its own folder."""

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
class Reach:
    """What settings may start or reach; empty texts where it is nothing beyond the store's folder.

    Args:
        player: the command that plays.
        plugins: absolute paths by name; one in the store's own folder is a program too.
        log: the address of a database, or a file outside the folder.
        vault: a URL, or a folder outside.
    """

    player: str = ""
    plugins: Mapping[str, str] = field(default_factory=dict)
    log: str = ""
    vault: str = ""

    @classmethod
    def of(cls, config: Settings) -> Self:
        """The reach of the settings that stand in ``config.toml``."""
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
        """SHA-256 of all of it, as hexadecimal."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def names(self) -> Iterator[str]:
        """The settings that start or reach something."""
        yield from (name for name, value in asdict(self).items() if value)

    def lines(self) -> Iterator[str]:
        """One line for each thing it starts or reaches, without secrets."""
        if self.player:
            yield f"starts, to play: {_shown(self.player)}"
        for name, path in self.plugins.items():
            yield f"loads, as plug-in {_shown(name)}: {_shown(path)}"
        if self.log:
            yield f"reads and writes its log at: {_shown(redacted(self.log))}"
        if self.vault:
            yield f"reads and writes its vault at: {_shown(redacted(self.vault))}"


def _real(config: Settings, text: str) -> str:
    """*text*, a URL or a path, by the real path of the store's folder.

    Nothing of a path is resolved by its letters: ``link/../x`` is another file than ``x``, and must not pass for it.
    """
    folder = str(config.folder)
    return f"{config.folder.resolve()}{text[len(folder) :]}" if text.startswith(f"{folder}{os.sep}") else text


def _shown(text: str) -> str:
    """*text* as one line of a terminal, with what could steer it or end the line spelled out."""
    return text if text.isprintable() else repr(text)
