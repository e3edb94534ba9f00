"""Roughs: the mix of a song that everybody got used to, pinned as the reference that later ones are held against."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from domain.core.event import Event, SongId
from domain.render.jobs import Sound


class RoughPinned(Event):
    """This is the rough of a song from now on."""

    kind: Literal["rough-pinned"] = "rough-pinned"
    song: SongId
    sound: Sound
    origin: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    """Where it came from: a mix's address, or the name of the file it was."""


def pin(rough: RoughPinned | None, *, song: str, sound: Sound, origin: str) -> list[RoughPinned]:
    """Pin *sound* as the rough of *song*.  What is the rough already yields nothing new."""
    if rough and rough.sound.pcm == sound.pcm:
        return []
    return [RoughPinned(song=song, sound=sound, origin=origin)]
