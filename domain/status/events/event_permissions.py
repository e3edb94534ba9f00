"""The permission that each kind of event needs, whichever decision makes it.

A decision names the permission that it asks for, and this is the check behind it: a decision that names another one, or
that is written against the Python interface, records no budget, booking, payment, take, mix or verdict that the role in
which it decides does not hold.

Tests: ``tests/orchestrator/test_role_table.py``.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, get_args

from domain.booking.budget import BudgetSet
from domain.booking.budget_line import BudgetMoved, OverrunAuthorised
from domain.booking.commitments import CommitmentReleased, CostCommitted, CostUnbudgeted
from domain.booking.payments import MoneySpent, PaymentCorrected, PaymentVoided
from domain.booking.received_invoices import InvoiceEvent
from domain.booking.session_events import (
    CastEvent,
    HoldEvent,
    SessionAnswered,
    SessionBooked,
    SessionCancelled,
    SessionMoved,
    SessionWorked,
)
from domain.booking.terms.register import TermsEvent
from domain.core.event import Event
from domain.core.ids import IdParts
from domain.core.refusal import Refused
from domain.correspondence.answers import AnswerReceived
from domain.correspondence.handoffs import HandoffGiven
from domain.correspondence.parcels import SoundSent
from domain.correspondence.signoffs import SignoffGiven, SignoffOpened
from domain.finance.deals import DealEvent
from domain.label.corrections import EntryEvent
from domain.label.house_rules import HouseRuleSet
from domain.label.notes import NoteAdded
from domain.label.people import LeaveEvent, People, Permission, RolesGranted, RolesRevoked
from domain.label.permissions import JUDGING, RoleGrant, is_robot, not_permitted, robot_judges
from domain.label.role_scopes import EVERYWHERE, records_of
from domain.mixes.mixes import MixRevised
from domain.mixes.versions import VersionSummed
from domain.session.archives import SessionArchived
from domain.session.day_events import DayEvent
from domain.session.goals import SessionGoalSet
from domain.session.parked_parts import ParkingEvent
from domain.session.recordings import RecorderEvent
from domain.session.run_order import RunOrderSet
from domain.session.setups import SetupApproved, SetupRecalled, SetupSaved
from domain.session.wraps import SessionWrapped
from domain.song.passes import BasicSet
from domain.song.splits import SplitsAgreed
from domain.status.events.event_authors import in_another_name
from domain.status.review.ratings import SoundRated
from domain.status.verdicts import VerdictGiven
from domain.takes.midi_takes import MidiPlayed
from domain.takes.takes import CompSet, TakeIngested, TakeJudged

SENDING: Final[tuple[Permission, ...]] = ("record", "mix", "plan-master")
"""Permissions of which one is needed to give sounds to people outside, and to record what they answer."""
Judgement = VerdictGiven | SoundRated
ENTRIES: Final = get_args(EntryEvent)
NEEDED: Final[Mapping[type[Event], tuple[Permission, ...]]] = {
    RolesGranted: ("people",),
    RolesRevoked: ("people",),
    HouseRuleSet: ("rules",),
    BudgetSet: ("budget",),
    BudgetMoved: ("budget",),
    OverrunAuthorised: ("budget",),
    SessionBooked: ("book",),
    SessionMoved: ("book",),
    SessionCancelled: ("book",),
    **dict.fromkeys((*get_args(HoldEvent), *get_args(CastEvent), *get_args(TermsEvent), SessionWorked), ("book",)),
    **dict.fromkeys(get_args(DealEvent), ("book",)),
    **dict.fromkeys(get_args(InvoiceEvent), ("spend",)),
    CostCommitted: ("book", "spend", "budget"),
    CostUnbudgeted: ("book", "spend", "budget"),
    CommitmentReleased: ("book", "spend", "budget"),
    MoneySpent: ("spend",),
    PaymentCorrected: ("spend",),
    PaymentVoided: ("spend",),
    **dict.fromkeys(get_args(DayEvent), ("ingest",)),
    **dict.fromkeys(
        (SessionGoalSet, SessionWrapped, SessionArchived, RunOrderSet, *get_args(ParkingEvent)), ("ingest",)
    ),
    **dict.fromkeys((*get_args(RecorderEvent), SetupSaved, SetupRecalled), ("ingest",)),
    SetupApproved: ("judge-take",),
    TakeIngested: ("ingest",),
    MidiPlayed: ("ingest",),
    TakeJudged: ("judge-take",),
    CompSet: ("judge-take",),
    BasicSet: ("judge-take",),
    MixRevised: ("mix",),
    VersionSummed: ("mix",),
    SoundSent: SENDING,
    HandoffGiven: ("mix", "plan-master"),
    SignoffOpened: ("record",),
    SignoffGiven: ("note",),
}
"""Permissions by class of event, of which a role holds one at least; others need only what their decision names."""


def permissions_needed(event: Event, person: str) -> tuple[Permission, ...]:
    """The permissions of which the role in which *person* decides *event* holds one; empty if it needs no more."""
    if isinstance(event, LeaveEvent):
        return ("leave",) if event.person == person else ("people",)
    is_relayed = isinstance(event, SplitsAgreed) and event.by is not None
    if is_relayed or (isinstance(event, SignoffGiven) and event.speaker is not None):
        return ("record",)
    if isinstance(event, SessionAnswered) and event.resource == person:
        return ("leave",)
    if isinstance(event, Judgement):
        return (_judging(event),)
    if isinstance(event, ENTRIES) and getattr(event, "person", None) is not None:
        return ("people",)
    if isinstance(event, AnswerReceived) and event.speaker != person:
        needed: tuple[Permission, ...] = SENDING
    else:
        needed = NEEDED.get(type(event), ())
    return needed


def _judging(event: Judgement) -> Permission:
    """The permission to judge the take, mix or master that *event* is about."""
    if isinstance(event, SoundRated) and not IdParts.of(event.target).revision:
        return "judge-take"
    return "judge-mix" if event.song else "judge-master"


def beyond_role(people: People, person: str, grant: RoleGrant, events: Iterable[Event], *, day: date) -> Refused | None:
    """The refusal of the first of *events* that the role of *grant* does not hold; None if it holds them all.

    An event in the name of another person, or in another role, is held by nobody.

    Args:
        people: everybody, or at least *person*.
        person: who decides.
        grant: the role in which they decide.
        events: to be recorded.
        day: the day of the decision in the label's time zone.

    Raises:
        Misused: ``split.evidence``, ``verdict.evidence``, ``signoff.evidence``; the word of somebody absent without its
            message.

    A note is recorded in the name of another person only together with the message from which it was taken.
    """
    events = tuple(events)
    answering = frozenset(one.speaker for one in events if isinstance(one, AnswerReceived))
    for event in events:
        needed = permissions_needed(event, person)
        held = [one for one in needed if grant.holds(one, day=day, records=records_of([event]))]
        if needed and not held:
            return not_permitted(people, person, needed[0], day=day, records=records_of([event]))
        judges = isinstance(event, SignoffGiven) or (needed and JUDGING.issuperset(needed))
        if judges and is_robot(people, person, day=day):
            return robot_judges(person)
        if isinstance(event, NoteAdded) and event.by in answering:
            continue  # the words of a message that is kept with them
        if (pretended := in_another_name(event, person, grant.role)) is not None:
            return pretended
    return None


def refuse_work(person: str, events: Iterable[Event]) -> None:
    """Refuse *events* that the robot *person* would record about its work and that a robot does not hold.

    Raises:
        Refused: ``person.role``, ``person.robot``.
    """
    robot = People(roles={person: {"robot": (EVERYWHERE,)}})
    refusal = beyond_role(robot, person, RoleGrant("robot", EVERYWHERE), events, day=date.min)
    if refusal is not None:
        raise refusal
