"""One moment of a part: which takes sound there, and which moment of each.

What rings on from before, a room or an echo, is no take's moment, and is not told here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.recipe import EditRecipe, Span


@dataclass(frozen=True, slots=True)
class SoundingTake:
    """A take that sounds at a moment."""

    span: Span
    frame: int
    """Of the take: 0 is its first."""


def heard_at(recipe: EditRecipe, frame: int) -> Iterator[SoundingTake]:
    """What sounds at *frame* of the part's edit, one of each layer at most; in a crossfade, the take that begins."""
    recorded = recorded_frame(recipe, frame)
    if recorded is None:
        return
    for layer in recipe.layers:
        for span in layer:
            if span.start <= recorded < span.end:
                yield SoundingTake(span, span.frame_of_take(recorded, recipe.starts[span.take]))


def recorded_frame(recipe: EditRecipe, frame: int) -> int | None:
    """Where *frame* of the arranged song lies in the recorded time line; None beyond its end."""
    if not recipe.arrangement:
        return frame
    left = frame
    for stretch in recipe.arrangement:
        if left < stretch.frames:
            return stretch.start + left
        left -= stretch.frames
    return None
