"""From spans to clips: the range in which each take sounds, and the fades at its edges (:mod:`dsp.edit.fades`).

* A crossfade is centred at its joint.  If one take has too little material beyond the joint, the fade moves to the
  side where both have material, and becomes shorter if that is not enough.
* A border with silence inside a take is faded within the span.
* The first and last frame of a take stay as recorded if no other span touches there.

No fade takes more than half of its span.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from domain.recipe import EditRecipe, Ramp, Span, Treated
from dsp.audio import Unsound
from dsp.edit.fades import NO_FADE, Fade, Joint


@dataclass(frozen=True, slots=True)
class Clip:
    """A piece of a take in song time, half open, its fades included."""

    take: int
    begins: int
    """Frame of song time on which the first frame of the clip's source falls."""
    start: int
    end: int
    gain_db: Decimal = Decimal(0)
    ramps: tuple[Ramp, ...] = ()
    treated: Treated | None = None
    rise: Fade = NO_FADE
    fall: Fade = NO_FADE

    def gain(self, start: int, end: int) -> NDArray[np.float64] | None:
        """Gain of the fades from *start* to *end* of song time, all within the clip; None if no fade lies there."""
        rising, falling = self.start + self.rise.frames, self.end - self.fall.frames
        if rising <= start and end <= falling:
            return None
        at = np.arange(start, end, dtype=np.float64)
        gain = np.ones(end - start)
        if start < rising:
            gain[: rising - start] = self.rise.rise(at[: rising - start] - self.start)
        if falling < end:
            first = max(0, falling - start)
            gain[first:] = self.fall.fall(at[first:] - falling)
        return gain


@dataclass(frozen=True, slots=True)
class Material:
    """The range of song time for which a take has audio, half open; it may begin before the song does."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ClipPiece:
    """A clip without fades, the range of its material, and the frame at which it was decided to start."""

    clip: Clip
    material: Material
    decided: int

    @property
    def quarter(self) -> int:
        """A quarter of the clip's frames."""
        return (self.clip.end - self.clip.start) // 4


def rows_of(recipe: EditRecipe, lengths: Mapping[int, int]) -> list[list[ClipPiece]]:
    """The pieces of every layer, each layer in the order of time.

    Args:
        recipe: the cut.
        lengths: frames of each take the recipe uses.

    Raises:
        Unsound: spans of one layer overlap, or a take's start or length is not known.
    """
    return [whole([_piece(recipe, span, lengths) for span in _in_order(layer)]) for layer in recipe.layers]


def whole(pieces: Iterable[ClipPiece]) -> list[ClipPiece]:
    """*pieces* without empty ones, with contiguous pieces of one performance merged."""
    found: list[ClipPiece] = []
    for piece in pieces:
        if found and _follows(found[-1].clip, piece.clip):
            found[-1] = replace(found[-1], clip=replace(found[-1].clip, end=piece.clip.end))
        elif piece.clip.start < piece.clip.end:
            found.append(piece)
    return found


def joined(row: Sequence[ClipPiece], crossfade: int) -> list[Clip]:
    """The clips of a row of pieces that never overlap: crossfaded if they touch, else faded at their ends.

    Args:
        row: pieces in the order of time.
        crossfade: length of a crossfade in frames.
    """
    faded = [_bordered(piece, crossfade) for piece in row]
    for right, (left_piece, piece) in enumerate(pairwise(row), start=1):
        before, after = _reach(left_piece, piece, crossfade)
        if before + after:
            at = piece.clip.start
            fade = Fade(before + after, Joint(piece.decided, at))
            faded[right - 1] = replace(faded[right - 1], end=at + after, fall=fade)
            faded[right] = replace(faded[right], start=at - before, rise=fade)
    return faded


def same_sound(left: Clip, right: Clip) -> bool:
    """True if both clips come from one recording, with equal alignment and treatment."""
    return (left.take, left.begins, left.treated) == (right.take, right.begins, right.treated)


def _follows(left: Clip, right: Clip) -> bool:
    """True if *right* continues *left*: same recording, gain and fades, without a gap."""
    alike = (left.gain_db, left.ramps, left.end) == (right.gain_db, right.ramps, right.start)
    return alike and same_sound(left, right)


def _in_order(layer: Iterable[Span]) -> list[Span]:
    spans = sorted(layer, key=lambda span: span.start)
    for left, right in pairwise(spans):
        if right.start < left.end:
            raise Unsound(f"two spans of one layer overlap at frame {right.start}")
    return spans


def _piece(recipe: EditRecipe, span: Span, lengths: Mapping[int, int]) -> ClipPiece:
    if span.take not in recipe.starts or span.take not in lengths:
        raise Unsound(f"the edit uses take {span.take}, and there is no such take")
    begins, frames = _lies(span, recipe.starts[span.take], lengths[span.take])
    material = Material(begins, begins + frames)
    start, end = max(span.start, material.start), min(span.end, material.end, recipe.length)
    clip = Clip(span.take, begins, start, end, span.gain_db, span.ramps, span.treated)
    return ClipPiece(clip, material, start)


def _lies(span: Span, begins: int, frames: int) -> tuple[int, int]:
    """First frame in song time, and length, of the material that *span* is cut from.

    A take reversed between two frames continues backwards on either side of them.  Stretched or shifted material
    exists between its two frames only.
    """
    treated = span.treated
    if treated is None:
        return begins + span.slip, frames
    if treated.resounds:
        return treated.start + span.slip, treated.frames
    return treated.start + treated.end - begins - frames + span.slip, frames


def _bordered(piece: ClipPiece, crossfade: int) -> Clip:
    """The clip with fades at edges that border silence inside its take."""
    clip, material = piece.clip, piece.material
    frames = min(crossfade, _room(clip))
    rise = Fade(frames) if clip.start > material.start and not _ramped(clip, clip.start) else NO_FADE
    fall = Fade(frames) if clip.end < material.end and not _ramped(clip, clip.end) else NO_FADE
    return replace(clip, rise=rise, fall=fall)


def _ramped(clip: Clip, edge: int) -> bool:
    """True if one of the clip's own ramps lies at this edge."""
    return any(edge == (ramp.start if ramp.rises else ramp.end) for ramp in clip.ramps)


def _reach(left: ClipPiece, right: ClipPiece, crossfade: int) -> tuple[int, int]:
    """Frames of the crossfade before and after the joint of two pieces; (0, 0) if they do not touch."""
    joint = right.clip.start
    if left.clip.end != joint:
        return 0, 0
    half = crossfade // 2
    most_before = min(joint - right.material.start, _room(left.clip))
    most_after = min(left.material.end - joint, _room(right.clip))
    before = min(2 * half - min(half, most_after), most_before)
    after = min(2 * half - min(half, most_before), most_after)
    return before, after


def _room(clip: Clip) -> int:
    return (clip.end - clip.start) // 2
