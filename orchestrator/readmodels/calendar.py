"""The calendar: when each resource is booked, and for which session."""

from datetime import timedelta
from typing import Final, assert_never

from domain.booking.schedule import ResourceAdded, ScheduleEvent, SessionBooked, SessionCancelled, SessionMoved
from domain.core.event import EPOCH, Recorded
from domain.core.ids import record_of
from domain.status.event_types import AnyEvent
from orchestrator.log.database.connection import Connection
from orchestrator.readmodels.base.event_writer import EventWriter
from orchestrator.readmodels.base.read_model import ReadModel
from orchestrator.readmodels.compiled import CALENDAR as TABLE
from orchestrator.readmodels.compiled import CalendarEntryRow

MICROSECOND: Final = timedelta(microseconds=1)


class CalendarWriter:
    """Writer of the calendar model."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[tuple[object, ...]] = []
        self._left: list[tuple[str]] = []
        """Sessions whose stored rows are no longer true."""

    def apply(self, recorded: Recorded[AnyEvent]) -> None:
        """Apply an event of the schedule."""
        event = recorded.event
        if not isinstance(event, ScheduleEvent):
            return
        match event:
            case SessionBooked():
                self._book(event, recorded.position)
            case SessionMoved():
                self._leave(event.session)
                self._book(event, recorded.position)
            case SessionCancelled():
                self._leave(event.session)
            case ResourceAdded():
                pass  # it can be booked now, and is not yet
            case _:
                assert_never(event)

    def _leave(self, session: str) -> None:
        self._rows = [row for row in self._rows if row[0] != session]
        self._left.append((session,))

    def _book(self, booked: SessionBooked | SessionMoved, position: int) -> None:
        for number, slot in enumerate(booked.slots, start=1):
            times = ((slot.start - EPOCH) // MICROSECOND, (slot.end - EPOCH) // MICROSECOND)
            self._rows += [
                (booked.session, number, resource, record_of(booked.session), *times, position)
                for resource in booked.resources
            ]

    def write(self) -> None:
        """Delete the outdated rows, and write the new rows."""
        if self._left:
            self._connection.executemany(f'DELETE FROM "{TABLE.name}" WHERE session = ?', self._left)  # noqa: S608 - our own name
            self._left = []
        if self._rows:
            self._connection.executemany(TABLE.put, self._rows)
            self._rows = []


class _Calendar:
    def writer(self, connection: Connection) -> EventWriter:
        return CalendarWriter(connection)


CALENDAR: Final = ReadModel("calendar", TABLE, _Calendar(), by_record=False)


def rows(connection: Connection, *, resource: str | None = None) -> list[CalendarEntryRow]:
    """Return the booked slots of *resource*, or of all resources if it is None; the earliest first."""
    where, parameters = ("", ()) if resource is None else ("WHERE resource = ?", (resource,))
    found = TABLE.rows(connection, f"{where} ORDER BY starts_us, session, slot, resource", parameters)
    return [CalendarEntryRow.of(row) for row in found]
