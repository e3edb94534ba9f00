"""Part, track and take of each file of a folder, by its stamps and else by its name.

Tests: ``tests/orchestrator/desk/intake/test_folder_import.py``.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from domain.label.catalog import Song
from orchestrator.desk.intake.checked_files import CheckedFile
from orchestrator.desk.intake.recorder_file_names import NameGuess, guess, part_and_track, spoken

_DEFAULT_NAME: Final = re.compile(r"(tr|trk|track|ch|channel|in|input)?[ _-]*\d{1,2}", re.IGNORECASE)
"""Names that a recorder gives its inputs; the file's name says more, or the same."""
_DIGITS: Final = re.compile(r"\d{1,6}", re.ASCII)
FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file, and what its stamps and its name say of it."""

    file: CheckedFile
    guess: NameGuess

    @property
    def start(self) -> tuple[int, str] | None:
        """Sample and time of the recorder's clock at which the recording began; None if the file does not say."""
        stamp = self.file.facts.stamp
        return None if stamp.time_reference is None else (stamp.time_reference, stamp.originated or "")


def named(file: CheckedFile) -> NamedFile:
    """*file* with its part, track and take: what iXML and the recorder's words say outranks the file's name."""
    stamp, said = file.facts.stamp, guess(spoken(file.path.stem))
    take = _DIGITS.search(stamp.take or "")
    if take and said.unsure and said.number != int(take[0]):
        said = said.as_name
    names = list(stamp.track_names.values())
    if len(file.facts.tracks) == 1 and len(names) == 1 and not _DEFAULT_NAME.fullmatch(names[0]):
        part, track = part_and_track(names[0])
        said = replace(
            said, part=part, track=track, whole=f"{names[0]} {said.number or ''}".strip(), channel="", side=""
        )
    if take:
        said = replace(said, number=int(take[0]) or None, unsure=False)
    return NamedFile(file, replace(said, scene=stamp.scene or said.scene))


def settled(files: Sequence[NamedFile], song: Song) -> list[NamedFile]:
    """*files* with each number decided: that of a take, or a part of the name.

    Files that began at the same sample are never takes of one another, whatever their numbers.  A number that no scheme
    marks as a take's is part of the name where it stands alone, or where files without stamps have one length.
    """
    alike: dict[tuple[str, str], list[NamedFile]] = defaultdict(list)
    for one in files:
        alike[one.guess.part.lower(), one.guess.track.lower()].append(one)
    grids = {folder for folder in {one.file.path.parent for one in files} if _is_grid(folder, files)}
    found: dict[int, NamedFile] = {}
    for group in alike.values():
        for one in group:
            is_name = _shares_start(one, group) or (one.guess.unsure and _is_name(one, group, song, grids))
            found[id(one)] = replace(one, guess=one.guess.as_name) if is_name else one
    return [found[id(one)] for one in files]


def _shares_start(one: NamedFile, group: Iterable[NamedFile]) -> bool:
    """True if another number of *group* began at the same sample."""
    number = one.guess.number
    return one.start is not None and any(
        other.start == one.start and other.guess.number not in {number, None} and number is not None for other in group
    )


def _is_name(one: NamedFile, group: Sequence[NamedFile], song: Song, grids: Iterable[object]) -> bool:
    """True if the unsure number of *one* is part of its name."""
    if len({other.guess.number for other in group}) < FEWEST:
        parts = {part.name.lower() for part in song.living.values()}
        return one.guess.whole.lower() in parts or one.guess.part.lower() not in parts
    if any(_shares_start(other, group) for other in group):
        return True
    if any(other.start is not None for other in group) or one.file.path.parent in grids:
        return False
    lengths = [other.file.facts.frames for other in group]
    return len(set(lengths)) < len(lengths)


def _is_grid(folder: object, files: Sequence[NamedFile]) -> bool:
    """True if every file of *folder* has a number, and each of several names the same several: those are takes."""
    numbers: dict[tuple[str, str], set[int | None]] = defaultdict(set)
    for one in files:
        if one.file.path.parent == folder:
            numbers[one.guess.part, one.guess.track].add(one.guess.number)
    several = {frozenset(taken) for taken in numbers.values()}
    return len(numbers) >= FEWEST and len(several) == 1 and None not in (own := several.pop()) and len(own) >= FEWEST
