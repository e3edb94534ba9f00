"""Critical paths: the remaining work and the slack of each record, and the days that stages take.

Tests: ``tests/orchestrator/cli/commands/label/test_plan_critical.py``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, cast

from domain.completion.critical_path import PlannedStep, RecordPlan, SongWork, plan_record
from domain.completion.stage_history import LATEST_RECORDS, StageEntry, StageMedian, stage_medians
from domain.core.event import EPOCH, Event, Recorded, Stage
from domain.core.ids import slug_of
from domain.core.refusal import Misused, suggest
from domain.label.people import Role
from domain.label.stage_durations import (
    HOUSE_DAYS,
    StageDurations,
    StageDurationsSet,
    durations_after,
    set_durations,
)
from domain.label.stages import STAGES, SongStaged
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.booking.booking import SESSION_KINDS, schedule_of
from orchestrator.log.query import Query
from orchestrator.readmodels import calendar, label_board
from orchestrator.readmodels.calendar import CALENDAR, HELD, microseconds
from orchestrator.readmodels.compiled import LabelBoardRow
from orchestrator.readmodels.label_board import LABEL_BOARD
from orchestrator.studio import History, Studio

DURATIONS: Final = Query.of(StageDurationsSet)
OPENINGS: Final = Query.of(SongStaged)


@dataclass(frozen=True, slots=True)
class KnownDurations:
    """Days of the stages: those that were set, and the medians of the label's own history."""

    settings: StageDurations
    medians: Mapping[Stage, StageMedian]

    def of(self, record: str) -> Mapping[Stage, int]:
        """Days of each stage of *record*."""
        return self.settings.of(record, {stage: one.days for stage, one in self.medians.items()})

    def source(self, record: str, stage: Stage) -> str:
        """Source of the days of *stage*: a record, ``the label``, a median or a default."""
        return self.settings.setter(record, stage) or str(self.medians.get(stage, "house default"))


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """A record with its remaining work."""

    record: str
    title: str
    due: date | None
    plan: RecordPlan
    durations: KnownDurations


def plan_rows(studio: Studio) -> list[Row]:
    """One row for each record that has a due date or work left, the least slack first."""
    today = studio.day_seen()
    found = [one for one in _planned(studio) if one.due or one.plan.days]
    rows = [_row(one, today) for one in found]
    return sorted(rows, key=lambda row: (row["slack"] is None, cast("int", row["slack"] or 0), str(row["record"])))


def _row(planned: PlannedRecord, today: date) -> Row:
    plan, due = planned.plan, planned.due
    return {
        "record": planned.record,
        "title": planned.title,
        "due": str(due or ""),
        "days": plan.days,
        "ready": str(today + timedelta(days=plan.days)),
        "slack": plan.slack(today, due) if due else None,
        "flag": plan.flag(today, due),
        "critical": _in_words(plan.critical),
        "medians": ", ".join(f"{stage} {one.days} d, {one}" for stage, one in _used(planned)),
    }


def _used(planned: PlannedRecord) -> list[tuple[Stage, StageMedian]]:
    """The medians by which steps of the plan were counted, in the order of the stages."""
    stages = {step.stage for step in planned.plan.steps}
    known = planned.durations
    return [
        (stage, one)
        for stage, one in known.medians.items()
        if stage in stages and known.settings.setter(planned.record, stage) is None
    ]


def _in_words(steps: Sequence[PlannedStep]) -> str:
    """The critical path, such as ``tin-roof recording, editing; ferry mixing; mastering``."""
    told: list[str] = []
    last = None
    for step in steps:
        name = slug_of(step.song) if step.song else ""
        if told and name == last:
            told[-1] += f", {step.stage}"
        else:
            told.append(f"{name} {step.stage}".strip())
        last = name
    return "; ".join(told)


def step_rows(studio: Studio, record: str) -> list[Row]:
    """One row for each remaining step of *record*, in order of time, with the days it may be late."""
    today = studio.day_seen()
    planned = next((one for one in _planned(studio) if one.record == record), None)
    if planned is None:
        return []
    slack = planned.plan.slack(today, planned.due) if planned.due else None
    known = planned.durations
    return [
        {
            "address": step.song or record,
            "stage": step.stage,
            "from": str(today + timedelta(days=step.start)),
            "to": str(today + timedelta(days=max(step.start, step.end - 1))),
            "days": step.end - step.start,
            "spare": step.spare,
            "slack": None if slack is None else slack + step.spare,
            "critical": step.spare == 0,
            "days_by": known.source(record, step.stage),
        }
        for step in sorted(planned.plan.steps, key=lambda one: (one.start, one.end))
    ]


def _planned(studio: Studio) -> list[PlannedRecord]:
    """Every record with its remaining work, sorted by id."""
    rows = _board(studio)
    songs: dict[str, list[SongWork]] = {}
    for row in rows:
        if row.song:
            songs.setdefault(row.record, []).append(SongWork(row.song, cast("Stage", row.stage)))
    durations = known_durations(studio, rows)
    booked, today = _booked(studio), studio.day_seen()
    return [_plan(row, songs.get(row.record, []), durations, booked, today) for row in rows if not row.song]


