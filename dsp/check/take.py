"""Technical check of a take before anybody listens; it warns and never decides.

Each track is read once.  A fault is reported once a track and kind, at its worst place, with the number of occurrences.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dsp.audio import BLOCK_FRAMES, Source
from dsp.check.polarity import opposed
from dsp.check.room_tone import RoomTone, Softest
from dsp.files.sound import SoundReader
from dsp.meter.peaks import Gauge, Peaks

Drawn: TypeAlias = Callable[[str, Peaks], None]
"""Receives a track's name and its peaks."""
Kind = Literal["silence", "clipping", "dropout", "click", "dc", "hum", "noise", "polarity"]

SILENT = 10 ** (-80 / 20)
"""Peak amplitude up to which a track counts as silent."""

WINDOW_FRAMES = 8 * BLOCK_FRAMES
TINY = 1e-6

FULL_SCALE, FLAT = 1 - 2.0**-14, 2.0**-12
CLIPPED_FRAMES = 3
"""Samples in a row at full scale that make a flat top; one or two are a legitimate peak."""

DROPOUT_S = 0.0005
LONGEST_DROPOUT_S = 1.0
"""Longer holes are rests."""
AROUND_S = 0.010
SOUNDING = 10 ** (-45 / 20)
"""RMS over 10 ms that must sound on both sides of a hole for it to be a fault ..."""
JUMP = 0.2
"""... and least jump at one of its edges, relative to that RMS; a muted track fades or stops at a zero."""

PIECE, NEXT_PIECES = 16, (2, 3, 4, 5)
IMPULSE = 6.0
CLICK_HEIGHT = 0.1
"""Least height of a click; IMPULSE is the gain of the fourth difference (1 -4 6 -4 1) for a single wrong sample."""
CLICK_RATIO = 12.0
"""Least ratio of a click to the 64 samples before and after; a drum hit exceeds only those before it."""
CLICK_NEIGHBOURS_S = 0.25
MOST_NEIGHBOURS = 2
"""More clicks in a quarter of a second are edges of a saw wave or crackle of a record: sound, not faults."""

DC = 0.01
"""-40 dBFS: such an offset costs headroom and clicks at every cut."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of fault on one track."""

    kind: Kind
    at_s: float
    """Seconds from the start of the take to the worst place."""
    size: float
    """Silence, clipping, dropout: seconds, the longest; click: height, dc: offset, of full scale 1.0; hum, noise: dB of
    full scale; polarity: correlation.
    """
    confidence: float
    """0 to 1."""
    track: str
    count: int
    """Number of occurrences."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One occurrence of a fault, in frames."""

    start: int
    frames: int
    size: float
    confidence: float


def check(sources: Mapping[str, Source], drawn: Drawn | None = None) -> list[Finding]:
    """Check the tracks of a take, in order.

    Args:
        sources: the tracks by name.
        drawn: called with the peaks of each track, measured in the same pass.

    Raises:
        Unsound: a track cannot be read.
    """
    found = [finding for track, source in sources.items() for finding in _check(track, source, drawn)]
    silent = {finding.track for finding in found if finding.kind == "silence"}
    heard = {track: source for track, source in sources.items() if track not in silent}
    for track, other, alike in opposed(heard):
        sentence = f"{track}: its polarity is against that of {other} (correlation {alike:.2f})"
        found.append(Finding("polarity", 0.0, alike, min(1.0, -alike), track, 1, sentence))
    return found


def _check(track: str, source: Source, drawn: Drawn | None) -> Iterator[Finding]:
    with SoundReader(source) as reader:
        rate, frames = reader.rate, reader.frames
        gauge = Gauge(rate, reader.channels, frames) if drawn else None
        faults, sums, peak, tone = _read(reader, gauge)
    if drawn and gauge:
        drawn(track, gauge.peaks())
    if peak < SILENT:
        yield Finding("silence", 0.0, frames / rate, 1.0, track, 1, f"{track}: there is nothing on it")
        return
    for kind, places in faults.items():
        if places:
            yield _told(kind, track, places, rate)
    offset = float(sums[np.abs(sums).argmax()]) / frames
    if abs(offset) > DC and frames >= rate:  # the mean of less than a second is sound, not offset
        sentence = f"{track}: a constant offset of {100 * offset:+.1f} % of full scale"
        yield Finding("dc", 0.0, offset, min(1.0, abs(offset) / DC / 2), track, 1, sentence)
    yield from _under(track, tone)


