"""Bookable resources and sessions.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Final, NamedTuple, get_args

from domain.booking import booking, schedule
from domain.booking import budget as budgets
from domain.booking.booking import SessionEvent
from domain.booking.budget import Budget, BudgetEvent
from domain.booking.resources import ResourceAdded, ResourceKind, parse_rate
from domain.booking.schedule import Schedule, ScheduleEvent
from domain.booking.session_events import SessionBooked, SessionCancelled, SessionHeld
from domain.booking.slots import Slot
from domain.booking.terms import register
from domain.booking.terms.agreed_terms import TermsAgreed
from domain.booking.terms.cancellation import CancellationCharged
from domain.booking.terms.pricing import Duties
from domain.booking.terms.rate_cards import RateCardSet
from domain.booking.terms.register import TermsEvent, TermsRegister
from domain.booking.terms.working_hours import ResourceBlocked, ResourceUnblocked, WorkingHoursSet
from domain.core.address import slug
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.ids import relative_to
from domain.core.money import Money
from domain.core.refusal import NotFound, suggest
from domain.label.catalog import catalog_after
from domain.label.corrections import EntryEvent
from domain.label.curtain import sees
from domain.label.leaves import refuse_away
from domain.label.people import People, Role, add_person
from domain.status.booking_edits import SessionCorrections, evolve_session
from orchestrator.desk.addressing.register import everybody, person_query, refuse_contact_data
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.addressing.times import shown_exactly
from orchestrator.desk.booking.budget import budget_of, budget_query
from orchestrator.desk.booking.resource_corrections import RESOURCES, corrections_of
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

SESSION_KINDS: Final = tuple(kind for kind in get_args(ScheduleEvent) if kind is not ResourceAdded)
RESOURCE_TERMS: Final = (RateCardSet, WorkingHoursSet, ResourceBlocked, ResourceUnblocked)


def sessions_query(tag: str) -> Query:
    """Query for the sessions of one record or resource, such as ``record:night-bus``."""
    return Query.of(*SESSION_KINDS, tags=[tag])


def _corrected_sessions_query(record: str) -> Query:
    """Query for the sessions of one record, and what was corrected of them."""
    tags = [f"record:{record}"]
    return sessions_query(tags[0]) | Query.of(*get_args(EntryEvent), TermsAgreed, CancellationCharged, tags=tags)


def session_corrections_of(history: History) -> SessionCorrections:
    """Titles and absences of the sessions after *history*."""
    events = (one.event for one in history if isinstance(one.event, EntryEvent | SessionCancelled))
    return fold_events(evolve_session, SessionCorrections(), events)


def schedule_of(history: History) -> Schedule:
    """The schedule after *history*."""
    return fold_events(
        schedule.evolve, Schedule(), (one.event for one in history if isinstance(one.event, ScheduleEvent))
    )


def register_of(history: History) -> TermsRegister:
    """The rate cards, working hours, blocks and agreed terms after *history*."""
    events = (one.event for one in history if isinstance(one.event, TermsEvent | ResourceAdded))
    return fold_events(register.evolve, TermsRegister(), events)


@dataclass(frozen=True, slots=True)
class BookableResource:
    """A resource by id; ``new_person`` if it is a person whom the register did not know."""

    resource: str
    new_person: bool = False


def add_resource(studio: Studio, name: str, *, sort: ResourceKind, rate: str | None) -> BookableResource:
    """Make a room, a person or gear bookable; a person enters the register of people, without a role.

    The id of a removed or shelved resource is not given again: another one of that name gets ``-2``.

    Raises:
        Misused: ``person.name``; the name of a person holds contact data.
    """
    if sort == "person":
        refuse_contact_data(name)
    price = parse_rate(rate, studio.config.currency) if rate else None

    def decision(history: History, _: Role) -> tuple[BookableResource, Sequence[Event]]:
        resource = slug(name, corrections_of(history).absent)
        events = schedule.add_resource(schedule_of(history), resource=resource, sort=sort, rate=price)
        known = everybody(history)
        entered = add_person(known, person=resource, name=name, roles=()) if sort == "person" else []
        return BookableResource(resource, bool(entered)), [*entered, *events]

    return studio.decide(RESOURCES | person_query(slug(name)), decision, deed="book")


@dataclass(frozen=True, slots=True)
class BookingResult:
    """A booked session, the budget after it, and the ids of its resources without a price."""

    session: SessionBooked
    budget: Budget
    unpriced: Sequence[str] = ()

    @property
    def unbudgeted(self) -> bool:
        """True if no line pays the session."""
        return self.session.session in self.budget.unbudgeted


def book(
    studio: Studio, record: str, *, resources: Sequence[str], slots: tuple[Slot, ...], line: str | None,
    duties: Mapping[str, Duties] | None = None, finished_minutes: int = 0,
) -> BookingResult:  # fmt: skip
    """Book a session: check the calendar, then the budget, and commit both or neither.

    Raises:
        Clash: ``schedule.conflict``; ``schedule.away``, a booked person is away on one of the days.
    """
    zone, names = studio.config.zone, [slug(name) for name in resources]

    def decision(history: History, _: Role) -> tuple[BookingResult, Sequence[Event]]:
        currency = catalog_after(history).record(record).currency
        corrections_of(history).refuse_absent(names)
        state, money = schedule_of(history), budget_of(history, studio.today())
        refuse_away(everybody(history), names, days_of(slots, zone))
        bookable = people_made_bookable(state, everybody(history), names)
        state = fold_events(schedule.evolve, state, bookable)
        terms = register_of(history)
        session, events = booking.book(
            state, money, record=record, resources=names, slots=slots, line=line, currency=currency, zone=zone,
            register=terms, duties=duties, finished_minutes=finished_minutes,
        )  # fmt: skip
        state = fold_events(schedule.evolve, state, (one for one in events if isinstance(one, ScheduleEvent)))
        money = fold_events(budgets.evolve, money, (one for one in events if isinstance(one, BudgetEvent)))
        return BookingResult(state.sessions[session], money, booking.unpriced(state, names, currency, terms)), [
            *bookable,
            *events,
        ]

    query = booking_query(record, names)
    for name in names:
        query |= person_query(name)
    return studio.decide(query, decision, deed="book")


def days_of(slots: Sequence[Slot], zone: tzinfo) -> set[date]:
    """The working days of *zone* that *slots* touch."""
    return {day for slot in slots for day in slot.days(zone)}


def people_made_bookable(state: Schedule, people: People, names: Sequence[str]) -> list[ScheduleEvent]:
    """Add a resource without a rate for each of *names* that is in the register of people but not bookable yet."""
    return [
        event
        for name in dict.fromkeys(names)
        if name not in state.resources and name in people.names
        for event in schedule.add_resource(state, resource=name, sort="person", rate=None)
    ]


def booking_query(record: str, resources: Sequence[str]) -> Query:
    """Query for the money and the sessions of *record*, and for the calendars of *resources*."""
    query = budget_query(record) | _corrected_sessions_query(record)
    for name in resources:
        query |= resource_query(name) | sessions_query(f"resource:{name}")
    return query


def resource_query(resource: str) -> Query:
    """Query for what is known of *resource* itself, without its sessions."""
    return Query.of(ResourceAdded, *get_args(EntryEvent), *RESOURCE_TERMS, tags=[f"resource:{resource}"])


@dataclass(frozen=True, slots=True)
class ChangedSession:
    """A session before and after it was moved or cancelled, and the budget before and after."""

    before: SessionBooked
    after: SessionBooked
    had: Budget
    budget: Budget
    charged: CancellationCharged | None = None
    """The fee of a cancelled session; None if there is none."""

    @property
    def freed(self) -> Money | None:
        """Open amount of the session's cost that the change released."""
        held, now = self.had.commitment(self.before.session), self.budget.commitment(self.before.session)
        return held.open - now.open if held and now else None


