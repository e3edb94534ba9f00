"""Search for the place of a splice.

A joint may be moved by some frames from its decided place, to the place where the two takes differ least over the whole
crossfade: at the least energy of their difference, summed over all tracks, which is small where the takes agree and
where both are quiet.  Of equal minima the nearest one is taken, and of two at equal distance the earlier one.

All sums are sequential in float64, so they have the same bits everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from domain.recipe import EditRecipe
from dsp.edit.clips import Clip, ClipPiece, same_sound, whole
from dsp.edit.lanes import Lanes, opened
from dsp.edit.tapes import Tapes


@dataclass(frozen=True, slots=True)
class Search:
    """One joint that may be moved by *earliest* to *latest* frames, and the energy of the difference around it."""

    left: ClipPiece
    right: ClipPiece
    earliest: int
    latest: int
    half: int
    """Frames of the crossfade on either side of the joint."""
    energy: NDArray[np.float64]
    """Energy of the difference of each frame that any of the crossfades touches, all tracks together."""

    @property
    def first(self) -> int:
        """Frame of song time of the first energy value."""
        return self.right.clip.start + self.earliest - self.half

    def add_track(self, lanes: Lanes) -> None:
        """Add the energy of the difference on one track."""
        left, right = (_source_of(lanes, piece.clip, self.first, len(self.energy)) for piece in (self.left, self.right))
        for channel in np.broadcast_to(right - left, (lanes.channels, len(self.energy))):
            self.energy[:] += channel * channel

    def best(self) -> int:
        """Frames by which to move the joint."""
        before = np.concatenate([[0.0], np.cumsum(self.energy)])
        moves = self.latest - self.earliest + 1
        cost = before[2 * self.half :][:moves] - before[:moves]
        least = np.flatnonzero(cost == cost.min()) + self.earliest
        return min((int(move) for move in least), key=lambda move: (abs(move), move))


def settled(rows: Sequence[list[ClipPiece]], recipe: EditRecipe, tapes: Tapes) -> list[list[ClipPiece]]:
    """*rows* with each joint moved, for all tracks, to where its takes differ least within the recipe's search range.

    A joint moves by at most a quarter of either piece, and only to places where both takes have material for the whole
    crossfade.  Without such a place the joint stays.
    """
    searches = {
        (layer, right): search
        for layer, row in enumerate(rows)
        for right, pair in enumerate(pairwise(row), start=1)
        if (search := _search(*pair, recipe))
    }
    for name in tapes.names if searches else ():
        with opened(name, tapes) as lanes:
            for search in searches.values():
                search.add_track(lanes)
    moved = [list(row) for row in rows]
    for (layer, right), search in searches.items():
        at, row = search.right.clip.start + search.best(), moved[layer]
        row[right - 1] = replace(row[right - 1], clip=replace(row[right - 1].clip, end=at))
        row[right] = replace(row[right], clip=replace(row[right].clip, start=at))
    return [whole(row) for row in moved]


def _search(left: ClipPiece, right: ClipPiece, recipe: EditRecipe) -> Search | None:
    """The search range of the joint of two pieces; None if they do not touch, are one recording, or cannot move."""
    joint, half = right.clip.start, recipe.crossfade_frames // 2
    most = min(recipe.search_frames, left.quarter, right.quarter)
    earliest = max(-most, right.material.start + half - joint)
    latest = min(most, left.material.end - half - joint)
    if left.clip.end != joint or same_sound(left.clip, right.clip):
        return None
    if half > min(left.quarter, right.quarter) or earliest > latest:
        return None
    return Search(left, right, earliest, latest, half, np.zeros(latest - earliest + 2 * half))


def _source_of(lanes: Lanes, clip: Clip, start: int, frames: int) -> NDArray[np.float64]:
    silence = np.zeros((1, frames))
    return lanes.read(clip, start, frames).astype(np.float64) if lanes.has(clip) else silence
