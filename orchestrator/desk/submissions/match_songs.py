"""Matching the files of a mastering engineer to songs: a folder a target, a file a song.

``TARGET/NN_song.wav`` is the name in an export, ``NN Title.wav`` the usual name elsewhere; a title among other words
counts if only one song fits.  Files outside a target's folder belong to a default target.

Tests: ``tests/orchestrator/desk/submissions/test_outside_masters.py``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.core.address import slug
from domain.core.ids import slug_of
from domain.core.refusal import Misused, NotFound, Refused
from domain.label.catalog import Song
from domain.masters.masters import TARGETS
from orchestrator.desk.submissions.match_tracks import REF

SOUNDS: Final = frozenset({".wav", ".wave", ".bwf", ".rf64", ".w64", ".flac", ".aif", ".aiff", ".aifc", ".caf"})
_NUMBERED: Final = re.compile(r"(?:(\d{1,3})(?:[\s._-]+|$))?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SubmittedFile:
    """A file, with its target and its song."""

    target: str
    song: Song
    path: Path


def files_in(folder: Path, songs: Sequence[Song], target: str | None) -> tuple[list[SubmittedFile], list[str]]:
    """The files of *folder*, by target and in the order of the record, and remarks on files that are left out.

    Args:
        folder: the submitted folder.
        songs: the record's songs, in order.
        target: target of files in *folder* itself; by default the name of *folder* if that is a target, else streaming.

    Raises:
        NotFound: ``file.missing``.
        Misused: ``master.submit``; not a folder; a file name fits no song, or several.
        Refused: ``master.submit``; there is no sound file, or a target lacks a song.
    """
    if not folder.exists():
        raise NotFound("file.missing", f"there is no folder {folder}")
    if not folder.is_dir():
        raise Misused("master.submit", f"{folder} is no folder; give one with a file a song")
    found, left = list[SubmittedFile](), list[str]()
    own = target or (folder.resolve().name if folder.resolve().name in TARGETS else "streaming")
    for name, path in _listed(folder, own):
        if path.suffix.lower() in SOUNDS:
            found.append(SubmittedFile(_target(name), _song_of(path, songs), path))
        else:
            left.append(f"{path.relative_to(folder)} was not taken: no sound by its name")
    _refuse_incomplete(folder, songs, found)
    order = {song.id: number for number, song in enumerate(songs)}
    targets = list(dict.fromkeys(file.target for file in found))
    return sorted(found, key=lambda file: (targets.index(file.target), order[file.song.id])), left


def _listed(folder: Path, target: str) -> Iterator[tuple[str, Path]]:
    """Yield target name and path of each file, first files in the folder itself, then files one level deeper."""
    try:
        entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
        yield from ((target, entry) for entry in entries if not entry.is_dir())
        for inner in (entry for entry in entries if entry.is_dir()):
            yield from ((inner.name, entry) for entry in sorted(inner.iterdir()) if not entry.name.startswith("."))
    except OSError as error:
        raise Misused("master.submit", f"{folder} cannot be read ({error.strerror})") from None


def _target(name: str) -> str:
    return name if name in TARGETS else slug(name)


def _song_of(path: Path, songs: Sequence[Song]) -> Song:
    """The song that a file's name fits.  Raises: Misused ``master.submit``; it fits none or several."""
    stem = path.stem.removesuffix(REF)
    found = _NUMBERED.fullmatch(stem)
    number, title = (int(found[1] or 0), found[2]) if found else (0, stem)
    for text in (stem, title):
        if exact := [song for song in songs if _slug(text) in _names(song)]:
            return _the_one(path, exact, songs, number)
    if not _slug(title) and 0 < number <= len(songs):
        return songs[number - 1]
    within = [song for song in songs if any(f"-{name}-" in f"-{_slug(title)}-" for name in _names(song))]
    return _the_one(path, within, songs, number)


def _the_one(path: Path, fits: Sequence[Song], songs: Sequence[Song], number: int) -> Song:
    if len(fits) == 1:
        return fits[0]
    if 0 < number <= len(songs) and songs[number - 1] in fits:
        return songs[number - 1]
    names = ", ".join(f"{songs.index(song) + 1:02d} {song.title}" for song in (fits or songs))
    told = f"may be any of {names}" if fits else f"names no song; the songs are {names}"
    raise Misused("master.submit", f"{path.name} {told}")


def _names(song: Song) -> set[str]:
    return {slug_of(song.id), _slug(song.title)}


def _slug(text: str) -> str:
    return slug(text) if any(map(str.isalnum, text)) else ""


def _refuse_incomplete(folder: Path, songs: Sequence[Song], found: Sequence[SubmittedFile]) -> None:
    """Check that each target has one file a song.  Raises: Refused ``master.submit``; Misused, several files."""
    if not found:
        raise Refused("master.submit", f"there is no sound in {folder}, nor one folder deeper")
    there: dict[tuple[str, str], Path] = {}
    for file in found:
        other = there.setdefault((file.target, file.song.id), file.path)
        if other != file.path:
            raise Misused(
                "master.submit", f"{other.name} and {file.path.name} are both {file.song.title} for {file.target}"
            )
    for target in dict.fromkeys(file.target for file in found):
        missing = [song.title for song in songs if (target, song.id) not in there]
        if missing:
            raise Refused("master.submit", f"{target} lacks {', '.join(missing)}: a master is a whole record")