def move(
    studio: Studio, record: str, session: str, slots: Callable[[SessionBooked], tuple[Slot, ...]]
) -> ChangedSession:
    """Move a session to the times that *slots* gives for it: the calendar is checked first, then the money."""

    def decide(at: BookingState) -> list[SessionEvent]:
        wanted = slots(at.schedule.session(session, record=record))
        return booking.move(
            at.schedule, at.budget, record=record, session=session, slots=wanted, currency=at.currency,
            zone=studio.config.zone, register=at.register,
        )  # fmt: skip

    return change_session(studio, record, session, decide, None)


def cancel(studio: Studio, record: str, session: str, *, why: str | None, at: datetime | None = None) -> ChangedSession:
    """Cancel a session: its resources are free again, and so is what was still to be paid, but for the fee.

    Args:
        studio: the store.
        record: id of the record.
        session: id of the session.
        why: the reason.
        at: the moment of the cancellation, by which the fee is reckoned; None for now.
    """
    now = at or studio.now()
    return change_session(
        studio, record, session,
        lambda at: booking.cancel(
            at.schedule, at.budget, record=record, session=session, register=at.register, now=now
        ), why,
    )  # fmt: skip


class BookingState(NamedTuple):
    """State that decisions on a session are made from."""

    schedule: Schedule
    budget: Budget
    register: TermsRegister
    currency: str


