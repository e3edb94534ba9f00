"""Opposite polarity between tracks of one take, from the correlation of every two tracks."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dsp.audio import BLOCK_FRAMES, Source
from dsp.files.sound import SoundReader

COARSE: Final = 8
"""Samples averaged into one: highs reach two microphones at different times, lows show polarity."""
OPPOSED: Final = -0.6
"""Correlation below which two tracks cancel in the sum; that of unrelated sources is near 0."""


def opposed(sources: Mapping[str, Source]) -> list[tuple[str, str, float]]:
    """Tracks of opposite polarity to the others: track, the track it opposes most, their correlation.

    Raises:
        Unsound: a track cannot be read.
    """
    if len(sources) < 2:  # noqa: PLR2004 - one track has nothing to compare with
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
    """Flip, in the correlation matrix, the track that opposes most others, until no pair is opposed; yield each."""
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
