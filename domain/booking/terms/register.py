"""Register of terms: the rate cards, working hours and blocked times of all that can be booked, and agreed terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from domain.booking.resources import Rate, ResourceAdded, ResourceKind
from domain.booking.schedule import Schedule, add_resource
from domain.booking.slots import Slot
from domain.booking.terms.agreed_terms import TermsAgreed
from domain.booking.terms.cancellation import CancellationCharged
from domain.booking.terms.rate_cards import RateCard, RateCardSet
from domain.booking.terms.working_hours import (
    OpenHours,
    ResourceBlocked,
    ResourceUnblocked,
    WorkingHoursEvent,
    WorkingHoursSet,
)

TermsEvent = RateCardSet | WorkingHoursEvent | TermsAgreed | CancellationCharged


@dataclass(frozen=True, slots=True)
class TermsRegister:
    """Terms by resource, and those agreed by session."""

    cards: Mapping[str, RateCard] = field(default_factory=dict)
    hours: Mapping[str, WorkingHoursSet] = field(default_factory=dict)
    blocked: Mapping[str, tuple[Slot, ...]] = field(default_factory=dict)
    agreed: Mapping[str, TermsAgreed] = field(default_factory=dict)
    charged: Mapping[str, CancellationCharged] = field(default_factory=dict)
    """The fees of cancelled sessions."""

    def hours_of(self, resource: str) -> WorkingHoursSet:
        """Working hours of *resource*; without buffers and at any time if nothing was said."""
        return self.hours.get(resource) or WorkingHoursSet(resource=resource)


def evolve(register: TermsRegister, event: TermsEvent | ResourceAdded) -> TermsRegister:
    """Fold one event into the state; a rate that is given to a resource later replaces its card."""
    if isinstance(event, WorkingHoursEvent):
        return _evolve_hours(register, event)
    match event:
        case RateCardSet(resource=resource, card=card):
            return replace(register, cards={**register.cards, resource: card})
        case ResourceAdded(resource=resource):
            return replace(register, cards={name: card for name, card in register.cards.items() if name != resource})
        case TermsAgreed(session=session):
            return replace(register, agreed={**register.agreed, session: event})
        case CancellationCharged(session=session):
            return replace(register, charged={**register.charged, session: event})
        case _:
            assert_never(event)


def _evolve_hours(register: TermsRegister, event: WorkingHoursEvent) -> TermsRegister:
    match event:
        case WorkingHoursSet(resource=resource):
            return replace(register, hours={**register.hours, resource: event})
        case ResourceBlocked(resource=resource, slot=slot):
            slots = (*register.blocked.get(resource, ()), slot)
            return replace(register, blocked={**register.blocked, resource: slots})
        case ResourceUnblocked(resource=resource, slot=slot):
            left = tuple(one for one in register.blocked.get(resource, ()) if one != slot)
            return replace(register, blocked={**register.blocked, resource: left})
        case _:
            assert_never(event)


def set_card(
    schedule: Schedule, register: TermsRegister, *, resource: str, sort: ResourceKind, card: RateCard | None
) -> list[ResourceAdded | RateCardSet]:
    """Make *resource* bookable at *card*, or change its card; without one, its price stays as it is.

    Raises:
        Refused: ``resource.kind`` if it exists as another kind.
    """
    known = schedule.resources.get(resource)
    rate = Rate(amount=card.amount, per=card.basis) if card else known.rate if known else None
    added = [one for one in add_resource(schedule, resource=resource, sort=sort, rate=rate)
             if isinstance(one, ResourceAdded)]  # fmt: skip
    same = card is None or (not added and register.cards.get(resource) == card)
    return [*added] if same or card is None else [*added, RateCardSet(resource=resource, card=card)]


def set_hours(
    schedule: Schedule, register: TermsRegister, *, resource: str,
    setup_minutes: int | None = None, strike_minutes: int | None = None, weekly: Sequence[OpenHours] | None = None,
) -> list[WorkingHoursSet]:  # fmt: skip
    """State buffers and weekly hours of *resource*; None leaves what was stated before.  The same yields no event.

    Raises:
        NotFound: ``resource.unknown``.
    """
    schedule.resource(resource)
    old = register.hours_of(resource)
    new = WorkingHoursSet(
        resource=resource,
        setup_minutes=old.setup_minutes if setup_minutes is None else setup_minutes,
        strike_minutes=old.strike_minutes if strike_minutes is None else strike_minutes,
        weekly=old.weekly if weekly is None else tuple(weekly),
    )
    return [] if new == old else [new]


def block(schedule: Schedule, register: TermsRegister, *, resource: str, slot: Slot) -> list[ResourceBlocked]:
    """Block *resource* for *slot*.  A time that is blocked as a whole already yields no event.

    Sessions that are booked then stay: ``plan conflicts`` shows them.

    Raises:
        NotFound: ``resource.unknown``.
    """
    schedule.resource(resource)
    covers = any(one.start <= slot.start and slot.end <= one.end for one in register.blocked.get(resource, ()))
    return [] if covers else [ResourceBlocked(resource=resource, slot=slot)]


def unblock(schedule: Schedule, register: TermsRegister, *, resource: str, slot: Slot) -> list[ResourceUnblocked]:
    """Free every blocked time of *resource* that shares a moment with *slot*.  Without one, it yields no event.

    Raises:
        NotFound: ``resource.unknown``.
    """
    schedule.resource(resource)
    blocked = (one for one in register.blocked.get(resource, ()) if one.overlaps(slot))
    return [ResourceUnblocked(resource=resource, slot=one) for one in dict.fromkeys(blocked)]
