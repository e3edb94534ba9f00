"""Tax and exchange to the cent, rounded half up, against figures worked out by hand."""

from datetime import date

import pytest

from domain.core.money import Money
from domain.core.refusal import Misused
from domain.finance.exchange import Charge, converted, parse_charge, parse_percent, share

DAY = date(2026, 12, 7)


def of(minor: int, currency: str = "EUR") -> Money:
    return Money(minor=minor, currency=currency)


@pytest.mark.parametrize(
    ("net", "tax", "expected"),
    [
        ("600", "19%", 114_00),
        ("0.02", "25%", 1),  # 0.5 cents
        ("0.01", "25%", 0),  # 0.25 cents
        ("10.10", "8.1%", 82),  # 81.81 cents
        ("33.35", "5.5%", 183),  # 183.425 cents
        ("600", "12.34", 12_34),
        ("600", "0%", 0),
    ],
)
def test_tax_is_a_share_of_the_net_amount_or_an_amount(net: str, tax: str, expected: int) -> None:
    assert parse_charge(net, tax, "EUR").tax == of(expected)


@pytest.mark.parametrize(
    ("net", "currency", "rate", "into", "expected"),
    [
        ("600", "GBP", "1.17", "EUR", 702_00),
        ("0.01", "GBP", "1.5", "EUR", 2),  # 1.5 cents, half up
        ("0.01", "GBP", "1.49", "EUR", 1),
        ("10000", "JPY", "0.0061", "EUR", 61_00),
        ("1.01", "EUR", "163.7", "JPY", 165),  # 165.337
        ("1.235", "KWD", "2.9", "EUR", 358),  # 358.15
        ("1", "USD", "0.3071", "KWD", 307),  # 307.1
    ],
)
def test_amounts_are_converted_at_the_stated_rate(net: str, currency: str, rate: str, into: str, expected: int) -> None:
    charge = converted(parse_charge(net, None, currency), rate=rate, on=DAY, currency=into)
    assert charge.net == of(expected, into)
    assert charge.foreign is not None
    assert (charge.foreign.net, charge.foreign.rate) == (parse_charge(net, None, currency).net, rate)


def test_net_and_tax_are_converted_each_on_its_own() -> None:
    charge = converted(parse_charge("0.01", "0.01", "GBP"), rate="1.5", on=DAY, currency="EUR")
    assert charge == Charge(of(2), of(2), None, charge.foreign)


@pytest.mark.parametrize("rate", ["0", "0.0", "-1", "1,17", "1e3", "nan", "1.", ".5", "01", "", "1.00000000001"])
def test_a_rate_is_a_plain_positive_decimal(rate: str) -> None:
    with pytest.raises(Misused, match=r"money\.rate"):
        converted(parse_charge("1", None, "GBP"), rate=rate, on=DAY, currency="EUR")


@pytest.mark.parametrize("text", ["19", "-1%", "100.01%", "19,5%", "1e1%", "nan%", "%", "19.123%", "1000%"])
def test_a_percentage_is_plain_and_at_most_a_hundred(text: str) -> None:
    with pytest.raises(Misused, match=r"money\.percent"):
        parse_percent(text)


def test_percentages_are_whole_basis_points() -> None:
    assert [parse_percent(text) for text in ("0%", "19%", "8.1%", "7.75%", "100%")] == [0, 1900, 810, 775, 10_000]
    assert share(of(100), 3333) == of(33)


def test_what_is_beyond_all_books_is_refused() -> None:
    with pytest.raises(Misused, match=r"money\.rate: .* is more than the largest amount"):
        converted(parse_charge("9999999999", None, "GBP"), rate="999999999", on=DAY, currency="EUR")
