"""A span as it is written, ``verse1-chorus1``, where a section's own name may have hyphens: ``pre-chorus``."""

import re
from collections.abc import Collection
from typing import Final

from domain.core.address import is_time
from domain.core.refusal import Misused
from domain.song.form import END

_LINE = re.compile(r"l[1-9]\d{0,4}", re.ASCII)
SHOWN: Final = 3


def ends_of(word: str, sections: Collection[str]) -> tuple[str, str]:
    """Where a span written as one word begins and ends: twice the same for the name of one place.

    A section of that very name is meant before any that its pieces name.  Else each hyphen may be the one between two
    places; where one side alone is known, that is what is meant, so that the other can be asked for by its name.

    Args:
        word: folded, such as ``verse1``, ``pre-chorus`` and ``pre-chorus-verse2``.
        sections: the names that there are.

    Raises:
        Misused: ``section.which``; it can be read in several ways.
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
