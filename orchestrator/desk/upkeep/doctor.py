"""The doctor: checks of the programs, log, vault, disk and server that a store depends on.

Tests: ``tests/orchestrator/cli/commands/store/test_doctor.py``.
"""

import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from domain.core.refusal import Refusal
from flows.vault.redaction import redacted
from flows.vault.vault import vault_at
from flows.vault.vault_faults import VaultFault
from orchestrator.log.database.url import DatabaseUrl
from orchestrator.log.sqlite import library
from orchestrator.log.sqlite.filesystem import mount_of
from orchestrator.log.store import Log
from orchestrator.store.config import Settings
from orchestrator.store.trust_refusals import trust_command
from orchestrator.studio import Studio

ROOM: Final = 1 << 30
"""Bytes of disk space that a night's renders may need."""

PINS: Final = {"prefect": ("3.8", "3.9"), "fastapi": ("0.139", "0.151"), "sqlalchemy": ("2.0", "2.1")}
"""First version that is allowed and first that is not, as in ``pyproject.toml``: others break the nightly."""

SETTINGS: Final = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "server_encoding": "UTF8"}
"""Settings a PostgreSQL server must have so that committed data survives a power cut, and every text can be stored."""


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """One check and its result."""

    what: str
    found: str
    well: bool = True
    note: str = ""


def examine(studio: Studio) -> list[DoctorFinding]:
    """Check everything that a store needs; nothing is changed."""
    return [
        *_programs(), *_trust(studio.config), *_log(studio.log), *_vault(studio.config), *_room(studio),
        *_prefect(studio.config.folder),
    ]  # fmt: skip


def _trust(config: Settings) -> Iterator[DoctorFinding]:
    withheld = ", ".join(sorted(config.withheld))
    note = f"not used before: {trust_command(config.folder)}" if withheld else ""
    yield DoctorFinding(
        "trust", f"without {withheld}" if withheld else "everything that it names is allowed", note=note
    )


def _programs() -> Iterator[DoctorFinding]:
    from packaging.specifiers import SpecifierSet

    yield DoctorFinding("takesheet", version("takesheet"))
    yield DoctorFinding("python", ".".join(map(str, sys.version_info[:3])))
    for package, (first, below) in PINS.items():
        try:
            found = version(package)
        except PackageNotFoundError:
            yield DoctorFinding(package, "missing", well=False, note="make it a whole installation again")
            continue
        fits = SpecifierSet(f">={first},<{below}").contains(found, prereleases=True)
        wanted = f"from {first} and below {below}"
        yield DoctorFinding(package, found, well=fits, note="" if fits else f"must be {wanted}")


def _log(log: Log) -> Iterator[DoctorFinding]:
    yield DoctorFinding("log", log.database.location)
    drift = log.drift()
    if drift is None:
        yield DoctorFinding("clock", "agrees with the log")
    else:
        note = "set it, or leave a wrong one out: takesheet log doubt FROM TO --why"
        yield DoctorFinding("clock", f"{drift} the last event", well=False, note=note)
    with log.database.translated_errors(), closing(log.database.connect()) as connection:
        missing = list(log.database.guards_missing(connection))
        yield DoctorFinding("guards", f"{len(missing)} missing" if missing else "in place", well=not missing,
                    note=", ".join(missing))  # fmt: skip
        unexpected = list(log.database.unexpected_objects(connection))
        yield DoctorFinding("strangers", f"{len(unexpected)}" if unexpected else "none", well=not unexpected,
                    note="; ".join(unexpected))  # fmt: skip
        if isinstance(log.place, DatabaseUrl):
            yield DoctorFinding(
                "postgresql", connection.execute("SELECT current_setting('server_version')").fetchone()[0]
            )
            for name, wanted in SETTINGS.items():
                (found,) = connection.execute("SELECT current_setting(?)", (name,)).fetchone()
                yield DoctorFinding(
                    name, found, well=found == wanted, note="" if found == wanted else f"must be {wanted}"
                )
            return
        number = library.version()
        yield DoctorFinding("sqlite", ".".join(map(str, number)), note=library.known(number))
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        yield DoctorFinding("journal", mode, well=mode == "wal", note="" if mode == "wal" else "must be wal")
    yield _file_system(log.place)


def _file_system(path: Path) -> DoctorFinding:
    mount = mount_of(path)
    if mount is None:
        return DoctorFinding("file system", "not reported by this system")
    note = "other machines write here too: takesheet store move postgresql+psycopg://…" if mount.is_network else ""
    return DoctorFinding("file system", f"{mount.type} ({mount.folder})", well=not mount.is_network, note=note)


def _vault(config: Settings) -> Iterator[DoctorFinding]:
    url = redacted(config.vault_address)
    try:
        reached = vault_at(config.vault).has("0" * 64) is False
        yield DoctorFinding("vault", url, well=reached)
    except (VaultFault, OSError, Refusal) as error:
        yield DoctorFinding("vault", url, well=False, note=str(error))


def _room(studio: Studio) -> Iterator[DoctorFinding]:
    places = {"store": studio.config.folder} | (
        {} if "://" in studio.config.vault_address else {"vault": Path(studio.config.vault_address)}
    )
    for name, folder in places.items():
        if folder.exists():
            free = shutil.disk_usage(folder).free
            enough = free >= ROOM
            yield DoctorFinding(f"disk space of the {name}", f"{free / (1 << 30):.1f} GiB free", well=enough,
                        note="" if enough else "less than a night may need")  # fmt: skip


def _prefect(store: Path) -> Iterator[DoctorFinding]:
    from orchestrator.engine.prefect_server.condition import conditions

    for what, found, fault in conditions(store):
        yield DoctorFinding(what, found, well=not fault, note=fault)
