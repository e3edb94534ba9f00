"""Rooms, people and gear with their terms: rate card, working hours, buffers and blocks.

Tests: ``tests/orchestrator/cli/commands/label/test_room.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.booking import schedule
from domain.booking.resources import ResourceKind
from domain.booking.schedule import ScheduleEvent
from domain.booking.slots import Slot, in_words
from domain.booking.terms import register
from domain.booking.terms.card_text import CardText, parse_card, parse_minutes, parse_open_hours
from domain.booking.terms.rate_cards import CancellationStep, RateCard
from domain.booking.terms.working_hours import weekly_in_words
from domain.core.address import slug
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.label.curtain import sees
from domain.label.people import Role, add_person
from orchestrator.desk.addressing.register import everybody, person_query, refuse_contact_data
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.booking.booking import (
    BookableResource,
    register_of,
    resource_query,
    schedule_of,
)
from orchestrator.desk.booking.resource_corrections import RESOURCES, corrections_of
from orchestrator.studio import History, Studio


@dataclass(frozen=True, slots=True)
class HoursText:
    """Buffers and weekly hours as they were typed; None where nothing was said."""

    setup: str | None = None
    strike: str | None = None
    open_: str | None = None


def add_bookable(
    studio: Studio, name: str, *, sort: ResourceKind, card: CardText, hours: HoursText
) -> BookableResource:
    """Make a room, a person or gear bookable at the terms that are stated, or change those of a known one.

    Options of the price state the whole rate card anew; without any, the price stays.  A person enters the register of
    people, without a role.

    Raises:
        Misused: ``person.name``, ``rate.card``, ``rate.preset``, ``rate.duration``, ``rate.percent``, ``rate.cancel``,
            ``rate.open``, ``money.amount``.
        Refused: ``resource.kind``.
    """
    if sort == "person":
        refuse_contact_data(name)
    price = parse_card(card, studio.config.currency)
    setup, strike = (None if text is None else _buffer(text) for text in (hours.setup, hours.strike))
    weekly = None if hours.open_ is None else parse_open_hours(hours.open_)

    def decision(history: History, _: Role) -> tuple[BookableResource, Sequence[Event]]:
        resource = slug(name, corrections_of(history).absent)
        state, terms = schedule_of(history), register_of(history)
        events: list[Event] = []
        if sort == "person":
            events += add_person(everybody(history), person=resource, name=name, roles=())
        entered = bool(events)
        added = register.set_card(state, terms, resource=resource, sort=sort, card=price)
        state = fold_events(schedule.evolve, state, (one for one in added if isinstance(one, ScheduleEvent)))
        events += added
        events += register.set_hours(
            state, terms, resource=resource, setup_minutes=setup, strike_minutes=strike, weekly=weekly
        )
        return BookableResource(resource, entered), events

    query = RESOURCES | resource_query(slug(name)) | person_query(slug(name))
    return studio.decide(query, decision, deed="book")


def _buffer(text: str) -> int:
    return 0 if text in {"0", "0m", "0h"} else parse_minutes(text)


@dataclass(frozen=True, slots=True)
class BlockedTime:
    """The times of a resource that were blocked or freed."""

    resource: str
    slots: tuple[Slot, ...]
    changed: bool


def block(studio: Studio, name: str, slot: Slot, *, why: str | None, free: bool = False) -> BlockedTime:
    """Block a resource for *slot*, or with *free* unblock every blocked time that shares a moment with it.

    Raises:
        NotFound: ``resource.unknown``.
    """
    resource = slug(name)

    def decision(history: History, _: Role) -> tuple[BlockedTime, Sequence[Event]]:
        corrections_of(history).refuse_absent([resource])
        state, terms = schedule_of(history), register_of(history)
        if free:
            freed = register.unblock(state, terms, resource=resource, slot=slot)
            return BlockedTime(resource, tuple(one.slot for one in freed), bool(freed)), freed
        blocked = register.block(state, terms, resource=resource, slot=slot)
        return BlockedTime(resource, (slot,), bool(blocked)), blocked

    return studio.decide(resource_query(resource), decision, deed="book", why=why)


def terms_facts(studio: Studio, name: str) -> Row:
    """Facts about one room, person or piece of gear: price, deposit, cancellation, hours and blocked times.

    Raises:
        NotFound: ``resource.unknown``.
    """
    resource = slug(name)
    history = studio.read(resource_query(resource))
    state, terms = schedule_of(history), register_of(history)
    known = state.resource(resource)
    hours, card = terms.hours_of(resource), terms.cards.get(resource)
    zone = studio.config.zone
    facts: Row = {
        "resource": resource,
        "title": corrections_of(history).titles.get(resource, resource),
        "kind": known.sort,
        "setup": minutes_in_words(hours.setup_minutes),
        "strike": minutes_in_words(hours.strike_minutes),
        "open": weekly_in_words(hours.weekly),
        "blocked": [in_words(slot, zone) for slot in terms.blocked.get(resource, ())],
    }
    if sees(studio.reader, "money"):
        rate = f"{known.rate.amount}/{known.rate.per}" if known.rate else ""
        facts |= {"rate": rate} if card is None else card_facts(card)
    return facts


def card_facts(card: RateCard) -> Row:
    """A rate card in words, a row a rule."""
    length = f" of {minutes_in_words(card.length_minutes)}" if card.length_minutes else ""
    uplifts = {
        "leader": card.uplifts.leader_bp, "double": card.uplifts.double_bp,
        "further double": card.uplifts.further_double_bp, "overdub": card.uplifts.overdub_bp,
    }  # fmt: skip
    overtime = deposit = ""
    if card.overtime:
        overtime = f"{card.overtime.amount} each begun {minutes_in_words(card.overtime.unit_minutes)}"
    if card.deposit:
        part = card.deposit.amount or percent(card.deposit.share_bp or 0)
        due = card.deposit.due_minutes
        deposit = f"{part}, due {f'{minutes_in_words(due)} before' if due else 'as it is booked'}"
    return {
        "rate": f"{card.amount}/{card.basis}{length}",
        "finished": minutes_in_words(card.finished_minutes or 0),
        "minimum": minutes_in_words(card.minimum_minutes or 0),
        "overtime": overtime,
        "uplifts": ", ".join(f"{name} {percent(share)}" for name, share in uplifts.items() if share),
        "on_costs": ", ".join(
            f"{one.name} {one.per_unit or percent(one.share_bp or 0)}" for one in card.on_costs
        ),
        "deposit": deposit,
        "cancellation": ", ".join(_step(step) for step in card.cancellation),
        "source": card.source,
    }  # fmt: skip


def _step(step: CancellationStep) -> str:
    return f"{percent(step.fee_bp)} under {minutes_in_words(step.notice_minutes)}"


def percent(share_bp: int) -> str:
    """Basis points as ``50 %`` or ``12.81 %``."""
    whole, rest = divmod(share_bp, 100)
    return f"{whole}{f'.{rest:02}' if rest else ''} %"


def minutes_in_words(minutes: int) -> str:
    """Minutes as ``3 h``, ``1 h 30 min`` or ``7 d``; empty for none."""
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    return " ".join(f"{count} {unit}" for count, unit in ((days, "d"), (hours, "h"), (left, "min")) if count)
