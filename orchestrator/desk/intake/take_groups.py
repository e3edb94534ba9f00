"""Takes made from the files of a folder: files of one take have one part, start, number, time, rate and length.

Tests: ``tests/orchestrator/desk/intake/test_folder_import.py``.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from domain.core.address import slug
from domain.label.catalog import Song
from orchestrator.desk.intake.checked_files import CheckedFile
from orchestrator.desk.intake.named_files import NamedFile
from orchestrator.desk.intake.recorder_file_names import NameGuess, spoken
from orchestrator.desk.intake.split_recordings import joined

LONGEST_PAUSE_S: Final = 60
"""Seconds between the clock times of files of one roll: a program that exports them takes some for each."""
FEWEST: Final = 2


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
    number: int | None = None
    """Number of the take by its files."""
    tracks: Mapping[str, str] = field(default_factory=dict)
    """File or former name of each track that gets another name, by the new name."""

    @property
    def start(self) -> tuple[int, str] | None:
        """Sample and clock time at which it began; None if its files do not say."""
        return NamedFile(self.files[0], NameGuess(self.part, "", None)).start

    @property
    def facts(self) -> tuple[int, int]:
        """Rate in Hz and length in frames."""
        return self.files[0].facts.rate, self.files[0].facts.frames


@dataclass(frozen=True, slots=True)
class FileGroup:
    """Files of one take, and the moment that they share."""

    part: str
    files: tuple[NamedFile, ...]
    number: int | None
    moment: str

    @property
    def start(self) -> tuple[int, str] | None:
        """Sample and clock time at which it began."""
        return self.files[0].start


def planned(files: Sequence[NamedFile], song: Song, *, join: bool = True) -> list[PlannedTake]:
    """The takes that *files* make, by pass and part; with *join* the pieces of one recording are one take."""
    groups = _apart(_groups(files, song))
    if join:
        groups = _joined(groups)
    passes = _passes(groups)
    known = {part.name for part in song.living.values()}
    lengths: dict[object, set[tuple[int, int]]] = defaultdict(set)
    for group in groups:
        lengths[_roll(group)].add(_shape(group))
    takes = [
        PlannedTake(
            part=group.part,
            known=group.part in known,
            files=tuple(replace(one.file, track=one.guess.track) for one in group.files),
            pass_number=number,
            note=note or ("its files differ in length: more than one take" if len(lengths[_roll(group)]) > 1 else ""),
            number=group.number,
        )
        for group, (number, note) in zip(groups, passes, strict=True)
    ]
    return sorted(_remarked(takes), key=lambda take: (take.pass_number or 0, take.part))


def _joined(groups: Sequence[FileGroup]) -> list[FileGroup]:
    """*groups*, of which those that go on where another of their part ends are joined to it."""
    of_part: dict[str, list[FileGroup]] = defaultdict(list)
    for group in groups:
        of_part[group.part].append(group)
    found: list[FileGroup] = []
    for own in of_part.values():
        first = {group.files[0].file.path: group for group in own}
        rolls = joined([group.files for group in own])
        found += [replace(first[roll[0].file.path], files=tuple(roll)) for roll in rolls]
    return found


def _roll(group: FileGroup) -> tuple[object, ...]:
    """Equal for groups that would be one take if their files were of one length."""
    return group.part, group.number, group.moment, group.start


def _shape(group: FileGroup) -> tuple[int, int]:
    facts = group.files[0].file.facts
    return facts.rate, facts.frames


def _groups(files: Sequence[NamedFile], song: Song) -> list[FileGroup]:
    groups: dict[tuple[object, ...], list[NamedFile]] = defaultdict(list)
    for one in files:
        said, facts, path = one.guess, one.file.facts, one.file.path
        reference = facts.stamp.time_reference
        loose = said.number is None and reference is None and not said.moment
        where = path.parent if loose else None
        part = part_name(said, song)
        when = (said.scene, said.number, said.moment, reference, where)
        groups[slug(part), *when, facts.rate, facts.frames].append(replace(one, guess=replace(said, part=part)))
    return [
        FileGroup(
            rolled[0].guess.part,
            tuple(rolled),
            rolled[0].guess.number,
            f"{rolled[0].guess.scene} {rolled[0].guess.moment}".strip(),
        )
        for group in groups.values()
        for rolled in _rolls(group)
    ]


def part_name(said: NameGuess, song: Song) -> str:
    """Name of the part: a part of the song whose slug the file name equals or begins with, else the guess.

    ``Gtr 2`` is not of a part ``Gtr``: its number was found to be part of its name.
    """
    whole = slug(f"{said.part} {said.track}")
    for part in song.living.values():
        own = slug(part.name)
        rest = whole.removeprefix(f"{own}-")
        if own == slug(said.part) or (rest != whole and not rest.removesuffix("-main").isdecimal()):
            return part.name
    return said.part


def _rolls(group: Sequence[NamedFile]) -> list[list[NamedFile]]:
    """*group* by the clock times of its files, and by folder and name where a track comes twice."""
    rolls: list[list[NamedFile]] = []
    last: datetime | None = None
    for one in sorted(group, key=lambda one: one.file.facts.stamp.originated or ""):
        clock = _clock(one)
        if not rolls or (clock and last and (clock - last).total_seconds() > LONGEST_PAUSE_S):
            rolls.append([])
        rolls[-1].append(one)
        last = clock or last
    found: list[list[NamedFile]] = []
    for roll in rolls:
        turns: Counter[str] = Counter()
        split: dict[int, list[NamedFile]] = defaultdict(list)
        for one in sorted(roll, key=lambda one: one.file.path):
            track = one.guess.track.lower()
            split[turns[track]].append(one)
            turns[track] += 1
        found += split.values()
    return found


def _clock(one: NamedFile) -> datetime | None:
    try:
        return datetime.fromisoformat(one.file.facts.stamp.originated or "")
    except ValueError:
        return None  # recorders write dates of many shapes; only one that is understood tells times apart


def _apart(groups: Sequence[FileGroup]) -> list[FileGroup]:
    """*groups*, of which those that began at the same sample as a larger one of their part are parts of their own."""
    found: list[FileGroup] = []
    first: set[tuple[str, tuple[int, str]]] = set()
    for group in sorted(groups, key=lambda group: -len(group.files)):
        if group.start is None or (group.part, group.start) not in first:
            if group.start:
                first.add((group.part, group.start))
            found.append(group)
        else:
            found += [replace(group, part=_own_name(one), files=(one,)) for one in group.files]
    return found


def _own_name(one: NamedFile) -> str:
    return one.guess.whole or spoken(one.file.path.stem)


def _passes(groups: Sequence[FileGroup]) -> list[tuple[int | None, str]]:
    """Pass number of each of *groups*, and a remark: by the number of the take, else by moments that parts share."""
    scenes = {group.moment for group in groups if group.number is not None}
    starts: dict[int | None, Counter[object]] = defaultdict(Counter)
    for group in groups:
        starts[group.number][group.start] += 1
    ranks = _ranks(groups)
    found: list[tuple[int | None, str]] = []
    for group in groups:
        rank = ranks.get(_moment(group))
        if group.number is None or (len(scenes) > 1 and rank is not None):
            found.append((rank, ""))
        elif len(starts[group.number]) == 1:
            found.append((group.number, ""))
        elif (common := starts[group.number].most_common(1)[0])[1] == 1:
            found.append((None, ""))
        elif group.start == common[0]:
            found.append((group.number, ""))
        else:
            found.append((None, f"take {group.number} by its name, at another time than the others: of no pass"))
    return found


def _moment(group: FileGroup) -> tuple[object, ...]:
    return (group.start or (), group.moment, group.number or 0)


def _ranks(groups: Iterable[FileGroup]) -> dict[tuple[object, ...], int]:
    """Ranks of the moments that several parts share, from 1."""
    counts = Counter(_moment(group) for group in groups)
    shared = sorted((moment for moment, count in counts.items() if count > 1 and any(moment)), key=str)
    return {moment: rank for rank, moment in enumerate(shared, start=1)}


def _remarked(takes: Sequence[PlannedTake]) -> list[PlannedTake]:
    """*takes* with remarks on recordings in pieces, and on audio that several parts have."""
    ends = {
        (take.part, take.facts[0], take.start[0] + take.facts[1]): take.files[0].path.name
        for take in takes
        if take.start is not None
    }
    first: dict[str, str] = {}
    found = []
    for take in takes:
        notes = [take.note] if take.note else []
        notes += dict.fromkeys(file.join_remark for file in take.files if file.pieces)
        before = ends.get((take.part, take.facts[0], take.start[0])) if take.start is not None else None
        if before:
            notes.append(f"goes on where {before} ends, to the sample: one recording in pieces")
        heard = [pcm for file in take.files if (pcm := file.facts.pcm)]  # none of what is not decoded or joined yet
        same = [first[pcm] for pcm in heard if first.get(pcm, take.part) != take.part]
        if same:
            notes.append(f"the same audio as {same[0]}")
        for pcm in heard:
            first.setdefault(pcm, take.part)
        found.append(replace(take, note="; ".join(notes)))
    return found
