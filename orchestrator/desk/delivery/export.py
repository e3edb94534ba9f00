"""Export: approved audio into a folder, whole or not at all.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.core.address import Address
from domain.core.refusal import FreeText, Misused, Refused, suggest
from domain.render.jobs import Sound
from domain.status.verdicts import refuse_lacking
from dsp.audio import Source
from dsp.files.metadata.bwf_metadata import BwfMetadata
from dsp.files.metadata.bwf_rewrite import with_bwf_metadata
from dsp.files.track_copy import copy_track, is_part_of_file
from flows.vault.regular_file import reading, refuse_links
from flows.vault.vault import Vault
from orchestrator.desk.addressing.addresses import noun_of
from orchestrator.desk.curtain import shown_status
from orchestrator.desk.delivery.file_metadata import slate_of
from orchestrator.desk.delivery.lossy_sources import lossy_sources
from orchestrator.desk.delivery.quality_check import fit, judge_master
from orchestrator.desk.listening.audio_files import audio_at
from orchestrator.desk.mixes.mixes import status_of
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.new_file import new_file
from orchestrator.studio import Studio


def export(
    studio: Studio, address: Address, folder: Path, *, say: Callable[[str], None], preview: bool = False,
    as_planned: bool = False, dry_run: bool = False,
) -> list[Path]:  # fmt: skip
    """Copy the audio at *address* into *folder*; with *preview* also unapproved mixes and masters, named ``_REF``.

    With *dry_run* everything is checked and nothing is written; the paths are those that would be.

    A track of a file of several is written alone, in the sample format it was recorded in.
    Each file appears under its name whole or not at all; an existing file with the same bytes is left as it is.
    A WAV carries metadata (:mod:`orchestrator.desk.delivery.file_metadata`); its audio bytes are unchanged.
    A master is copied only if all its files pass quality control (:mod:`orchestrator.desk.delivery.quality_check`).

    Raises:
        Refused: ``export.approved``; ``approve.quorum``, ``approve.self``, where the house rules ask for more;
            ``export.chosen``, unless *as_planned*, for a master that holds other mixes than the chosen ones;
            ``export.exists`` if a file of other content has the name; ``store.link`` if the file, or a
            folder above it, is a link.
        Unfit: ``master.judge``; a file of a master does not measure as recorded.
        Misused: ``export.what``; only takes, parts, mixes and masters are audio.
    """
    if noun_of(address) not in {"take", "part", "mix", "master"}:
        raise Misused("export.what", f"{address} is no audio; name a take, a part, a mix or a master")
    if not preview and noun_of(address) in {"mix", "master"}:
        standing = status_of(read_record(studio, address.path[0]).state, address)
        refuse_lacking(standing)
        if standing.state != "approved":
            raise Refused(
                "export.approved",
                f"{address} is {shown_status(studio, standing)}; only approved audio is exported",
                next=suggest("export", str(address), FreeText(str(folder)), preview=True),
            )
        if standing.remark and not as_planned:
            raise Refused(
                "export.chosen",
                f"{address} is approved, but {standing.remark}; export it as planned only with a reason",
                next=suggest("export", str(address), FreeText(str(folder)), as_planned=True, why="REASON"),
            )
    files = audio_at(studio, address)
    if noun_of(address) == "master":
        fit(address, judge_master(studio, address, say))
    vault, known, made = Vault(studio.config.vault), read_record(studio, address.path[0]), []
    for line in lossy_sources(known.state, address):
        say(line)
    for file in files:
        blob = vault.checked(file.audio.sound.blob)
        slate = slate_of(known, address, file, blob)
        with _alone(blob, file.audio.sound) as sound:
            name = folder / f"{file.name}{'_REF' if preview else ''}{suffix_of(sound)}"
            made.append(_copied(sound, slate, name, folder, dry_run=dry_run))
    return made


@contextmanager
def _alone(blob: Path, sound: Sound) -> Iterator[Path]:
    """The file at *blob* if *sound* is all of it, else a temporary file of its channels alone."""
    source = Source(blob, sound.first_channel, sound.channels)
    if not is_part_of_file(source):
        yield blob
        return
    with TemporaryDirectory(prefix="takesheet-export-") as folder:
        copy_track(source, copy := Path(folder) / "track.wav")
        yield copy


def suffix_of(file: Path) -> str:
    """File suffix of the container format by the first 12 bytes of *file*; ``.wav`` for an unknown one."""
    with file.open("rb") as opened:
        head = opened.read(12)
    if head[:4] == b"fLaC":
        return ".flac"
    if head[:4] == b"FORM":
        return ".aiff"
    return {b"riff": ".w64", b"caff": ".caf"}.get(head[:4], ".wav")


def _copied(blob: Path, slate: BwfMetadata | None, name: Path, folder: Path, *, dry_run: bool) -> Path:
    refuse_links(name, folder)
    if name.exists():
        if _same(with_bwf_metadata(blob, slate), name):
            return name
        raise Refused("export.exists", f"{name} is there already, with other bytes", next="name another folder")
    if dry_run:
        return name
    name.parent.mkdir(parents=True, exist_ok=True)
    with new_file(name) as draft, draft.open("xb") as out:
        out.writelines(with_bwf_metadata(blob, slate))
    return name


def _same(pieces: Iterable[bytes], other: Path) -> bool:
    with reading(other) as file:
        return all(file.read(len(piece)) == piece for piece in pieces) and not file.read(1)
