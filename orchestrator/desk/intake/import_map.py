"""Map of an import: a CSV that names part, take, pass and track of each file, written from a plan and read back.

The columns are ``file``, ``part``, ``take``, ``pass`` and ``track``; the last three may be missing or empty.  Files of
one part and one take are tracks of that take, or the pieces of one recording if their stamps meet to the sample.  A
file without a part, or without a line, is left out.  ``track`` names a file's track; of a file with several tracks it
holds pairs with blanks between them, such as ``kick=ch1 snare=ch2``.
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
from orchestrator.desk.intake.ingest import incoming_tracks
from orchestrator.desk.intake.named_files import NamedFile, named
from orchestrator.desk.intake.recorder_file_names import spoken
from orchestrator.desk.intake.split_recordings import joined
from orchestrator.desk.intake.take_arrival import FileResult
from orchestrator.desk.intake.take_groups import PlannedTake
from orchestrator.desk.intake.track_map import parse_track_map, refuse_unmatched

COLUMNS: Final = ("file", "part", "take", "pass", "track")
NEEDED: Final = {"file", "part"}
HIGHEST: Final = 999_999
FORMULA_SIGNS: Final = "=+-@"
"""First characters by which a spreadsheet takes a text for a formula."""
HEAD: Final = """\
# One line a file.  Files of one part and one take are tracks of that take; without a part a file is left out.
# Files of one take whose stamps meet to the sample are joined; another take number parts them.
# The pass ties takes of several parts that were played together; it may be empty.
# The track is the name of the file's track, where it is to have another than stamps and file name give it.
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
    track: str = ""
    """Name of its track, or pairs of new and old names; empty leaves the names as they are guessed."""


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
                name, part = _name(piece.path, folder), _without_formula(take.part)
                rows.writerow((name, part, counted[take.part], take.pass_number or "", ""))
    reasons = [f"# not taken: {_one_line(spoken(row.path.name))}: {row.reason}\n" for row in refused]
    return HEAD + "".join(reasons) + text.getvalue()


def _name(path: Path, folder: Path) -> str:
    return _marked(spoken(path.relative_to(folder).as_posix()))


def _marked(name: str) -> str:
    """The path *name*, begun with ``./`` where its first character would make it a comment or a formula."""
    return f"./{name}" if name.startswith(("#", *FORMULA_SIGNS)) else name


def _without_formula(part: str) -> str:
    """The name of a part without the signs of a formula before it; they are not in its address either."""
    return part.lstrip(FORMULA_SIGNS).strip() or part


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
            "import.map",
            f"its first line names the columns: {','.join(COLUMNS)}, of which the last three may be missing",
        )
    found = [_row({(key or "").strip().lower(): value for key, value in row.items()}) for row in rows]
    files = [row.file for row in found]
    if twice := next((name for name in files if files.count(name) > 1), None):
        raise Misused("import.map", f"{twice} has two lines")
    return found


def _row(row: dict[str, str | list[str] | None]) -> MapRow:
    words = {name: value.strip() if isinstance(value, str) else "" for name, value in row.items()}
    return MapRow(
        _marked(words["file"]), words["part"], _number(words, "take"), _number(words, "pass"), words.get("track", "")
    )


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
    wanted: dict[tuple[object, ...], list[tuple[str, str]]] = defaultdict(list)
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
        wanted[key].extend(_track_map(row, files[row.file]).items())
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
            tracks=_track_names(wanted[key], files_of_take),
        )
        for key, row in first.items()
    ]
    taken = {row.file for row in chosen if row.part}
    return takes, refused, [name for name in files if name not in taken]


def _track_names(wanted: Sequence[tuple[str, str]], files: Sequence[CheckedFile]) -> dict[str, str]:
    """File or former name of each track by its new name; pieces of one recording stand for the file that joins them.

    Raises:
        Misused: ``take.track``; two files are to have one name.
    """
    joins = {str(piece.path): str(file.path) for file in files for piece in file.all_pieces}
    names: dict[str, str] = {}
    for new, old in wanted:
        track = joins.get(old, old)
        if names.setdefault(new, track) != track:
            raise Misused("take.track", f"two files for the track {new}: {spoken(names[new])} and {spoken(track)}")
    return names


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
    try:
        refuse_unmatched(incoming_tracks([files[row.file]]), _track_map(row, files[row.file]))
    except Misused as refusal:
        return f"the map's track: {refusal.detail}"
    return ""


def _track_map(row: MapRow, file: CheckedFile) -> dict[str, str]:
    """File or former name of each track of *row*, by its new name.  Raises: Misused ``take.track``."""
    if "=" in row.track:
        return parse_track_map(row.track.split())
    if not row.track:
        return {}
    if len(tracks := incoming_tracks([file])) > 1:
        pairs = " ".join(f"NAME={track.name}" for track in tracks)
        raise Misused("take.track", f"the file has {len(tracks)} tracks; write {pairs}")
    return parse_track_map([f"{row.track}={file.path}"])
