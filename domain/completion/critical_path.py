"""The critical path of a record: the longest chain of work from today to its delivery, and the slack of each step.

Each song goes through its remaining stages in order, and each stage works on one song at a time: one room records, one
person edits, one mixes.  The songs that are furthest come first.  When all are mixed, the record is mastered.  Sessions
that are booked keep the last song in recording until the last of them is over.  Days are calendar days; a stage that
was begun counts in full.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from domain.core.event import Stage
from domain.label.stages import STAGES

SONG_STAGES: Final[tuple[Stage, ...]] = STAGES[: STAGES.index("mastering")]
"""Stages that each song goes through on its own."""
TIGHT_DAYS: Final = 7
"""Slack in days below which a record is tight."""

Flag = Literal["LATE", "TIGHT", ""]


@dataclass(frozen=True, slots=True)
class SongWork:
    """A song and the stage it is in."""

    song: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One stage of one song, or the mastering of the record, in days from today."""

    song: str
    """Song id; empty for the mastering of the record."""
    stage: Stage
    start: int
    """Earliest start."""
    end: int
    """Earliest end, the day after the last."""
    spare: int
    """Days by which it may be late without delaying the record; 0 on the critical path."""


@dataclass(frozen=True, slots=True)
class RecordPlan:
    """The remaining work of a record."""

    days: int
    """Days from today to the end of the last step."""
    steps: tuple[PlannedStep, ...]
    """Steps that take time: song by song in their order, stage by stage, then the mastering."""

    @property
    def critical(self) -> tuple[PlannedStep, ...]:
        """The steps of the critical path, in order of time; a booked session may bridge a gap in it."""
        return tuple(sorted((step for step in self.steps if step.spare == 0), key=lambda step: (step.start, step.end)))

    def slack(self, today: date, due: date) -> int:
        """Days between the end of the work and the end of the due date; negative if the record is late."""
        return (due - (today + timedelta(days=self.days))).days

    def flag(self, today: date, due: date | None) -> Flag:
        """``LATE`` for negative slack, ``TIGHT`` for less than a week; empty without a due date or work."""
        if due is None or not self.days:
            return ""
        slack = self.slack(today, due)
        return "LATE" if slack < 0 else "TIGHT" if slack < TIGHT_DAYS else ""


def plan_record(
    songs: Sequence[SongWork], days: Mapping[Stage, int], *, booked: int = 0, mastered: bool = False
) -> RecordPlan:
    """The remaining work of a record.

    Args:
        songs: the songs of the record.
        days: days of each stage; a stage that is not named takes none.
        booked: days from today until the last booked session is over; 0 without one.
        mastered: a master of the record is approved; counts where every song is mixed.
    """
    order = sorted(songs, key=lambda one: (-STAGES.index(one.stage), one.song))
    table = [[days.get(stage, 0) if not _is_past(one, stage) else 0 for stage in SONG_STAGES] for one in order]
    mixed = all(_is_past(one, SONG_STAGES[-1]) for one in order)
    finished = all(one.stage == STAGES[-1] for one in order)
    mastering = 0 if not order or finished or (mixed and mastered) else days.get("mastering", 0)
    recording = SONG_STAGES.index("recording")
    waits = booked if order and not _is_past(order[-1], "recording") else 0
    ends, total = _earliest(table, waits, recording)
    latest = _latest(table, total)
    steps = [
        PlannedStep(
            one.song, stage, ends[row][column] - length, ends[row][column], latest[row][column] - ends[row][column]
        )
        for row, one in enumerate(order)
        for column, stage in enumerate(SONG_STAGES)
        if (length := table[row][column])
    ]
    if mastering:
        steps.append(PlannedStep("", "mastering", total, total + mastering, 0))
    return RecordPlan(total + mastering, tuple(steps))


def _is_past(work: SongWork, stage: Stage) -> bool:
    return STAGES.index(work.stage) > STAGES.index(stage)


def _earliest(table: Sequence[Sequence[int]], booked: int, recording: int) -> tuple[list[list[int]], int]:
    """Earliest ends by song and stage, and the end of all: the forward pass."""
    ends: list[list[int]] = []
    for row, lengths in enumerate(table):
        own: list[int] = []
        for column, length in enumerate(lengths):
            before = max(own[column - 1] if column else 0, ends[row - 1][column] if row else 0)
            end = before + length
            own.append(max(end, booked) if row == len(table) - 1 and column == recording else end)
        ends.append(own)
    return ends, ends[-1][-1] if ends else 0


def _latest(table: Sequence[Sequence[int]], total: int) -> list[list[int]]:
    """Latest ends by song and stage that keep the end of all at *total*: the backward pass."""
    rows, columns = len(table), len(SONG_STAGES)
    latest = [[total] * columns for _ in range(rows)]
    for row in reversed(range(rows)):
        for column in reversed(range(columns)):
            if column + 1 < columns:
                latest[row][column] = latest[row][column + 1] - table[row][column + 1]
            if row + 1 < rows:
                latest[row][column] = min(latest[row][column], latest[row + 1][column] - table[row + 1][column])
    return latest
