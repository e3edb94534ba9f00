"""Prefect's home: one folder a store, in the user's cache, and the only configuration of Prefect in our processes.

Prefect takes settings from its environment, from files of its home, from ``~/.prefect`` and from files of the folder in
which it is imported; some of them name programs to run.  A store or any working folder can hold such files, so neither
is ever Prefect's home nor its working folder.  A store of release 0.1.0 has a ``.takesheet/prefect``, which is never
read.
"""

import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from typing import Final

from domain.core.refusal import Refusal
from flows.vault.file_lock import try_lock
from flows.vault.regular_file import open_regular, read_regular
from flows.vault.vault import user_cache
from orchestrator.engine.prefect_server.fault import ServerFault

PRIVATE: Final = 0o700
FACTS: Final = "server.json"
STORE: Final = "store"
"""A file that names the store of a home, so that the homes of deleted stores can be swept."""
LARGEST_FACTS: Final = 64 * 1024
CONFIGURATION: Final = ("logging.yml", "profiles.toml", "prefect.toml", "pyproject.toml", ".env", ".prefect")
"""Names under which Prefect takes settings from its home or from its working folder."""
LOCAL: Final = ("127.0.0.1", "localhost", "::1")


def home_of(store: Path) -> Path:
    """Return Prefect's home of the store whose ``.takesheet`` folder is *store*; nothing is created.

    Raises:
        ServerFault: this user has no cache folder.
    """
    name = sha256(os.fsencode(store.resolve())).hexdigest()[:16]
    try:
        return user_cache().absolute() / "prefect" / name
    except RuntimeError as error:
        raise ServerFault(f"Prefect needs a cache folder of this user: {error}; name one in XDG_CACHE_HOME") from None


def prepare(home: Path, store: Path | None = None) -> None:
    """Make *home* a folder that only this user can enter, without any file that would configure Prefect.

    Args:
        home: see :func:`home_of`.
        store: the ``.takesheet`` folder to which it belongs; None if it belongs to no store.

    Raises:
        ServerFault: it is a link or another user's, or cannot be created.
    """
    try:
        _make_private(home)
        for name in CONFIGURATION:
            remove(home / name)
        if store is not None:
            _note_store(home, store)
            _sweep(home)
    except OSError as error:
        raise ServerFault(f"Prefect's folder {home} cannot be used: {error.strerror or error}") from None


def environment(home: Path, given: Mapping[str, str]) -> dict[str, str]:
    """Return *given* with Prefect confined to *home*: without the user's Prefect settings, and with telemetry off."""
    kept = {name: value for name, value in given.items() if not name.startswith("PREFECT_")}
    return kept | {
        "DO_NOT_TRACK": "1",
        "NO_PROXY": _without_proxy(kept.get("NO_PROXY", "")),
        "no_proxy": _without_proxy(kept.get("no_proxy", "")),
        "PREFECT_HOME": str(home),
        "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
        "PREFECT_LOGGING_SETTINGS_PATH": str(home / "logging.yml"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    }


@contextmanager
def isolated(home: Path, **settings: str) -> Iterator[None]:
    """Context in which Prefect reads its settings from *home* and *settings* alone.

    Prefect reads them when it is imported and whenever some are overridden.  The environment and the working folder are
    restored when the block ends, even if the working folder was deleted in the meantime.

    Args:
        home: working folder inside the block.
        settings: further environment variables.
    """
    here = os.open(".", getattr(os, "O_PATH", os.O_RDONLY) | os.O_CLOEXEC)
    try:
        with isolated_environment(home, **settings):
            os.chdir(home)
            yield
    finally:
        with suppress(OSError):  # macOS cannot enter a deleted folder again
            os.fchdir(here)
        os.close(here)


@contextmanager
def isolated_environment(home: Path, **settings: str) -> Iterator[None]:
    """Isolate the environment alone, without the working folder (:func:`isolated`), while flows run."""
    before = dict(os.environ)
    wanted = environment(home, before) | settings
    changed = {name for name in before.keys() | wanted.keys() if before.get(name) != wanted.get(name)}
    try:
        _set_environment(changed, wanted)
        yield
    finally:
        _set_environment(changed, before)


def read_facts(home: Path) -> dict[str, object]:
    """Return port and process identity of the server of *home*; empty if the file is missing or unreadable.

    The file alone proves nothing; :mod:`orchestrator.engine.process_identity` checks its content.
    """
    try:
        facts = json.loads(read_regular(home / FACTS, at_most=LARGEST_FACTS))
    except (OSError, Refusal, ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}


def remove(path: Path) -> None:
    """Remove a file, a link or a whole folder; the target of a link is left alone."""
    if path.is_dir() and not path.is_symlink():
        rmtree(path)
    else:
        path.unlink(missing_ok=True)


def private_folder(path: Path) -> Path:
    """Return *path*, created if missing, as a folder that belongs to this user and that nobody else can enter.

    Raises:
        OSError: it is a link, another user's, or cannot be created.
    """
    path.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise OSError(f"{path} is a link or belongs to another user; remove it")
    if stat.S_IMODE(found.st_mode) & 0o077:
        path.chmod(PRIVATE)
    return path


def _make_private(home: Path) -> None:
    if not home.is_symlink() and home.exists() and not home.is_dir():
        home.unlink()  # a file in the place of the folder holds nothing of value
    private_folder(home.parent)
    private_folder(home)


def _without_proxy(hosts: str) -> str:
    return ",".join(dict.fromkeys([*filter(None, hosts.split(",")), *LOCAL]))


def _set_environment(names: Iterable[str], values: Mapping[str, str]) -> None:
    for name in names:
        if name in values:
            os.environ[name] = values[name]
        else:
            os.environ.pop(name, None)


def _note_store(home: Path, store: Path) -> None:
    handle = open_regular(home / STORE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    with os.fdopen(handle, "wb") as file:
        file.write(os.fsencode(store.resolve()))


def _sweep(home: Path) -> None:
    """Remove the homes of deleted stores: everything in them can be recreated."""
    for other in home.parent.iterdir():
        if other != home and not other.is_symlink():
            with suppress(OSError, Refusal, ValueError):
                store = Path(os.fsdecode(read_regular(other / STORE, at_most=LARGEST_FACTS)))
                if store.is_absolute() and not store.exists() and _is_idle(other):
                    rmtree(other)


def _is_idle(home: Path) -> bool:
    try:
        handle = open_regular(home / FACTS)
    except FileNotFoundError:
        return True
    try:
        return try_lock(handle)
    finally:
        os.close(handle)