def _plan(
    row: LabelBoardRow, songs: Sequence[SongWork], durations: KnownDurations, booked: Mapping[str, date], today: date
) -> PlannedRecord:
    last = booked.get(row.record)
    days = max(0, (last - today).days + 1) if last else 0
    plan = plan_record(songs, durations.of(row.record), booked=days, mastered=bool(row.mastered))
    due = date.fromisoformat(row.due) if row.due else None
    return PlannedRecord(row.record, row.title, due, plan, durations)


def _booked(studio: Studio) -> dict[str, date]:
    """The last day with a booked session, by record; a hold reserves nothing, and past sessions delay nothing."""
    ends: dict[str, datetime] = {}
    for record, end in _firm_ends(studio):
        ends[record] = max(ends.get(record, end), end)
    zone = studio.config.zone
    return {record: (end.astimezone(zone) - timedelta(microseconds=1)).date() for record, end in ends.items()}


def _firm_ends(studio: Studio) -> Iterator[tuple[str, datetime]]:
    """Yield the record and the end of each slot of a firm session that is not over."""
    now = studio.moment_seen()
    if studio.upto is None:
        after = microseconds(now)
        for row in studio.asked(lambda connection: calendar.rows(connection, ends_after=after), CALENDAR):
            if row.state != HELD:
                yield row.record, EPOCH + timedelta(microseconds=row.ends_us)
        return
    for booked in schedule_of(studio.read(Query.of(*SESSION_KINDS))).firm:
        yield from ((booked.record, slot.end) for slot in booked.slots if slot.end > now)


def _board(studio: Studio) -> list[LabelBoardRow]:
    return studio.asked(lambda connection: label_board.rows(connection, studio.upto), LABEL_BOARD)


def known_durations(studio: Studio, board: Sequence[LabelBoardRow]) -> KnownDurations:
    """Days of the stages at the moment that *studio* shows, of which *board* has the rows of the label's board."""
    present = {row.song or row.record: row for row in board}
    opened_last = sorted((row for row in board if not row.song), key=lambda row: row.opened)[-LATEST_RECORDS:]
    latest = [row.record for row in opened_last]
    entries, mastered = studio.asked(
        lambda connection: (
            label_board.stage_entries(connection, latest, studio.upto),
            label_board.first_mastered(connection, latest, studio.upto),
        ),
        LABEL_BOARD,
    )
    zone = studio.config.zone

    def day(us: int) -> date:
        return (EPOCH + timedelta(microseconds=us)).astimezone(zone).date()

    opened: dict[str, Stage] = {}
    for one in studio.read(OPENINGS):
        if isinstance(one.event, SongStaged) and one.event.opening:
            opened[one.event.song] = max(opened.get(one.event.song, one.event.stage), one.event.stage, key=STAGES.index)
    medians = stage_medians(
        (
            StageEntry(record, song, cast("Stage", stage), day(us))
            for record, song, stage, us in entries
            if song in present
        ),
        {record: day(us) for record, us in mastered.items()},
        opened,
    )
    return KnownDurations(durations_after(_set(studio.read(DURATIONS))), medians)


def _set(history: Sequence[Recorded[Event]]) -> list[StageDurationsSet]:
    return [one.event for one in history if isinstance(one.event, StageDurationsSet)]


def change_durations(studio: Studio, record: str | None, days: Mapping[Stage, int], *, why: str | None) -> bool:
    """Set the days of stages for *record*, or for all; return False if they were so already."""

    def decision(history: History, _: Role) -> tuple[bool, Sequence[Event]]:
        events = set_durations(durations_after(_set(history)), days=days, record=record)
        return bool(events), events

    return studio.decide(DURATIONS, decision, deed="record", why=why)


def duration_rows(studio: Studio, record: str | None) -> list[Row]:
    """One row for each stage that takes time: its days for *record*, or for all records, and whose setting they are."""
    known = known_durations(studio, _board(studio))
    days = known.of(record or "")
    return [{"stage": stage, "days": days[stage], "set_by": known.source(record or "", stage)} for stage in HOUSE_DAYS]


def duration_reasons(studio: Studio, stage: str) -> list[Row]:
    """The setting, the median or the default that says how many days *stage* takes, after what a median counts.

    One row for each song or record of the label that the median counts, the fastest first, and one for the result.

    Raises:
        Misused: ``stage.unknown``; there is no such stage, or it takes no time of its own.
    """
    found = next((one for one in HOUSE_DAYS if one == stage), None)
    if found is None:
        raise Misused(
            "stage.unknown",
            f"{stage[:100]!r} is no stage that takes time; there are {', '.join(HOUSE_DAYS)}",
            next=suggest("plan durations"),
        )
    known = known_durations(studio, _board(studio))
    counted = known.medians[found].passed if found in known.medians else {}
    rows: list[Row] = [{"what": address, "days": days, "set_by": ""} for address, days in counted.items()]
    return [*rows, {"what": found, "days": known.of("")[found], "set_by": known.source("", found)}]
