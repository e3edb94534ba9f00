"""The run order of a session, and when each person is called.

Tests: ``tests/orchestrator/cli/commands/session/test_session_runorder.py``.
"""

from collections.abc import Sequence
from datetime import datetime

from domain.booking.session_events import SessionBooked, SessionHeld
from domain.core.event import Event
from domain.core.ids import record_of, song_of
from domain.core.refusal import Misused, suggest
from domain.label.people import Role
from domain.session.run_order import (
    MOST_MINUTES,
    RunOrderRow,
    RunOrderSet,
    RunOrderTime,
    call_times,
    set_run_order,
    timed,
)
from orchestrator.desk.addressing.addresses import catalog_of
from orchestrator.desk.addressing.addresses import part as part_named
from orchestrator.desk.booking.booking import schedule_of, sessions_query
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

MOST_DIGITS = 5


def run_order_query(session: str) -> Query:
    """Query for the run order of *session*."""
    return Query.of(RunOrderSet, tags=[f"session:{session}"])


def _last(history: History, session: str) -> RunOrderSet | None:
    orders = [one.event for one in history if isinstance(one.event, RunOrderSet) and one.event.session == session]
    return orders[-1] if orders else None


def run_order_rows(studio: Studio, session: str) -> tuple[RunOrderRow, ...]:
    """The rows of the run order of *session*; none without one."""
    known = _last(studio.read(run_order_query(session)), session)
    return known.rows if known else ()


def run_order_times(studio: Studio, place: SessionBooked | SessionHeld) -> list[RunOrderTime]:
    """The rows of the run order one after the other from the start of the session; none without one."""
    return timed(run_order_rows(studio, place.session), place.slots[0].start)


def calls_of(studio: Studio, place: SessionBooked | SessionHeld) -> dict[str, datetime]:
    """When each person of the run order has to be there."""
    return dict(call_times(run_order_times(studio, place)))


def read_row(studio: Studio, record: str, resources: Sequence[str], text: str) -> RunOrderRow:
    """A row written ``tin-roof/drums,tin-roof/bass=90``; its people are those players who are in the session.

    Raises:
        Misused: ``session.runorder``; it is no row, or its parts are of another record or of several songs.
        NotFound: ``part.unknown``.
    """
    names, equals, minutes = text.rpartition("=")
    is_number = minutes.isascii() and minutes.isdigit() and len(minutes) < MOST_DIGITS
    if not equals or not is_number or not 0 < int(minutes) <= MOST_MINUTES:
        raise _misused(f"{text[:80]!r} is no row; write PART,PART=MINUTES with 1 to {MOST_MINUTES:,} minutes")
    parts = tuple(dict.fromkeys(part_named(studio, name.strip()) for name in names.split(",")))
    songs = {song_of(one) for one in parts}
    if len(songs) != 1 or {record_of(one) for one in parts} != {record}:
        raise _misused(f"{text[:80]!r} is not of one song of {record}")
    catalog = catalog_of(studio, record)
    players = dict.fromkeys(player for one in parts if (player := catalog.part(one).player) in resources)
    return RunOrderRow(
        song=songs.pop(), parts=parts, minutes=int(minutes), people=tuple(one for one in players if one is not None)
    )


def _misused(detail: str) -> Misused:
    return Misused("session.runorder", detail, next=suggest("session runorder", "SESSION", "PART=MINUTES"))


def change_run_order(
    studio: Studio, record: str, session: str, rows: Sequence[str], *, keeps_order: bool
) -> bool:  # fmt: skip
    """Set the run order of *session* from rows as they were typed; False if it was so already.

    Raises:
        NotFound: ``session.unknown``, ``part.unknown``.
        Refused: ``session.cancelled``, ``session.released``.
        Misused: ``session.runorder``.
    """
    place = schedule_of(studio.read(sessions_query(f"record:{record}"))).place(session, record=record)
    read = [read_row(studio, record, place.resources, text) for text in rows]

    def decision(history: History, _: Role) -> tuple[bool, Sequence[Event]]:
        schedule_of(history).place(session, record=record)
        events = set_run_order(
            _last(history, session), session=session, record=record, rows=read, keeps_order=keeps_order
        )  # fmt: skip
        return bool(events), events

    query = run_order_query(session) | sessions_query(f"record:{record}")
    return studio.decide(query, decision, deed="ingest")
