"""The wrap of a session: who was there from when to when, and thanks; evidence for credits and payments."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Annotated, Final, Literal

from pydantic import Field
from typing_extensions import override

from domain.booking.slots import Moment
from domain.core.event import Event, RecordId, ResourceId, SessionId, Traits, Value
from domain.core.refusal import Misused, suggest

LONGEST_THANKS: Final = 500
MOST_ATTENDANCES: Final = 1_000
LONGEST_STAY: Final = timedelta(hours=36)


class Attendance(Value):
    """One person's stay in a session; a session of several days has one for each."""

    resource: ResourceId
    came: Moment
    left: Moment


class SessionWrapped(Event):
    """A session ended: who attended it, and thanks to them.  Again for the same session, it states both anew."""

    kind: Literal["session-wrapped"] = "session-wrapped"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    erasable_since = 1
    session: SessionId
    record: RecordId
    at: Moment
    attendance: Annotated[tuple[Attendance, ...], Field(max_length=MOST_ATTENDANCES)]
    thanks: Annotated[str, Field(max_length=LONGEST_THANKS)] = ""

    @property
    @override
    def erasable_fields(self) -> tuple[str, ...]:
        return ("thanks",) if self.thanks else ()

    @override
    def describe(self) -> str:
        people = dict.fromkeys(one.resource for one in self.attendance)
        return f"{self.session} wrapped: {', '.join(people) or 'nobody'}"


def evolve(_: SessionWrapped | None, event: SessionWrapped) -> SessionWrapped:
    """Fold one event of one session: the last one counts."""
    return event


def wrap(
    known: SessionWrapped | None, *, session: str, record: str, at: datetime, attendance: Sequence[Attendance],
    thanks: str,
) -> list[SessionWrapped]:  # fmt: skip
    """Wrap *session*.  The same attendance and thanks again yield no event, whatever the time.

    Args:
        known: the wrap in force; None without one.
        session: its id.
        record: id of its record.
        at: the present moment.
        attendance: the stays of all people.
        thanks: words for them, one line.

    Raises:
        Misused: ``session.attendance``; somebody left before they came, stayed for more than 36 hours or twice at once.
            ``session.thanks``; too long, or no line of text.
    """
    ordered = tuple(sorted(attendance, key=lambda one: (one.resource, one.came)))
    for one in ordered:
        _refuse_impossible(session, one)
    for one, following in pairwise(ordered):
        if one.resource == following.resource and following.came < one.left:
            raise _impossible(session, f"{one.resource} is there twice at {following.came:%Y-%m-%d %H:%M} UTC")
    if len(ordered) > MOST_ATTENDANCES:
        raise _impossible(session, f"{len(ordered):,} stays; a wrap holds at most {MOST_ATTENDANCES:,}")
    words = thanks.strip()
    if len(words) > LONGEST_THANKS or not words.isprintable():
        raise Misused(
            "session.thanks",
            f"thanks are one line of at most {LONGEST_THANKS} characters, these have {len(words)}",
            next=suggest("session wrap", session, thanks="TEXT"),
        )
    if known is not None and (known.attendance, known.thanks) == (ordered, words):
        return []
    return [SessionWrapped(session=session, record=record, at=at, attendance=ordered, thanks=words)]


def _refuse_impossible(session: str, one: Attendance) -> None:
    stay = one.left - one.came
    if not timedelta() < stay <= LONGEST_STAY:
        hours = stay.total_seconds() / 3600
        raise _impossible(session, f"{one.resource} stayed for {hours:.1f} h; above 0 and at most 36 h are taken")


def _impossible(session: str, detail: str) -> Misused:
    return Misused("session.attendance", detail, next=suggest("session wrap", session, came="NAME=10:15-17:40"))
