"""Words that people read and type: statuses in place of their codes, and commands that have a new name."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

_LAPSED: Final = re.compile(
    r"\blapsed(?=, (?:approved|rejected|blocked|pending|to hear|held|not approved)\b|: it sounds )"
)
"""The code ``lapsed`` in a status or in the reason of a queue item; titles and notes are left as they are."""
HEADINGS: Final[Mapping[str, str]] = {"standing": "status"}
"""Heading of a column by its key in ``--json``, where people read another word."""
RENAMED: Final[Mapping[str, str]] = {
    "basic": "comp",
    "basic set": "comp band",
    "basic show": "comp band",
    "pass mark": "pass sections",
}
"""Command by its former name, which is taken until the next release."""


def status_in_words(text: str) -> str:
    """Return *text* with the code of a status replaced by the words for it."""
    return _LAPSED.sub("changed since approval", text)


def heading(column: str) -> str:
    """Return the heading of a column, by its key."""
    return HEADINGS.get(column, column)


def with_new_name(words: Sequence[str]) -> tuple[list[str], str]:
    """Return *words* with a former command replaced by its new name, and a line about it; empty if nothing is replaced.

    Args:
        words: a command line, without the name of the program.
    """
    for length in (2, 1):
        old = " ".join(words[:length])
        if len(words) >= length and old in RENAMED:
            line = f"`{old}` is now `{RENAMED[old]}`; the old name goes with the next release"
            return [*RENAMED[old].split(), *words[length:]], line
    return list(words), ""
