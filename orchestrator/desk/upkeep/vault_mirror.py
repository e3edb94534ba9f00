"""Mirror: a second vault with everything in the store's vault, checked blob by blob."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from domain.core.refusal import Misused, Refused
from flows.vault.redaction import holds_secret
from flows.vault.vault import CHUNK_BYTES, Vault
from flows.vault.vault_faults import VaultCorrupt, VaultFault, VaultMissing

ANY_BLOB: Final = "0" * 64

Progress = Callable[[str], None]


@dataclass(slots=True)
class MirrorResult:
    """Counts and faults of one mirror run."""

    held: int = 0
    """Blobs that the mirror held already."""
    copied: int = 0
    copied_bytes: int = 0
    reports: int = 0
    """Reports that were copied."""
    faults: list[str] = field(default_factory=list)
    """Blobs that are missing or altered on either side, and reports that differ; none of them was accepted."""


def mirror_address(word: str) -> str:
    """The place of a mirror as typed: a folder, a URL, or ``-`` to read one from a line of standard input.

    Raises:
        Misused: ``store.secret``; *word* holds a password, or a parameter that may be one; the message repeats neither.
    """
    if word == "-":
        return sys.stdin.readline().strip()
    if holds_secret(word):
        raise Misused(
            "store.secret",
            "a password or key on a command line is seen by everybody on this machine; let the environment or the"
            " service's own configuration hold it, or give the whole URL as a line of standard input",
            next="takesheet vault mirror - < FILE",
        )
    return word


def mirror(
    here: Vault, there: Vault, *, check: bool = False, dry_run: bool = False, progress: Progress = lambda _: None
) -> MirrorResult:
    """Copy the blobs that the vault *there* lacks, then the reports.

    A blob gets its name only when it is whole, so that the next run continues after a killed one.  Each copy is read
    back and hashed.  Peaks are not copied: they are a cache, and are measured again on demand.

    Args:
        here: the vault that is copied; nothing in it is changed.
        there: the vault that is brought up to date; nothing is removed from it.
        check: also hash the blobs that *there* holds already, and replace damaged ones.
        dry_run: read and hash all that would be copied, and write nothing; the counts are those that would be.
        progress: called with a line for each blob that is copied.

    Raises:
        Refused: ``vault.mirror``; both are the same vault.
        VaultFault: one of the vaults cannot be read or written at all.
    """
    if _place(here) == _place(there):
        raise Refused("vault.mirror", f"{there.url} is the store's own vault", next="name another place")
    if not dry_run:
        there.sweep()
    done = MirrorResult()
    for blob in here.blobs():
        size = here.size(blob)
        if there.has(blob, size) and not (check and there.rehash(blob) != blob):
            done.held += 1
            continue
        try:
            _prove(here, blob) if dry_run else _copy(here, there, blob)
        except (VaultMissing, VaultCorrupt) as fault:
            done.faults.append(fault.reason)
            continue
        done.copied += 1
        done.copied_bytes += size
        progress(f"{blob[:12]} · {size:,} bytes")
    for key in here.reports():
        _report(here, there, key, done, dry_run=dry_run)
    return done


def _place(vault: Vault) -> str:
    address = vault.address(ANY_BLOB)
    return str(Path(unquote(urlsplit(address).path)).resolve()) if address.startswith("file:") else address


def _prove(here: Vault, blob: str) -> None:
    if (found := here.rehash(blob)) != blob:
        raise VaultCorrupt(blob, found)


def _copy(here: Vault, there: Vault, blob: str) -> None:
    digest = sha256()
    with there.scratch() as room:
        copy = room / "copy"
        with here.stream(blob) as original, copy.open("wb") as into:
            while chunk := original.read(CHUNK_BYTES):
                digest.update(chunk)
                into.write(chunk)
        if digest.hexdigest() != blob:
            raise VaultCorrupt(blob, digest.hexdigest())
        there.publish(copy)
    found = there.rehash(blob)
    if found != blob:
        raise VaultFault(
            f"blob {blob} did not arrive as it was sent: {there.url} gives bytes that hash to {found[:12]}"
        )


def _report(here: Vault, there: Vault, key: str, done: MirrorResult, *, dry_run: bool) -> None:
    data = here.report(key)
    if data is None:
        return
    standing = there.report(key)
    if standing is None:
        if not dry_run:
            there.publish_report(key, data)
        standing, done.reports = data if dry_run else there.report(key), done.reports + 1
    if standing != data:
        done.faults.append(f"report {key} reads otherwise at {there.url}; there, too, the first one stands")
