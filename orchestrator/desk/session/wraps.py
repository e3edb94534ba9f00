"""The wrap of a session: who was there, and the sheet that everybody gets the same evening.

The sheet holds keepers, moments and names.  Marks other than keepers are never read for it, and neither are notes nor
money.

Tests: ``tests/orchestrator/cli/commands/session/test_session_wrap.py``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.booking.session_events import SessionBooked
from domain.core.address import slug
from domain.core.event import Event
from domain.core.ids import song_of
from domain.core.refusal import Misused, NotFound, suggest
from domain.label.catalog import Catalog
from domain.label.people import Role
from domain.mixes.rough_mix import RoughPinned
from domain.session.session_day import SessionDay
from domain.session.wraps import Attendance, SessionWrapped, wrap
from orchestrator.desk.addressing.addresses import catalog_of
from orchestrator.desk.addressing.register import EVERYBODY, everybody
from orchestrator.desk.addressing.times import SessionTimes
from orchestrator.desk.booking.booking import booking_query, schedule_of, sessions_query
from orchestrator.desk.session.goals import goal_of
from orchestrator.desk.session.session_day import read_day, recorded_parts
from orchestrator.desk.session.session_views import part_title
from orchestrator.desk.session.sheet import Sheet, SheetSection, shortened
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

MOST_PEOPLE: Final = 12
MOST_THANKED: Final = 24
MOST_KEEPERS: Final = 14
MOST_MOMENTS: Final = 6
CELL: Final = 44
"""Characters of a cell, so that rows stay on one line of A4."""


@dataclass(frozen=True, slots=True)
class AttendanceChanges:
    """Corrections of the attendance that a session was booked for, as they were typed."""

    came: Sequence[str] = ()
    """Such as ``jo=10:15-17:40``."""
    absent: Sequence[str] = ()
    """Names of people who did not come."""
    thanks: str | None = None
    """None leaves the words of the wrap before."""


def wrap_query(session: str) -> Query:
    """Query for the wraps of *session*."""
    return Query.of(SessionWrapped, tags=[f"session:{session}"])


def wrap_of(history: History, session: str) -> SessionWrapped | None:
    """The wrap of *session* in force after *history*; None without one."""
    wraps = [one.event for one in history if isinstance(one.event, SessionWrapped) and one.event.session == session]
    return wraps[-1] if wraps else None


def wrap_session(studio: Studio, record: str, session: str, changes: AttendanceChanges) -> bool:
    """Record who attended *session*; False if it was recorded so already.

    Without corrections it is everybody who was booked, at the booked or worked hours, or the attendance that was
    recorded before.

    Raises:
        NotFound: ``session.unknown``; ``session.player``, a name is not one of its people.
        Refused: ``session.cancelled``.
        Misused: ``session.attendance``, ``session.thanks``, ``session.hours``.
    """
    resources = schedule_of(studio.read(sessions_query(f"record:{record}"))).session(session, record=record).resources
    at = studio.now()

    def decision(history: History, _: Role) -> tuple[bool, Sequence[Event]]:
        state = schedule_of(history)
        booked = state.session(session, record=record)
        state.refuse_cancelled(session, record=record)
        people = [name for name in booked.resources if state.resource(name).sort == "person"]
        known = wrap_of(history, session)
        stays = known.attendance if known else tuple(_booked(booked, people))
        attendance = _changed(studio, booked, people, stays, changes)
        thanks = changes.thanks if changes.thanks is not None else known.thanks if known else ""
        events = wrap(known, session=session, record=record, at=at, attendance=attendance, thanks=thanks)
        return bool(events), events

    return studio.decide(booking_query(record, resources) | wrap_query(session), decision, deed="ingest")


def _booked(booked: SessionBooked, people: Sequence[str]) -> Iterator[Attendance]:
    for person in people:
        for slot in booked.slots:
            yield Attendance(resource=person, came=slot.start, left=slot.end)


def _changed(
    studio: Studio, booked: SessionBooked, people: Sequence[str], stays: Sequence[Attendance],
    changes: AttendanceChanges,
) -> list[Attendance]:  # fmt: skip
    given: dict[str, list[Attendance]] = {}
    for text in changes.came:
        name, equals, hours = text.partition("=")
        if not equals:
            raise Misused(
                "session.attendance", f"{text[:60]!r} says no hours; write jo=10:15-17:40",
                next=suggest("session wrap", booked.session, came="NAME=10:15-17:40"),
            )  # fmt: skip
        person = _player(booked, people, name)
        slots = SessionTimes(hours=hours).slots_worked(studio, booked.slots)
        given[person] = [Attendance(resource=person, came=slot.start, left=slot.end) for slot in slots]
    absent = {_player(booked, people, name) for name in changes.absent}
    if both := absent & given.keys():
        raise Misused(
            "session.attendance", f"{min(both)} came and did not come",
            next=suggest("session wrap", booked.session, came="NAME=10:15-17:40"),
        )  # fmt: skip
    kept = [one for one in stays if one.resource not in given and one.resource not in absent]
    return [*kept, *(one for own in given.values() for one in own)]


def _player(booked: SessionBooked, people: Sequence[str], name: str) -> str:
    person = slug(name)
    if person not in people:
        raise NotFound(
            "session.player",
            f"{person} is not one of the people in {booked.session} ({', '.join(people) or 'nobody'})",
            next=suggest("session show", booked.session),
        )  # fmt: skip
    return person


def wrap_sheet(studio: Studio, record: str, session: str) -> Sheet:
    """The sheet of a wrapped session: keepers of the day, moments, rough mixes, everybody's name, thanks.

    Raises:
        NotFound: ``session.unwrapped``; it was not wrapped yet.
    """
    known = wrap_of(studio.read(wrap_query(session)), session)
    if known is None:
        raise NotFound("session.unwrapped", f"{session} is not wrapped yet", next=suggest("session wrap", session))
    catalog, day = catalog_of(studio, record), read_day(studio, record, session)
    names = everybody(studio.read(EVERYBODY)).names
    goal = goal_of(studio, session)
    people = dict.fromkeys(one.resource for one in known.attendance)
    told = [names.get(person, person) for person in people]
    sections = [
        SheetSection("The day's goal", [[goal]] if goal else [], longest=CELL * 2),
        SheetSection("Keepers of the day", [*_keepers(studio, catalog, day)], most=MOST_KEEPERS, longest=CELL),
        SheetSection("Moments", [*_moments(studio, day)], most=MOST_MOMENTS, longest=CELL * 2),
        SheetSection("Rough mixes", _roughs(studio, catalog, day), most=MOST_MOMENTS, longest=CELL),
        SheetSection("Who was there", [*_people(studio, catalog, known, names)], most=MOST_PEOPLE, longest=CELL),
    ]
    record_facts = catalog.record(record)
    shown = [shortened(name, CELL) for name in told[:MOST_THANKED]]
    shown += ["all the others"] if len(told) > MOST_THANKED else []
    thanks = f"Thank you, {', '.join(shown)}." if shown else "Thank you."
    closing = f"{thanks}\n{known.thanks}" if known.thanks else thanks
    return Sheet(
        f"{record_facts.title} · {session}", f"{record_facts.artist} · {_day(studio, known.at)}", sections, closing
    )


def _day(studio: Studio, at: datetime) -> str:
    return f"{at.astimezone(studio.config.zone):%A, %Y-%m-%d}"


def _clock(studio: Studio, at: datetime) -> str:
    return f"{at.astimezone(studio.config.zone):%H:%M}"


def _keepers(studio: Studio, catalog: Catalog, day: SessionDay) -> Iterator[list[str]]:
    """The passes whose last mark is a keeper; of marks without a slate, those of keepers."""
    for slate in day.slates.values():
        if slate.mark == "keeper":
            parts = ", ".join(part_title(catalog, part, slate.song) for part in slate.parts)
            yield [catalog.song(slate.song).title, f"take {slate.pass_number}", parts]
    for mark in day.free_marks:
        if mark.mark == "keeper":
            title = catalog.song(mark.song).title if mark.song else ""
            yield [title, f"at {_clock(studio, mark.at)}", ""]


def _moments(studio: Studio, day: SessionDay) -> Iterator[list[str]]:
    for moment in day.moments:
        yield [_clock(studio, moment.at), moment.text or "a moment"]


def _roughs(studio: Studio, catalog: Catalog, day: SessionDay) -> list[list[str]]:
    """The rough mix that is pinned for each song of which something was recorded in the session."""
    recorded = {song_of(part) for part in recorded_parts(studio, day)}
    pinned = (one.event for one in studio.read(Query.of(RoughPinned, tags=[f"record:{day.record}"])))
    roughs = {event.song: event for event in pinned if isinstance(event, RoughPinned)}
    songs = (song for song in catalog.songs_of(day.record) if song.id in recorded)
    return [[song.title, roughs[song.id].origin] for song in songs if song.id in roughs]


def _people(
    studio: Studio, catalog: Catalog, known: SessionWrapped, names: Mapping[str, str]
) -> Iterator[list[str]]:  # fmt: skip
    """One row for each stay: the name, the parts that they play on the record, and their hours."""
    parts = [part for song in catalog.songs_of(known.record) for part in song.living.values()]
    for one in known.attendance:
        played = dict.fromkeys(part.name for part in parts if part.player == one.resource)
        yield [
            names.get(one.resource, one.resource), ", ".join(played),
            f"{_clock(studio, one.came)} to {_clock(studio, one.left)}",
        ]  # fmt: skip
