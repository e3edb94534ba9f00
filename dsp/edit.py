"""Cutting a part from its takes: every track at the same sample, streamed."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.recipe import EditRecipe
from dsp.audio import Audio, Printed, Source, Unsound, grid
from dsp.clips import Clip, clips_of
from dsp.files import Reader, Writer

Take = Mapping[str, Source]
"""The tracks of one take by name."""


def render_edit(recipe: EditRecipe, takes: Mapping[int, Take], out: Path) -> list[Printed]:
    """Cut a part as *recipe* says; one file a track name, all of ``recipe.length`` frames.

    A track that a take does not have is silent while that take sounds.  Where a track is mono in one take and stereo
    in another, the result is stereo and the mono one sounds on both sides.  A take that nothing was cut from or faded
    in comes out with the very samples it went in with.

    Args:
        recipe: spans, starts and fades, in frames of song time.
        takes: the tracks of each take the recipe uses.
        out: an existing folder; ``TRACK.wav`` is written for every track name of any take, RF64 of 32-bit float.

    Raises:
        Unsound: a take or its audio is missing, its rate is not the recipe's, its tracks are of unequal length, or
            spans overlap.
    """
    lengths = {take: _length(take, tracks, recipe.rate) for take, tracks in takes.items()}
    clips = clips_of(recipe, lengths)
    names = sorted({name for tracks in takes.values() for name in tracks})
    return [_render_track(name, recipe, clips, takes, out) for name in names]


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


def _render_track(
    name: str, recipe: EditRecipe, clips: tuple[Clip, ...], takes: Mapping[int, Take], out: Path
) -> Printed:
    with ExitStack() as files:
        readers = {take: files.enter_context(Reader(tracks[name])) for take, tracks in takes.items() if name in tracks}
        channels = max(reader.channels for reader in readers.values())
        _refuse_unlike(name, readers, channels)
        writer = files.enter_context(Writer(out / f"{name}.wav", recipe.rate, channels, recipe.length))
        sounding = [clip for clip in clips if clip.take in readers]
        for start, frames in grid(recipe.length):
            total = np.zeros((channels, frames))
            for clip in sounding:
                _add(total, start, clip, readers[clip.take], recipe.starts[clip.take])
            writer.write(total.astype(np.float32))
    return writer.printed


def _refuse_unlike(name: str, readers: Mapping[int, Reader], channels: int) -> None:
    for take, reader in readers.items():
        if reader.channels not in {1, channels}:
            raise Unsound(f"take {take}, track {name} has {reader.channels} channels where another take has {channels}")


def _add(total: NDArray[np.float64], start: int, clip: Clip, reader: Reader, take_start: int) -> None:
    """Add what of *clip* lies in the block *total*, which begins at frame *start* of song time."""
    first, last = max(start, clip.start), min(start + total.shape[1], clip.end)
    if first >= last:
        return
    samples: Audio = reader.read(first - take_start, last - first)
    gain = clip.gain(first, last)
    total[:, first - start : last - start] += samples if gain is None else samples * gain
