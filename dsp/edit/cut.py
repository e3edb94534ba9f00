"""Rendering of an edit: a part cut from its takes, every track at the same sample, streamed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from domain.recipe import ArrangedJoint, EditRecipe, Splice
from dsp.audio import Printed, Source, Take, Unsound, grid
from dsp.edit.arrangement import arranged
from dsp.edit.clips import Clip, joined, rows_of
from dsp.edit.lanes import Lanes, opened
from dsp.edit.likeness import Alike, Rows, fit, joints_of, splices_of
from dsp.edit.line import TrackLine
from dsp.edit.splice import settled
from dsp.edit.tapes import laid_out
from dsp.files.sound import SoundReader, SoundWriter


@dataclass(frozen=True, slots=True)
class CutResult:
    """Files and joints of a rendered edit."""

    printed: tuple[Printed, ...]
    """One file a track name."""
    splices: tuple[Splice, ...]
    """Joints between takes, layer by layer; empty if the recipe does not search."""
    joints: tuple[ArrangedJoint, ...] = ()
    """Joints of the arrangement, if there is one."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The clips that cut all tracks: from takes to recorded time, and from recorded time to the result."""

    recipe: EditRecipe
    rows: tuple[tuple[Clip, ...], ...]
    arranged: tuple[Clip, ...]
    """Empty if the result is recorded time itself."""


def render_edit(recipe: EditRecipe, takes: Mapping[int, Take], out: Path) -> CutResult:
    """Cut a part as *recipe* says; one file a track name, all of ``recipe.result_frames``.

    A track missing from a take is silent while that take sounds.  If a track is mono in one take and stereo
    in another, the result is stereo and the mono one sounds on both sides, 3.01 dB lower on each
    (:mod:`dsp.edit.lanes`).  A take without cuts or fades comes out with unchanged samples.

    Args:
        recipe: spans, starts, fades and arrangement, in frames of song time.
        takes: the tracks of each take the recipe uses.
        out: an existing folder; ``TRACK.wav`` is written for every track name of any take, RF64 of 32-bit float.

    Raises:
        Unsound: a take or its audio is missing, its rate is not the recipe's, its tracks are of unequal length, or
            spans overlap.
    """
    rows = rows_of(recipe, {take: _length(take, tracks, recipe.rate) for take, tracks in takes.items()})
    with laid_out(recipe, takes, out) as tapes:
        if recipe.search_frames:
            rows = settled(rows, recipe, tapes)
        cut = Cut(recipe, tuple(tuple(joined(row, recipe.crossfade_frames)) for row in rows), arranged(recipe))
        printed, alike, arranged_alike = [], dict[str, Alike](), dict[str, Alike]()
        for name in tapes.names:
            with opened(name, tapes) as lanes:
                one, alike[name], arranged_alike[name] = _render_track(name, cut, lanes, out)
            printed.append(one)
    if not recipe.search_frames:
        return CutResult(tuple(printed), ())
    return CutResult(tuple(printed), splices_of(cut.rows, alike), joints_of(cut.arranged, arranged_alike))


def _length(take: int, tracks: Take, rate: int) -> int:
    """Frames of a take, the same for all of its tracks."""
    lengths = {name: _frames(take, name, source, rate) for name, source in tracks.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {frames}" for name, frames in sorted(lengths.items()))
        raise Unsound(f"the tracks of take {take} differ in length, so they would drift: {told} frames")
    return next(iter(lengths.values()), 0)


def _frames(take: int, name: str, source: Source, rate: int) -> int:
    with SoundReader(source) as reader:
        if reader.rate != rate:
            raise Unsound(f"take {take}, track {name} has {reader.rate} Hz where the edit has {rate} Hz")
        return reader.frames


def _render_track(name: str, cut: Cut, lanes: Lanes, out: Path) -> tuple[Printed, Alike, Alike]:
    """Render one track; return its file, and the correlation at each joint of takes and of the arrangement."""
    recipe = cut.recipe
    clips, alike = fit(cut.rows, lanes.read, lanes.has) if recipe.search_frames else (_all(cut.rows), {})
    line = TrackLine(lanes.channels, [clip for clip in clips if lanes.has(clip)], lanes.read)
    arranged_alike: Alike = {}
    if cut.arranged:
        stretches, arranged_alike = (
            fit([cut.arranged], line.again) if recipe.search_frames else (list(cut.arranged), arranged_alike)
        )
        line = TrackLine(lanes.channels, stretches, line.again)
    with SoundWriter(out / f"{name}.wav", recipe.rate, lanes.channels, recipe.result_frames) as writer:
        for start, frames in grid(recipe.result_frames):
            writer.write(line.read(start, frames).astype(np.float32))
    return writer.printed, alike, arranged_alike


def _all(rows: Rows) -> list[Clip]:
    return [clip for row in rows for clip in row]
