"""Import of a recorder's whole folder: parts, takes, passes and positions by stamps, file names or a map."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from domain.core.address import clock, slug
from domain.core.ids import record_of
from domain.core.refusal import Misused, NotFound, Refusal
from flows.vault.vault import Vault
from orchestrator.desk.addressing.addresses import catalog_of
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.intake.checked_files import CheckedFile, hear, time_of_day
from orchestrator.desk.intake.import_map import MapRow, takes_by_map
from orchestrator.desk.intake.ingest import refused_files, take_group
from orchestrator.desk.intake.named_files import NamedFile, named, settled
from orchestrator.desk.intake.recorder_file_names import spoken
from orchestrator.desk.intake.take_arrival import FileResult, IngestOptions
from orchestrator.desk.intake.take_groups import PlannedTake, planned
from orchestrator.desk.label.records import add_parts
from orchestrator.studio import Studio

SUFFIXES: Final = {
    ".wav", ".wave", ".bwf", ".rf64", ".w64", ".aif", ".aiff", ".aifc", ".flac", ".caf", ".mp3", ".ogg", ".opus",
    ".m4a", ".aac", ".mp4", ".wma", ".mid", ".midi", ".rmi",
}  # fmt: skip
"""Suffixes of the files that are read: audio, and formats that are refused with a reason, not passed over."""


@dataclass(slots=True)
class ImportPlan:
    """The takes that an import would make, the files that it refuses, and those that it passes over."""

    song: str
    folder: Path
    takes: list[PlannedTake] = field(default_factory=list)
    refused: list[FileResult] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    """Files that are no sound by their suffix, or that a map leaves out."""

    def rows(self) -> list[Row]:
        """One row for each take."""
        counted: Counter[str] = Counter()
        rows: list[Row] = []
        for take in self.takes:
            counted[take.part] += 1
            facts = take.files[0].facts
            reference = facts.stamp.time_reference
            rows.append(
                {
                    "part": take.part if take.known else f"{take.part} (new)",
                    "take": f"+{counted[take.part]}",
                    "pass": take.pass_number,
                    "at": time_of_day(reference, facts.rate) if reference is not None else "",
                    "tracks": ", ".join(file.name for file in take.files),
                    "length": clock(facts.frames, facts.rate),
                    "note": take.note,
                }
            )
        return rows


def guess_plan(
    studio: Studio,
    song: str,
    folder: Path,
    chosen: Sequence[MapRow] | None = None,
    *,
    lossy: bool = False,
    join: bool = True,
) -> ImportPlan:
    """Plan the takes in *folder*, with *lossy* of lossy files too, or as *chosen*; nothing is ingested yet.

    With *join* the pieces of one recording become one take.

    Raises:
        NotFound: ``import.folder``; the song is unknown.
        Refused: the song was removed or shelved.
    """
    if not folder.is_dir():
        raise NotFound("import.folder", f"there is no folder {folder}")
    known = catalog_of(studio, record_of(song))
    there = known.song(song)
    known.refuse_absent(song)
    plan = ImportPlan(song, folder)
    heard = list(_heard(plan, lossy=lossy))
    if chosen is None:
        plan.takes = planned(settled(list(_with_names(plan, heard)), there), there, join=join)
        return plan
    plan.takes, refused, left = takes_by_map(heard, chosen, folder, there, join=join)
    listed = {folder / row.file for row in chosen if row.part}
    told = {row.path for row in refused}
    plan.refused = [row for row in plan.refused if row.path in listed - told] + refused
    plan.passed_over += left
    return plan


def _heard(plan: ImportPlan, *, lossy: bool) -> Iterator[CheckedFile]:
    """The sound files of the plan's folder; the others are entered in *plan*."""
    for path in sorted(path for path in plan.folder.rglob("*") if not _is_hidden(path, plan.folder)):
        if path.is_dir():
            continue
        if path.suffix.lower() not in SUFFIXES:
            plan.passed_over.append(spoken(path.name))
            continue
        found = hear(path, check=False, lossy=lossy)
        if isinstance(found, FileResult):
            plan.refused.append(found)
        else:
            yield found


def usable_files(plan: ImportPlan) -> Iterator[CheckedFile]:
    """The sound files of the plan's folder that can become takes, each read when it is asked for.

    The others before it are then entered in *plan*.
    """
    return (one.file for one in _with_names(plan, _heard(plan, lossy=False)))


def _with_names(plan: ImportPlan, heard: Iterable[CheckedFile]) -> Iterator[NamedFile]:
    """The files whose names can call a part; the others are refused in *plan*."""
    for one in map(named, heard):
        try:
            slug(one.guess.part)
        except Misused:
            reason = "its name has no letter or digit to call a part by; --map names its part"
            plan.refused.append(FileResult(one.file.path, reason=reason))
        else:
            yield one


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") and part != ".." for part in path.relative_to(folder).parts)


def carry_out(
    studio: Studio, vault: Vault, plan: ImportPlan, *, session: str | None = None, convert: bool = False
) -> list[FileResult]:
    """Carry out *plan*: add missing parts and ingest the takes as part of *session*; one row for each file.

    A take that a rule refuses, or whose part cannot be added, stops no other.
    """
    rows: list[FileResult] = []
    for take in plan.takes:
        try:
            (part,) = add_parts(studio, plan.song, [take.part]).addresses
            wish = IngestOptions(pass_number=take.pass_number, session=session, convert=convert, tracks=take.tracks)
            rows += take_group(studio, vault, part, take.files, wish)
        except Refusal as refusal:
            reason = f"{refusal.rule}: {refusal.detail}"
            rows += refused_files(take.files, reason)
    return rows + plan.refused
