"""The calendar: when each resource is booked or held, for which session, and what the people say to it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from domain.booking.resources import ResourceAdded
from domain.booking.schedule import Schedule, ScheduleEvent
from domain.booking.session_events import (
    CastEvent,
    PlayersAsked,
    SessionAnswered,
    SessionCancelled,
    SessionChallenged,
    SessionHeld,
    SessionReleased,
    SessionWorked,
)
from domain.booking.slots import Slot
from domain.core.event import EPOCH, Recorded
from domain.core.ids import record_of
from domain.status.events.event_types import AnyEvent
from orchestrator.log.database.connection import Connection
from orchestrator.readmodels.base.event_writer import EventWriter
from orchestrator.readmodels.base.read_model import ReadModel
from orchestrator.readmodels.compiled import CALENDAR as TABLE
from orchestrator.readmodels.compiled import CalendarEntryRow

MICROSECOND: Final = timedelta(microseconds=1)
FIRM, HELD, WORKED, ASKED = "firm", "held", "worked", "asked"


def microseconds(moment: datetime) -> int:
    """Microseconds of *moment* since 1970 UTC."""
    return (moment - EPOCH) // MICROSECOND


class _Place(NamedTuple):
    """One session as it stands in the calendar."""

    session: str
    resources: tuple[str, ...]
    slots: tuple[Slot, ...]
    state: str
    rank: int = 0
    expires_us: int = 0
    deadline_us: int = 0

    def rows(self, answers: Mapping[str, str]) -> Iterator[tuple[object, ...]]:
        for number, slot in enumerate(self.slots, start=1):
            times = microseconds(slot.start), microseconds(slot.end)
            for resource in self.resources:
                yield (
                    self.session, number, resource, record_of(self.session), *times, self.state, self.rank,
                    self.expires_us, self.deadline_us, answers.get(resource, ""),
                )  # fmt: skip


class CalendarWriter:
    """Writer of the calendar model."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._events: list[ScheduleEvent] = []

    def apply(self, recorded: Recorded[AnyEvent]) -> None:
        """Apply an event of the schedule."""
        if isinstance(recorded.event, ScheduleEvent) and not isinstance(recorded.event, ResourceAdded):
            self._events.append(recorded.event)

    def write(self) -> None:
        """Write the rows as they are after the events that were applied."""
        for event in self._events:
            if isinstance(event, SessionCancelled | SessionReleased):
                self._delete(event.session)
            elif isinstance(event, SessionChallenged):
                self._challenge(event)
            elif isinstance(event, CastEvent):
                self._cast(event)
            elif not isinstance(event, ResourceAdded):
                self._restate(_place_of(event))
        self._events = []

    def _cast(self, event: CastEvent) -> None:
        if isinstance(event, PlayersAsked):
            self._answer(event.session, event.resources, ASKED)
        elif isinstance(event, SessionAnswered):
            self._answer(event.session, (event.resource,), event.answer)
        else:
            self._restate(_place_of(event))

    def _restate(self, place: _Place) -> None:
        """Replace the rows of a session; answers stand as long as its times are the same."""
        known = TABLE.rows(self._connection, "WHERE session = ? ORDER BY slot, resource", (place.session,))
        entries = [CalendarEntryRow.of(row) for row in known]
        times = tuple(dict.fromkeys((one.slot, one.starts_us, one.ends_us) for one in entries))
        same = times == tuple(
            (number, microseconds(slot.start), microseconds(slot.end)) for number, slot in enumerate(place.slots, 1)
        )
        deadline = entries[0].deadline_us if entries and same and place.state == HELD else 0
        answers = {one.resource: one.answer for one in entries} if same else {}
        if entries:
            self._delete(place.session)
        self._connection.executemany(TABLE.put, list(place._replace(deadline_us=deadline).rows(answers)))

    def _delete(self, session: str) -> None:
        self._connection.execute(f'DELETE FROM "{TABLE.name}" WHERE session = ?', (session,))  # noqa: S608 - our own name

    def _challenge(self, event: SessionChallenged) -> None:
        end = microseconds(event.deadline)
        self._connection.execute(
            f'UPDATE "{TABLE.name}" SET deadline_us = ? WHERE session = ?', (end, event.session)  # noqa: S608 - our own name
        )  # fmt: skip

    def _answer(self, session: str, people: Sequence[str], answer: str) -> None:
        self._connection.executemany(
            f'UPDATE "{TABLE.name}" SET answer = ? WHERE session = ? AND resource = ?',  # noqa: S608 - our own name
            [(answer, session, person) for person in people],
        )


def _place_of(event: object) -> _Place:
    session, resources, slots = (getattr(event, name) for name in ("session", "resources", "slots"))
    if isinstance(event, SessionHeld):
        expires = microseconds(event.expires) if event.expires else 0
        return _Place(session, resources, slots, HELD, event.rank, expires)
    return _Place(session, resources, slots, WORKED if isinstance(event, SessionWorked) else FIRM)


class _Calendar:
    def writer(self, connection: Connection) -> EventWriter:
        return CalendarWriter(connection)


CALENDAR: Final = ReadModel("calendar", TABLE, _Calendar(), by_record=False)


def rows(connection: Connection, *, resource: str | None = None, ends_after: int = 0) -> list[CalendarEntryRow]:
    """Return the booked and held slots of *resource*, or of all resources if it is None; the earliest first.

    Args:
        connection: to the tables of the models.
        resource: id of a resource.
        ends_after: microseconds since 1970 UTC; only slots that end later.
    """
    where, parameters = "WHERE ends_us > ?", [ends_after]
    if resource is not None:
        found = TABLE.rows(
            connection, f"{where} AND resource = ? ORDER BY starts_us, session, slot", (*parameters, resource)
        )
    else:
        found = TABLE.rows(connection, f"{where} ORDER BY starts_us, session, slot, resource", parameters)
    return [CalendarEntryRow.of(row) for row in found]


def entries_of(schedule: Schedule) -> list[CalendarEntryRow]:
    """The rows of the sessions of *schedule*, as :func:`rows` returns those of all resources."""
    places = [
        _Place(one.session, one.resources, one.slots, WORKED if one.session in schedule.worked else FIRM)
        for one in schedule.firm
    ]
    places += [
        _Place(
            one.held.session, one.held.resources, one.held.slots, HELD, one.held.rank,
            microseconds(one.held.expires) if one.held.expires else 0,
            microseconds(one.challenge.deadline) if one.challenge else 0,
        )
        for one in schedule.held
    ]  # fmt: skip
    found = [CalendarEntryRow.of(row) for place in places for row in place.rows(_answers(schedule, place))]
    return sorted(found, key=lambda row: (row.starts_us, row.session, row.slot, row.resource))


def _answers(schedule: Schedule, place: _Place) -> Mapping[str, str]:
    asked = dict.fromkeys(schedule.asked.get(place.session, {}), ASKED)
    return asked | {person: one.answer for person, one in schedule.answers.get(place.session, {}).items()}