def change_session(
    studio: Studio, record: str, session: str, decide: Callable[[BookingState], Sequence[SessionEvent]],
    why: str | None, *, others: Sequence[str] = (),
) -> ChangedSession:  # fmt: skip
    """Decide on a firm session of *record*, in whose calendar that of *others* (ids of resources) is read too."""

    def decision(history: History, _: Role) -> tuple[ChangedSession, Sequence[Event]]:
        state, had = schedule_of(history), budget_of(history, studio.today())
        terms = register_of(history)
        before = state.session(session, record=record)
        session_corrections_of(history).refuse_absent(session)
        corrections_of(history).refuse_absent(others)
        bookable = people_made_bookable(state, everybody(history), others)
        state = fold_events(schedule.evolve, state, bookable)
        events = decide(BookingState(state, had, terms, catalog_after(history).record(record).currency))
        state = fold_events(schedule.evolve, state, (one for one in events if isinstance(one, ScheduleEvent)))
        budget = fold_events(budgets.evolve, had, (one for one in events if isinstance(one, BudgetEvent)))
        terms = fold_events(register.evolve, terms, (one for one in events if isinstance(one, TermsEvent)))
        after = state.sessions[session]
        if (after.slots, after.resources) != (before.slots, before.resources):
            refuse_away(everybody(history), after.resources, days_of(after.slots, studio.config.zone))
        changed = ChangedSession(before, after, had, budget, terms.charged.get(session))
        return changed, [*(bookable if events else ()), *events]

    known = {booked.session: booked for booked in sessions_of(studio, record)}
    resources = known[session].resources if session in known else ()
    query = booking_query(record, (*resources, *others))
    for name in (*resources, *others):
        query |= person_query(name)
    return studio.decide(query, decision, deed="book", why=why)


def sessions_of(studio: Studio, record: str) -> list[SessionBooked]:
    """The sessions of a record at their present times, in the order they were booked; cancelled ones too."""
    return list(schedule_of(studio.read(sessions_query(f"record:{record}"))).sessions.values())


def session_named(studio: Studio, record: str, session: str) -> str:
    """The full id of a session, firm or held, written ``S1`` or in full.  Raises: NotFound ``session.unknown``."""
    full = f"{record}/{relative_to(session, record).upper()}"
    state = schedule_of(studio.read(sessions_query(f"record:{record}")))
    if full not in {*state.sessions, *state.holds}:
        raise NotFound("session.unknown", f"{record} has no session {session}", next=suggest("session list", record))
    return full


