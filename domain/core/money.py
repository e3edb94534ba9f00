"""Money: integer minor units of one currency, never floats."""

import re
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from domain.core.event import Value
from domain.core.refusal import Misused

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

_CODES: Final = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
    CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ
    GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP
    LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR
    PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC
    SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF
    XPF YER ZAR ZMW ZWG
"""
CURRENCIES: Final = frozenset(_CODES.split())
"""Currencies that one can pay with: ISO 4217 list one (SIX Financial Information), as of 2026-01-01.

Left out are its codes of funds, metals, units of account, and for testing.
"""

MINOR_DIGITS: Final = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"), 0),
    **dict.fromkeys(("XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
"""Decimal digits of currencies that do not have two (ISO 4217, column "minor unit")."""

LARGEST: Final = 10**15
"""Largest amount a user may enter, in minor units; larger ones are typing errors, and sums of thousands fit 64 bits."""

WIDEST: Final = 2**63 - 1
"""Largest sum or product of amounts, in minor units."""

_PLAIN = re.compile(r"(0|[1-9][0-9]{0,17})(?:\.([0-9]{1,3}))?")


class Money(Value):
    """An amount of one currency, such as 600.01 EUR."""

    minor: Annotated[int, Field(ge=-WIDEST, le=WIDEST, strict=True)]
    currency: Currency

    def __str__(self) -> str:
        digits = MINOR_DIGITS.get(self.currency, 2)
        sign, units = ("-" if self.minor < 0 else ""), abs(self.minor)
        whole, rest = divmod(units, 10**digits)
        return f"{sign}{whole:,}{f'.{rest:0{digits}d}' if digits else ''} {self.currency}"

    def _same(self, other: "Money") -> None:
        if other.currency != self.currency:
            raise Misused("money.currency", f"{other} cannot be set against {self}: one record, one currency")

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return _counted(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return _counted(self.minor - other.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.minor < other.minor

    def __gt__(self, other: "Money") -> bool:
        self._same(other)
        return self.minor > other.minor

    def __mul__(self, times: int) -> "Money":
        return _counted(self.minor * times, self.currency)


def _counted(minor: int, currency: str) -> Money:
    if abs(minor) > WIDEST:
        raise Misused("money.amount", f"{minor} minor units of {currency} are more than anybody's books can hold")
    return Money(minor=minor, currency=currency)


def zero(currency: str) -> Money:
    """Zero in *currency*."""
    return Money(minor=0, currency=currency)


def plain_amount(amount: Money) -> str:
    """*amount* as a command takes it: without its currency and without separators, such as ``3410.00``."""
    return str(amount).rpartition(" ")[0].replace(",", "")


def active_currency(code: str) -> str:
    """*code*, if it is a current currency.  Raises: Misused ``money.currency``, with the nearest codes."""
    if code in CURRENCIES:
        return code
    meant = _nearest_codes(code.strip().upper())
    hint = f"; did you mean {' or '.join(meant)}?" if meant else "; write one like EUR"
    raise Misused("money.currency", f"{code[:60]!r} is no currency of ISO 4217{hint}")


def _nearest_codes(code: str) -> list[str]:
    """Currency codes most like *code*: *code* itself, anagrams of it, or else the three nearest spellings."""
    if code in CURRENCIES:
        return [code]
    if turned := sorted(one for one in CURRENCIES if sorted(one) == sorted(code)):
        return turned
    from difflib import get_close_matches  # 50 ms, for mistakes alone

    return get_close_matches(code[:60], sorted(CURRENCIES), n=3)


def parse_money(text: str, currency: str) -> Money:
    """Parse a plain decimal such as ``600`` or ``600.01``.

    Raises:
        Misused: ``money.amount`` for anything else: signs, exponents, commas, more decimals than the currency has.
    """
    digits = MINOR_DIGITS.get(currency, 2)
    found = _PLAIN.fullmatch(text)
    if not found or len(found[2] or "") > digits:
        example = f"600{'.' + '0' * (digits - 1) + '1' if digits else ''}"
        raise Misused("money.amount", f"{text!r} is not an amount of {currency}; write it plainly, like {example}")
    minor = int(found[1]) * 10**digits + int((found[2] or "").ljust(digits, "0") or "0")
    if minor > LARGEST:
        most = Money(minor=LARGEST, currency=currency)
        raise Misused("money.amount", f"{text} {currency} is more than the largest amount, {most}")
    return Money(minor=minor, currency=currency)
