"""Exact arithmetic of invoices: tax as a percentage or an amount, and conversion at a stated exchange rate.

Both round to the nearest minor unit, and half of one up, as Council Regulation (EC) No 1103/97, Article 5, has it for
conversions.
"""

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from domain.booking.received_invoices import WHOLE, ForeignAmount
from domain.core.money import LARGEST, MINOR_DIGITS, Money, parse_money
from domain.core.refusal import Misused

_PERCENT: Final = re.compile(r"(0|[1-9][0-9]{0,2})(?:\.([0-9]{1,2}))?%")
_RATE: Final = re.compile(r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,10})?")


@dataclass(frozen=True, slots=True)
class Charge:
    """Amounts of an invoice in the record's currency, and how they follow from its own currency, if another."""

    net: Money
    tax: Money | None = None
    tax_bp: int | None = None
    """Rate of the tax in basis points; None if only its amount is known."""
    foreign: ForeignAmount | None = None


def parse_percent(text: str) -> int:
    """Basis points of a percentage such as ``19%`` or ``8.1%``.  Raises: Misused ``money.percent``."""
    found = _PERCENT.fullmatch(text)
    points = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else WHOLE + 1
    if points > WHOLE:
        raise Misused("money.percent", f"{text!r} is no percentage from 0% to 100%; write one like 19% or 8.1%")
    return points


def share(amount: Money, basis_points: int) -> Money:
    """This share of *amount*, rounded to the nearest minor unit, half up."""
    return Money(minor=_rounded(Fraction(amount.minor * basis_points, WHOLE)), currency=amount.currency)


def parse_charge(net: str, tax: str | None, currency: str) -> Charge:
    """The charge written as *net*, and *tax* as a percentage of it (``19%``) or an amount, both in *currency*.

    Raises:
        Misused: ``money.amount``, ``money.percent``.
    """
    amount = parse_money(net, currency)
    if tax is None:
        return Charge(amount)
    if tax.endswith("%"):
        points = parse_percent(tax)
        return Charge(amount, share(amount, points), points)
    return Charge(amount, parse_money(tax, currency))


def converted(charge: Charge, *, rate: str, on: date, currency: str) -> Charge:
    """*charge* in *currency*; net and tax are converted and rounded each on its own.

    Args:
        charge: the charge in the currency of the invoice.
        rate: units of *currency* for one unit of the invoice's, such as ``1.17``.
        on: day of the rate.
        currency: that of the record.

    Raises:
        Misused: ``money.rate``; *rate* is no positive decimal, or the amount becomes too large.
    """
    if not _RATE.fullmatch(rate) or not Fraction(rate):
        raise Misused("money.rate", f"{rate!r} is no rate of exchange; write one plainly, like 1.17")
    foreign = ForeignAmount(net=charge.net, tax=charge.tax, rate=rate, on=on)
    net = _converted(charge.net, Fraction(rate), currency)
    tax = _converted(charge.tax, Fraction(rate), currency) if charge.tax else None
    return Charge(net, tax, charge.tax_bp, foreign)


def _converted(amount: Money, rate: Fraction, currency: str) -> Money:
    digits = MINOR_DIGITS.get(currency, 2) - MINOR_DIGITS.get(amount.currency, 2)
    minor = _rounded(amount.minor * rate * Fraction(10) ** digits)
    if minor > LARGEST:
        raise Misused("money.rate", f"{amount} at {rate} is more than the largest amount of {currency}")
    return Money(minor=minor, currency=currency)


def _rounded(value: Fraction) -> int:
    """The nearest integer to *value*, which is not negative; half is rounded up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)
