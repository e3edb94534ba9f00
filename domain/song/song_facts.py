"""Facts of a song beside its form and lyrics: its key, its charts and its reference recordings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.core.blob_reference import BlobReference
from domain.core.event import Event, Sha, SongId, Traits, Value
from domain.core.refusal import Misused, NotFound, suggest

LARGEST_CHART: Final = 64 * 1024 * 1024
"""Bytes of a chart."""
LARGEST_REFERENCE: Final = 4 * 1024 * 1024 * 1024
"""Bytes of a reference recording."""
MOST_PAPERS: Final = 50

_KEY: Final = re.compile(
    r"([a-g])\s*(#|b|♯|♭|-sharp|-flat| sharp| flat)?\s*(major|minor|maj|min|m|dorian|phrygian|lydian|mixolydian|aeolian"
    r"|locrian)?",
    re.IGNORECASE,
)
_SIGNS: Final = {"#": "♯", "♯": "♯", "sharp": "♯", "b": "♭", "♭": "♭", "flat": "♭"}
_MODES: Final = {"": "major", "maj": "major", "min": "minor", "m": "minor"}

FileName = Annotated[str, StringConstraints(min_length=1, max_length=400)]
KeyName = Annotated[str, StringConstraints(pattern=r"^[A-G][♯♭]? [a-z]+$", max_length=40)]


class SongFile(Value):
    """A file of a song in the vault: a chart or a reference recording."""

    role: Literal["chart", "reference"]
    name: FileName
    """Name of the file."""
    blob: Sha
    size: Annotated[int, Field(gt=0, le=LARGEST_REFERENCE)]
    """Bytes."""


class SongDescribed(Event):
    """The facts of a song, as a whole: what is not named any more is not a fact of it any more."""

    kind: Literal["song-described"] = "song-described"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("song",)
    song: SongId
    key: KeyName | None = None
    """Such as ``B♭ minor``."""
    files: Annotated[tuple[SongFile, ...], Field(max_length=MOST_PAPERS)] = ()

    @override
    def describe(self) -> str:
        told = [self.key] if self.key else []
        told += [f"{one.role} {one.name}" for one in self.files]
        return f"{self.song}: {', '.join(told) or 'nothing is noted of it'}"

    @override
    def blobs(self) -> Iterator[BlobReference]:
        for one in self.files:
            yield BlobReference(f"{self.song} {one.role} {one.name}", one.blob, one.size, one.role)


@dataclass(frozen=True, slots=True)
class SongChanges:
    """Changes of the facts of a song."""

    key: str | None = None
    """The new key in words; None leaves it, an empty text takes it away."""
    files: Sequence[SongFile] = ()
    """Files to add; one of the same role and name is replaced."""
    without: Sequence[str] = ()
    """Names of files to take away."""

    def __bool__(self) -> bool:
        return self.key is not None or bool(self.files or self.without)


def read_key(text: str) -> str:
    """The key in words as it is stored, from words such as ``Am``, ``F# minor``, ``Bb`` or ``D dorian``.

    Raises:
        Misused: ``song.key``; *text* names no key.
    """
    found = _KEY.fullmatch(text.strip())
    if found is None:
        raise Misused("song.key", f"{text[:40]!r} names no key; write Am, F# minor, Bb major or D dorian")
    tonic, sign, mode = found[1].upper(), (found[2] or "").lstrip(" -").lower(), found[3] or ""
    if mode != "M":
        mode = mode.lower()
    return f"{tonic}{_SIGNS.get(sign, '')} {_MODES.get(mode, 'major' if mode == 'M' else mode)}"


def describe_song(known: SongDescribed | None, *, song: str, changes: SongChanges) -> list[SongDescribed]:
    """Change facts of *song*.  Unchanged facts yield no event.

    Args:
        known: the facts in force; None without any.
        song: song id.
        changes: what changes.

    Raises:
        Misused: ``song.key``.
        NotFound: ``song.file``; a file to take away is not there.
    """
    old = known or SongDescribed(song=song)
    there = {one.name for one in old.files}
    if changes.without and there and not there & set(changes.without):
        names = ", ".join(sorted(there))
        raise NotFound(
            "song.file",
            f"{song} has no file {changes.without[0]}; there are {names}",
            next=suggest("song describe", song),
        )
    merged = {(one.role, one.name): one for one in (*old.files, *changes.files) if one.name not in changes.without}
    key = old.key if changes.key is None else read_key(changes.key) if changes.key.strip() else None
    event = SongDescribed(song=song, key=key, files=tuple(merged.values()))
    return [] if event == old else [event]
