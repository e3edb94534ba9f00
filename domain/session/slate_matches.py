"""Slates married to recordings by their times, and the recorder's clock estimated from both.

All times are of the house; a recording's is that of the recorder's stamp, from which the lead of its clock is taken.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from domain.core.fold import fold_events
from domain.session.day_events import Mark, PartsStarted, SlateMarked
from domain.session.recordings import MOST_AHEAD, RecorderClockSet
from domain.session.session_day import SessionDay, Slate

HAND: Final = timedelta(seconds=20)
"""Most between the key of the slate and the button of the recorder, by hand."""
AFTER: Final = timedelta(minutes=2)
"""Time after the end of a recording within which a mark is still of its pass, if nothing was recorded since."""
MOST_PAIRS: Final = 4_000_000
"""Pairs of slates and recordings that are compared at most to estimate a clock."""


@dataclass(frozen=True, slots=True)
class StampedRecording:
    """A recording and when it was made."""

    key: int
    """Tells recordings apart; the caller's own."""
    start: datetime
    """By the recorder's clock."""
    length: timedelta

    def moved(self, ahead: timedelta) -> "StampedRecording":
        """The recording by the house's clock, of which the recorder's is *ahead*."""
        return StampedRecording(self.key, self.start - ahead, self.length)

    @property
    def end(self) -> datetime:
        """The time at which it ends."""
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class SlateMatches:
    """Slates and recordings that belong together, and those that are alone."""

    slates: Mapping[int, int] = field(default_factory=dict)
    """Number of the slate of each recording, by the recording's key."""
    without_audio: tuple[int, ...] = ()
    """Numbers of the slates that no recording sounds in."""
    within: Mapping[int, int] = field(default_factory=dict)
    """Key of the recording that also sounds in a slate which has none of its own, by the slate's number."""
    without_slate: tuple[int, ...] = ()
    """Keys of the recordings that belong to no slate."""


def match_slates(slates: Sequence[Slate], recordings: Iterable[StampedRecording], *, ahead_ms: int = 0) -> SlateMatches:
    """Find the slate of each recording: the one in whose time most of it lies.

    A slate lasts until the tape stopped, or else until the next slate.  A recording needs to lie in its slate with half
    of itself, or to fill half of it; one that merely begins within :data:`HAND` of it belongs to it too.

    Args:
        slates: of one session, in the order they were rolled.
        recordings: by the recorder's clock.
        ahead_ms: the recorder's clock minus the house's, in ms.
    """
    ahead = timedelta(milliseconds=ahead_ms)
    spans = _spans(slates)
    starts = [start for start, _ in spans]
    own: dict[int, int] = {}
    covered: dict[int, int] = {}
    alone: list[int] = []
    for recording in sorted((one.moved(ahead) for one in recordings), key=lambda one: (one.start, one.key)):
        near = range(max(0, bisect_left(starts, recording.start) - 1), bisect_left(starts, recording.end + HAND))
        best = max(near, key=lambda place: (_shared(recording, spans[place]), -place), default=None)
        if best is None or not _belongs(recording, spans[best]):
            alone.append(recording.key)
            continue
        own[recording.key] = slates[best].number
        for place in near:
            if _belongs(recording, spans[place]):
                covered.setdefault(slates[place].number, recording.key)
    having = set(own.values())
    others = [slate.number for slate in slates if slate.number not in having]
    return SlateMatches(
        own,
        tuple(number for number in others if number not in covered),
        {number: covered[number] for number in others if number in covered},
        tuple(alone),
    )


def _spans(slates: Sequence[Slate]) -> list[tuple[datetime, datetime]]:
    """Start and end of each slate."""
    ends = [slate.started for slate in slates[1:]]
    last = slates[-1].started + MOST_AHEAD if slates else None
    return [
        (slate.started, slate.stopped or end)
        for slate, end in zip(slates, [*ends, *([last] if last else [])], strict=True)
    ]


def _shared(recording: StampedRecording, span: tuple[datetime, datetime]) -> timedelta:
    return min(recording.end, span[1]) - max(recording.start, span[0])


def _belongs(recording: StampedRecording, span: tuple[datetime, datetime]) -> bool:
    shared = _shared(recording, span)
    if shared > timedelta(0) and 2 * shared >= min(recording.length, span[1] - span[0]):
        return True
    return abs(recording.start - span[0]) <= HAND


