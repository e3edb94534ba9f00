import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.money import CURRENCIES, LARGEST, MINOR_DIGITS, WIDEST, Money, active_currency, parse_money, zero
from domain.core.refusal import Misused


def eur(minor: int) -> Money:
    return Money(minor=minor, currency="EUR")


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("600", "EUR", 60_000),
        ("600.01", "EUR", 60_001),
        ("0.1", "EUR", 10),
        ("0", "EUR", 0),
        ("1250", "JPY", 1_250),
        ("1.005", "BHD", 1_005),
        ("1.5", "BHD", 1_500),
        ("7", "SEK", 700),
    ],
)
def test_a_plain_decimal_is_read_exactly_in_the_minor_units_of_its_currency(
    text: str, currency: str, minor: int
) -> None:
    assert parse_money(text, currency) == Money(minor=minor, currency=currency)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "NaN", "inf", "1e3", "1E3", "-5", "+5", "12,50", "1,000", "10.001", "5.", ".5", "007", "0x10", "1_000",
        " 600", "600 ", "600\n", "600 EUR", "€600", "٦٠٠", "½", "1.2.3", "9" * 19, "10000000000000.01",
    ],
)  # fmt: skip
def test_anything_but_a_plain_decimal_is_no_amount(text: str) -> None:
    with pytest.raises(Misused, match=r"money\.amount"):
        parse_money(text, "EUR")


def test_a_currency_without_decimals_takes_none() -> None:
    with pytest.raises(Misused, match="like 600"):
        parse_money("600.0", "JPY")


def test_a_currency_of_three_decimals_takes_no_fourth() -> None:
    with pytest.raises(Misused, match=r"600\.001"):
        parse_money("1.0005", "KWD")


@given(st.integers(0, LARGEST), st.sampled_from(["EUR", "JPY", "BHD"]))
def test_an_amount_reads_back_as_it_is_printed(minor: int, currency: str) -> None:
    amount = Money(minor=minor, currency=currency)
    printed = str(amount).removesuffix(f" {currency}").replace(",", "")
    assert parse_money(printed, currency) == amount
    assert Decimal(printed) == Decimal(minor).scaleb(-MINOR_DIGITS.get(currency, 2))


@given(st.integers(-LARGEST, LARGEST), st.integers(-LARGEST, LARGEST), st.integers(0, 400))
def test_sums_differences_products_and_order_are_those_of_whole_numbers(a: int, b: int, times: int) -> None:
    assert eur(a) + eur(b) == eur(a + b)
    assert eur(a) - eur(b) == eur(a - b)
    assert eur(a) * times == eur(a * times)
    assert (eur(a) < eur(b), eur(a) > eur(b)) == (a < b, a > b)


def test_two_currencies_never_meet() -> None:
    for meet in (Money.__add__, Money.__sub__, Money.__lt__, Money.__gt__):
        with pytest.raises(Misused, match=r"money\.currency"):
            meet(eur(1), zero("USD"))


def test_a_sum_that_no_book_can_hold_is_refused_in_words() -> None:
    with pytest.raises(Misused, match=r"money\.amount"):
        eur(WIDEST) + eur(1)
    with pytest.raises(Misused, match=r"money\.amount"):
        eur(LARGEST) * 1_000_000


def test_negative_amounts_print_with_their_sign_and_thousands_apart() -> None:
    assert str(eur(-123_456_789)) == "-1,234,567.89 EUR"
    assert str(Money(minor=-5, currency="JPY")) == "-5 JPY"


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("eur", "did you mean EUR?"), ("euro", "did you mean EUR?"), ("UER", "did you mean EUR?"),
        ("GPB", "did you mean GBP?"), ("XXX", "write one like EUR"), ("", "write one like EUR"),
    ],
)  # fmt: skip
def test_a_code_that_is_no_currency_is_refused_with_the_one_that_is_meant(code: str, hint: str) -> None:
    with pytest.raises(Misused, match=rf"money\.currency: .* ISO 4217; {re.escape(hint)}"):
        active_currency(code)


def test_currencies_are_those_one_can_pay_with() -> None:
    assert {"EUR", "USD", "JPY", "KWD", "XOF", "XCG", "ZWG"} <= CURRENCIES
    assert not {"XXX", "XTS", "XAU", "DEM", "HRK", "BGN", "CLF"} & CURRENCIES
    assert set(MINOR_DIGITS) <= CURRENCIES
    assert all(active_currency(code) == code for code in CURRENCIES)
