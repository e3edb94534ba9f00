"""Rate cards and working hours as people type them: ``500/10h``, ``7d``, ``12.5%``, ``mon-fri=10-22``."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from pydantic import ValidationError

from domain.booking.session_times import parse_hours
from domain.booking.slots import MINUTE
from domain.booking.terms.presets import PRESETS
from domain.booking.terms.rate_cards import (
    WHOLE,
    CancellationStep,
    Deposit,
    OnCost,
    Overtime,
    RateCard,
)
from domain.booking.terms.working_hours import WEEKDAYS, OpenHours
from domain.core.money import active_currency, parse_money
from domain.core.plain_errors import plain_words
from domain.core.refusal import Misused

_DURATION: Final = re.compile(r"(?:([0-9]{1,3})d)?(?:([0-9]{1,4})h)?(?:([0-9]{1,5})m)?", re.ASCII)
_PERCENT: Final = re.compile(r"([0-9]{1,4})(?:\.([0-9]{1,2}))?%?", re.ASCII)
LONGEST_MINUTES: Final = 366 * 24 * 60


class CardText(NamedTuple):
    """The options of a rate card as they were typed; None where nothing was."""

    hour: str | None = None
    day: str | None = None
    call: str | None = None
    finished: str | None = None
    minimum: str | None = None
    overtime: str | None = None
    leader: str | None = None
    double: str | None = None
    further_double: str | None = None
    overdub: str | None = None
    on_costs: Sequence[str] = ()
    deposit: str | None = None
    cancel: str | None = None
    preset: str | None = None


def parse_card(text: CardText, currency: str) -> RateCard | None:
    """The rate card that *text* states, on top of its preset; None if it states nothing.

    Raises:
        Misused: ``rate.card``; an option does not parse, or the options contradict one another.  ``rate.preset``,
            ``money.amount``, ``money.currency``.
    """
    if empty := [name for name, value in text._asdict().items() if value == ""]:
        raise Misused("rate.card", f"--{empty[0].replace('_', '-')} has no value; leave it out, or write its terms")
    if not any(text):
        return None
    active_currency(currency)
    stated = _stated(text, currency)
    preset = preset_named(text.preset).model_dump(exclude_defaults=True) if text.preset else {}
    fields = preset | stated | {"uplifts": {**preset.get("uplifts", {}), **_uplifts(text)}}
    if "basis" not in fields:
        raise Misused("rate.card", "a rate card needs its price: --hour 60, --day 500/10h or --call 250/3h")
    try:
        return RateCard.model_validate(fields)
    except ValidationError as fault:
        words = plain_words(fault.errors(include_url=False)[0])
        raise Misused("rate.card", f"these options are no rate card: {words}") from None


def preset_named(name: str) -> RateCard:
    """The preset called *name*.  Raises: Misused ``rate.preset``."""
    if name not in PRESETS:
        raise Misused("rate.preset", f"there is no preset {name[:60]!r}; there are {', '.join(PRESETS)}")
    return PRESETS[name]


def _stated(text: CardText, currency: str) -> dict[str, object]:
    """The fields of the card that the options state."""
    found: dict[str, object] = {**_basis(text, currency)}
    if text.finished:
        found["finished_minutes"] = parse_minutes(text.finished)
    if text.minimum:
        found["minimum_minutes"] = parse_minutes(text.minimum)
    if text.overtime:
        unit, amount = _pair(text.overtime, "overtime", "30m=45")
        found["overtime"] = Overtime(unit_minutes=parse_minutes(unit), amount=parse_money(amount, currency))
    if text.on_costs:
        found["on_costs"] = tuple(_on_cost(one, currency) for one in text.on_costs)
    if text.deposit:
        found["deposit"] = _deposit(text.deposit, currency)
    if text.cancel:
        found["cancellation"] = parse_cancellation(text.cancel)
    return found


def _uplifts(text: CardText) -> dict[str, int]:
    stated = {
        "leader_bp": text.leader,
        "double_bp": text.double,
        "further_double_bp": text.further_double,
        "overdub_bp": text.overdub,
    }
    return {name: parse_percent(share) for name, share in stated.items() if share}


def _basis(text: CardText, currency: str) -> dict[str, object]:
    stated = [(basis, price) for basis, price in (("hour", text.hour), ("day", text.day), ("call", text.call)) if price]
    if len(stated) > 1:
        raise Misused("rate.card", "a rate card has one price: --hour, --day or --call")
    if not stated:
        return {}
    basis, price = stated[0]
    amount, slash, length = price.partition("/")
    if basis == "call" and not slash:
        raise Misused("rate.card", f"{price!r} does not say how long a call is; write --call 250/3h")
    found: dict[str, object] = {"basis": basis, "amount": parse_money(amount, currency)}
    return found | ({"length_minutes": parse_minutes(length)} if slash else {})


def parse_minutes(text: str) -> int:
    """Minutes of a duration such as ``14d``, ``48h``, ``1h30m`` or ``15m``; at least one, at most a year.

    Raises:
        Misused: ``rate.duration``.
    """
    found = _DURATION.fullmatch(text)
    days, hours, minutes = (int(found[n] or 0) for n in (1, 2, 3)) if found else (0, 0, 0)
    total = (days * 24 + hours) * 60 + minutes
    if not 1 <= total <= LONGEST_MINUTES:
        raise Misused("rate.duration", f"{text[:60]!r} is no duration; write 14d, 48h, 1h30m or 15m")
    return total


def parse_percent(text: str) -> int:
    """Basis points of ``50``, ``50%`` or ``12.81%``.  Raises: Misused ``rate.percent``."""
    found = _PERCENT.fullmatch(text)
    if not found:
        raise Misused("rate.percent", f"{text[:60]!r} is no percentage; write 50% or 12.81%")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def _pair(text: str, option: str, example: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise Misused("rate.card", f"{text[:60]!r} says nothing here; write --{option} {example}")
    return name, value


def _on_cost(text: str, currency: str) -> OnCost:
    name, value = _pair(text, "on-cost", "pension=12.81% or health=28")
    try:
        if value.endswith("%"):
            return OnCost(name=name, share_bp=parse_percent(value))
        return OnCost(name=name, per_unit=parse_money(value, currency))
    except ValidationError:
        raise Misused("rate.card", f"{name[:60]!r} is no name of a cost: 1 to 60 letters without blanks") from None


def _deposit(text: str, currency: str) -> Deposit:
    """``50%``, ``200``, ``50%@14d``."""
    value, at, due = text.partition("@")
    minutes = parse_minutes(due) if at else None
    if not value.endswith("%"):
        return Deposit(amount=parse_money(value, currency), due_minutes=minutes)
    share = parse_percent(value)
    if share > WHOLE:
        raise Misused("rate.percent", f"a deposit of {value} is more than the price")
    return Deposit(share_bp=share, due_minutes=minutes)


def parse_cancellation(text: str) -> tuple[CancellationStep, ...]:
    """The steps of ``14d=0,7d=50,48h=100``, the longest notice first: under 48 h 100 % is due, under 7 d 50 %.

    Raises:
        Misused: ``rate.cancel``; a step does not parse, occurs twice, or costs less than one with a longer notice.
    """
    steps: list[CancellationStep] = []
    for part in text.split(","):
        notice, equals, share = part.strip().partition("=")
        if not equals or parse_percent(share) > WHOLE:
            raise Misused(
                "rate.cancel", f"{part[:60]!r} is no fee; write 48h=100: with under 48 h of notice 100 % is due"
            )
        steps.append(CancellationStep(notice_minutes=parse_minutes(notice), fee_bp=parse_percent(share)))
    steps.sort(key=lambda step: -step.notice_minutes)
    for longer, shorter in pairwise(steps):
        if longer.notice_minutes == shorter.notice_minutes:
            raise Misused("rate.cancel", f"{text[:100]!r} states one notice twice")
        if longer.fee_bp > shorter.fee_bp:
            raise Misused("rate.cancel", f"in {text[:100]!r} a shorter notice costs less than a longer one")
    return tuple(steps)


def parse_open_hours(text: str) -> tuple[OpenHours, ...]:
    """The hours of ``mon-fri=10-22,sat=12-18``; Monday first, each by its start.

    Raises:
        Misused: ``rate.open``, ``session.hours``.
    """
    found = [hours for part in text.split(",") for hours in _hours_of(part.strip())]
    return tuple(sorted(set(found), key=lambda one: (one.weekday, one.start_minute, one.end_minute)))


def _hours_of(text: str) -> Iterable[OpenHours]:
    days, equals, hours = text.partition("=")
    first, dash, last = days.lower().partition("-")
    names = (first, last) if dash else (first, first)
    if not equals or not set(names) <= set(WEEKDAYS):
        raise Misused("rate.open", f"{text[:60]!r} are no hours of a week; write mon-fri=10-22,sat=12-18")
    begin, end = (WEEKDAYS.index(name) for name in names)
    daily = parse_hours(hours)
    for day in range(begin, end + 1 if end >= begin else end + 8):
        yield OpenHours(
            weekday=day % 7 + 1, start_minute=daily.start // MINUTE, end_minute=daily.end // MINUTE
        )  # fmt: skip
