"""Whether microphones of one take push while others pull: the correlation of every two tracks at the same moment."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dsp.audio import BLOCK_FRAMES, Source
from dsp.files.sound import SoundReader

COARSE: Final = 8
"""Samples that are averaged: highs reach two microphones at different times, lows tell polarity."""
OPPOSED: Final = -0.6
"""Below this correlation two tracks cancel in the sum; of different sources it is near 0."""


def opposed(sources: Mapping[str, Source]) -> list[tuple[str, str, float]]:
    """Tracks whose polarity is against that of the others: track, the one it is most against, their correlation.

    Raises:
        Unsound: a track cannot be read.
    """
    if len(sources) < 2:  # noqa: PLR2004 - one alone has no neighbour
        return []
    products = np.zeros((len(sources), len(sources)))
    with ExitStack() as opening:
        readers = [opening.enter_context(SoundReader(source)) for source in sources.values()]
        for start in range(0, max(reader.frames for reader in readers), BLOCK_FRAMES):
            lines = np.stack([reader.read(start).mean(axis=0, dtype=np.float64) for reader in readers])
            coarse = lines.reshape(len(lines), -1, COARSE).mean(axis=2)
            products += coarse @ coarse.T
    return list(_odd_ones(list(sources), products))


def _odd_ones(names: Sequence[str], products: NDArray[np.float64]) -> Iterator[tuple[str, str, float]]:
    """Turns round, in thought, whoever is against most of the others, until nobody is against anybody."""
    sizes = np.sqrt(np.diag(products))
    alike = products / np.maximum(np.outer(sizes, sizes), np.finfo(np.float64).tiny)
    turned: set[int] = set()
    while len(turned) < len(names):
        against = alike < OPPOSED
        odd = max((track for track in range(len(names)) if track not in turned), key=lambda at: (against[at].sum(), at))
        if not against[odd].any():
            return
        other = int(alike[odd].argmin())
        yield names[odd], names[other], float(alike[odd, other])
        turned.add(odd)
        alike[odd] *= -1
        alike[:, odd] *= -1
