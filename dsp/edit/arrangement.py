"""Arrangement of a part: recorded time cut into stretches that sound in another order.

The joints depend on the arrangement and not on the audio of a part, so that all parts are cut at the same frames.
"""

from dataclasses import replace
from itertools import accumulate
from typing import Final

from domain.recipe import EditRecipe
from dsp.edit.clips import Clip, ClipPiece, Material, joined, whole
from dsp.edit.fades import NO_FADE

RECORDED: Final = 0
"""Number of recorded time as the one take that an arrangement is cut from; real takes count from 1."""

_FOREVER: Final = 2**62
"""Frames; recorded time continues as silence after its end."""


def arranged(recipe: EditRecipe) -> tuple[Clip, ...]:
    """The stretches of an arrangement as clips of recorded time; none if the recipe has no arrangement.

    A stretch that begins at the song's zero has no material before it, so its crossfade lies after the joint.  The
    last stretch is faded if it ends before the part does.
    """
    ends = list(accumulate(stretch.frames for stretch in recipe.arrangement))
    pieces = []
    for stretch, end in zip(recipe.arrangement, ends, strict=True):
        begins, start = end - stretch.end, end - stretch.frames
        material = Material(begins, begins + _FOREVER)
        pieces.append(ClipPiece(Clip(RECORDED, begins, start, end), material, start))
    clips = joined(whole(pieces), recipe.crossfade_frames)
    if clips and recipe.arrangement[-1].end >= recipe.length:
        clips[-1] = replace(clips[-1], fall=NO_FADE)
    return tuple(clips)
