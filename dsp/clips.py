"""From painted spans to clips: where each take sounds, and how its edges are joined or faded.

The laws, with ``t = (k + 1/2) / n`` over the ``n`` frames of a fade and the smooth step ``s = t * t * (3 - 2 * t)``:

* joint: the take that ends has gain ``sqrt(1 - s)``, the one that begins ``sqrt(s)``: equal power, level slope at both
  ends.  The fade is centred at the joint.  Where the take that begins has no material before the joint, or the one
  that ends none after it, the fade moves to the side where both sound, and is shorter where that is not enough.
* border with silence inside a take: ``s`` or ``1 - s``, within the span.
* a take's own first and last frame, where no other span touches: as recorded.

No fade takes more than half of its span.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from domain.recipe import EditRecipe, Span
from dsp.audio import Unsound


@dataclass(frozen=True, slots=True)
class Fade:
    """A fade at one end of a clip, in frames; ``joint`` where another clip fades the other way at the same time."""

    frames: int = 0
    joint: bool = False


@dataclass(frozen=True, slots=True)
class Clip:
    """A piece of a take in song time, half open, its fades included."""

    take: int
    begins: int
    """The frame of song time on which the take's first frame falls here."""
    start: int
    end: int
    rise: Fade = Fade()
    fall: Fade = Fade()

    def gain(self, start: int, end: int) -> NDArray[np.float64] | None:
        """The gain of the frames from *start* to *end* of song time, all within the clip; None where it is 1."""
        rising, falling = self.start + self.rise.frames, self.end - self.fall.frames
        if rising <= start and end <= falling:
            return None
        at = np.arange(start, end, dtype=np.float64)
        gain = np.ones(end - start)
        if start < rising:
            gain[: rising - start] = _rise(at[: rising - start] - self.start, self.rise)
        if falling < end:
            first = max(0, falling - start)
            gain[first:] = _fall(at[first:] - falling, self.fall)
        return gain


def _step(frame: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    t = (frame + 0.5) / length
    return t * t * (3.0 - 2.0 * t)


def _rise(frame: NDArray[np.float64], fade: Fade) -> NDArray[np.float64]:
    step = _step(frame, fade.frames)
    return np.sqrt(step) if fade.joint else step


def _fall(frame: NDArray[np.float64], fade: Fade) -> NDArray[np.float64]:
    step = 1.0 - _step(frame, fade.frames)
    return np.sqrt(step) if fade.joint else step


@dataclass(frozen=True, slots=True)
class Material:
    """Where a take was recorded, in song time, half open; it may begin before the song does."""

    start: int
    end: int


def clips_of(recipe: EditRecipe, lengths: Mapping[int, int]) -> tuple[Clip, ...]:
    """The clips of every layer, in the order in which they are summed.

    Args:
        recipe: the cut.
        lengths: frames of each take the recipe uses.

    Raises:
        Unsound: spans of one layer overlap, or a take's start or length is not known.
    """
    return tuple(clip for layer in recipe.layers for clip in _layer(recipe, layer, lengths))


def _layer(recipe: EditRecipe, layer: Iterable[Span], lengths: Mapping[int, int]) -> list[Clip]:
    pieces: list[tuple[Clip, Material]] = []
    for span in _in_order(layer):
        material = _material(recipe, span, lengths)
        start, end = max(span.start, material.start), min(span.end, material.end, recipe.length)
        pieces.append((Clip(span.take, material.start, start, end), material))
    return joined(pieces, recipe.crossfade_frames)


def joined(pieces: Iterable[tuple[Clip, Material]], crossfade: int) -> list[Clip]:
    """Clips without fades, each with where its material lies, as they sound together: joined, or faded at their ends.

    Args:
        pieces: in the order of time, never overlapping; those without a length are left out, and neighbours that are
            one performance become one.
        crossfade: frames.
    """
    bare: list[tuple[Clip, Material]] = []
    for piece, material in pieces:
        if bare and _follows(bare[-1][0], piece):
            bare[-1] = replace(bare[-1][0], end=piece.end), material
        elif piece.start < piece.end:
            bare.append((piece, material))
    faded = [_bordered(clip, material, crossfade) for clip, material in bare]
    for right, (left_one, right_one) in enumerate(pairwise(bare), start=1):
        before, after = _joint(left_one, right_one, crossfade)
        if before + after:
            joint, fade = right_one[0].start, Fade(before + after, joint=True)
            faded[right - 1] = replace(faded[right - 1], end=joint + after, fall=fade)
            faded[right] = replace(faded[right], start=joint - before, rise=fade)
    return faded


def _follows(left: Clip, right: Clip) -> bool:
    """Whether the two are one performance, painted in two strokes."""
    return (left.take, left.begins, left.end) == (right.take, right.begins, right.start)


def _in_order(layer: Iterable[Span]) -> list[Span]:
    spans = sorted(layer, key=lambda span: span.start)
    for left, right in pairwise(spans):
        if right.start < left.end:
            raise Unsound(f"two spans of one layer overlap at frame {right.start}")
    return spans


def _material(recipe: EditRecipe, span: Span, lengths: Mapping[int, int]) -> Material:
    if span.take not in recipe.starts or span.take not in lengths:
        raise Unsound(f"the edit uses take {span.take}, and there is no such take")
    begins = recipe.starts[span.take] + span.slip
    return Material(begins, begins + lengths[span.take])


def _bordered(clip: Clip, material: Material, crossfade: int) -> Clip:
    """*clip* between silence and silence: faded where it begins or ends inside its take."""
    frames = min(crossfade, _room(clip))
    rise = Fade(frames) if clip.start > material.start else Fade()
    fall = Fade(frames) if clip.end < material.end else Fade()
    return replace(clip, rise=rise, fall=fall)


def _joint(left_one: tuple[Clip, Material], right_one: tuple[Clip, Material], crossfade: int) -> tuple[int, int]:
    """How far the crossfade reaches before and after the joint of two clips; (0, 0) where they do not touch."""
    (left, ending), (right, beginning) = left_one, right_one
    if left.end != right.start:
        return 0, 0
    half = crossfade // 2
    most_before = min(right.start - beginning.start, _room(left))
    most_after = min(ending.end - left.end, _room(right))
    before = min(2 * half - min(half, most_after), most_before)
    after = min(2 * half - min(half, most_before), most_after)
    return before, after


def _room(clip: Clip) -> int:
    return (clip.end - clip.start) // 2
