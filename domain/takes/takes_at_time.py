"""Takes that sound at one moment of a part, and the frame of each take at that moment.

Reverb tails and echoes of earlier moments are not counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.recipe import EditRecipe, Span


@dataclass(frozen=True, slots=True)
class SoundingTake:
    """A take that sounds at a given moment."""

    span: Span
    frame: int
    """Frame of the take; 0 is its first."""


def takes_at(recipe: EditRecipe, frame: int) -> Iterator[SoundingTake]:
    """Takes that sound at *frame* of the part's edit, one per layer at most; in a crossfade, the take that begins."""
    recorded = recorded_frame(recipe, frame)
    if recorded is None:
        return
    for layer in recipe.layers:
        for span in layer:
            if span.start <= recorded < span.end:
                yield SoundingTake(span, span.frame_of_take(recorded, recipe.starts[span.take]))


def recorded_frame(recipe: EditRecipe, frame: int) -> int | None:
    """The frame of recorded time at frame *frame* of the arranged song; None beyond its end."""
    if not recipe.arrangement:
        return frame
    left = frame
    for stretch in recipe.arrangement:
        if left < stretch.frames:
            return stretch.start + left
        left -= stretch.frames
    return None
