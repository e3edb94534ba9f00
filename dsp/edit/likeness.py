"""Correlation of two takes at their joints, and the fades computed from it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from domain.recipe import ArrangedJoint, Splice
from dsp.audio import Audio
from dsp.edit.clips import Clip
from dsp.edit.line import Read

Rows: TypeAlias = Sequence[Sequence[Clip]]

Alike: TypeAlias = Mapping[tuple[int, int], float]
"""Correlation of one track at each joint, by row and index in the row of the clip that begins there."""


def fit(rows: Rows, read: Read, has: Callable[[Clip], bool] = lambda _: True) -> tuple[list[Clip], Alike]:
    """All clips of *rows*, with fades set by the correlation of their takes on one track.

    Args:
        rows: joined clips.
        read: source of the clips.
        has: True if a clip's take has the track; if one of the two lacks it, the other fades at equal power.

    Returns:
        The clips in order, and the correlation at each joint.
    """
    alike, clips = dict[tuple[int, int], float](), list[Clip]()
    for layer, row in enumerate(rows):
        fitted = list(row)
        for right in _joints(row):
            left, clip = fitted[right - 1 : right + 1]
            if has(left) and has(clip):
                window = clip.start, clip.rise.frames
                alike[layer, right] = found = correlation(read(left, *window), read(clip, *window))
                fitted[right - 1 : right + 1] = _fitted(left, clip, found)
        clips += fitted
    return clips, alike


def _joints(row: Sequence[Clip]) -> Iterator[int]:
    """Indices of the clips that begin with a crossfade."""
    return (place for place, clip in enumerate(row) if clip.rise.joint)


def _fitted(left: Clip, right: Clip, found: float) -> tuple[Clip, Clip]:
    assert right.rise.joint is not None, "only clips that are joined are fitted"
    joint = replace(right.rise.joint, correlation=found)
    return replace(left, fall=replace(left.fall, joint=joint)), replace(right, rise=replace(right.rise, joint=joint))


def correlation(left: Audio | NDArray[np.float64], right: Audio | NDArray[np.float64]) -> float:
    """Correlation of two sounds: twice their product over the sum of their energies, rounded to thousandths.

    1 for identical sounds, 0 for unrelated ones and for silence, -1 for opposite polarity.  For equal levels it
    is the correlation coefficient; for unequal ones it is smaller, as the weaker sound changes the level of the sum
    less.

    Args:
        left: shape (channels, frames).
        right: shape (channels, frames) with equal frames; channels are equal, or one of them is 1.
    """
    product = energy = 0.0
    for one, other in zip(*np.broadcast_arrays(left, right), strict=True):
        a, b = one.astype(np.float64), other.astype(np.float64)
        product += _sum(a * b)
        energy += _sum(a * a) + _sum(b * b)
    return round(2.0 * product / energy, 3) + 0.0 if energy > 0.0 else 0.0  # + 0.0 turns -0.0 into 0.0


def _sum(values: NDArray[np.float64]) -> float:
    """Sequential sum; the order of numpy's own sums is not specified."""
    return float(np.cumsum(values)[-1])


def splices_of(rows: Rows, tracks: Mapping[str, Alike]) -> tuple[Splice, ...]:
    """The joints of *rows*, with the correlation on each of *tracks*."""
    return tuple(
        _splice(row[right - 1], row[right], (layer, right), tracks)
        for layer, row in enumerate(rows)
        for right in _joints(row)
    )


def joints_of(arranged: Sequence[Clip], tracks: Mapping[str, Alike]) -> tuple[ArrangedJoint, ...]:
    """The joints of an arrangement, with the correlation on each of *tracks*."""
    return tuple(_arranged(arranged[right - 1], arranged[right], right, tracks) for right in _joints(arranged))


def _arranged(left: Clip, right: Clip, place: int, tracks: Mapping[str, Alike]) -> ArrangedJoint:
    assert right.rise.joint is not None, "only joints are told of"
    at = right.rise.joint.at
    return ArrangedJoint(
        stretch=place + 1,
        left=at - left.begins,
        right=at - right.begins,
        at=at,
        fade_start=right.start,
        fade_end=right.start + right.rise.frames,
        correlation=_correlations((0, place), tracks),
    )


def _correlations(place: tuple[int, int], tracks: Mapping[str, Alike]) -> dict[str, Decimal]:
    return {name: Decimal(f"{alike[place]:.3f}") for name, alike in tracks.items() if place in alike}


def _splice(left: Clip, right: Clip, place: tuple[int, int], tracks: Mapping[str, Alike]) -> Splice:
    assert right.rise.joint is not None, "only joints are spliced"
    return Splice(
        layer=place[0] + 1,
        left=left.take,
        right=right.take,
        decided=right.rise.joint.decided,
        at=right.rise.joint.at,
        fade_start=right.start,
        fade_end=right.start + right.rise.frames,
        correlation=_correlations(place, tracks),
    )
