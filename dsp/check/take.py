"""Technical check of a take before anybody listens; it warns and never decides.

Each track is read once.  A fault is reported once a track and kind, at its worst place, with the number of occurrences.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dsp.audio import BLOCK_FRAMES, Audio, Source
from dsp.check.fault import Fault, runs
from dsp.check.flat_tops import flat_tops
from dsp.check.holes import holes
from dsp.check.polarity import opposed
from dsp.check.room_tone import RoomTone, Softest
from dsp.files.sound import SoundReader
from dsp.meter.peaks import Gauge, Peaks

Drawn: TypeAlias = Callable[[str, Peaks], None]
"""Receives a track's name and its peaks."""
Kind = Literal["silence", "clipping", "dropout", "click", "dc", "hum", "noise", "polarity", "level"]

SILENT = 10 ** (-80 / 20)
"""Peak amplitude up to which a track counts as silent."""

HIGHEST_DBFS = 48.0
"""Peak beyond which a float file is no recording: converters end at 0 dBFS, and plug-ins add some tens of dB."""

WINDOW_FRAMES = 8 * BLOCK_FRAMES
TINY = 1e-6

DROPOUT_S, FEWEST_ZEROS = 0.0005, 3
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
    full scale; polarity: correlation; level: peak in dBFS.
    """
    confidence: float
    """0 to 1."""
    track: str
    count: int
    """Number of occurrences."""
    sentence: str


def check(sources: Mapping[str, Source], drawn: Drawn | None = None) -> list[Finding]:
    """Check the tracks of a take, in order.

    Args:
        sources: the tracks by name.
        drawn: called with the peaks of each track, measured in the same pass.

    Raises:
        Unsound: a track cannot be read.
    """
    checks: dict[str, TrackCheck] = {}
    for track, source in sources.items():
        checks[track] = check_track(source, peaks=drawn is not None)
        if drawn and (peaks := checks[track].peaks):
            drawn(track, peaks)
    return findings_of(checks, sources)


def findings_of(checks: Mapping[str, "TrackCheck"], sources: Mapping[str, Source]) -> list[Finding]:
    """Findings of *checks* in the tracks of a take, and the *sources* of opposite polarity.

    Polarity is a matter of all tracks at the same moment: where there are several, they are read side by side.

    Raises:
        Unsound: a track cannot be read.
    """
    found = [finding for track, checked in checks.items() for finding in checked.findings(track)]
    silent = {finding.track for finding in found if finding.kind == "silence"}
    heard = {track: source for track, source in sources.items() if track not in silent}
    for track, other, alike in opposed(heard):
        sentence = f"{track}: its polarity is against that of {other} (correlation {alike:.2f})"
        found.append(Finding("polarity", 0.0, alike, min(1.0, -alike), track, 1, sentence))
    return found


def check_track(source: Source, *, peaks: bool = False) -> "TrackCheck":
    """Read a track through and check it.  Raises: Unsound; it cannot be read."""
    with SoundReader(source) as reader:
        checked = TrackCheck(reader.rate, reader.channels, reader.frames, peaks=peaks)
        for block in reader.blocks():
            checked.add(block)
    return checked


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


class TrackCheck:
    """Checks one track from the blocks of its sound; made fresh for each.

    The windows overlap by more than the longest fault, and each reports only faults that begin in its own range.

    Args:
        rate: Hz.
        channels: of every block.
        frames: of all blocks together.
        peaks: measure its peaks too.
    """

    def __init__(self, rate: int, channels: int, frames: int, *, peaks: bool = False) -> None:
        self.peaks: Peaks | None = None
        """Peaks of the track, once all blocks are added; None if they were not asked for."""
        self._rate, self._frames, self._left = rate, frames, frames
        self._gauge = Gauge(rate, channels, frames) if peaks else None
        self._faults: Faults = {"clipping": [], "dropout": [], "click": []}
        self._sums, self._peak = np.zeros(channels), 0.0
        self._softest = Softest(rate)
        self._around = int((LONGEST_DROPOUT_S + 2 * AROUND_S) * rate) // PIECE * PIECE
        self._window: Audio = np.zeros((channels, WINDOW_FRAMES + 2 * self._around), np.float32)
        self._start, self._filled = 0, self._around

    def add(self, block: Audio) -> None:
        """Take the next block, shape (channels, frames), of any length; after the last one the check is done."""
        if self._gauge:
            self._gauge.add(block)
        self._left -= block.shape[1]
        while block.shape[1]:
            taken = min(block.shape[1], self._window.shape[1] - self._filled)
            self._window[:, self._filled : self._filled + taken] = block[:, :taken]
            self._filled, block = self._filled + taken, block[:, taken:]
            if self._filled == self._window.shape[1]:
                self._look()
        if not self._left:
            self._end()

    def _end(self) -> None:
        while self._start < self._frames:
            self._window[:, self._filled :] = 0.0
            self._look()
        self._window = self._window[:, :0].copy()
        if self._gauge:
            self.peaks, self._gauge = self._gauge.peaks(), None

    def _look(self) -> None:
        """Check the window, and go on to the next one."""
        window, own = self._window.astype(np.float64), slice(self._around, self._around + WINDOW_FRAMES)
        self._sums += window[:, own].sum(axis=1)
        self._softest.add(window[:, own].mean(axis=0)[: self._frames - self._start])
        self._peak = max(self._peak, float(np.abs(window[:, own]).max()))
        for kind, places in _faults(window, self._rate).items():
            moved = (replace(fault, start=fault.start - self._around + self._start) for fault in places)
            self._faults[kind] += [one for one in moved if self._start <= one.start < self._start + WINDOW_FRAMES]
        self._filled = 2 * self._around
        self._window[:, : self._filled] = self._window[:, WINDOW_FRAMES:].copy()
        self._start += WINDOW_FRAMES

    def findings(self, track: str) -> Iterator[Finding]:
        """Findings, with *track* as the name of the track."""
        if self._peak < SILENT:
            sentence = f"{track}: there is nothing on it"
            yield Finding("silence", 0.0, self._frames / self._rate, 1.0, track, 1, sentence)
            return
        if (peak_dbfs := 20 * math.log10(self._peak)) > HIGHEST_DBFS:
            sentence = f"{track}: it peaks at {peak_dbfs:+.1f} dBFS, which no microphone gives: another sample format?"
            yield Finding("level", 0.0, peak_dbfs, 1.0, track, 1, sentence)
            return
        for kind, places in self._faults.items():
            if places:
                yield _told(kind, track, places, self._rate)
        offset = float(self._sums[np.abs(self._sums).argmax()]) / self._frames
        if abs(offset) > DC and self._frames >= self._rate:  # of less than a second the mean is sound
            sentence = f"{track}: a constant offset of {100 * offset:+.1f} % of full scale"
            yield Finding("dc", 0.0, offset, min(1.0, abs(offset) / DC / 2), track, 1, sentence)
        yield from _under(track, self._softest.result())


def _faults(window: Line, rate: int) -> Faults:
    """The faults of one window; those at the same place in several channels count once."""
    faults: Faults = {"clipping": [], "dropout": [], "click": []}
    for line in window:
        clipped, dropouts = list(flat_tops(line)), list(_dropouts(line, rate))
        dropouts += [hole for hole in holes(line, rate) if not _explained(hole, dropouts)]
        clicks = [click for click in _clicks(line, rate) if not _explained(click, [*clipped, *dropouts])]
        faults["clipping"] += clipped
        faults["dropout"] += dropouts
        faults["click"] += clicks
    return {kind: _once(places, rate) for kind, places in faults.items()}


def _once(places: list[Fault], rate: int) -> list[Fault]:
    """The largest fault of each millisecond."""
    largest = {fault.start * 1000 // rate: fault for fault in sorted(places, key=lambda fault: fault.size)}
    return [largest[at] for at in sorted(largest)]


def _dropouts(line: Line, rate: int) -> Iterator[Fault]:
    """Runs of exact zeros with sound on both sides."""
    around = int(AROUND_S * rate)
    starts, ends = runs(line == 0.0, max(FEWEST_ZEROS, int(DROPOUT_S * rate)))
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


def _explained(fault: Fault, others: list[Fault]) -> bool:
    """True if *fault* is only the edge of another one."""
    return any(other.start - 2 * PIECE <= fault.start <= other.start + other.frames + 2 * PIECE for other in others)
