"""Cutting a part from its takes: every track at the same sample, streamed."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from domain.recipe import EditRecipe
from dsp.arrangement import arranged
from dsp.audio import Audio, Printed, Source, Unsound, grid
from dsp.clips import Clip, clips_of
from dsp.files import Reader, Writer

Take = Mapping[str, Source]
"""The tracks of one take by name."""

Read: TypeAlias = Callable[[int, int], Audio | NDArray[np.float64]]
"""From a frame on, so many frames: shape (channels, frames), silence outside."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How all tracks are cut: the recorded time line from takes, and the result from that line."""

    clips: tuple[Clip, ...]
    arranged: tuple[Clip, ...]
    """None where the result is the recorded time line itself."""


def render_edit(recipe: EditRecipe, takes: Mapping[int, Take], out: Path) -> list[Printed]:
    """Cut a part as *recipe* says; one file a track name, all of ``recipe.result_frames``.

    A track that a take does not have is silent while that take sounds.  Where a track is mono in one take and stereo
    in another, the result is stereo and the mono one sounds on both sides.  A take that nothing was cut from or faded
    in comes out with the very samples it went in with.

    Args:
        recipe: spans, starts, fades and arrangement, in frames of song time.
        takes: the tracks of each take the recipe uses.
        out: an existing folder; ``TRACK.wav`` is written for every track name of any take, RF64 of 32-bit float.

    Raises:
        Unsound: a take or its audio is missing, its rate is not the recipe's, its tracks are of unequal length, or
            spans overlap.
    """
    lengths = {take: _length(take, tracks, recipe.rate) for take, tracks in takes.items()}
    cut = Cut(clips_of(recipe, lengths), arranged(recipe))
    names = sorted({name for tracks in takes.values() for name in tracks})
    return [_render_track(name, recipe, cut, takes, out) for name in names]


def _length(take: int, tracks: Take, rate: int) -> int:
    """Frames of a take, the same for all of its tracks."""
    lengths = {name: _frames(take, name, source, rate) for name, source in tracks.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {frames}" for name, frames in sorted(lengths.items()))
        raise Unsound(f"the tracks of take {take} differ in length, so they would drift: {told} frames")
    return next(iter(lengths.values()), 0)


def _frames(take: int, name: str, source: Source, rate: int) -> int:
    with Reader(source) as reader:
        if reader.rate != rate:
            raise Unsound(f"take {take}, track {name} has {reader.rate} Hz where the edit has {rate} Hz")
        return reader.frames


def _render_track(name: str, recipe: EditRecipe, cut: Cut, takes: Mapping[int, Take], out: Path) -> Printed:
    with ExitStack() as files:
        readers = {take: files.enter_context(Reader(tracks[name])) for take, tracks in takes.items() if name in tracks}
        channels = max(reader.channels for reader in readers.values())
        _refuse_unlike(name, readers, channels)
        writer = files.enter_context(Writer(out / f"{name}.wav", recipe.rate, channels, recipe.result_frames))
        line = Line(channels, [(clip, readers[clip.take].read) for clip in cut.clips if clip.take in readers])
        if cut.arranged:
            line = Line(channels, [(clip, line.read) for clip in cut.arranged])
        for start, frames in grid(recipe.result_frames):
            writer.write(line.read(start, frames).astype(np.float32))
    return writer.printed


def _refuse_unlike(name: str, readers: Mapping[int, Reader], channels: int) -> None:
    for take, reader in readers.items():
        if reader.channels not in {1, channels}:
            raise Unsound(f"take {take}, track {name} has {reader.channels} channels where another take has {channels}")


@dataclass(frozen=True, slots=True)
class Line:
    """A time line of one track: clips, each with what it is cut from."""

    channels: int
    clips: Sequence[tuple[Clip, Read]]

    def read(self, start: int, frames: int) -> NDArray[np.float64]:
        """The sum of the clips from frame *start* on, shape (channels, frames); silence where none sounds."""
        total = np.zeros((self.channels, frames))
        for clip, read in self.clips:
            _add(total, start, clip, read)
        return total


def _add(total: NDArray[np.float64], start: int, clip: Clip, read: Read) -> None:
    """Add what of *clip* lies in the block *total*, which begins at frame *start*."""
    first, last = max(start, clip.start), min(start + total.shape[1], clip.end)
    if first >= last:
        return
    samples = read(first - clip.begins, last - first)
    gain = clip.gain(first, last)
    total[:, first - start : last - start] += samples if gain is None else samples * gain
