"""Schedule: bookable resources, their rates, sessions, and the check against double booking."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Annotated, Final, Literal, assert_never

from pydantic import AfterValidator, AwareDatetime, model_validator
from typing_extensions import override

from domain.core.event import Event, RecordId, ResourceId, SessionId, Traits, Value
from domain.core.money import Money, active_currency, parse_money
from domain.core.refusal import Clash, FreeText, Misused, NotFound, Refused, suggest

Per = Literal["day", "hour", "call"]
ResourceKind = Literal["room", "person", "gear"]
QUARTER: Final = timedelta(minutes=15)
LONGEST: Final = timedelta(days=366)
NIGHT_ENDS: Final = timedelta(hours=6)
"""Hours after midnight that belong to the evening before, for work that began by then."""


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
"""A time in UTC.  Python compares and subtracts two times of one zone by their wall clocks, wrong by an hour in
the night when the clocks change.
"""


class Rate(Value):
    """Price a working day touched, an hour (begun quarters count whole), or once a call."""

    amount: Money
    per: Per


class Slot(Value):
    """A half-open interval of UTC time."""

    start: Moment
    end: Moment

    @model_validator(mode="after")
    def _forward(self) -> "Slot":
        if not self.start < self.end:
            raise ValueError("a slot ends after it starts")
        return self

    def overlaps(self, other: "Slot") -> bool:
        """True if the two slots share any moment."""
        return self.start < other.end and other.start < self.end

    def days(self, zone: tzinfo) -> Iterable[date]:
        """The working days of *zone* that the slot touches: each is a calendar day and the night after it.

        A slot from 20:00 to 02:00 touches one; only after NIGHT_ENDS does the next day begin for it.
        """
        day, end = self.start.astimezone(zone).date(), self.end.astimezone(zone)
        last = (end.replace(tzinfo=None) - NIGHT_ENDS - timedelta(microseconds=1)).date()
        yield day
        while day < last:
            day += timedelta(days=1)
            yield day


class ResourceAdded(Event):
    """A room, person or piece of gear can be booked at this rate; repeated, the event changes the rate."""

    kind: Literal["resource-added"] = "resource-added"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ()
    resource: ResourceId
    sort: ResourceKind
    rate: Rate | None = None

    @property
    @override
    def secret(self) -> Literal["money"] | None:
        return "money" if self.rate else None

    @property
    @override
    def fee_of(self) -> str | None:
        return self.resource if self.sort == "person" else None

    @override
    def describe(self) -> str:
        return f"{self.resource} at {self.rate.amount}/{self.rate.per}" if self.rate else self.resource


class SessionBooked(Event):
    """Resources were firmly booked for a record."""

    kind: Literal["session-booked"] = "session-booked"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    session: SessionId
    record: RecordId
    resources: tuple[ResourceId, ...]
    slots: tuple[Slot, ...]
    line: str | None = None
    cost: Money | None = None

    @override
    def describe(self) -> str:
        return f"{self.session}: {', '.join(self.resources)}"


class SessionMoved(Event):
    """A session was moved to other times and priced by them; a cancelled session was booked again by it."""

    kind: Literal["session-moved"] = "session-moved"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    session: SessionId
    record: RecordId
    resources: tuple[ResourceId, ...]
    """Those of the booking, so that whoever reads the calendar of one of them finds the event."""
    slots: tuple[Slot, ...]
    cost: Money | None = None

    @override
    def describe(self) -> str:
        return f"{self.session} moved: {', '.join(self.resources)}"


class SessionCancelled(Event):
    """A session does not take place; its resources are free at its times."""

    kind: Literal["session-cancelled"] = "session-cancelled"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    session: SessionId
    record: RecordId
    resources: tuple[ResourceId, ...]
    """Those of the booking, so that whoever reads the calendar of one of them finds the event."""

    @override
    def describe(self) -> str:
        return f"{self.session} cancelled: {', '.join(self.resources)}"


ScheduleEvent = ResourceAdded | SessionBooked | SessionMoved | SessionCancelled


@dataclass(frozen=True, slots=True)
class Schedule:
    """Resources and sessions by id."""

    resources: Mapping[str, ResourceAdded] = field(default_factory=dict)
    sessions: Mapping[str, SessionBooked] = field(default_factory=dict)
    """All that were ever booked, each at its present times and price: a number is never given again."""
    moved: frozenset[str] = frozenset()
    cancelled: frozenset[str] = frozenset()

    @property
    def firm(self) -> tuple[SessionBooked, ...]:
        """The sessions that take place."""
        return tuple(booked for booked in self.sessions.values() if booked.session not in self.cancelled)

    def session(self, session: str, *, record: str) -> SessionBooked:
        """The session by id.  Raises: NotFound ``session.unknown``."""
        if session not in self.sessions:
            raise NotFound("session.unknown", f"there is no session {session}", next=suggest("session list", record))
        return self.sessions[session]

    def resource(self, resource: str) -> ResourceAdded:
        """The resource by id.  Raises: NotFound ``resource.unknown``."""
        if resource not in self.resources:
            raise NotFound(
                "resource.unknown",
                f"there is no resource {resource}",
                next=suggest("resource add", FreeText(resource), kind="room", rate="600/day"),
            )
        return self.resources[resource]


def evolve(schedule: Schedule, event: ScheduleEvent) -> Schedule:
    """Fold one event into the state."""
    match event:
        case ResourceAdded(resource=resource):
            return replace(schedule, resources={**schedule.resources, resource: event})
        case SessionBooked(session=session):
            return replace(schedule, sessions={**schedule.sessions, session: event})
        case SessionMoved(session=session, slots=slots, cost=cost):
            booked = schedule.sessions[session].model_copy(update={"slots": slots, "cost": cost})
            moved = {session} if slots != schedule.sessions[session].slots else set[str]()
            return replace(
                schedule,
                sessions={**schedule.sessions, session: booked},
                moved=schedule.moved | moved,
                cancelled=schedule.cancelled - {session},
            )
        case SessionCancelled(session=session):
            return replace(schedule, cancelled=schedule.cancelled | {session})
        case _:
            assert_never(event)


def parse_rate(text: str, currency: str) -> Rate:
    """Parse ``600/day``, ``45.50/hour`` or ``250/call``.

    Raises:
        Misused: ``resource.rate``, ``money.amount``, ``money.currency``.
    """
    amount, slash, per = text.partition("/")
    if not slash or per not in {"day", "hour", "call"}:
        raise Misused("resource.rate", f"{text!r} is not a rate; write 600/day, 45.50/hour or 250/call")
    return Rate.model_validate({"amount": parse_money(amount, active_currency(currency)), "per": per})


def add_resource(schedule: Schedule, *, resource: str, sort: ResourceKind, rate: Rate | None) -> list[ScheduleEvent]:
    """Add a bookable resource or change its rate.  Raises: Refused ``resource.kind`` if it exists as another kind."""
    old = schedule.resources.get(resource)
    if old and old.sort != sort:
        raise Refused("resource.kind", f"{resource} is a {old.sort}, not a {sort}")
    new = ResourceAdded(resource=resource, sort=sort, rate=rate)
    return [] if old == new else [new]


def check_free(
    schedule: Schedule, resources: Iterable[str], slots: Iterable[Slot], zone: tzinfo, *, moving: str | None = None
) -> None:
    """Refuse a double booking.

    Args:
        schedule: all sessions.
        resources: ids of the wanted resources.
        slots: the wanted times.
        zone: of the times in the refusal.
        moving: the session that leaves its own times for these.

    Raises:
        Clash: ``schedule.conflict`` with the resource, the session and its time.
    """
    wanted, names = tuple(slots), tuple(resources)
    for booked in schedule.firm:
        for resource in names:
            if resource not in booked.resources or booked.session == moving:
                continue
            taken = next((old for old in booked.slots for new in wanted if old.overlaps(new)), None)
            if taken:
                times = " to ".join(moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") for moment in _ends(taken))
                told = f"{resource} is firm for {booked.session} {times}"
                raise Clash("schedule.conflict", told, next=suggest("resource show", resource), session=booked.session)


def _ends(slot: Slot) -> tuple[datetime, datetime]:
    return slot.start, slot.end


def price(rate: Rate, slots: Iterable[Slot], zone: tzinfo) -> Money:
    """Price of *slots* at *rate*; days are those of *zone*, and fractions of a minor unit are rounded up."""
    stretches = tuple(slots)
    if rate.per == "call":
        return rate.amount
    if rate.per == "day":
        return rate.amount * len({day for slot in stretches for day in slot.days(zone)})
    quarters = sum(-((slot.start - slot.end) // QUARTER) for slot in stretches)
    return Money(minor=-(-rate.amount.minor * quarters // 4), currency=rate.amount.currency)
