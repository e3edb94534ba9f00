import tomllib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.toml_text import TomlFault, TomlLimits, parse_toml

LIMITS = TomlLimits(characters=1_000_000)
COSTLY = {
    "dots": (".".join(["a"] * 60_000) + " = 1", "more than 16 parts in a key"),
    "dots with spaces": (" . ".join(["a"] * 60_000) + " = 1", "more than 16 parts in a key"),
    "quoted dots": (".".join(['"a"'] * 60_000) + " = 1", "more than 16 parts in a key"),
    "dots of a heading": ("[" + ".".join(["a"] * 60_000) + "]", "more than 16 parts in a key"),
    "dots of an inline table": ("a = {" + ".".join(["a"] * 60_000) + " = 1}", "more than 16 parts in a key"),
    "many keys of many dots": ("a.b.c.d.e.f.g.h.i.j.k.l.m.n = 1\n" * 20_000, "more than 60,000 keys and values"),
    "arrays in arrays": ("a = " + "[" * 100_000, "more than 32 arrays or tables within each other"),
    "tables in tables": ("a = " + "{a=" * 100_000, "more than 32 arrays or tables within each other"),
    "brackets of a heading": ("[" * 100_000, "more than 32 arrays or tables within each other"),
    "headings": ("[[a]]\n" * 40_000, "more than 5,000 tables"),
    "keys": ("a = {" + "".join(f"k{n}=1," for n in range(100_000)) + "}", "more than 60,000 keys and values"),
    "values": ("a = [" + "1," * 100_000 + "]", "more than 60,000 keys and values"),
    "lines": ("#\n" * 400_000, "400,000 lines; at most 50,000 are read"),
    "digits": ("a = " + "1" * 100_000, "more than 1,000 letters or digits"),
    "digits of a fraction": ("a = 0." + "1" * 100_000, "more than 1,000 letters or digits"),
    "hexadecimal digits": ("a = 0x" + "f" * 100_000, "more than 1,000 letters or digits"),
    "exponent": ("a = 1e999999999", "an exponent of 9 digits; at most 3 are read"),
    "negative exponent": ("a = 1.5E-9999", "an exponent of 4 digits; at most 3 are read"),
    "size": ("#" * 1_000_001, "1,000,001 characters; at most 1,000,000 are read"),
    "quotes": ('"' * 999_999, "line 1"),
}


@pytest.mark.parametrize(("text", "said"), COSTLY.values(), ids=COSTLY)
def test_a_text_that_would_cost_without_end_is_refused_by_the_limit_it_passes(text: str, said: str) -> None:
    with pytest.raises(TomlFault, match=said):
        parse_toml(text, LIMITS, parse_float=Decimal)


@pytest.mark.parametrize(
    "text",
    [
        'a = "' + "." * 10_000 + "[" * 10_000 + '"',
        "# " + "." * 10_000 + "[" * 10_000,
        'a = """' + '".[{=' * 10_000 + ' """',
        "a = '''" + "'.[{=" * 10_000 + " '''",
        'a = "' + '\\".[' * 10_000 + '"',
        "a = [" + "[0.5, -1.5e-3],\n" * 5_000 + "]",
        '[a.\'x.y\'."z\\"."]\nb = 1979-05-27T07:32:00.999-07:00',
    ],
)
def test_what_stands_in_strings_and_comments_is_not_counted(text: str) -> None:
    assert parse_toml(text, LIMITS) == tomllib.loads(text)


@given(text=st.text(alphabet="ab.=[]{}\"'#\\\n ,1e-", max_size=60))
def test_any_short_text_is_read_as_tomllib_reads_it_or_is_a_fault(text: str) -> None:
    try:
        right = tomllib.loads(text)
    except (ValueError, RecursionError):
        with pytest.raises(TomlFault):
            parse_toml(text, LIMITS)
        return
    assert parse_toml(text, LIMITS) == right
