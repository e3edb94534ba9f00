"""Backup of a store into one file, and restore from such a file."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final
from uuid import uuid4

from domain.core.refusal import FreeText, Misused, NotFound, suggest
from domain.render.jobs import Rendered
from domain.status.events.event_types import KINDS
from flows.vault.redaction import redacted, redacted_text
from flows.vault.regular_file import LinkFound
from flows.vault.vault import Vault
from flows.vault.vault_faults import VaultFault
from orchestrator.desk.upkeep.archive import (
    BackupContents,
    BackupDamaged,
    Packer,
    check,
    measuring,
    packing,
    unpack,
)
from orchestrator.desk.upkeep.later_erasures import erase_again
from orchestrator.log.backup import copy_log, proved, settle
from orchestrator.log.proof.identity import identity_and_head
from orchestrator.log.sqlite.filesystem import refuse_network
from orchestrator.log.store import Log
from orchestrator.new_file import new_file, rehearsed
from orchestrator.store import config as settings
from orchestrator.store import trust
from orchestrator.studio import Studio

VAULT: Final = "vault"
_MADE_OF: Final = f"{settings.FOLDER}/{{}}"

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """A store restored from a backup."""

    folder: Path
    contents: BackupContents
    config: settings.Settings
    player: str
    """The backup's command for ``play``, which is left out: the user who restores decides what is run."""
    plugins: tuple[str, ...]
    """Names of the backup's plug-ins, left out for the same reason."""
    erased: int
    """Texts that the backup holds, and that were erased after it was made."""


def back_up(studio: Studio, file: Path, *, audio: bool, progress: Progress = lambda _: None) -> BackupContents:
    """Write the log, the settings and, with *audio*, all audio and reports that the log names into a new *file*.

    Others may append meanwhile, because the log is copied first.  The copy is verified, every blob hashed, and the
    archive read back before the file gets its name.  Missing or altered audio is left out and listed in ``lacks``.

    Raises:
        StoreDamaged: verification of the log fails.
        BackupDamaged: the archive does not read back.
        Refused, NotFound: *file* cannot be made, see :func:`orchestrator.new_file.new_file`.
    """
    with new_file(file) as draft:
        copy = draft.with_name(f"{settings.LOG}.copy")
        copy_log(studio.log, copy)
        progress("the log is copied; proving the copy")
        proved(copy, KINDS)
        with packing(draft) as packer:
            _pack_log(studio, packer, copy, audio=audio)
            lacks = tuple(_pack_audio(studio, packer, copy, progress)) if audio else ()
            packer.close(_contents(copy, audio=audio, lacks=lacks, packer=packer))
        copy.unlink()
        progress("reading it back")
        return check(draft)


def measure_backup(
    studio: Studio, file: Path, *, audio: bool, progress: Progress = lambda _: None
) -> tuple[BackupContents, int]:
    """Return what :func:`back_up` would write into *file*, and its size in bytes; write nothing there.

    A copy of the log lies in this machine's temporary files meanwhile.  Raises: as ``back_up``.
    """
    with rehearsed(file) as draft:
        copy = draft.with_name(f"{settings.LOG}.copy")
        copy_log(studio.log, copy)
        proved(copy, KINDS)
        with measuring() as packer:
            _pack_log(studio, packer, copy, audio=audio)
            lacks = tuple(_pack_audio(studio, packer, copy, progress)) if audio else ()
            contents = _contents(copy, audio=audio, lacks=lacks, packer=packer)
            packer.close(contents)
            return contents, packer.size


def restore(file: Path, folder: Path, *, erased_in: Path | None = None, dry_run: bool = False) -> RestoreResult:
    """Make a store in *folder* from a backup.  The store appears whole and verified, or not at all.

    Args:
        file: the backup.
        folder: the folder that will contain the store.
        erased_in: an export of the same log, made later; what was erased until then is erased from the store, too.
        dry_run: unpack and prove the backup in this machine's temporary files, and make nothing in *folder*.

    Raises:
        BackupDamaged: *file* is not a backup, was cut or changed.
        StoreDamaged: verification of the log in the backup fails.
        Refused: ``file.exists``, there is a store already; ``store.network``.
        LinkFound: the store's place is a link.
        NotFound: ``backup.missing``; ``export.missing``.
        Misused: ``export.other``; *erased_in* is no later export of this log.
    """
    if (folder / settings.FOLDER).is_symlink():
        raise LinkFound(folder / settings.FOLDER)
    if not file.is_file():
        raise NotFound("backup.missing", f"no backup at {file}", next=suggest("store backup", FreeText(str(file))))
    refuse_network(folder)
    if dry_run:
        return _rehearse(file, folder, erased_in)
    fresh = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with new_file(folder / settings.FOLDER) as draft:
            contents, erased, was = _fill(file, draft, erased_in)
    except BaseException:
        if fresh:
            with suppress(OSError):
                folder.rmdir()
        raise
    config = settings.load(folder / settings.FOLDER)
    if settings.is_inside(config.folder, config.vault_address):
        with suppress(OSError):  # a backup may come from anybody: trust in a vault elsewhere is asked for later
            trust.record(config)
    return RestoreResult(folder / settings.FOLDER, contents, config, was.player, tuple(was.plugins), erased)


