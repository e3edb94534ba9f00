"""Invoices worked out by hand: every rule of a rate card, to the cent."""

from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from domain.booking.session_times import slot_between
from domain.booking.slots import Slot
from domain.booking.terms.card_text import CardText, parse_card
from domain.booking.terms.pricing import Duties, deposit_due, deposit_of, fee_of, price_items, total_of
from domain.booking.terms.rate_cards import RateCard
from domain.core.money import Money, parse_money

BERLIN = ZoneInfo("Europe/Berlin")


def eur(amount: str) -> Money:
    return parse_money(amount, "EUR")


def card(**options: Any) -> RateCard:
    found = parse_card(CardText(**options), "EUR")
    assert found is not None
    return found


def slots(*times: str) -> tuple[Slot, ...]:
    """Slots such as ``07 10:00-18:00`` of December 2026, or ``2027-03-28 00:00-06:00``; ``+1`` ends a day later."""
    found = []
    for text in times:
        day, hours = text.split()
        start, end = hours.split("-")
        later = end.endswith("+1")
        date = day if "-" in day else f"2026-12-{day}"
        begin, finish = (datetime.fromisoformat(f"{date}T{at.removesuffix('+1')}") for at in (start, end))
        found.append(slot_between(begin, finish.replace(day=finish.day + later), BERLIN))
    return tuple(found)


class Invoice(NamedTuple):
    options: dict[str, object]
    times: tuple[Slot, ...]
    items: dict[str, str]
    duties: Duties = Duties()


HOUR = {"hour": "60"}
DAY = {"day": "500/10h", "overtime": "30m=40"}
CALL = {"call": "250/3h", "finished": "20m", "overtime": "15m=25"}
PLAYER = CALL | {"leader": "100%", "double": "25%", "further_double": "15%", "overdub": "110%"}
ODD = {"call": "99.99/3h", "leader": "33.33%"}

