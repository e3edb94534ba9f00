"""Import of a recorder's whole folder: parts, takes, passes and positions guessed from file names and stamps."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from domain.core.address import clock, slug
from domain.core.ids import record_of
from domain.core.refusal import NotFound
from domain.label.catalog import Song
from flows.vault.vault import Vault
from orchestrator.desk.addressing.addresses import catalog_of
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.intake.ingest import CheckedFile, hear, take_group
from orchestrator.desk.intake.recorder_file_names import NameGuess, guess
from orchestrator.desk.intake.take_arrival import FileResult, IngestOptions
from orchestrator.desk.label.records import add_parts
from orchestrator.studio import Studio


@dataclass(frozen=True, slots=True)
class PlannedTake:
    """One take that an import would make."""

    part: str
    """Name of the part."""
    known: bool
    """True if the song has the part already."""
    files: tuple[CheckedFile, ...]
    pass_number: int | None
    note: str = ""


@dataclass(slots=True)
class ImportPlan:
    """The takes that an import would make, and the files it refuses."""

    song: str
    takes: list[PlannedTake] = field(default_factory=list)
    refused: list[FileResult] = field(default_factory=list)

    def rows(self) -> list[Row]:
        """One row for each take."""
        counted: Counter[str] = Counter()
        rows: list[Row] = []
        for planned in self.takes:
            counted[planned.part] += 1
            facts = planned.files[0].facts
            reference = facts.stamp.time_reference
            rows.append(
                {
                    "part": planned.part if planned.known else f"{planned.part} (new)",
                    "take": f"+{counted[planned.part]}",
                    "pass": planned.pass_number,
                    "at": clock(reference, facts.rate) if reference is not None else "",
                    "tracks": ", ".join(file.path.name for file in planned.files),
                    "length": clock(facts.frames, facts.rate),
                    "note": planned.note,
                }
            )
        return rows


def guess_plan(studio: Studio, song: str, folder: Path) -> ImportPlan:
    """Guess the takes in *folder* from its files; nothing is ingested yet."""
    if not folder.is_dir():
        raise NotFound("import.folder", f"there is no folder {folder}")
    known = catalog_of(studio, record_of(song))
    there = known.song(song)
    known.refuse_absent(song)
    plan = ImportPlan(song)
    heard: list[tuple[CheckedFile, NameGuess]] = []
    for path in sorted(file for file in folder.rglob("*") if _wanted(file, folder)):
        found = hear(path, check=False)
        if isinstance(found, FileResult):
            plan.refused.append(found)
        else:
            heard.append((found, guess(path.stem)))
    plan.takes = _numbered(_grouped(heard, there))
    return plan


def _wanted(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return not hidden and not path.is_dir() and path.suffix.lower() in SUFFIXES


SUFFIXES = {".wav", ".wave", ".bwf", ".rf64", ".w64", ".aif", ".aiff", ".flac", ".caf", ".mp3", ".ogg", ".m4a", ".mid"}
"""Suffixes of the files that are read: audio, and formats that are refused with a reason, not passed over."""


def _grouped(heard: Sequence[tuple[CheckedFile, NameGuess]], song: Song) -> list[PlannedTake]:
    """Group files of one part, take number (else stamp, else folder), rate and length into one take."""
    groups: dict[tuple[object, ...], list[CheckedFile]] = {}
    names: dict[tuple[object, ...], tuple[str, int | None]] = {}
    for file, said in heard:
        facts = file.facts
        name = _part_name(said, song)
        when = said.number if said.number is not None else facts.stamp.time_reference
        where = (slug(name), when, file.path.parent if when is None else None, facts.rate, facts.frames)
        groups.setdefault(where, []).append(file)
        names[where] = (name, said.number)
    lengths = Counter((where[0], where[1]) for where in groups)
    return [
        PlannedTake(
            part=names[where][0],
            known=any(part.name == names[where][0] for part in song.living.values()),
            files=tuple(files),
            pass_number=names[where][1],
            note="its files differ in length: more than one take" if lengths[where[0], where[1]] > 1 else "",
        )
        for where, files in groups.items()
    ]


def _part_name(said: NameGuess, song: Song) -> str:
    """Name of the part: a part of the song whose slug the file name equals or begins with, else the guess."""
    whole = slug(f"{said.part} {said.track}")
    for part in song.living.values():
        own = slug(part.name)
        if own == slug(said.part) or whole.startswith(f"{own}-"):
            return part.name
    return said.part


def _numbered(takes: Sequence[PlannedTake]) -> list[PlannedTake]:
    """Number the passes: by the file names, else by the rank of a stamp that several takes share; sort by pass."""
    stamps = [planned.files[0].facts.stamp.time_reference for planned in takes]
    shared = sorted({stamp for stamp in stamps if stamp is not None})
    found = []
    for planned, stamp in zip(takes, stamps, strict=True):
        number = planned.pass_number
        if number is None and stamp is not None and stamps.count(stamp) > 1:
            number = shared.index(stamp) + 1
        found.append(replace(planned, pass_number=number))
    return sorted(found, key=lambda planned: (planned.pass_number or 0, planned.part))


def carry_out(
    studio: Studio, vault: Vault, plan: ImportPlan, *, session: str | None = None, convert: bool = False
) -> list[FileResult]:
    """Carry out *plan*: add missing parts and ingest the takes as part of *session*; one row for each file."""
    rows: list[FileResult] = []
    for planned in plan.takes:
        (part,) = add_parts(studio, plan.song, [planned.part]).addresses
        wish = IngestOptions(pass_number=planned.pass_number, session=session, convert=convert)
        rows += take_group(studio, vault, part, planned.files, wish)
    return rows + plan.refused