@dataclass(frozen=True, slots=True)
class ClockEstimate:
    """How far the recorder's clock seems to be ahead of the house's."""

    ahead_ms: int
    agreeing: int
    """Slates that a recording begins with under this lead."""
    slates: int


def estimate_clock(slates: Sequence[Slate], recordings: Iterable[StampedRecording]) -> ClockEstimate | None:
    """The lead of the recorder's clock under which most slates begin with a recording; None without any.

    Of leads under which equally many do, the one with lengths most alike counts, then the smallest.
    """
    heard = sorted(recordings, key=lambda one: one.start)
    if not slates or not heard or len(slates) * len(heard) > MOST_PAIRS:
        return None
    leads = sorted(
        (recording.start - slate.started, place, turn)
        for place, slate in enumerate(slates)
        for turn, recording in enumerate(heard)
        if abs(recording.start - slate.started) <= MOST_AHEAD
    )
    best: tuple[int, float, float] | None = None
    chosen: list[tuple[timedelta, int, int]] = []
    end = 0
    for first, (lead, _, _) in enumerate(leads):
        end = max(end, first)
        while end < len(leads) and leads[end][0] - lead <= HAND:
            end += 1
        window = leads[first:end]
        count = min(len({place for _, place, _ in window}), len({turn for _, _, turn in window}))
        if best is not None and count < best[0]:
            continue
        middle = median(each.total_seconds() for each, _, _ in window)
        value = (count, -_unlike(window, slates, heard), -abs(middle))
        if best is None or value > best:
            best, chosen = value, window
    if best is None:
        return None
    ahead = median(lead.total_seconds() for lead, _, _ in chosen)
    return ClockEstimate(round(ahead * 1000), best[0], len(slates))


def _unlike(
    pairs: Sequence[tuple[timedelta, int, int]], slates: Sequence[Slate], heard: Sequence[StampedRecording]
) -> float:
    """Seconds by which the lengths of *pairs* differ on average, rounded to the reach of a hand."""
    unlike = [
        abs((stopped - slates[place].started - heard[turn].length).total_seconds())
        for _, place, turn in pairs
        if (stopped := slates[place].stopped) is not None
    ]
    return sum(unlike) / len(unlike) // HAND.total_seconds() if unlike else 0


def marks_of_recording(
    day: SessionDay, recordings: Sequence[StampedRecording], slates: Mapping[int, int]
) -> dict[int, tuple[SlateMarked, ...]]:
    """The marks of each recording, by its key: those of its slate, and those given without a slate while it was made.

    A mark without a slate belongs to the recording that covers its time; else to the last one that ended up to
    :data:`AFTER` before it.

    Args:
        day: the studio day.
        recordings: by the house's clock.
        slates: number of the slate of each recording, by its key.
    """
    marks = {key: list(day.slates[number].marks) for key, number in slates.items() if number in day.slates}
    for mark in day.free_marks:
        begun = [one for one in recordings if one.start - HAND <= mark.at <= one.end + AFTER]
        covering = [one for one in begun if one.start <= mark.at <= one.end]
        if owner := max(covering or begun, key=lambda one: one.start, default=None):
            for one in recordings:
                if one.start == owner.start:
                    marks.setdefault(one.key, []).append(mark)
    return {key: tuple(sorted(own, key=lambda one: one.at)) for key, own in marks.items() if own}


def mark_that_counts(marks: Sequence[SlateMarked]) -> Mark | None:
    """The last mark; None without one."""
    return marks[-1].mark if marks else None


def clock_after(session: str, events: Iterable[object]) -> int | None:
    """The lead of the recorder's clock in ms that was stated last for *session*; None if none was."""

    def evolve(ahead: int | None, event: RecorderClockSet) -> int | None:
        return event.ahead_ms if event.session == session else ahead

    return fold_events(evolve, None, (event for event in events if isinstance(event, RecorderClockSet)))


def parts_at(started: Iterable[PartsStarted], at: datetime) -> tuple[str, ...]:
    """The parts that were running at *at*; none before the first began.

    Args:
        started: the beginnings of parts in one session that are in force, in order.
        at: the time by the house's clock; parts that begin within the reach of a hand after it count.
    """
    return next((one.parts for one in reversed([*started]) if one.at <= at + HAND), ())
