"""Critical paths: the remaining work and the slack of each record, and the days that stages take.

Tests: ``tests/orchestrator/cli/commands/label/test_plan_critical.py``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, cast

from domain.completion.critical_path import PlannedStep, RecordPlan, SongWork, plan_record
from domain.core.event import EPOCH, Event, Recorded, Stage
from domain.core.ids import slug_of
from domain.label.people import Role
from domain.label.stage_durations import (
    HOUSE_DAYS,
    StageDurations,
    StageDurationsSet,
    durations_after,
    set_durations,
)
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.booking.booking import SESSION_KINDS, schedule_of
from orchestrator.log.query import Query
from orchestrator.readmodels import calendar, label_board
from orchestrator.readmodels.calendar import CALENDAR, HELD, microseconds
from orchestrator.readmodels.compiled import LabelBoardRow
from orchestrator.readmodels.label_board import LABEL_BOARD
from orchestrator.studio import History, Studio

DURATIONS: Final = Query.of(StageDurationsSet)


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """A record with its remaining work."""

    record: str
    title: str
    due: date | None
    plan: RecordPlan


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
    }


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
        }
        for step in sorted(planned.plan.steps, key=lambda one: (one.start, one.end))
    ]


def _planned(studio: Studio) -> list[PlannedRecord]:
    """Every record with its remaining work, sorted by id."""
    rows = studio.asked(lambda connection: label_board.rows(connection, studio.upto), LABEL_BOARD)
    songs: dict[str, list[SongWork]] = {}
    for row in rows:
        if row.song:
            songs.setdefault(row.record, []).append(SongWork(row.song, cast("Stage", row.stage)))
    durations = durations_after(_set(studio.read(DURATIONS)))
    booked, today = _booked(studio), studio.day_seen()
    return [_plan(row, songs.get(row.record, []), durations, booked, today) for row in rows if not row.song]


def _plan(
    row: LabelBoardRow, songs: Sequence[SongWork], durations: StageDurations, booked: Mapping[str, date], today: date
) -> PlannedRecord:
    last = booked.get(row.record)
    days = max(0, (last - today).days + 1) if last else 0
    plan = plan_record(songs, durations.of(row.record), booked=days, mastered=bool(row.mastered))
    return PlannedRecord(row.record, row.title, date.fromisoformat(row.due) if row.due else None, plan)


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
    known = durations_after(_set(studio.read(DURATIONS)))
    rows: list[Row] = []
    for stage in HOUSE_DAYS:
        own, label = known.days.get(record or "", {}), known.days.get("", {})
        source = record if record and stage in own else "the label" if stage in label else "house default"
        rows.append({"stage": stage, "days": known.of(record or "")[stage], "set_by": source})
    return rows
