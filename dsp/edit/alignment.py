"""Time offset between recordings: microphones of one take to the sample, performances by their onsets.

The offsets are only measured; moving a take or a track is a person's decision.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dsp.audio import Source, Unsound
from dsp.blocks.cross_correlation import cross_spectrum, near_lags
from dsp.files.sound import SoundReader

COMPARED_FRAMES: Final = 2**20
"""Frames of a take, around its loudest moment, over which microphones are compared: 22 s at 48 kHz."""
FARTHEST_S: Final = 0.05
"""Largest offset between microphones: 17 m of air."""
HOP_S: Final = 0.002
"""Interval between values of an onset envelope."""
FARTHEST_PERFORMANCE_S: Final = 2.0
FLOOR: Final = 1e-3
"""Level relative to the strongest frequency below which a frequency loses weight: phase is noise there."""

Line = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lag:
    """Offset of one recording relative to another."""

    frames: int
    inverted: bool
    """True if the polarity is opposite."""
    confidence: float
    """0 for unrelated to 1 for identical."""


def between_microphones(take: Mapping[str, Source], reference: str) -> dict[str, Lag]:
    """Offset of each track of one take relative to track *reference*, to the sample.

    Generalised cross-correlation with phase transform (Knapp and Carter, 1976): all frequencies have equal weight, so
    that the tone of the microphones has no effect.

    Raises:
        Unsound: a track cannot be read.
    """
    with SoundReader(take[reference]) as reader:
        first, rate = _loudest(reader), reader.rate
    lines = {name: _line(source, first) for name, source in take.items()}
    farthest = round(FARTHEST_S * rate)
    return {name: phase_lag(line, lines[reference], farthest) for name, line in lines.items()}


def phase_lag(late: Line, early: Line, farthest: int) -> Lag:
    """Offset of *late* relative to *early*, at most *farthest* frames either way; both of one length."""
    size = 1 << (len(early) + farthest).bit_length()
    cross = cross_spectrum(late, early, size)
    strength = np.abs(cross)
    loudest = float(strength.max(initial=0.0))
    if not loudest > 0.0:
        return Lag(0, inverted=False, confidence=0.0)
    weight = strength / (strength + FLOOR * FLOOR * loudest)
    around = near_lags(cross / np.maximum(strength, 1e-300) * weight, farthest) * (len(cross) / weight.sum())
    best = int(np.abs(around).argmax())
    return Lag(best - farthest, inverted=bool(around[best] < 0), confidence=min(1.0, abs(float(around[best]))))


def between_performances(take: Mapping[str, Source], other: Mapping[str, Source], lead: int) -> Lag:
    """Offset of *take* relative to *other*, from the onsets of all tracks together; accurate to a few milliseconds.

    Args:
        take: the take whose offset is measured.
        other: the take it is compared with.
        lead: frames of song time by which *take* begins after *other*.

    Raises:
        Unsound: a track cannot be read, or the two have different rates.
    """
    (rate, late), (its_rate, early) = onsets(take), onsets(other)
    if rate != its_rate:
        raise Unsound(f"the takes have {rate} Hz and {its_rate} Hz")
    hop = round(HOP_S * rate)
    late = np.concatenate([np.zeros(max(0, lead) // hop), late[max(0, -lead) // hop :]])
    farthest = round(FARTHEST_PERFORMANCE_S / HOP_S)
    size = 1 << (max(len(late), len(early)) + farthest).bit_length()
    around = near_lags(cross_spectrum(late, early, size), farthest)
    best = int(around.argmax())
    scale = float(np.sqrt(np.square(late).sum() * np.square(early).sum()))
    if not scale > 0.0:
        return Lag(0, inverted=False, confidence=0.0)
    rest = lead % hop if lead >= 0 else -(-lead % hop)
    frames = round((best - farthest + _between(around, best)) * hop) + rest
    return Lag(frames, inverted=False, confidence=max(0.0, float(around[best]) / scale))


def onsets(take: Mapping[str, Source]) -> tuple[int, Line]:
    """Rate in Hz, and the onset envelope of all tracks: the rise in level from each hop of 2 ms to the next."""
    rate, energy = 0, np.zeros(0)
    for source in take.values():
        with SoundReader(source) as reader:
            rate, hop = reader.rate, round(HOP_S * reader.rate)
            own = np.concatenate([np.zeros(0), *(_hops(block, hop) for block in _by_hops(reader, hop))])
        longer = max(len(own), len(energy))
        energy = np.pad(energy, (0, longer - len(energy))) + np.pad(own, (0, longer - len(own)))
    level = np.sqrt(np.convolve(energy, np.full(5, 0.2), "same"))
    return rate, np.maximum(np.diff(level, prepend=0.0), 0.0)


def _by_hops(reader: SoundReader, hop: int) -> Iterator[Line]:
    step = hop * 512
    return (reader.read(start, step).astype(np.float64) for start in range(0, reader.frames, step))


def _hops(block: Line, hop: int) -> Line:
    squares = np.square(block).sum(axis=0)
    return np.asarray(squares.reshape(-1, hop).sum(axis=1))


def _between(values: Line, at: int) -> float:
    """Sub-sample position of a peak between its neighbours, by a parabola through the three (-1/2 to 1/2)."""
    if not 0 < at < len(values) - 1:
        return 0.0
    before, peak, after = (float(value) for value in values[at - 1 : at + 2])
    bend = before - 2.0 * peak + after
    return 0.5 * (before - after) / bend if bend < 0.0 else 0.0


def _loudest(reader: SoundReader) -> int:
    """First frame of the loudest stretch of a track."""
    hop = 2**16
    energy = [float(np.square(block.astype(np.float64)).sum()) for block in reader.blocks()]
    if len(energy) * hop <= COMPARED_FRAMES:
        return 0
    width = COMPARED_FRAMES // hop
    total = np.convolve(energy, np.ones(width), "valid")
    return int(total.argmax()) * hop


def _line(source: Source, first: int) -> Line:
    with SoundReader(source) as reader:
        return np.asarray(reader.read(first, min(COMPARED_FRAMES, reader.frames)).astype(np.float64).mean(axis=0))
