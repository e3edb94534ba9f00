"""Rough mixes: an early mix of a song, pinned as the reference to which later mixes are compared."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import StringConstraints
from typing_extensions import override

from domain.core.blob_reference import BlobReference
from domain.core.event import Event, SongId, Traits
from domain.render.jobs import Sound


class RoughPinned(Event):
    """A rough mix was pinned for a song, replacing any earlier one."""

    kind: Literal["rough-pinned"] = "rough-pinned"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("song",)
    song: SongId
    sound: Sound
    origin: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    """Address of a mix, or name of the file."""

    @override
    def describe(self) -> str:
        return f"{self.song}: {self.origin}"

    @override
    def blobs(self) -> Iterator[BlobReference]:
        yield self.sound.refer(f"{self.song} rough", "rough")


def pin(rough: RoughPinned | None, *, song: str, sound: Sound, origin: str) -> list[RoughPinned]:
    """Pin *sound* as the rough mix of *song*.  A sound that is pinned already yields no event."""
    if rough and rough.sound.pcm == sound.pcm:
        return []
    return [RoughPinned(song=song, sound=sound, origin=origin)]