def _rehearse(file: Path, folder: Path, erased_in: Path | None) -> RestoreResult:
    above = next(place for place in (folder, *folder.absolute().parents) if os.path.lexists(place))
    if not above.is_dir():  # as making the folder would fail
        number = errno.EEXIST if above == folder else errno.ENOTDIR
        raise OSError(number, os.strerror(number), str(folder))
    with rehearsed(above / settings.FOLDER if above == folder else above / uuid4().hex) as room:
        draft = room.with_name(settings.FOLDER)
        contents, erased, was = _fill(file, draft, erased_in)
        config = settings.load(draft)
    return RestoreResult(folder / settings.FOLDER, contents, config, was.player, tuple(was.plugins), erased)


def _fill(file: Path, draft: Path, erased_in: Path | None) -> tuple[BackupContents, int, settings.Settings]:
    contents = unpack(file, draft.parent)
    _prove(file, draft, contents)
    erased = _erase_again(draft / settings.LOG, contents, erased_in)
    return contents, erased, _settle_config(file, draft, contents)


def _pack_log(studio: Studio, packer: Packer, copy: Path, *, audio: bool) -> None:
    text = redacted_text(settings.text_of(studio.config.folder))
    vault = VAULT if audio else redacted(_from_anywhere(studio.config.vault_address))
    config = settings.with_values(text, log=settings.LOG, vault=vault).encode()
    packer.add(_MADE_OF.format(settings.CONFIG), BytesIO(config), len(config))
    with copy.open("rb") as data:
        packer.add(_MADE_OF.format(settings.LOG), data, copy.stat().st_size)


def _pack_audio(studio: Studio, packer: Packer, copy: Path, progress: Progress) -> Iterator[str]:
    """Pack the blobs and reports that the log names, by hash; yield the address and fault of each blob left out."""
    blobs, reports, vault = *_named(copy), Vault(studio.config.vault)
    progress(f"{len(blobs):,} blobs of {sum(size or 0 for _, size in blobs.values()):,} bytes")
    for blob, (owner, size) in sorted(blobs.items()):
        fault = _pack_blob(vault, packer, blob, size)
        if fault:
            yield f"{owner}: {fault}"
    for key in sorted(reports):
        data = vault.report(key)
        if data is not None:  # the log holds every report too
            packer.add(_MADE_OF.format(f"{VAULT}/reports/{key[:2]}/{key}.json"), BytesIO(data), len(data))


def _pack_blob(vault: Vault, packer: Packer, blob: str, size: int | None) -> str:
    name = _MADE_OF.format(f"{VAULT}/blobs/{blob[:2]}/{blob[2:]}")
    try:
        found = vault.size(blob)
        if size not in {None, found}:
            return f"blob {blob[:12]} has {found} bytes, not {size}"
        with vault.stream(blob) as data:
            whole = packer.add(name, data, found, expected=blob)
    except VaultFault as fault:
        return fault.reason
    return "" if whole else f"blob {blob[:12]} is altered"


def _named(copy: Path) -> tuple[dict[str, tuple[str, int | None]], set[str]]:
    """Each blob with the first address that refers to it and its size; and the keys of the reports."""
    blobs: dict[str, tuple[str, int | None]] = {}
    reports: set[str] = set()
    with Log.open(copy, kinds=KINDS, readonly=True) as log:
        for recorded in log.read_all():
            for held in recorded.event.blobs():
                blobs.setdefault(held.blob, (held.address, held.size))
            if isinstance(recorded.event, Rendered):
                reports.add(recorded.event.report.key)
    return blobs, reports


def _contents(copy: Path, *, audio: bool, lacks: tuple[str, ...], packer: Packer) -> BackupContents:
    with Log.open(copy, kinds=KINDS, readonly=True) as log, closing(log.database.connect()) as connection:
        stand = identity_and_head(connection)
    assert stand is not None, "a log that was proved has one head"
    identity, head = stand
    return BackupContents(identity.hex, head.position, head.hash.hex(), audio, lacks, packer.files)


def _prove(file: Path, store: Path, contents: BackupContents) -> None:
    copy = store / settings.LOG
    if not copy.is_file() or not (store / settings.CONFIG).is_file():
        raise BackupDamaged(file, f"it holds no {settings.LOG}, or no {settings.CONFIG}")
    head = proved(copy, KINDS).head
    if (head.position, head.hash.hex()) != (contents.position, contents.hash):
        raise BackupDamaged(file, f"its log ends at {head.position}, and it says {contents.position}, or another hash")
    settle(copy)
    for blob in (store / VAULT / "blobs").glob("*/*"):
        name = f"{settings.FOLDER}/{VAULT}/blobs/{blob.parent.name}/{blob.name}"
        if contents.files[name][1] != blob.parent.name + blob.name:
            raise BackupDamaged(file, f"{name} is not the audio of its name")


def _erase_again(copy: Path, contents: BackupContents, export: Path | None) -> int:
    if export is None:
        return 0
    erased = erase_again(copy, export, position=contents.position, hash_=contents.hash)
    settle(copy)
    return erased


def _settle_config(file: Path, store: Path, contents: BackupContents) -> settings.Settings:
    """Point the settings at the restored store and remove programs from them; return the settings as backed up."""
    try:
        config = settings.load(store)
        vault = VAULT if contents.audio else _from_anywhere(config.vault_address)
        fresh = str(uuid4())  # another store, whose log may diverge from the one that was backed up
        text = settings.with_values(settings.text_of(store), id=fresh, log=settings.LOG, vault=vault, player="")
        settings.write_text(store, settings.without_plugins(text))
        told = settings.load(store)
    except Misused as error:
        raise BackupDamaged(file, f"its {settings.CONFIG} will not do: {error.detail}") from None
    assert told.log == store / settings.LOG, "that is what was written"
    return config


def _from_anywhere(vault: str) -> str:
    return vault if "://" in vault else str(Path(vault).absolute())
