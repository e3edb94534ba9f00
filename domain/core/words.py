"""Words of a text in the form used by searches: without case and accents, in any script."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Final

LONGEST: Final = 60
"""Characters of a word that are kept."""
MOST: Final = 2_000
"""Words kept of one text."""
_RUN: Final = re.compile(r"[^\W_]+")
"""Letters and digits of any script; hyphens, slashes and points part the words of a name or an address."""
_ASCII_RUN: Final = re.compile("[a-z0-9]+")
"""Letters and digits, for lower-case ASCII texts."""
_WHOLE: Final = {
    "ø": "o", "đ": "d", "ł": "l", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d",
}  # fmt: skip
"""Letters that Unicode does not decompose into a plain letter and an accent."""
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, kana and ideographs: scripts without spaces between words (Unicode, chapter 6.2)."""


def words_of(text: str) -> frozenset[str]:
    """The words of *text*, each of at most ``LONGEST`` characters, at most ``MOST``.

    In a script without spaces each character begins a word, so that a search for the beginnings of words finds any part
    of a name.
    """
    if text.isascii():  # nearly all: addresses, and most of what is said of them
        words = dict.fromkeys(word[:LONGEST] for word in _ASCII_RUN.findall(text.lower()))
        return frozenset(words if len(words) <= MOST else islice(words, MOST))
    found: dict[str, None] = {}
    for run in _runs(text):
        for word in _begun(run):
            found[word] = None
            if len(found) == MOST:
                return frozenset(found)
    return frozenset(found)


def searched(text: str) -> tuple[str, ...]:
    """The words of the search text *text*: each run of letters and digits, unshortened."""
    return tuple(dict.fromkeys(run[:LONGEST] for run in _runs(text)))


def _runs(text: str) -> Iterator[str]:
    return (_plain(run[0]) for run in _RUN.finditer(unicodedata.normalize("NFC", text)))


@lru_cache(maxsize=8192)
def _plain(run: str) -> str:
    if run.isascii():
        return run.lower()
    parted = unicodedata.normalize("NFKD", run.casefold())
    return "".join(_WHOLE.get(letter, letter) for letter in parted if not unicodedata.combining(letter))


def _begun(run: str) -> Iterator[str]:
    yield run[:LONGEST]
    if not run.isascii() and _UNSPACED.search(run):
        yield from (run[start : start + LONGEST] for start in range(1, len(run)))
