"""The message that goes with a file: to be pasted into a chat or a mail; the program sends none.

It holds names, the length and how to answer, and nothing of notes, money or verdicts.

Tests: ``tests/orchestrator/cli/commands/correspondence/test_send.py``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain.correspondence.parcels import Purpose
from orchestrator.desk.correspondence.file_names import DASH

FOR: Final[Mapping[Purpose, str]] = {
    "approval": "for your approval", "pitch": "to listen to", "mix": "for you to mix", "master": "for you to master",
}  # fmt: skip
ANSWER: Final = (
    "Answer in your own words.  Times as your player shows them help, such as",
    "  1:12 vocal louder",
    "and at the end one word: yes, changes or later.",
)


@dataclass(frozen=True, slots=True)
class Letter:
    """The contents of a message."""

    artist: str
    title: str
    what: str
    length_s: float
    purpose: Purpose
    file: str
    is_final: bool
    recipients: Sequence[str]
    sender: str
    label: str
    holds: Sequence[str] = ()
    """Names of the sounds in a pack."""


def message_of(letter: Letter) -> str:
    """The message of *letter*: the subject, an empty line, and the text."""
    minutes, seconds = divmod(round(letter.length_s), 60)
    hello = f"Hello {_one_line(letter.recipients[0])}," if len(letter.recipients) == 1 else "Hello,"
    title, artist = _one_line(letter.title), _one_line(letter.artist)
    lines = [
        f"Subject: {artist} {DASH} {title} {DASH} {letter.what}, {FOR[letter.purpose]}",
        "",
        hello,
        "",
        f"here is {title} by {artist}, {letter.what} ({minutes}:{seconds:02d}), {FOR[letter.purpose]}.",
        f"File: {letter.file}",
        *([f"It holds: {', '.join(map(_one_line, letter.holds))}"] if letter.holds else []),
        *([] if letter.is_final else ["It is not final; please do not pass it on."]),
        "",
        *([*ANSWER, ""] if letter.purpose == "approval" else []),
        _one_line(letter.sender),
        _one_line(letter.label),
    ]
    return "\n".join(lines)


def _one_line(text: str) -> str:
    """*text* without line ends and control characters, so that no name adds a line to a message or to its header."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