def session_rows(studio: Studio, record: str, *, absent: bool = False) -> list[Row]:
    """One row for each session of *record*; with *absent* also for those that are removed or shelved."""
    budget = budget_of(studio.read(budget_query(record)), studio.day_seen())
    history = studio.read(_corrected_sessions_query(record))
    state, corrections = schedule_of(history), session_corrections_of(history)
    costs = sees(studio.reader, "money", record)
    now = studio.moment_seen()
    held = {session: hold.held for session, hold in state.holds.items()}
    places: dict[str, SessionBooked | SessionHeld] = {**state.sessions, **held}
    return [
        {
            "session": place.session,
            "title": corrections.titles.get(place.session, ""),
            "from": shown_exactly(studio, place.slots[0].start),
            "to": shown_exactly(studio, place.slots[-1].end),
            "resources": ", ".join(place.resources),
            "line": (budget.line_of(place.session) or place.line or "") if costs else "",
            "cost": _cost(state, budget, place.session) if costs else None,
            "unbudgeted": costs and place.session in budget.unbudgeted,
            "slots": len(place.slots),
            "state": corrections.absent.get(place.session) or _state(state, place.session, now),
            "answers": answers_in_words(state, place.session),
        }
        for place in sorted(places.values(), key=lambda place: int(relative_to(place.session, record)[1:]))
        if absent or place.session not in corrections.absent
    ]


def answers_in_words(state: Schedule, session: str) -> str:
    """Answers of the people of *session*, such as ``jo yes, al asked``; empty if nobody was asked."""
    said = dict.fromkeys(state.asked.get(session, {}), "asked")
    said |= {person: one.answer for person, one in state.answers.get(session, {}).items()}
    return ", ".join(f"{person} {answer}" for person, answer in said.items())


def _cost(state: Schedule, budget: Budget, session: str) -> Money | None:
    """The cost of a session; of a cancelled one, its fee, if it has one."""
    booked = state.sessions.get(session)
    if booked is None:
        return None
    held = budget.commitment(session)
    return held.amount if session in state.cancelled and held and not held.released else booked.cost


def _state(state: Schedule, session: str, now: datetime) -> str:
    if hold := state.holds.get(session):
        if hold.released:
            return "released"
        rank = {1: "1st", 2: "2nd", 3: "3rd"}.get(hold.held.rank, f"{hold.held.rank}th")
        return f"held, {rank}" + (", expired" if hold.lapsed(now) else ", challenged" if hold.challenge else "")
    if session in state.cancelled:
        return "cancelled"
    if session in state.worked:
        return "worked"
    return "moved" if session in state.moved else "booked"


def resource_rows(studio: Studio) -> list[Row]:
    """One row for each resource that can be booked, without removed and shelved ones."""
    history = studio.read(RESOURCES)
    state, corrections = schedule_of(history), corrections_of(history)
    return [
        {
            "resource": name,
            "title": corrections.titles.get(name, name),
            "kind": there.sort,
            "rate": f"{there.rate.amount}/{there.rate.per}" if there.rate and sees(studio.reader, there) else "",
        }
        for name, there in state.resources.items()
        if name not in corrections.absent
    ]


def booking_rows(studio: Studio, resource: str) -> list[Row]:
    """One row for each slot in which *resource* is booked.  Raises: NotFound ``resource.unknown``."""
    tag = f"resource:{resource}"
    state = schedule_of(studio.read(Query.of(ResourceAdded, tags=[tag]) | sessions_query(tag)))
    state.resource(resource)
    return [
        {"session": booked.session, "from": shown_exactly(studio, slot.start), "to": shown_exactly(studio, slot.end)}
        for booked in state.firm
        if resource in booked.resources
        for slot in booked.slots
    ]
