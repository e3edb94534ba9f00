"""Repair: a closed copy of a sound file whose header is wrong or unusual.  The file itself is only read."""

from dataclasses import dataclass
from pathlib import Path

from domain.core.refusal import FreeText, NotFound, Refused, suggest
from dsp.audio import Unsound
from dsp.files.repair import closed_copy
from dsp.files.sound import FileFacts, inspect
from orchestrator.new_file import new_file


@dataclass(frozen=True, slots=True)
class RepairedFile:
    """A copy that was written: the fault of the original, and what the copy holds."""

    path: Path
    fault: str
    facts: FileFacts


def repair(file: Path, copy: Path) -> RepairedFile:
    """Write a closed copy of *file* to *copy*.

    Raises:
        NotFound: ``file.missing``.
        Refused: ``repair.whole``, the file needs no repair; ``repair.lost``, no copy of it can be read either;
            ``file.exists``, *copy* exists.
    """
    if not file.is_file():
        raise NotFound("file.missing", f"there is no file {file}")
    fault = _fault(file)
    if fault is None:
        raise Refused(
            "repair.whole",
            f"{file.name} is closed and whole; no copy was written",
            next=suggest("take ingest", "PART", FreeText(file)),
        )
    with new_file(copy) as draft:
        try:
            with draft.open("wb") as out:
                out.writelines(closed_copy(file))
            facts = inspect(draft)
        except Unsound as error:
            detail = f"{file.name}: {fault}" if error.reason == fault else f"{file.name}: {fault}; {error.reason}"
            raise Refused("repair.lost", f"{detail}; no copy of it can be read either"[:500]) from error
    return RepairedFile(copy, fault, facts)


def _fault(file: Path) -> str | None:
    """Why *file* cannot be taken as it is, without the advice to repair it; None if it can."""
    try:
        inspect(file)
    except Unsound as error:
        return error.reason.partition("; `take repair")[0]
    return None
