"""Days that stages took before: medians of the label's own songs and records, for the critical path.

A song is in a stage from its first day there until its first day in another; later visits, to which it went back, are
added.  It has passed a stage once it is in a later one.  A stage that began and ended on one day took one day.  A song
that came to the store in some stage says nothing about that stage and those before it.  A record passed mastering when
its first master was approved, counted from the day on which its last song was mixed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, pairwise
from math import ceil
from operator import attrgetter
from statistics import median
from typing import Final, NamedTuple

from domain.core.event import Stage
from domain.label.stages import STAGES, is_before

LEAST_RECORDS: Final = 3
"""Records of which a song passed a stage, or that passed mastering, before their median counts."""
LATEST_RECORDS: Final = 25
"""Records that count, those that were opened last: a label's pace changes, and the plan is asked for often."""
MASTERING: Final = STAGES.index("mastering")


class StageEntry(NamedTuple):
    """A song came into a stage, or back to it."""

    record: str
    song: str
    stage: Stage
    day: date


@dataclass(frozen=True, slots=True)
class StageMedian:
    """Median of the days that a stage took."""

    days: int
    """Calendar days, rounded up."""
    counted: int
    """Songs that passed the stage; of mastering, records."""
    noun: str
    passed: Mapping[str, int]
    """Days that each of them took, by the id of the song or record, the fewest first."""

    def __str__(self) -> str:
        return f"median of {self.counted} {self.noun} here"


@dataclass(slots=True)
class _Passed:
    """The days that one stage took by the id of the song or record, and the records of these songs."""

    days: dict[str, int] = field(default_factory=dict)
    records: set[str] = field(default_factory=set)

    def add(self, id_: str, record: str, days: int) -> None:
        self.days[id_] = max(1, days)
        self.records.add(record)

    def median(self, stage: Stage) -> StageMedian:
        """The median of the days, which must not be empty."""
        passed = dict(sorted(self.days.items(), key=lambda one: (one[1], one[0])))
        noun = "records" if stage == "mastering" else "songs"
        return StageMedian(ceil(median(passed.values())), len(passed), noun, passed)


def stage_medians(
    entries: Iterable[StageEntry], mastered: Mapping[str, date], opened: Mapping[str, Stage]
) -> Mapping[Stage, StageMedian]:
    """Medians of the stages that songs of at least ``LEAST_RECORDS`` records passed.

    Args:
        entries: of all songs; those of one song stand together, in order of time.
        mastered: day on which a master of a record was first approved, by record id.
        opened: the latest stage in which a song came to this store, by song id.
    """
    passed: dict[Stage, _Passed] = {stage: _Passed() for stage in STAGES}
    mixed: dict[str, date | None] = {}
    """Day on which the last song of each record was mixed; None if that is not known."""
    for song, group in groupby(entries, attrgetter("song")):
        visits = list(group)
        record, first = visits[0].record, opened.get(song)
        for stage, days in _days_of(visits).items():
            if first is None or is_before(first, stage):
                passed[stage].add(song, record, days)
        day = next((one.day for one in visits if STAGES.index(one.stage) >= MASTERING), None)
        day = None if first and STAGES.index(first) >= MASTERING else day
        known = mixed.get(record, day)
        mixed[record] = max(known, day) if known and day else None
    for record, approved in mastered.items():
        if (ready := mixed.get(record)) is not None:
            passed["mastering"].add(record, record, (approved - ready).days)
    return {stage: one.median(stage) for stage, one in passed.items() if len(one.records) >= LEAST_RECORDS}


def _days_of(visits: list[StageEntry]) -> Mapping[Stage, int]:
    """Days that a song spent in each stage of its own that it has passed."""
    found: dict[Stage, int] = {}
    for entered, left in pairwise(visits):
        if is_before(entered.stage, visits[-1].stage) and is_before(entered.stage, "mastering"):
            found[entered.stage] = found.get(entered.stage, 0) + (left.day - entered.day).days
    return found
