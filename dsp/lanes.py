"""One track of all takes: what a clip is cut from."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from dsp.audio import Audio, Source, Unsound
from dsp.clips import Clip
from dsp.files import Reader

Take = Mapping[str, Source]
"""The tracks of one take by name."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """One track in every take that has it."""

    readers: Mapping[int, Reader]
    channels: int
    """Of the result."""

    def has(self, clip: Clip) -> bool:
        """Whether the clip's take has this track."""
        return clip.take in self.readers

    def read(self, clip: Clip, start: int, frames: int) -> Audio:
        """What *clip* is cut from, from frame *start* of song time on; silence where nothing was recorded.

        Returns:
            Shape (1 or ``channels``, frames).
        """
        return self.readers[clip.take].read(start - clip.begins, frames)


@contextmanager
def opened(name: str, takes: Mapping[int, Take]) -> Iterator[Lanes]:
    """The track *name* of *takes*, of which at least one has it.

    Raises:
        Unsound: two takes have it with other numbers of channels, neither of them one.
    """
    with ExitStack() as files:
        readers = {take: files.enter_context(Reader(tracks[name])) for take, tracks in takes.items() if name in tracks}
        channels = max(reader.channels for reader in readers.values())
        for take, reader in readers.items():
            if reader.channels not in {1, channels}:
                told = f"{reader.channels} channels where another take has {channels}"
                raise Unsound(f"take {take}, track {name} has {told}")
        yield Lanes(readers, channels)


def names_of(takes: Mapping[int, Take]) -> list[str]:
    """Every track name of any take, sorted."""
    return sorted({name for tracks in takes.values() for name in tracks})
