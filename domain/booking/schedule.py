"""Schedule: the resources and sessions that there are, and the check against double booking."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import TypedDict, assert_never

from domain.booking.resources import Rate, ResourceAdded, ResourceKind
from domain.booking.session_events import (
    BookingEvent,
    CastEvent,
    HoldEvent,
    PlayerReplaced,
    PlayersAsked,
    SessionAnswered,
    SessionBooked,
    SessionCancelled,
    SessionChallenged,
    SessionHeld,
    SessionMoved,
    SessionReleased,
    SessionWorked,
)
from domain.booking.slots import Slot, in_words
from domain.core.ids import record_of
from domain.core.refusal import Clash, FreeText, NotFound, Refused, suggest

ScheduleEvent = ResourceAdded | BookingEvent | HoldEvent | CastEvent | SessionWorked


@dataclass(frozen=True, slots=True)
class Hold:
    """A session that is held or was, and the challenge to it."""

    held: SessionHeld
    challenge: SessionChallenged | None = None
    released: bool = False

    @property
    def ends(self) -> datetime | None:
        """When it ends by itself: by the deadline of its challenge, else as it expires; None: never."""
        return self.challenge.deadline if self.challenge else self.held.expires

    def lapsed(self, now: datetime) -> bool:
        """True if the hold has ended by itself by *now*."""
        return self.ends is not None and self.ends <= now


@dataclass(frozen=True, slots=True)
class Schedule:
    """Resources and sessions by id."""

    resources: Mapping[str, ResourceAdded] = field(default_factory=dict)
    sessions: Mapping[str, SessionBooked] = field(default_factory=dict)
    """All that were ever booked, each at its present times and price: a number is never given again."""
    moved: frozenset[str] = frozenset()
    cancelled: frozenset[str] = frozenset()
    holds: Mapping[str, Hold] = field(default_factory=dict)
    """Sessions that were held and never firm."""
    worked: Mapping[str, SessionWorked] = field(default_factory=dict)
    before_work: Mapping[str, SessionBooked] = field(default_factory=dict)
    """Each session that took place, at the times and the price of its booking."""
    asked: Mapping[str, Mapping[str, PlayersAsked]] = field(default_factory=dict)
    """By session and person: when each was asked last."""
    answers: Mapping[str, Mapping[str, SessionAnswered]] = field(default_factory=dict)
    """By session and person: the last answer of each."""

    @property
    def held(self) -> tuple[Hold, ...]:
        """The holds that were not released; some may have expired."""
        return tuple(hold for hold in self.holds.values() if not hold.released)

    def next_id(self, record: str) -> str:
        """The id of the next session of *record*: a number is never given again."""
        known = {*self.sessions, *self.holds}
        return f"{record}/S{sum(record_of(session) == record for session in known) + 1}"

    def hold(self, session: str, *, record: str) -> Hold:
        """The hold by the id of its session.

        Raises:
            NotFound: ``session.unknown``.
            Refused: ``session.firm``, ``session.released``.
        """
        if session in self.sessions:
            raise Refused("session.firm", f"{session} is firm", next=suggest("session show", session))
        if session not in self.holds:
            raise NotFound("session.unknown", f"there is no session {session}", next=suggest("session list", record))
        if self.holds[session].released:
            raise Refused(
                "session.released", f"{session} is released; hold or book it anew", next=suggest("session book", record)
            )
        return self.holds[session]

    def place(self, session: str, *, record: str) -> SessionBooked | SessionHeld:
        """The booking or the open hold of *session*.  Raises: as :meth:`hold`; ``session.cancelled``."""
        if session not in self.sessions:
            return self.hold(session, record=record).held
        self.refuse_cancelled(session, record=record)
        return self.sessions[session]

    def refuse_cancelled(self, session: str, *, record: str) -> None:
        """Refuse a session that does not take place.  Raises: Refused ``session.cancelled``."""
        if session in self.cancelled:
            raise Refused(
                "session.cancelled", f"{session} is cancelled; book it anew", next=suggest("session book", record)
            )

    def answer_of(self, session: str, person: str) -> SessionAnswered | None:
        """The answer of *person* to the present times of *session*; None without one.

        An answer to times that the session has left counts no more.
        """
        return self.answers.get(session, {}).get(person)

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
    if isinstance(event, BookingEvent):
        return _evolve_booking(schedule, event)
    if isinstance(event, HoldEvent):
        return _evolve_hold(schedule, event)
    if isinstance(event, CastEvent):
        return _evolve_cast(schedule, event)
    match event:
        case ResourceAdded(resource=resource):
            return replace(schedule, resources={**schedule.resources, resource: event})
        case SessionWorked(session=session, slots=slots, cost=cost):
            booked = schedule.sessions.get(session) or SessionBooked(
                session=session, record=event.record, resources=event.resources, slots=slots
            )
            now = booked.model_copy(update={"slots": slots, "cost": cost})
            return replace(
                schedule,
                sessions={**schedule.sessions, session: now},
                worked={**schedule.worked, session: event},
                before_work={session: booked, **schedule.before_work},
                **_cast_of(schedule, session, booked.resources if slots == booked.slots else ()),
            )
        case _:
            assert_never(event)


def _evolve_booking(schedule: Schedule, event: BookingEvent) -> Schedule:
    session = event.session
    match event:
        case SessionBooked():
            holds = {of: hold for of, hold in schedule.holds.items() if of != session}
            return replace(schedule, sessions={**schedule.sessions, session: event}, holds=holds)
        case SessionMoved(slots=slots, cost=cost):
            known = schedule.sessions.get(session) or _entered(event)
            booked = known.model_copy(update={"slots": slots, "cost": cost})
            moved = {session} if slots != known.slots else set[str]()
            return replace(
                schedule,
                sessions={**schedule.sessions, session: booked},
                moved=schedule.moved | moved,
                cancelled=schedule.cancelled - {session},
                **_cast_of(schedule, session, known.resources if slots == known.slots else ()),
            )
        case SessionCancelled():
            return replace(schedule, cancelled=schedule.cancelled | {session}, **_cast_of(schedule, session, ()))
        case _:
            assert_never(event)


def _entered(event: SessionMoved | PlayerReplaced) -> SessionBooked:
    """The session of *event*, for the calendar of a resource that entered it later."""
    return SessionBooked(
        session=event.session, record=event.record, resources=event.resources, slots=event.slots, cost=event.cost
    )


class _Cast(TypedDict):
    asked: Mapping[str, Mapping[str, PlayersAsked]]
    answers: Mapping[str, Mapping[str, SessionAnswered]]


def _cast_of(schedule: Schedule, session: str, people: Collection[str]) -> _Cast:
    """Questions and answers without those of *session* that are not of *people*."""
    if session not in schedule.asked and session not in schedule.answers:
        return {"asked": schedule.asked, "answers": schedule.answers}
    asked = {name: one for name, one in schedule.asked.get(session, {}).items() if name in people}
    answers = {name: one for name, one in schedule.answers.get(session, {}).items() if name in people}
    return {"asked": {**schedule.asked, session: asked}, "answers": {**schedule.answers, session: answers}}


def _evolve_hold(schedule: Schedule, event: HoldEvent) -> Schedule:
    after = replace(schedule, holds=_holds_after(schedule.holds, event))
    known = schedule.holds.get(event.session)
    if not isinstance(event, SessionHeld) or known is None:
        return after
    same = known.held.slots == event.slots
    return replace(after, **_cast_of(schedule, event.session, event.resources if same else ()))


def _holds_after(holds: Mapping[str, Hold], event: HoldEvent) -> Mapping[str, Hold]:
    known = holds.get(event.session)
    match event:
        case SessionHeld():
            kept = known.challenge if known and known.held.slots == event.slots and not known.released else None
            return {**holds, event.session: Hold(event, kept)}
        case SessionChallenged():
            return {**holds, event.session: replace(known, challenge=event)} if known else holds
        case SessionReleased():
            return {**holds, event.session: replace(known, released=True)} if known else holds
        case _:
            assert_never(event)


def _evolve_cast(schedule: Schedule, event: CastEvent) -> Schedule:
    session = event.session
    match event:
        case PlayersAsked(resources=people):
            asked = {**schedule.asked.get(session, {}), **dict.fromkeys(people, event)}
            answers = {name: one for name, one in schedule.answers.get(session, {}).items() if name not in people}
            return replace(
                schedule,
                asked={**schedule.asked, session: asked},
                answers={**schedule.answers, session: answers},
            )
        case SessionAnswered(resource=person):
            answers = {**schedule.answers.get(session, {}), person: event}
            return replace(schedule, answers={**schedule.answers, session: answers})
        case PlayerReplaced(resources=resources, slots=slots, cost=cost):
            booked = schedule.sessions.get(session) or _entered(event)
            now = booked.model_copy(update={"resources": resources, "slots": slots, "cost": cost})
            stay = [name for name in resources if name != event.enters] if slots == booked.slots else []
            return replace(
                schedule,
                sessions={**schedule.sessions, session: now},
                cancelled=schedule.cancelled - {session},  # its return may not stand in the calendar of whoever enters
                **_cast_of(schedule, session, stay),
            )
        case _:
            assert_never(event)


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
                told = f"{resource} is firm for {booked.session} {in_words(taken, zone)}"
                raise Clash("schedule.conflict", told, next=suggest("resource show", resource), session=booked.session)
