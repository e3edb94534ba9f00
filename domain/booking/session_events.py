"""Events of a session: booked, moved, cancelled, held, challenged, released, asked, answered, recast and worked."""

from typing import Annotated, Final, Literal, get_args

from pydantic import Field
from typing_extensions import override

from domain.booking.slots import Moment, Slot
from domain.core.event import Event, RecordId, ResourceId, SessionId, Title, Traits
from domain.core.money import Money
from domain.core.refusal import Misused

Answer = Literal["yes", "no", "other"]
ANSWERS: Final[tuple[Answer, ...]] = get_args(Answer)
Rank = Annotated[int, Field(ge=1, le=99, strict=True)]


def parse_answer(text: str) -> Answer:
    """The answer written as *text*.  Raises: Misused ``session.answer``; it is none of them."""
    for answer in ANSWERS:
        if answer == text:
            return answer
    raise Misused("session.answer", f"{text[:60]!r} is no answer; there are {', '.join(ANSWERS)}")


class CalendarEvent(Event):
    """Base of the events about a whole session, which the calendars of all its resources show."""

    session: SessionId
    record: RecordId
    resources: tuple[ResourceId, ...]
    """All of the session, so that whoever reads the calendar of one of them finds the event."""


class SessionBooked(CalendarEvent):
    """Resources were firmly booked for a record."""

    kind: Literal["session-booked"] = "session-booked"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    slots: tuple[Slot, ...]
    line: str | None = None
    cost: Money | None = None

    @override
    def describe(self) -> str:
        return f"{self.session}: {', '.join(self.resources)}"


class SessionMoved(CalendarEvent):
    """A session was moved to other times and priced by them; a cancelled session was booked again by it."""

    kind: Literal["session-moved"] = "session-moved"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    slots: tuple[Slot, ...]
    cost: Money | None = None

    @override
    def describe(self) -> str:
        return f"{self.session} moved: {', '.join(self.resources)}"


class SessionCancelled(CalendarEvent):
    """A session does not take place; its resources are free at its times."""

    kind: Literal["session-cancelled"] = "session-cancelled"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)

    @override
    def describe(self) -> str:
        return f"{self.session} cancelled: {', '.join(self.resources)}"


class SessionHeld(CalendarEvent):
    """Resources were pencilled in for a record: no money and no exclusive time is reserved.

    Again for the same session, it states the hold anew.
    """

    kind: Literal["session-held"] = "session-held"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    slots: tuple[Slot, ...]
    line: str | None = None
    """The budget line that is to pay once the session is firm."""
    rank: Rank = 1
    """1 for a first hold, 2 for the one that comes next if the first is released."""
    expires: Moment | None = None

    @override
    def describe(self) -> str:
        return f"{self.session} held: {', '.join(self.resources)}"


class SessionChallenged(CalendarEvent):
    """Somebody else wants the time of a held session: it has to be firm by the deadline, or to be released."""

    kind: Literal["session-challenged"] = "session-challenged"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    erasable_since = 1
    by: Title
    """Whoever wants the time."""
    deadline: Moment

    @property
    @override
    def erasable_fields(self) -> tuple[str, ...]:
        return ("by",)

    @override
    def describe(self) -> str:
        return f"{self.session} challenged by {self.by}"


class SessionReleased(CalendarEvent):
    """A held session was given up."""

    kind: Literal["session-released"] = "session-released"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)

    @override
    def describe(self) -> str:
        return f"{self.session} released: {', '.join(self.resources)}"


class PlayersAsked(Event):
    """People were asked to come to a session at these times."""

    kind: Literal["players-asked"] = "players-asked"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    session: SessionId
    record: RecordId
    resources: tuple[ResourceId, ...]
    """Those who were asked."""
    slots: tuple[Slot, ...]

    @override
    def describe(self) -> str:
        return f"{self.session}: {', '.join(self.resources)} asked"


class SessionAnswered(Event):
    """A person said whether they come to a session at these times."""

    kind: Literal["session-answered"] = "session-answered"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    erasable_since = 1
    session: SessionId
    record: RecordId
    resource: ResourceId
    answer: Answer
    """``other``: at another time, which the note says."""
    slots: tuple[Slot, ...]
    note: Annotated[str, Field(max_length=2_000)] = ""

    @property
    @override
    def erasable_fields(self) -> tuple[str, ...]:
        return ("note",) if self.note else ()

    @override
    def describe(self) -> str:
        return f"{self.session}: {self.resource} says {self.answer}"


class PlayerReplaced(Event):
    """Another person, room or piece of gear takes the place of one in a session."""

    kind: Literal["player-replaced"] = "player-replaced"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    session: SessionId
    record: RecordId
    leaves: ResourceId
    enters: ResourceId
    resources: tuple[ResourceId, ...]
    """All of the session from now on."""
    slots: tuple[Slot, ...]
    line: str | None = None
    cost: Money | None = None

    @override
    def describe(self) -> str:
        return f"{self.session}: {self.enters} for {self.leaves}"


class SessionWorked(CalendarEvent):
    """A session took place at these true hours, and this is its price."""

    kind: Literal["session-worked"] = "session-worked"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    slots: tuple[Slot, ...]
    finished_minutes: Annotated[int, Field(ge=0, le=10_000, strict=True)] = 0
    """Minutes of finished music that it yielded; 0 where nobody said."""
    cost: Money | None = None

    @override
    def describe(self) -> str:
        return f"{self.session} worked: {', '.join(self.resources)}"


BookingEvent = SessionBooked | SessionMoved | SessionCancelled
HoldEvent = SessionHeld | SessionChallenged | SessionReleased
CastEvent = PlayersAsked | SessionAnswered | PlayerReplaced
