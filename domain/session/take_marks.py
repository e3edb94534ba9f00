"""Marks of the room, found again at the takes of their passes, and the verdicts that confirm a day's keepers.

A mark is no verdict.  It becomes one when somebody who may judge takes has seen it and says so.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta, tzinfo

from domain.core.ids import number_of, part_of, song_of
from domain.session.day_events import Mark, SlateMarked
from domain.session.recorder_stamps import stamped_wall_time
from domain.session.session_day import SessionDay
from domain.session.slate_matches import StampedRecording, marks_of_recording
from domain.takes.takes import TakeIngested

FIRST: tuple[Mark, ...] = ("keeper", "hold")
"""The marks whose takes are heard before all others, in this order."""


def marks_of_takes(
    day: SessionDay, takes: Sequence[TakeIngested], *, moved_from: Mapping[str, str], ahead_ms: int, zone: tzinfo
) -> dict[str, SlateMarked]:
    """The mark that counts of each take of *day*, by the take's id.

    A take has the marks of the slate with its pass, if a part that it is or was of is on that slate, and the marks
    without a slate that were given while its recorder wrote it.

    Args:
        day: the studio day.
        takes: of the record; those of other sessions have no mark.
        moved_from: the id that a take had before it was moved to another part, by its id since.
        ahead_ms: the recorder's clock minus the house's.
        zone: of the house, whose wall clock the recorder's resembles.
    """
    own = [take for take in takes if take.session == day.session]
    slates = {
        key: slate.number
        for slate in day.slates.values()
        for key, take in enumerate(own)
        if take.pass_number == slate.pass_number and not _parts_of(take, moved_from).isdisjoint(slate.parts)
    }
    marks = marks_of_recording(day, [*_recordings(own, ahead_ms, zone)], slates)
    return {own[key].take: given[-1] for key, given in marks.items()}


def _parts_of(take: TakeIngested, moved_from: Mapping[str, str]) -> set[str]:
    """The part of *take*, and those that it was moved from."""
    name: str | None = take.take
    found = set[str]()
    while name is not None and part_of(name) not in found:
        found.add(part_of(name))
        name = moved_from.get(name)
    return found


def _recordings(takes: Sequence[TakeIngested], ahead_ms: int, zone: tzinfo) -> Iterator[StampedRecording]:
    """The takes whose recorder said when they began, by the house's clock; keys are their places in *takes*."""
    for key, take in enumerate(takes):
        if wall := stamped_wall_time(take.recorded_on):
            sound = take.tracks[0].sound
            start = wall.replace(tzinfo=zone).astimezone(UTC) - timedelta(milliseconds=ahead_ms)
            yield StampedRecording(key, start, timedelta(seconds=sound.frames / sound.rate))


@dataclass(frozen=True, slots=True)
class DayKeepers:
    """The keepers of one session that nobody judged yet, and what becomes of them when the day is confirmed."""

    session: str
    approved: tuple[str, ...]
    """Ids of the takes to approve: the last keeper of each part."""
    kept: tuple[str, ...]
    """Ids of earlier keepers of the same parts: an approval of them too would only be painted over."""

    @property
    def takes(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.approved, *self.kept)


def keepers_to_confirm(marks: Mapping[str, SlateMarked], unjudged: Collection[str]) -> DayKeepers | None:
    """The keepers of the first session with any among the takes *unjudged*; None if no session has one.

    Args:
        marks: the mark that counts of each take, by the take's id.
        unjudged: ids of takes without a verdict.
    """
    keepers = [(mark, take) for take, mark in marks.items() if mark.mark == "keeper" and take in unjudged]
    if not keepers:
        return None
    session = min(keepers, key=lambda one: one[0].at)[0].session
    own = sorted((mark.at, song_of(take), number_of(take), take) for mark, take in keepers if mark.session == session)
    last = {part_of(take): take for *_, take in own}
    names = [take for *_, take in own]
    return DayKeepers(
        session,
        tuple(take for take in names if take == last[part_of(take)]),
        tuple(take for take in names if take != last[part_of(take)]),
    )