def _under(track: str, tone: RoomTone) -> Iterator[Finding]:
    """Findings of hum and noise."""
    if tone.mains_hz is not None and tone.hum_dbfs is not None:
        sentence = f"{track}: hum of {tone.mains_hz:.0f} Hz mains at {tone.hum_dbfs:.0f} dBFS, {tone.lines} harmonics"
        yield Finding("hum", 0.0, tone.hum_dbfs, min(1.0, tone.lines / 6), track, tone.lines, sentence)
    if tone.noise_dbfs is not None:
        sentence = f"{track}: steady noise at {tone.noise_dbfs:.0f} dBFS between 2 and 6 kHz"
        yield Finding("noise", 0.0, tone.noise_dbfs, 0.7, track, 1, sentence)


def _told(kind: Literal["clipping", "dropout", "click"], track: str, places: list[Fault], rate: int) -> Finding:
    worst = max(places, key=lambda fault: fault.size)
    at_s, many = worst.start / rate, len(places)
    where = f"at {int(at_s) // 60}:{at_s % 60:06.3f}"
    often = f", {many} places in all" if many > 1 else ""
    what, size = {
        "clipping": (f"clips for {worst.frames} samples {where}", worst.frames / rate),
        "dropout": (f"drops out for {1000 * worst.frames / rate:.1f} ms {where}", worst.frames / rate),
        "click": (f"a click {where}", worst.size),
    }[kind]
    return Finding(kind, at_s, size, worst.confidence, track, many, f"{track}: {what}{often}")


Faults = dict[Literal["clipping", "dropout", "click"], list[Fault]]
Line = NDArray[np.float64]


def _read(reader: SoundReader, gauge: Gauge | None) -> tuple[Faults, Line, float, RoomTone]:
    """Faults, the sum of each channel's samples, the peak, and hum and noise of a track.

    The windows overlap by more than the longest fault; each keeps the faults that begin in its own part.
    """
    faults: Faults = {"clipping": [], "dropout": [], "click": []}
    sums, peak = np.zeros(reader.channels), 0.0
    softest = Softest(reader.rate)
    around = int((LONGEST_DROPOUT_S + 2 * AROUND_S) * reader.rate) // PIECE * PIECE
    for start in range(0, reader.frames, WINDOW_FRAMES):
        heard = reader.read(start - around, WINDOW_FRAMES + 2 * around)
        if gauge:
            gauge.add(heard[:, around : around + min(WINDOW_FRAMES, reader.frames - start)])
        window, own = heard.astype(np.float64), slice(around, around + WINDOW_FRAMES)
        sums += window[:, own].sum(axis=1)
        softest.add(window[:, own].mean(axis=0)[: reader.frames - start])
        peak = max(peak, float(np.abs(window[:, own]).max()))
        for kind, places in _faults(window, reader.rate).items():
            moved = (replace(fault, start=fault.start - around + start) for fault in places)
            faults[kind] += [fault for fault in moved if start <= fault.start < start + WINDOW_FRAMES]
    return faults, sums, peak, softest.result()


def _faults(window: Line, rate: int) -> Faults:
    """The faults of one window; those at the same place in several channels count once."""
    faults: Faults = {"clipping": [], "dropout": [], "click": []}
    for line in window:
        clipped, holes = list(_clipping(line)), list(_dropouts(line, rate))
        clicks = [click for click in _clicks(line, rate) if not _explained(click, [*clipped, *holes])]
        faults["clipping"] += clipped
        faults["dropout"] += holes
        faults["click"] += clicks
    return {kind: _once(places, rate) for kind, places in faults.items()}


