"""Trust in a store: recorded in the user's own configuration, never in the store, and checked before any use.

A store that this user made or trusted may start a player and plug-ins and use a log and a vault outside its folder.
Other stores of this user work without these; a store that another account owns or that everybody may write to is
refused. Trust is valid for one store (its id), at one path, with its current settings; a change of any of them ends it.
"""

import json
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import uuid4

from domain.core.refusal import Misused, Refused
from flows.vault.permissions import create_private
from flows.vault.regular_file import LinkFound, read_regular, refuse_links
from orchestrator.store import config as settings
from orchestrator.store.config import Settings
from orchestrator.store.external_access import ExternalAccess
from orchestrator.store.permissions import doubts, tighten
from orchestrator.store.trust_refusals import Untrusted, trust_command

LONGEST: Final = 65_536
"""Largest size of a record of trust, in bytes."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class TrustRecord:
    """One file of the user's configuration, which records trust in one store.

    Args:
        id: the store's id; empty if the store has none and cannot be given one.
        path: the real path of its ``.takesheet`` folder.
        reach: SHA-256 of the external access that its settings ask for.
    """

    id: str
    path: str
    reach: str


def admit(folder: Path, say: Say = lambda _: None, *, tightens: bool = True) -> Settings:
    """Return the settings of the store in *folder*, without untrusted ones; starts no program and opens no connection.

    Args:
        folder: the ``.takesheet`` folder.
        say: callback for a line if permissions were restricted.
        tightens: restrict the permissions of a store that is open to other accounts; else nothing is written.

    Raises:
        Untrusted: ``store.trust``; another account owns it, everybody may write it, or its log is outside, and
            this user has not trusted it, or its settings have changed since.
        LinkFound: ``store.link``; the folder, or a place within it that it names, is a symbolic link.
        Misused: ``store.config``.
    """
    if folder.is_symlink():
        raise LinkFound(folder)
    found = list(doubts(folder, (settings.CONFIG, settings.LOG, settings.VAULT)))
    if found and _recorded(folder) is None:
        raise Untrusted(folder, found)
    config = settings.load(folder)
    found = list(doubts(folder, (settings.CONFIG, settings.LOG, settings.VAULT, *_inside(config))))
    config = _limited(config, found)
    _refuse_linked_places(config)
    if tightens and (sentence := tighten(folder)):
        say(sentence)
    return config


def trusted(config: Settings) -> bool:
    """True if this user trusts the store with its current settings."""
    return _recorded(config.folder) == _record_of(config)


def record(config: Settings) -> None:
    """Record trust in the store with its current settings.  Raises: OSError; the configuration cannot be written."""
    file = _file(config.folder)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.parent.chmod(0o700)
    draft = file.with_name(f"{file.stem}-{uuid4().hex}.new")
    try:
        with create_private(draft) as out:
            out.write(json.dumps(asdict(_record_of(config)), indent=1).encode() + b"\n")
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def forget(folder: Path) -> bool:
    """Delete the record of trust in the store in *folder*; return False if there was none."""
    file = _file(folder)
    known = file.exists()
    file.unlink(missing_ok=True)
    return known


def records() -> Iterator[TrustRecord]:
    """Yield a record for each store that this user trusts."""
    for file in sorted(_home().glob("*.json")):
        if (found := _read(file)) is not None:
            yield found


def _limited(config: Settings, found: list[str]) -> Settings:
    """Return *config* without untrusted settings, given the doubts *found* about permissions.  Raises: Untrusted."""
    reach = ExternalAccess.of(config)
    if (not found and not reach) or trusted(config):
        return config
    if found:
        known = _recorded(config.folder) is not None
        raise Untrusted(config.folder, ["its settings have changed since you trusted it", *found] if known else found)
    if reach.log:
        raise Untrusted(config.folder, [f"its log lies elsewhere: {config.log}"])
    return replace(config, player="", plugins={}, withheld=frozenset(reach.names()))


def _refuse_linked_places(config: Settings) -> None:
    for name in _inside(config):
        path = config.folder / name
        try:
            refuse_links(path, config.folder)
        except LinkFound as found:
            if str(path) != config.vault_address or found.path != path:
                raise
            raise Refused(
                "store.link",
                f"{path} is a symbolic link; links in a store are not followed, but config.toml can name that place",
                next=trust_command(config.folder),
            ) from None


def _inside(config: Settings) -> list[str]:
    """Return the log and vault of config.toml that are within the folder, relative to it."""
    places = [str(config.log), config.vault_address]
    return [os.path.relpath(place, config.folder) for place in places if settings.is_inside(config.folder, place)]


def _record_of(config: Settings) -> TrustRecord:
    return TrustRecord(config.id, str(config.folder.resolve()), ExternalAccess.of(config).digest())


def _recorded(folder: Path) -> TrustRecord | None:
    return _read(_file(folder))


def _read(file: Path) -> TrustRecord | None:
    """Return a record of trust; None if there is none, or if another account could have written it."""
    with suppress(OSError, Refused, ValueError, TypeError, KeyError):
        found = file.lstat()
        if found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            given = json.loads(read_regular(file, at_most=LONGEST))
            return TrustRecord(str(given["id"]), str(given["path"]), str(given["reach"]))
    return None


def _file(folder: Path) -> Path:
    return _home() / f"{sha256(os.fsencode(folder.resolve())).hexdigest()[:32]}.json"


def _home() -> Path:
    from platformdirs import user_config_path

    home = user_config_path("takesheet", appauthor=False)
    if not home.is_absolute():
        raise Misused("config.home", f"XDG_CONFIG_HOME is no absolute path: {home}", next="unset XDG_CONFIG_HOME")
    return home / "trust"
