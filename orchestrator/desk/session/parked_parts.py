"""Parts that were put aside, and are to be tried again.

Tests: ``tests/orchestrator/cli/commands/song/test_park.py``.
"""

from collections.abc import Sequence
from typing import Final, get_args

from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.ids import record_of
from domain.core.refusal import Misused
from domain.label.curtain import sees
from domain.label.people import Role
from domain.session.parked_parts import ParkedParts, ParkingEvent, evolve, park, resume
from orchestrator.desk.addressing.addresses import catalog_of
from orchestrator.desk.addressing.rows import Row
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

NONE: Final[ParkedParts] = {}


def parking_query(record: str) -> Query:
    """Query for what was parked of *record* and resumed."""
    return Query.of(*get_args(ParkingEvent), tags=[f"record:{record}"])


def parked_after(history: History) -> ParkedParts:
    """The parked parts after *history*."""
    events = (one.event for one in history if isinstance(one.event, ParkingEvent))
    return fold_events(evolve, NONE, events)


def park_part(studio: Studio, part: str, *, session: str | None, reason: str) -> bool:
    """Put *part* aside; False if it was so already.

    Raises:
        Misused: ``part.reason``; ``part.session``, the session is of another record.
    """
    refuse_other_record(part, session)

    def decision(history: History, _: Role) -> tuple[bool, Sequence[Event]]:
        events = park(parked_after(history), part=part, session=session, reason=reason.strip())
        return bool(events), events

    return studio.decide(parking_query(record_of(part)), decision, deed="ingest")


def resume_part(studio: Studio, part: str, *, session: str | None) -> bool:
    """Take *part* up again; False if it was not parked.  Raises: Misused ``part.session``."""
    refuse_other_record(part, session)

    def decision(history: History, _: Role) -> tuple[bool, Sequence[Event]]:
        events = resume(parked_after(history), part=part, session=session)
        return bool(events), events

    return studio.decide(parking_query(record_of(part)), decision, deed="ingest")


def refuse_other_record(part: str, session: str | None) -> None:
    """Refuse *session* unless it is of the record of *part*.  Raises: Misused ``part.session``."""
    if session is not None and record_of(session) != record_of(part):
        raise Misused("part.session", f"{session} is a session of another record than {part}")


def parked_rows(studio: Studio, record: str) -> list[Row]:
    """The parked parts of *record* that are still parts of it; none for readers who do not see doubts."""
    if not sees(studio.reader, "rejections", record):
        return []
    catalog = catalog_of(studio, record)
    there = {f"{song.id}/{slug}" for song in catalog.songs_of(record) for slug in song.living}
    parked = parked_after(studio.read(parking_query(record)))
    return [
        {"address": part, "session": one.session or "", "reason": one.reason}
        for part, one in parked.items()
        if part in there
    ]  # fmt: skip
