"""The calendar as an iCalendar file (RFC 5545) that other programs subscribe to: the same bytes for the same log.

Tests: ``tests/orchestrator/cli/commands/label/test_plan.py``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

from domain.booking.schedule import Schedule, ScheduleEvent
from domain.booking.session_events import PlayersAsked, SessionAnswered
from domain.booking.slots import Slot
from domain.core.address import slug
from domain.core.ids import record_of, relative_to
from domain.core.refusal import NotFound, suggest
from domain.label.catalog import Catalog, RecordOpened, catalog_after
from domain.label.corrections import EntryRenamed, RecordEdited
from orchestrator import new_file
from orchestrator.desk.addressing.register import EVERYBODY, everybody
from orchestrator.desk.booking.booking import (
    SESSION_KINDS,
    resource_query,
    schedule_of,
    session_corrections_of,
    sessions_query,
)
from orchestrator.desk.booking.resource_corrections import RESOURCES, corrections_of
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

if TYPE_CHECKING:
    from icalendar import Event

CANCELLED: Final = "CANCELLED"
PRODUCT: Final = "-//Takesheet//Takesheet//EN"


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """The bytes of a calendar, and how many events are in it."""

    data: bytes
    events: int


@dataclass(frozen=True, slots=True)
class _Entry:
    """One slot of one session, as a calendar program shows it."""

    session: str
    number: int
    slot: Slot
    resources: tuple[str, ...]
    status: str
    sequence: int
    stamped: datetime


def calendar_file(studio: Studio, about: str | None) -> CalendarFile:
    """The sessions of a resource, of a record, or of the label; without money and without private words.

    Each slot keeps its UID for good.  ``SEQUENCE`` counts the events of its session before the last one, and
    ``DTSTAMP`` is when that one was recorded.  Cancelled and released sessions stay, with the status CANCELLED, so
    that whoever subscribes drops them.

    Raises:
        NotFound: ``plan.unknown``; *about* is neither a resource nor a record.
    """
    history, resource = _history(studio, about)
    return _calendar(studio, history, resource, about or "sessions")


def session_calendar(studio: Studio, record: str, session: str) -> CalendarFile:
    """One session of *record* as a calendar, with the UIDs that it has in the calendar of its record."""
    history = studio.read(sessions_query(f"record:{record}"))
    own = [one for one in history if getattr(one.event, "session", None) == session]
    return _calendar(studio, own, None, session)


def _calendar(studio: Studio, history: History, resource: str | None, about: str) -> CalendarFile:
    """The calendar of the sessions in *history*, as *resource* sees them; *about* stands in its name."""
    from icalendar import Calendar

    headings = studio.read(Query.of(RecordOpened, RecordEdited, EntryRenamed))
    titles, names = catalog_after(headings), session_corrections_of(headings).titles
    bookable = _bookable(studio)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _plain(f"{studio.config.label}: {about}"))
    entries = sorted(_entries(history, resource), key=lambda one: (one.slot.start, one.session, one.number))
    for entry in entries:
        calendar.add_component(_event(entry, _summary(entry.session, titles, names), bookable, studio.log.identity))
    return CalendarFile(calendar.to_ical(), len(entries))


class _Bookable(NamedTuple):
    """How people call everything that can be booked, and what of it is a room; by id."""

    names: Mapping[str, str]
    rooms: frozenset[str]

    def in_words(self, resources: Iterable[str]) -> str:
        """The names of *resources*; the id of one without a name."""
        return ", ".join(self.names.get(one, one) for one in resources)


def _bookable(studio: Studio) -> _Bookable:
    history = studio.read(RESOURCES)
    people = everybody(studio.read(EVERYBODY)).names
    known = schedule_of(history).resources
    rooms = frozenset(name for name, added in known.items() if added.sort == "room")
    called = {name: people[name] for name, added in known.items() if added.sort == "person" and name in people}
    return _Bookable({**called, **corrections_of(history).titles}, rooms)


def _history(studio: Studio, about: str | None) -> tuple[History, str | None]:
    """The events of the sessions of *about*, and *about* if it is a resource."""
    if about is None:
        return studio.read(Query.of(*SESSION_KINDS)), None
    name = slug(about)
    if name in schedule_of(studio.read(resource_query(name))).resources:
        return studio.read(sessions_query(f"resource:{name}")), name
    if any(isinstance(one.event, RecordOpened) for one in studio.read(Query.of(RecordOpened, tags=[f"record:{name}"]))):
        return studio.read(sessions_query(f"record:{name}")), None
    raise NotFound(
        "plan.unknown", f"{about} is neither a room, a person or gear nor a record", next=suggest("resource list")
    )


def _entries(history: History, resource: str | None) -> Iterator[_Entry]:
    """The entry of every slot that any session ever had; those that are gone are cancelled."""
    changes = Counter[str]()
    stamps, slots = dict[str, datetime](), dict[tuple[str, int], Slot]()
    for recorded in history:
        event = recorded.event
        session = getattr(event, "session", None)
        if not isinstance(event, ScheduleEvent) or session is None or isinstance(event, PlayersAsked):
            continue
        changes[session] += 1
        stamps[session] = recorded.recorded_at.replace(microsecond=0)
        if not isinstance(event, SessionAnswered):
            slots |= {(session, number): slot for number, slot in enumerate(getattr(event, "slots", ()), start=1)}
    state = schedule_of(history)
    for (session, number), slot in slots.items():
        place = state.sessions.get(session) or state.holds[session].held
        gone = number > len(place.slots) or (resource is not None and resource not in place.resources)
        yield _Entry(
            session, number, slot, place.resources, CANCELLED if gone else _status(state, session),
            changes[session] - 1, stamps[session],
        )  # fmt: skip


def _status(state: Schedule, session: str) -> str:
    if hold := state.holds.get(session):
        return CANCELLED if hold.released else "TENTATIVE"
    return CANCELLED if session in state.cancelled else "CONFIRMED"


def _summary(session: str, titles: Catalog, names: Mapping[str, str]) -> str:
    """The title of the record, the session's number, and its title if it has one in *names*."""
    record = record_of(session)
    heading = f"{titles.record(record).title} {relative_to(session, record)}"
    return f"{heading} · {names[session]}" if session in names else heading


def _event(entry: _Entry, summary: str, bookable: _Bookable, identity: UUID) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", f"{entry.session}.{entry.number}@{identity}")
    event.add("dtstamp", entry.stamped)
    event.add("dtstart", entry.slot.start)
    event.add("dtend", entry.slot.end)
    event.add("sequence", entry.sequence)
    event.add("status", entry.status)
    event.add("summary", _plain(summary))
    if there := [name for name in entry.resources if name in bookable.rooms]:
        event.add("location", _plain(bookable.in_words(there)))
    event.add("description", _plain(bookable.in_words(entry.resources)))
    event.add("transp", "OPAQUE" if entry.status == "CONFIRMED" else "TRANSPARENT")
    return event


def _plain(text: str) -> str:
    """*text* with a blank for each character that cannot be printed; the writer escapes the rest."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def publish(studio: Studio, about: str | None, file: Path) -> CalendarFile:
    """Write the calendar into *file*, whole or not at all; a calendar that is there is replaced.

    Raises:
        NotFound: ``plan.unknown``, ``file.folder``.
    """
    found = calendar_file(studio, about)
    new_file.replace(file, found.data)
    return found
