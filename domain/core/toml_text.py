"""Parse TOML from outside within limits: no text takes longer than about a second.

tomllib takes time that grows with the square of the dots in a key, and Python parses numbers in time that grows so
with digits and exponent.  Tokens are therefore counted first, in one pass that stops at the first limit exceeded.
"""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

_TOKEN: Final = re.compile(
    r"#[^\n]*+"
    r'|"""(?:[^"\\]|\\.|"(?!""))*+(?:""")?'
    r"|'''(?:[^']|'(?!''))*+(?:''')?"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'[^'\n]*+'?"
    r"|\n[\n\r\t ]*+"
    r"|[\w+:-]++"
    r"|[.\[\]{},=]",
    re.DOTALL,
)
"""Comments, strings of four kinds, line ends, bare words, punctuation.  Possessive, so that it never backtracks."""
_EXPONENT: Final = re.compile(r"[+-]?[\d_]*[eE][+-]?[0_]*(\d[\d_]*)")


class TomlFault(ValueError):
    """The text is not TOML or exceeds a limit; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class TomlLimits:
    """Limits on a TOML text, far above anything people write."""

    characters: int
    values: int = 60_000
    """Keys, values and commas together; tomllib parses about 100,000 a second."""
    lines: int = 50_000
    tables: int = 5_000
    """Table headers such as ``[strips.drums]``."""
    depth: int = 32
    """Nesting depth of arrays and inline tables."""
    parts: int = 16
    """Parts of a dotted key."""
    digits: int = 1_000
    """Digits of a number or letters of a bare key; an exponent has three at most."""


def parse_toml(text: str, limits: TomlLimits, *, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """Parse *text*.

    Args:
        text: TOML 1.0.
        limits: the limits to enforce.
        parse_float: converts the text of a number with a point or an exponent to its value.

    Raises:
        TomlFault: the text is not TOML (with line and column) or exceeds a limit (with the limit).
    """
    if len(text) > limits.characters:
        raise TomlFault(f"it has {len(text):,} characters; at most {limits.characters:,} are read")
    if (lines := text.count("\n")) > limits.lines:
        raise TomlFault(f"it has {lines:,} lines; at most {limits.lines:,} are read")
    count = _Count(limits)
    for token in _TOKEN.finditer(text):
        count.take(token[0])
    try:
        return tomllib.loads(text, parse_float=parse_float)
    except tomllib.TOMLDecodeError as error:
        raise TomlFault(str(error)) from None
    except RecursionError:
        raise TomlFault("its tables lie too deep in each other") from None
    except (ValueError, ArithmeticError):
        raise TomlFault("a number in it is none that can be reckoned with") from None


class _Count:
    """Counts the tokens of a text against the limits."""

    def __init__(self, limits: TomlLimits) -> None:
        self._limits = limits
        self._values = self._tables = self._depth = self._dots = 0
        self._at_line_start = True

    def take(self, token: str) -> None:
        """Count one token.  Raises: TomlFault if a limit is exceeded."""
        first = token[0]
        if first == ".":
            self._take_dot()
        elif first in "[{":
            self._open(first)
        elif first in "]}":
            self._depth -= 1
            self._dots = 0
        elif first in ",=\n":
            self._dots = 0
            self._values += first != "\n"
            self._most("keys and values", self._values, self._limits.values)
        elif first not in "#\"'":
            self._take_word(token)
        self._at_line_start = first == "\n"

    def _take_dot(self) -> None:
        self._dots += 1
        self._values += self._dots > 1  # a single dot may be that of a number, which costs nothing
        self._most("parts in a key", self._dots + 1, self._limits.parts)

    def _open(self, bracket: str) -> None:
        self._dots = 0
        self._values += 1
        self._tables += bracket == "[" and self._at_line_start and self._depth == 0
        self._depth += 1
        self._most("tables", self._tables, self._limits.tables)
        self._most("arrays or tables within each other", self._depth, self._limits.depth)

    def _take_word(self, word: str) -> None:
        self._most("letters or digits in one word or number", len(word), self._limits.digits)
        if (power := _EXPONENT.fullmatch(word)) and len(power[1]) > len("999"):
            raise TomlFault(f"a number in it has an exponent of {len(power[1])} digits; at most 3 are read")

    @staticmethod
    def _most(what: str, found: int, most: int) -> None:
        if found > most:
            raise TomlFault(f"it has more than {most:,} {what}")
