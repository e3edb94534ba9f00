"""Map of an import: a CSV that names part, take and pass of each file, written from a plan and read back.

The columns are ``file``, ``part``, ``take`` and ``pass``; the last two may be missing or empty.  Files of one part and
one take are tracks of that take, or the pieces of one recording if their stamps meet to the sample.  A file without a
part, or without a line, is left out.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.core.address import slug
from domain.core.refusal import Misused
from domain.label.catalog import Song
from orchestrator.desk.intake.checked_files import CheckedFile
from orchestrator.desk.intake.named_files import NamedFile, named
from orchestrator.desk.intake.recorder_file_names import spoken
from orchestrator.desk.intake.split_recordings import joined
from orchestrator.desk.intake.take_arrival import FileResult
from orchestrator.desk.intake.take_groups import PlannedTake

COLUMNS: Final = ("file", "part", "take", "pass")
NEEDED: Final = {"file", "part"}
HIGHEST: Final = 999_999
HEAD: Final = """\
# One line a file.  Files of one part and one take are tracks of that take; without a part a file is left out.
# Files of one take whose stamps meet to the sample are joined; another take number parts them.
# The pass ties takes of several parts that were played together; it may be empty.
"""


@dataclass(frozen=True, slots=True)
class MapRow:
    """One line of a map."""

    file: str
    """Path below the folder, with slashes."""
    part: str
    """Name of the part; empty leaves the file out."""
    take: int | None
    pass_number: int | None


def write_map(takes: Sequence[PlannedTake], refused: Sequence[FileResult], folder: Path) -> str:
    """The map of a plan; refused files stand in it as comments."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    counted: dict[str, int] = defaultdict(int)
    for take in takes:
        counted[take.part] += 1
        for file in take.files:
            for piece in file.all_pieces:
                rows.writerow((_name(piece.path, folder), take.part, counted[take.part], take.pass_number or ""))
    reasons = [f"# not taken: {_one_line(spoken(row.path.name))}: {row.reason}\n" for row in refused]
    return HEAD + "".join(reasons) + text.getvalue()


def _name(path: Path, folder: Path) -> str:
    name = spoken(path.relative_to(folder).as_posix())
    return f"./{name}" if name.startswith("#") else name


def _one_line(text: str) -> str:
    return " ".join(text.split())


def read_map(text: str) -> list[MapRow]:
    """The lines of a map.

    Raises:
        Misused: ``import.map``; a column is missing or unknown, a number is none, or a file has two lines.
    """
    lines = [line for line in io.StringIO(text.removeprefix("\ufeff"), newline="") if not line.startswith("#")]
    try:
        rows = list(csv.DictReader(lines, strict=True))
    except csv.Error as error:
        raise Misused("import.map", f"it is no CSV: {error}") from None
    columns = {(name or "").strip().lower() for name in (rows[0] if rows else {})}
    if not NEEDED <= columns <= set(COLUMNS):
        raise Misused(
            "import.map", f"its first line names the columns: {','.join(COLUMNS)}, of which the last two may be missing"
        )
    found = [_row({(key or "").strip().lower(): value for key, value in row.items()}) for row in rows]
    files = [row.file for row in found]
    if twice := next((name for name in files if files.count(name) > 1), None):
        raise Misused("import.map", f"{twice} has two lines")
    return found


def _row(row: dict[str, str | list[str] | None]) -> MapRow:
    words = {name: value.strip() if isinstance(value, str) else "" for name, value in row.items()}
    return MapRow(words["file"], words["part"], _number(words, "take"), _number(words, "pass"))


def _number(words: dict[str, str], column: str) -> int | None:
    text = words.get(column, "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:9]) <= HIGHEST):
        raise Misused("import.map", f"{words['file']}: {column} {text!r} is no number from 1 to {HIGHEST:,}")
    return int(text)


def takes_by_map(
    heard: Sequence[CheckedFile], chosen: Sequence[MapRow], folder: Path, song: Song, *, join: bool = True
) -> tuple[list[PlannedTake], list[FileResult], list[str]]:
    """The takes that a map makes of *heard*, its lines that cannot be followed, and the files that it leaves out.

    With *join* the pieces of one recording that it gives one take are joined.
    """
    files = {_name(file.path, folder): file for file in heard}
    groups: dict[tuple[object, ...], list[CheckedFile]] = defaultdict(list)
    first: dict[tuple[object, ...], MapRow] = {}
    refused: list[FileResult] = []
    for line, row in enumerate(chosen):
        if not row.part:
            continue
        if reason := _fault(row, files):
            refused.append(FileResult(folder / row.file, reason=reason))
            continue
        key = (slug(row.part), row.take if row.take is not None else f"line {line}")
        groups[key].append(files[row.file])
        first.setdefault(key, row)
    known = {slug(part.name): part.name for part in song.living.values()}
    takes = [
        PlannedTake(
            known.get(slug(row.part), row.part),
            slug(row.part) in known,
            tuple(files_of_take := _joined(groups[key]) if join else groups[key]),
            row.pass_number,
            "; ".join(dict.fromkeys(file.join_remark for file in files_of_take if file.pieces)),
            number=row.take,
        )
        for key, row in first.items()
    ]
    taken = {row.file for row in chosen if row.part}
    return takes, refused, [name for name in files if name not in taken]


def _joined(group: Sequence[CheckedFile]) -> list[CheckedFile]:
    """*group*, of which the files that go on where others end are joined to these."""
    rolls: dict[object, list[NamedFile]] = defaultdict(list)
    for turn, one in enumerate(map(named, group)):
        rolls[turn if one.start is None else one.start].append(one)
    return [one.file for roll in joined(list(rolls.values())) for one in roll]


def _fault(row: MapRow, files: dict[str, CheckedFile]) -> str:
    """Why a line of a map cannot be followed; empty if it can."""
    if row.file not in files:
        return "the map names it, and no sound of this name can be taken from the folder"
    try:
        slug(row.part)
    except Misused:
        return f"the map calls its part {row.part!r}, which has no letter or digit"
    return ""
