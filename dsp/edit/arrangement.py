"""The entire arrangement: the recorded time line cut into stretches that sound in another order.

The joints depend on the arrangement alone and never on what a part recorded around them, so all parts are cut alike.
"""

from dataclasses import replace
from itertools import accumulate
from typing import Final

from domain.recipe import EditRecipe
from dsp.edit.clips import Clip, ClipPiece, Material, joined, whole
from dsp.edit.fades import NO_FADE

RECORDED: Final = 0
"""The recorded time line, as the one take that an arrangement is cut from; takes are counted from 1."""

_FOREVER: Final = 2**62
"""Frames; where a part's recorded time line ends, its silence goes on."""


def arranged(recipe: EditRecipe) -> tuple[Clip, ...]:
    """The stretches of an arrangement as clips of the recorded time line; none where the recipe has no arrangement.

    A stretch that begins at the song's zero has no material before it, so its crossfade lies after the joint.  The
    last stretch is faded where it ends before the part does.
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