def _once(places: list[Fault], rate: int) -> list[Fault]:
    """The largest fault of each millisecond."""
    largest = {fault.start * 1000 // rate: fault for fault in sorted(places, key=lambda fault: fault.size)}
    return [largest[at] for at in sorted(largest)]


def _runs(mask: NDArray[np.bool_], least: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Starts and ends of runs of True that last *least* samples or more."""
    edges = np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    long = ends - starts >= least
    return starts[long], ends[long]


def _clipping(line: Line) -> Iterator[Fault]:
    """Flat tops: level samples at full scale.  Peaks above full scale in float files are not flat and are no fault."""
    level = np.abs(np.diff(line, prepend=0.0)) < FLAT
    loud = np.abs(line) >= FULL_SCALE
    starts, ends = _runs(loud & level, CLIPPED_FRAMES - 1)
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        frames = end - start + 1  # the first sample of a flat top is as high as the second
        yield Fault(start - 1, frames, frames, min(1.0, 0.3 + frames / 10))


def _dropouts(line: Line, rate: int) -> Iterator[Fault]:
    """Runs of exact zeros with sound on both sides."""
    around = int(AROUND_S * rate)
    starts, ends = _runs(line == 0.0, max(CLIPPED_FRAMES, int(DROPOUT_S * rate)))
    whole = (starts >= around) & (ends <= len(line) - around) & (ends - starts <= LONGEST_DROPOUT_S * rate)
    starts, ends = starts[whole], ends[whole]
    energy = np.concatenate([[0.0], np.cumsum(line * line)])
    before = np.sqrt((energy[starts] - energy[starts - around]) / around)
    after = np.sqrt((energy[ends + around] - energy[ends]) / around)
    jump = np.maximum(np.abs(line[starts - 1]) / (before + TINY), np.abs(line[ends]) / (after + TINY))
    found = (before > SOUNDING) & (after > SOUNDING) & (jump > JUMP)
    for start, end, height in zip(starts[found].tolist(), ends[found].tolist(), jump[found].tolist(), strict=True):
        yield Fault(start, end - start, end - start, min(1.0, 0.5 + height / 2))


def _clicks(line: Line, rate: int) -> Iterator[Fault]:
    """Single samples far from both their predecessors and their successors."""
    rough = np.abs(np.diff(line, 4, prepend=np.zeros(4)))
    pieces = rough[: len(rough) // PIECE * PIECE].reshape(-1, PIECE)
    heights = pieces.max(axis=1)
    before, after = np.zeros(len(heights)), np.zeros(len(heights))
    for distance in NEXT_PIECES:
        before[distance:] = np.maximum(before[distance:], heights[:-distance])
        after[:-distance] = np.maximum(after[:-distance], heights[distance:])
    ratios = heights / np.maximum(np.maximum(before, after), TINY)
    edge = (before == 0) != (after == 0)  # sound that starts or stops abruptly is a cut, not a click
    found = np.flatnonzero((heights > CLICK_HEIGHT) & (ratios > CLICK_RATIO) & ~edge)
    at = found * PIECE + pieces[found].argmax(axis=1)
    near = int(CLICK_NEIGHBOURS_S * rate)
    neighbours = np.searchsorted(at, at + near, "right") - np.searchsorted(at, at - near) - 1
    for place, piece, few in zip(at.tolist(), found.tolist(), (neighbours <= MOST_NEIGHBOURS).tolist(), strict=True):
        if few:
            height = float(heights[piece]) / IMPULSE
            yield Fault(max(0, place - 2), 1, height, 1 - CLICK_RATIO / float(ratios[piece]) / 2)


def _explained(click: Fault, others: list[Fault]) -> bool:
    """True if *click* is only the edge of another fault."""
    return any(other.start - 2 * PIECE <= click.start <= other.start + other.frames + 2 * PIECE for other in others)
