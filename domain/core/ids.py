"""Ids: texts that name a record, song, part, take, mix or master; and access to their parts.

A record is ``night-bus``, a song of it ``night-bus/tin-roof``, a part ``night-bus/tin-roof/drums`` and a take
``night-bus/tin-roof/drums/3``; a mix is ``night-bus/tin-roof@mix2``, a master ``night-bus@master1``.

Stored events and states hold ids as plain text, because a value class would cost a call for each id at each replay.  No
other module splits an id; addresses as people type them are parsed by :mod:`domain.core.address`.
"""

from dataclasses import dataclass
from typing import Self

_PART_SEGMENTS, _TAKE_SEGMENTS = 3, 4


def record_of(id_: str) -> str:
    """The record of any id: of a record itself, a song, part, take, session, mix or master."""
    return id_.partition("/")[0].partition("@")[0]


def song_of(id_: str) -> str:
    """The song of a song's, part's, take's or mix's id.

    Raises:
        ValueError: *id_* lies in no song.
    """
    record, slash, rest = id_.partition("@")[0].partition("/")
    if not slash:
        raise ValueError(f"{id_!r} lies in no song")
    return f"{record}/{rest.partition('/')[0]}"


def part_of(id_: str) -> str:
    """The part of a part's or take's id.

    Raises:
        ValueError: *id_* lies in no part.
    """
    segments = id_.split("/", _PART_SEGMENTS)
    if len(segments) < _PART_SEGMENTS:
        raise ValueError(f"{id_!r} lies in no part")
    return "/".join(segments[:_PART_SEGMENTS])


def number_of(take: str) -> int:
    """The number of a take's id."""
    return int(take.rpartition("/")[2])


def slug_of(id_: str) -> str:
    """The last segment of an id: the slug that is unique among a record's songs, or among a song's parts."""
    return id_.rpartition("/")[2]


def revision_of(id_: str) -> str:
    """The revision at the end of the id of a mix or master, such as ``mix2``; for a verdict's subject, ``mix``."""
    return id_.rpartition("@")[2]


def lineage(id_: str) -> tuple[str, ...]:
    """The ids of the record, song and part that contain *id_*, outermost first, then *id_* itself."""
    segments = id_.split("/")
    return tuple("/".join(segments[:depth]) for depth in range(1, len(segments) + 1))


def lies_under(id_: str, above: str) -> bool:
    """True if *id_* is *above*, lies in it, or is a track, revision or file of it; every id lies under ``""``."""
    return not above or id_ == above or id_.startswith(tuple(f"{above}{mark}" for mark in "/@. "))


def relative_to(id_: str, above: str) -> str:
    """*id_* relative to the id *above* that contains it, such as ``drums/3``; unchanged if nothing contains it."""
    return id_.removeprefix(f"{above}/")


def number_of_revision(revision: str) -> int:
    """The number of a revision such as ``mix2``, or of the id of a mix or master."""
    return int(revision_of(revision).lstrip("abcdefghijklmnopqrstuvwxyz") or 0)


@dataclass(frozen=True, slots=True)
class IdParts:
    """An id split into its parts, and the words that follow the id in the subject of a report or file.

    Examples: ``night-bus@master1 streaming tin-roof`` and ``night-bus/tin-roof/drums/3.kick-in original``.
    """

    segments: tuple[str, ...]
    revision: str = ""
    """``mix2``, ``master1``; or the span that an address ends with."""
    label: str = ""
    """The words behind the id: a track, or the target and song of a master's file."""

    @classmethod
    def of(cls, id_: str) -> Self:
        """Split *id_* into its parts."""
        name, _, label = id_.partition(" ")
        path, _, revision = name.partition("@")
        return cls(tuple(path.split("/")), revision, label)

    @property
    def record(self) -> str:
        """The id of the record."""
        return self.segments[0]

    @property
    def song(self) -> str | None:
        """The id of the song; None for a record or a master."""
        return "/".join(self.segments[:2]) if len(self.segments) > 1 else None

    @property
    def part(self) -> str | None:
        """The id of the part; None for an id that lies in no part."""
        return "/".join(self.segments[:_PART_SEGMENTS]) if len(self.segments) >= _PART_SEGMENTS else None

    @property
    def number(self) -> int | None:
        """The number of the take; None for an id that is neither a take nor a track of one."""
        return (
            int(self.segments[_TAKE_SEGMENTS - 1].partition(".")[0]) if len(self.segments) >= _TAKE_SEGMENTS else None
        )

    @property
    def path(self) -> str:
        """The id of the record, song, part or take, without track, revision and words."""
        return "/".join(self.segments)

    @property
    def name(self) -> str:
        """The id without the words that follow it."""
        return f"{self.path}@{self.revision}" if self.revision else self.path