INVOICES = {
    # by the hour: begun quarters count whole
    "eight hours": Invoice(HOUR, slots("07 10:00-18:00"), {"8 h": "480"}),
    "a begun quarter": Invoice(HOUR, slots("07 10:00-12:01"), {"2.25 h": "135"}),
    "a quarter of an odd price": Invoice({"hour": "45.50"}, slots("07 10:00-10:10"), {"0.25 h": "11.38"}),
    "less than the minimum": Invoice(HOUR | {"minimum": "2h"}, slots("07 10:00-10:30"), {"2 h": "120"}),
    "the minimum, each of two slots": Invoice(
        HOUR | {"minimum": "2h"}, slots("07 10:00-11:00", "08 10:00-13:00"), {"5 h": "300"}
    ),
    "hours beyond a length": Invoice(
        {"hour": "60/8h", "overtime": "30m=45"}, slots("07 10:00-19:01"),
        {"8 h": "480", "overtime 3 x 30 min": "135"},
    ),
    # by the day: a working day touched
    "a day": Invoice(DAY, slots("07 10:00-20:00"), {"1 day": "500"}),
    "a day, and one minute more": Invoice(
        DAY, slots("07 10:00-20:01"), {"1 day": "500", "overtime 1 x 30 min": "40"}
    ),
    "a day until one at night": Invoice(
        DAY, slots("07 12:00-01:00+1"), {"1 day": "500", "overtime 6 x 30 min": "240"}
    ),
    "two slots of one day": Invoice(
        DAY, slots("07 09:00-13:00", "07 14:00-21:00"), {"1 day": "500", "overtime 2 x 30 min": "80"}
    ),
    "a lock-out over two days": Invoice(DAY, slots("07 10:00-20:00+1"), {"2 days": "1000"}),
    "a day without overtime covers its night": Invoice({"day": "500"}, slots("07 10:00-05:00+1"), {"1 day": "500"}),
    # by the call: each slot is one
    "a call": Invoice(CALL, slots("07 10:00-13:00"), {"1 call": "250"}),
    "a short call costs a call": Invoice(CALL, slots("07 10:00-11:00"), {"1 call": "250"}),
    "two calls": Invoice(CALL, slots("07 10:00-13:00", "07 14:00-17:00"), {"2 calls": "500"}),
    "overtime of a call": Invoice(
        CALL, slots("07 10:00-13:31"), {"1 call": "250", "overtime 3 x 15 min": "75"}
    ),
    "a begun length is a call": Invoice({"call": "250/3h"}, slots("07 10:00-13:01"), {"2 calls": "500"}),
    "as much finished music as a call may yield": Invoice(
        CALL, slots("07 10:00-13:00"), {"1 call": "250"}, Duties(finished_minutes=20)
    ),
    "more finished music is another call": Invoice(
        CALL, slots("07 10:00-13:00"), {"2 calls": "500"}, Duties(finished_minutes=21)
    ),
    # duties: shares of the fee and its overtime, none of another share
    "a leader": Invoice(
        PLAYER, slots("07 10:00-13:00"), {"1 call": "250", "leader": "250"}, Duties(leader=True)
    ),
    "a second instrument": Invoice(
        PLAYER, slots("07 10:00-13:15"), {"1 call": "250", "overtime 1 x 15 min": "25", "double": "68.75"},
        Duties(doubles=1),
    ),
    "a third one": Invoice(
        PLAYER, slots("07 10:00-13:00"), {"1 call": "250", "2 doubles": "100"}, Duties(doubles=2)
    ),
    "a leader who doubles and overdubs": Invoice(
        PLAYER, slots("07 10:00-13:00"), {"1 call": "250", "leader": "250", "double": "62.50", "overdub": "275"},
        Duties(leader=True, doubles=1, overdub=True),
    ),
    "a share of a cent is a cent": Invoice(
        ODD, slots("07 10:00-13:00"), {"1 call": "99.99", "leader": "33.33"}, Duties(leader=True)
    ),  # 33.3266…
    # on-costs: of the fee, or a sum per call, day or slot
    "a pension": Invoice(
        PLAYER | {"on_costs": ("pension=12.81%",)}, slots("07 10:00-13:00"),
        {"1 call": "250", "leader": "250", "pension": "64.05"}, Duties(leader=True),
    ),
    "a sum per call": Invoice(
        CALL | {"on_costs": ("health=28",)}, slots("07 10:00-13:00", "07 14:00-17:00"),
        {"2 calls": "500", "health": "56"},
    ),
    # clocks change in Berlin on 2027-03-28 at 2:00 and on 2027-10-31 at 3:00: true hours count
    "the night with an hour less": Invoice(HOUR, slots("2027-03-28 00:00-06:00"), {"5 h": "300"}),
    "the night with an hour more": Invoice(HOUR, slots("2027-10-31 00:00-06:00"), {"7 h": "420"}),
    "overtime in the night with an hour more": Invoice(
        CALL, slots("2027-10-31 00:00-03:00"), {"1 call": "250", "overtime 4 x 15 min": "100"}
    ),
    "no overtime in the night with an hour less": Invoice(CALL, slots("2027-03-28 00:00-04:00"), {"1 call": "250"}),
    "a lock-out over the spring change": Invoice(
        {"day": "500/22h", "overtime": "30m=40"}, slots("2027-03-27 10:00-09:00+1"), {"2 days": "1000"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", INVOICES)
def test_an_invoice_worked_out_by_hand(name: str) -> None:
    invoice = INVOICES[name]
    items = price_items(card(**invoice.options), invoice.times, BERLIN, invoice.duties)
    assert {item.name: item.amount for item in items} == {what: eur(amount) for what, amount in invoice.items.items()}


def test_the_fee_is_the_price_without_on_costs() -> None:
    items = price_items(card(**CALL, on_costs=("pension=10%", "health=28")), slots("07 10:00-13:00"), BERLIN)
    assert (fee_of(items, "EUR"), total_of(items, "EUR")) == (eur("250"), eur("303"))


def test_a_card_of_the_musicians_union_prices_a_session_of_the_agreement() -> None:
    found = parse_card(CardText(preset="mu-session"), "GBP")
    assert found is not None
    items = price_items(found, slots("07 10:00-13:30"), BERLIN, Duties(doubles=2))
    # 130.00, two quarters of 32.50, and 40 % of 195.00
    assert [str(item.amount) for item in items] == ["130.00 GBP", "65.00 GBP", "78.00 GBP"]
    assert "2023-04-28" in found.source


def test_a_card_of_the_american_federation_pays_pension_and_health_beside_the_scale() -> None:
    found = parse_card(CardText(preset="afm-session"), "USD")
    assert found is not None
    items = price_items(found, slots("07 10:00-13:00"), BERLIN, Duties(leader=True))
    # 434.21 and as much again for the leader; 12.81 % of 868.42 is 111.2446…
    assert [str(item.amount) for item in items] == ["434.21 USD", "434.21 USD", "111.25 USD", "28.00 USD"]


@pytest.mark.parametrize(
    ("deposit", "price", "due"),
    [("50%", "300.01", "150.01"), ("200", "300", "200"), ("200", "150", "150"), ("0%", "300", "0"), ("100%", "3", "3")],
)
def test_a_deposit_is_a_share_or_a_sum_and_never_more_than_the_price(deposit: str, price: str, due: str) -> None:
    assert deposit_of(card(day="500", deposit=deposit), eur(price)) == eur(due)


def test_a_deposit_is_due_at_the_booking_or_so_long_before_the_session() -> None:
    assert deposit_due(card(day="500", deposit="50%"), slots("07 10:00-18:00")) is None
    due = deposit_due(card(day="500", deposit="50%@2d"), slots("07 10:00-18:00"))
    assert due is not None
    assert due.astimezone(BERLIN) == datetime(2026, 12, 5, 10, tzinfo=BERLIN)
    assert deposit_of(card(day="500"), eur("3")) == eur("0")
