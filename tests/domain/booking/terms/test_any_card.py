"""Prices, deposits and fees of random rate cards equal a model that counts minute by minute and cent by cent.

The model is written from the terms as they are stated for people, and shares no arithmetic with the program: times are
counted in minutes one after another, units as they begin, and shares as fractions that are rounded up once an item.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.booking.slots import Slot
from domain.booking.terms.cancellation import fee_on, fee_share
from domain.booking.terms.pricing import Duties, deposit_due, deposit_of, fee_of, price_items, total_of
from domain.booking.terms.rate_cards import CancellationStep, Deposit, OnCost, Overtime, RateCard, Uplifts
from domain.core.money import Money

BERLIN = ZoneInfo("Europe/Berlin")
WEEKS = (
    datetime(2026, 12, 7, tzinfo=UTC),
    datetime(2027, 3, 26, tzinfo=UTC),  # the clocks go forward on the 28th
    datetime(2027, 10, 29, tzinfo=UTC),  # and back on the 31st
)
MINUTE = timedelta(minutes=1)


def eur(cents: int) -> Money:
    return Money(minor=cents, currency="EUR")


def begun(amount: int, unit: int) -> int:
    """Number of units of *unit* that have begun within *amount*, counted one by one."""
    number = 0
    while number * unit < amount:
        number += 1
    return number


def up(value: Fraction) -> int:
    return ceil(value)


@dataclass
class Bill:
    """The model's figures of one session, in cents."""

    fee: int
    price: int


def working_days(slot: Slot) -> list[date]:
    """Working days by the wall clock: a night until 6:00 belongs to the day before, if work began by then."""
    first = slot.start.astimezone(BERLIN).date()
    days, moment = [first], slot.start
    while moment < slot.end:
        wall = moment.astimezone(BERLIN)
        day = (wall.replace(tzinfo=None) - timedelta(hours=6)).date()
        if day > days[-1]:
            days.append(day)
        moment += MINUTE
    return days


def minutes_of(slot: Slot) -> int:
    moment, count = slot.start, 0
    while moment < slot.end:
        moment, count = moment + MINUTE, count + 1
    return count


class Time(NamedTuple):
    """Price of the time itself, the calls, days or slots of it, and the minutes beyond the length of each."""

    base: int
    units: int
    beyond: list[int]


def hourly(card: RateCard, slots: Sequence[Slot]) -> Time:
    quarters, beyond = 0, []
    for minutes in map(minutes_of, slots):
        length = card.length_minutes if card.overtime and card.length_minutes else minutes
        quarters += begun(max(min(minutes, length), card.minimum_minutes or 0), 15)
        beyond.append(max(0, minutes - length))
    return Time(up(Fraction(card.amount.minor * quarters, 4)), len(slots), beyond)


def daily(card: RateCard, slots: Sequence[Slot]) -> Time:
    worked: dict[date, int] = {}
    for slot in slots:
        touched = working_days(slot)
        for day in touched:
            worked[day] = worked.get(day, 0) + (minutes_of(slot) if len(touched) == 1 else 0)
    beyond = [max(0, minutes - (card.length_minutes or minutes)) for minutes in worked.values()]
    return Time(card.amount.minor * len(worked), len(worked), beyond)


def by_call(card: RateCard, slots: Sequence[Slot], finished_minutes: int) -> Time:
    length = card.length_minutes or 0
    lengths = [minutes_of(slot) for slot in slots]
    calls = len(slots) if card.overtime else sum(begun(minutes, length) for minutes in lengths)
    if card.finished_minutes:
        calls = max(calls, begun(finished_minutes, card.finished_minutes))
    return Time(card.amount.minor * calls, calls, [max(0, minutes - length) for minutes in lengths])


def bill(card: RateCard, slots: Sequence[Slot], duties: Duties) -> Bill:
    time = (
        hourly(card, slots) if card.basis == "hour"
        else daily(card, slots) if card.basis == "day"
        else by_call(card, slots, duties.finished_minutes)
    )  # fmt: skip
    work, uplifts = time.base, card.uplifts
    if card.overtime:
        work += card.overtime.amount.minor * sum(begun(minutes, card.overtime.unit_minutes) for minutes in time.beyond)
    shares = [uplifts.leader_bp] if duties.leader else []
    if duties.doubles:
        shares.append(sum([uplifts.double_bp, *[uplifts.further_double_bp] * (duties.doubles - 1)]))
    if duties.overdub:
        shares.append(uplifts.overdub_bp)
    fee = work + sum(up(Fraction(work * share, 10_000)) for share in shares)
    costs = sum(
        cost.per_unit.minor * time.units if cost.per_unit else up(Fraction(fee * (cost.share_bp or 0), 10_000))
        for cost in card.on_costs
    )
    return Bill(fee, fee + costs)


