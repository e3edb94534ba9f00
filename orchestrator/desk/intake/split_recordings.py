"""Split recordings: recorders begin a new file at 2 or 4 GiB, whose stamp is the sample at which the one before ended.

Pieces are joined only where nothing speaks against it: stamps that meet to the sample, and one format, number of
channels, day, scene, take and set of track names.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from domain.label.catalog import Song
from dsp.files.joined_copy import FORMATS
from orchestrator.desk.intake.checked_files import CheckedFile
from orchestrator.desk.intake.named_files import NamedFile, named, settled

DAY: Final = len("2026-01-05")
"""Characters of a recorder's clock time that say the day."""
Roll: TypeAlias = Sequence[NamedFile]
"""Files that began at one sample: the tracks of one take."""


def joined(rolls: Sequence[Roll]) -> list[list[NamedFile]]:
    """*rolls* of one part in order, of which those that go on where another ends are joined to it."""
    found: list[list[NamedFile]] = []
    ordered = sorted(rolls, key=lambda roll: (roll[0].start is None, roll[0].start or (0, "")))
    for roll in ordered:
        before = next((earlier for earlier in found if _pairs(earlier, roll)), None)
        if before is None:
            found.append(list(roll))
        else:
            before[:] = [_with_piece(one, piece) for one, piece in _pairs(before, roll)]
    return found


def joined_files(files: Sequence[CheckedFile], song: Song) -> list[CheckedFile]:
    """The recordings that *files* are pieces of, by the names that they would have in *song*; no whole files."""
    rolls: dict[str, list[Roll]] = defaultdict(list)
    for one in settled([named(file) for file in files], song):
        rolls[one.guess.part.lower()].append([one])
    return [one.file for own in rolls.values() for roll in joined(own) for one in roll if one.file.pieces]


def _pairs(roll: Roll, later: Roll) -> list[tuple[NamedFile, NamedFile]]:
    """Each file of *roll* with the file of *later* that goes on where it ends; none unless all do."""
    pieces = {_track(one): one for one in later}
    pairs = [(one, pieces[_track(one)]) for one in roll if _track(one) in pieces]
    alone = len(pieces) == len(later) == len(roll) == len(pairs)
    return pairs if alone and all(_goes_on(one, piece) for one, piece in pairs) else []


def _track(one: NamedFile) -> tuple[str, int]:
    return one.guess.track.lower(), one.file.facts.channels


def _goes_on(one: NamedFile, piece: NamedFile) -> bool:
    facts, later = one.file.facts, piece.file.facts
    if one.start is None or piece.start is None or one.start[0] + facts.frames != piece.start[0]:
        return False
    days = {_day(one.start[1]), _day(piece.start[1])} - {""}
    if len(days) > 1:
        return False  # programs that stamp every recording from 0 on give the same samples on many days
    alike = [
        (each.subtype, each.rate, each.channels, each.stamp.scene, each.stamp.take, dict(each.stamp.track_names))
        for each in (facts, later)
    ]
    return not one.file.codec and alike[0] == alike[1] and {facts.format, later.format} <= FORMATS


def _day(moment: str) -> str:
    """The day of a recorder's clock time; empty if it does not say one."""
    return "" if ":" in moment[:DAY] else moment[:DAY]


def _with_piece(one: NamedFile, piece: NamedFile) -> NamedFile:
    """*one* and *piece* as one file that is not written yet: it has no hashes."""
    file = one.file
    facts = replace(file.facts, frames=file.facts.frames + piece.file.facts.frames, pcm="")
    return replace(one, file=replace(file, facts=facts, checks=(), pieces=(*file.all_pieces, piece.file)))
