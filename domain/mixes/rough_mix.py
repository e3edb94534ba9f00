"""Rough mixes: the familiar early mix of a song, pinned as the reference for later ones."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from domain.core.event import Event, SongId
from domain.render.jobs import Sound


class RoughPinned(Event):
    """A rough mix was pinned for a song, replacing any earlier one."""

    kind: Literal["rough-pinned"] = "rough-pinned"
    song: SongId
    sound: Sound
    origin: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    """Address of a mix, or name of the file."""


def pin(rough: RoughPinned | None, *, song: str, sound: Sound, origin: str) -> list[RoughPinned]:
    """Pin *sound* as the rough mix of *song*.  The sound already pinned yields no event."""
    if rough and rough.sound.pcm == sound.pcm:
        return []
    return [RoughPinned(song=song, sound=sound, origin=origin)]