CENTS = st.integers(0, 100_000)
SHARES = st.integers(0, 20_000)


@st.composite
def cards(draw: Any) -> RateCard:
    basis = draw(st.sampled_from(["hour", "day", "call"]))
    length = draw(st.integers(30, 720) if basis == "call" else st.none() | st.integers(30, 720))
    overtime = st.builds(Overtime, unit_minutes=st.integers(5, 90), amount=CENTS.map(eur))
    steps = draw(st.lists(st.tuples(st.integers(1, 30_000), st.integers(0, 10_000)), max_size=3))
    costs = st.one_of(
        SHARES.map(lambda share: OnCost(name="pension", share_bp=share)),
        CENTS.map(lambda cents: OnCost(name="health", per_unit=eur(cents))),
    )
    return RateCard(
        basis=basis,
        amount=eur(draw(CENTS)),
        length_minutes=length,
        finished_minutes=draw(st.none() | st.integers(1, 40)) if basis == "call" else None,
        minimum_minutes=draw(st.none() | st.integers(1, 300)) if basis == "hour" else None,
        overtime=draw(st.none() | overtime) if length else None,
        uplifts=draw(
            st.builds(Uplifts, leader_bp=SHARES, double_bp=SHARES, further_double_bp=SHARES, overdub_bp=SHARES)
        ),
        on_costs=tuple(draw(st.lists(costs, max_size=2))),
        deposit=draw(
            st.none()
            | st.builds(Deposit, share_bp=st.integers(0, 10_000), due_minutes=st.none() | st.integers(1, 9_999))
            | st.builds(Deposit, amount=CENTS.map(eur))
        ),
        cancellation=tuple(
            CancellationStep(notice_minutes=notice, fee_bp=fee)
            for notice, fee in sorted(dict(steps).items(), reverse=True)
        ),
    )


@st.composite
def times(draw: Any) -> tuple[Slot, ...]:
    """One to three slots, one after another, some across a change of the clocks."""
    moment, slots = draw(st.sampled_from(WEEKS)), []
    for _ in range(draw(st.integers(1, 3))):
        start = moment + draw(st.integers(0, 2_000)) * MINUTE
        moment = start + draw(st.integers(1, 2_000)) * MINUTE
        slots.append(Slot(start=start, end=moment))
    return tuple(slots)


DUTIES = st.builds(
    Duties, leader=st.booleans(), doubles=st.integers(0, 3), overdub=st.booleans(), finished_minutes=st.integers(0, 90)
)


@settings(max_examples=200, deadline=None)
@given(cards(), times(), DUTIES)
def test_every_price_equals_the_model(card: RateCard, slots: tuple[Slot, ...], duties: Duties) -> None:
    items, model = price_items(card, slots, BERLIN, duties), bill(card, slots, duties)
    assert (fee_of(items, "EUR").minor, total_of(items, "EUR").minor) == (model.fee, model.price)
    assert all(item.amount.minor > 0 for item in items)


@settings(deadline=None)
@given(cards(), times(), st.integers(0, 1_000_000))
def test_every_deposit_equals_the_model(card: RateCard, slots: tuple[Slot, ...], price: int) -> None:
    deposit, owed, due = card.deposit, 0, None
    if deposit is not None:
        asked = deposit.amount.minor if deposit.amount else up(Fraction(price * (deposit.share_bp or 0), 10_000))
        owed = min(price, asked)
        if deposit.due_minutes is not None:
            due = slots[0].start - timedelta(minutes=deposit.due_minutes)
    assert (deposit_of(card, eur(price)).minor, deposit_due(card, slots)) == (owed, due)


@settings(deadline=None)
@given(cards(), st.integers(-600, 31_000), st.integers(0, 59), st.integers(0, 1_000_000))
def test_every_cancellation_fee_equals_the_model(card: RateCard, minutes: int, seconds: int, price: int) -> None:
    given_ = timedelta(minutes=minutes, seconds=seconds)
    share, shortest = 0, None
    for step in card.cancellation:
        notice = timedelta(minutes=step.notice_minutes)
        if given_ < notice and (shortest is None or notice < shortest):
            share, shortest = step.fee_bp, notice
    assert fee_share(card.cancellation, given_) == share
    assert fee_on(eur(price), share).minor == up(Fraction(price * share, 10_000))
