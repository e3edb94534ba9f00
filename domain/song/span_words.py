"""Spans written as one word (``verse1-chorus1``), distinguished from section names with hyphens (``pre-chorus``)."""

import re
from collections.abc import Collection
from typing import Final

from domain.core.address import is_time
from domain.core.refusal import Misused
from domain.song.form import END

_LINE = re.compile(r"l[1-9]\d{0,4}", re.ASCII)
SHOWN: Final = 3


def ends_of(word: str, sections: Collection[str]) -> tuple[str, str]:
    """Start and end of a span written as one word, such as ``verse1-chorus1``; a single place is both of them.

    A word that is the name of a section is that section.  Otherwise it is split at the hyphen between two known places;
    failing that, at a hyphen beside one known section, so that the caller can refuse the other side by name.

    Args:
        word: folded, such as ``verse1``, ``pre-chorus`` and ``pre-chorus-verse2``.
        sections: names of the song's sections.

    Raises:
        Misused: ``section.which`` if several splits give two known places.
    """

    def known(place: str) -> bool:
        return place in sections or place == END or is_time(place) or bool(_LINE.fullmatch(place))

    if word in sections or "-" not in word:
        return word, word
    readings = [(word[:at], word[at + 1 :]) for at, letter in enumerate(word) if letter == "-"]
    whole = [(start, end) for start, end in readings if known(start) and known(end)]
    if len(whole) > 1:
        ways = ", or ".join(f"from {start} to {end}" for start, end in whole[:SHOWN])
        raise Misused("section.which", f"{word!r} can be read {ways}: write the times, or --from and --to")
    half = [(start, end) for start, end in readings if start in sections or end in sections]
    return (whole or half or [(word, word)])[0]
