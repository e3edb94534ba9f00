"""Roughs: the mix of a song that everybody got used to, pinned as the reference that later ones are held against."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import StringConstraints
from typing_extensions import override

from domain.core.blob_reference import BlobReference
from domain.core.event import Event, SongId, Traits
from domain.render.jobs import Sound


class RoughPinned(Event):
    """This is the rough of a song from now on."""

    kind: Literal["rough-pinned"] = "rough-pinned"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("song",)
    song: SongId
    sound: Sound
    origin: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    """Where it came from: a mix's address, or the name of the file it was."""

    @override
    def describe(self) -> str:
        return f"{self.song}: {self.origin}"

    @override
    def blobs(self) -> Iterator[BlobReference]:
        yield self.sound.refer(f"{self.song} rough", "rough")


def pin(rough: RoughPinned | None, *, song: str, sound: Sound, origin: str) -> list[RoughPinned]:
    """Pin *sound* as the rough of *song*.  What is the rough already yields nothing new."""
    if rough and rough.sound.pcm == sound.pcm:
        return []
    return [RoughPinned(song=song, sound=sound, origin=origin)]
