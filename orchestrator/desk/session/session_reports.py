"""Session reports, read from attendance, slates and takes.

Every column is explained in ``docs/session_report.md``, with what unions and performers' societies call it.

Tests: ``tests/orchestrator/cli/commands/session/test_session_report.py``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.booking.schedule import Schedule
from domain.label.catalog import Catalog
from domain.label.curtain import sees_work
from domain.label.people import People
from domain.session.session_reports import ReportFacts, ReportRow, SessionTake, Stay, report_rows
from domain.status.record_state import RecordState
from orchestrator.desk.addressing.addresses import catalog_of
from orchestrator.desk.addressing.csv_table import csv_table
from orchestrator.desk.addressing.register import EVERYBODY, everybody
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.booking.booking import booking_query, schedule_of, sessions_query
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.desk.session.session_day import read_day
from orchestrator.desk.session.wraps import wrap_of, wrap_query
from orchestrator.studio import Studio

COLUMNS: Final = (
    "session", "record", "record_title", "artist", "label", "venue", "date", "person", "name", "role", "instrument",
    "song", "song_title", "part", "came", "left", "minutes", "attendance", "passes", "first_pass", "last_pass",
)  # fmt: skip
"""Columns of the report, in their order."""


def session_report(studio: Studio, record: str, sessions: Sequence[str]) -> list[Row]:
    """The rows of *sessions* of *record*: all of them for the team, their own for everybody else.

    Args:
        studio: the store.
        record: id of the record.
        sessions: ids of its sessions; none for all that were not cancelled.

    Raises:
        NotFound: ``session.unknown``.
    """
    known = schedule_of(studio.read(sessions_query(f"record:{record}")))
    chosen = [*sessions] or [name for name in known.sessions if name not in known.cancelled]
    resources = {name for session in chosen for name in known.session(session, record=record).resources}
    source = _Source(
        studio, catalog_of(studio, record), everybody(studio.read(EVERYBODY)),
        schedule_of(studio.read(booking_query(record, sorted(resources)))), read_record(studio, record).state,
    )  # fmt: skip
    rows = [source.shown(session, row) for session in chosen for row in report_rows(source.facts(session))]
    return [row for row in rows if sees_work(studio.reader, str(row["person"]), record)]


def report_table(rows: Sequence[Row]) -> bytes:
    """The rows as CSV in UTF-8, under the names of their columns."""
    return csv_table(COLUMNS, ([str(row[name]) for name in COLUMNS] for row in rows))


@dataclass(frozen=True, slots=True)
class _Source:
    """A record and its sessions, as they are read for their report."""

    studio: Studio
    catalog: Catalog
    people: People
    schedule: Schedule
    state: RecordState

    def facts(self, session: str) -> ReportFacts:
        """The facts of one session."""
        record = self.schedule.sessions[session].record
        takes = [
            SessionTake(take.ingested.part, take.ingested.pass_number)
            for known in self.state.takes.values()
            for take in known.takes.values()
            if take.ingested.session == session
        ]
        roles = {person: [*held] for person, held in self.people.roles.items()}
        day = read_day(self.studio, record, session)
        return ReportFacts(day, self.catalog.songs_of(record), [*self._stays(session)], takes, roles)

    def _stays(self, session: str) -> Iterator[Stay]:
        wrapped = wrap_of(self.studio.read(wrap_query(session)), session)
        if wrapped is not None:
            yield from (Stay(one.resource, one.came, one.left) for one in wrapped.attendance)
            return
        for person in self._booked(session, "person"):
            for slot in self.schedule.sessions[session].slots:
                yield Stay(person, slot.start, slot.end, "booked")

    def _booked(self, session: str, sort: str) -> list[str]:
        """Ids of the people or rooms of a session."""
        resources = self.schedule.sessions[session].resources
        return [name for name in resources if self.schedule.resource(name).sort == sort]

    def shown(self, session: str, row: ReportRow) -> Row:
        """One row under the names of its columns."""
        booked = self.schedule.sessions[session]
        known = self.catalog.record(booked.record)
        begins = row.first or row.came or booked.slots[0].start
        return {
            "session": session, "record": booked.record, "record_title": known.title, "artist": known.artist,
            "label": self.studio.config.label, "venue": ", ".join(self._booked(session, "room")),
            "date": begins.astimezone(self.studio.config.zone).date().isoformat(),
            "person": row.person, "name": self.people.names.get(row.person, row.person), "role": row.role,
            "instrument": row.instrument, "song": row.song,
            "song_title": self.catalog.song(row.song).title if row.song else "", "part": row.part,
            "came": self._time(row.came), "left": self._time(row.left), "minutes": row.minutes,
            "attendance": row.attendance, "passes": row.passes, "first_pass": self._time(row.first),
            "last_pass": self._time(row.last),
        }  # fmt: skip

    def _time(self, at: datetime | None) -> str:
        """The time by the label's clock with its offset from UTC, ISO 8601; empty for none."""
        return at.astimezone(self.studio.config.zone).isoformat(timespec="seconds") if at else ""
