"""Remarks: the notes in a pasted text or the words of a mail, with the song times that they name.

A time is written as a player shows it (``1:12``, ``at 2.30``, ``0:45-1:00``).  A time beyond the end of the sound, or
one that no clock shows, is no time: the words are kept as they are, without one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from domain.core.refusal import Misused
from domain.correspondence.answers import MOST_NOTES

LONGEST_REMARK: Final = 4_000
"""Characters of one remark, as of a note."""
LONGEST_TEXT: Final = 200_000
"""Characters of one answer."""

_TIME = r"(?:(\d{1,2}):)?(\d{1,3})[:.](\d{2})(?:[.,](\d{1,3}))?(?!\d|%|[:.,]\d)"
_LEAD = r"(?:at|around|about|from|between|um|bei|ab|@|~|ca\.?)\s*"
_UNIT = r"(?!\s*(?:dB|LU|ms|s\b|sec|k?Hz|k\b|x\b|bpm|am\b|pm\b|Uhr))"
_CLOCK: Final = re.compile(
    rf"(?<![\w.:,/-])(?P<lead>{_LEAD})?\[?\(?{_TIME}\)?\]?{_UNIT}"
    rf"(?:\s*(?:[-\u2013\u2014]|to|and|bis|und)\s*(?:at\s+)?{_TIME}\]?{_UNIT})?",
    re.IGNORECASE | re.ASCII,
)
_BULLET: Final = re.compile(r"^\s*(?:[-*•·\u2013]+|\(?\d{1,2}[.)](?=\s))\s*")
_SEPARATOR: Final = re.compile(
    r"[;,.]\s+(?=(?:and\s+|und\s+|then\s+)?(?:at\s+|@\s*|um\s+|bei\s+)?\d{1,3}:\d{2})", re.IGNORECASE
)
_GREETING: Final = re.compile(
    r"^(?:hi|hey|hello|hallo|dear|liebe[r]?|moin|good (?:morning|evening|afternoon))\b[^.!?:;]{0,40}[,!.]?$",
    re.IGNORECASE,
)
_CLOSING: Final = re.compile(
    r"^(?:(?:(?:best|kind|warm|many) )?(?:regards|wishes|thanks)|best|cheers|love|yours|thank you|lg|vg|mfg|"
    r"(?:(?:liebe|viele|beste|herzliche) )?gr(?:ü|ue)(?:ß|ss)e|gru(?:ß|ss))(?:, ?\w[\w'-]{0,30})?\s?[,!.]?$",
    re.IGNORECASE,
)
_VERDICT: Final = re.compile(r"\W*(?:yes|changes|later)\W*", re.IGNORECASE)
"""The one word that a message asks for at the end, alone: no note."""
_EDGES: Final = " \t,;:.-\u2013\u2014)]"
SIXTY: Final = 60
MOST_CLOSING: Final = 3
"""Lines below a closing formula: a name, a title and a place."""
LONGEST_NAME: Final = 40
"""Characters of such a line."""


class Remark(NamedTuple):
    """One note of an answer."""

    at_ms: int | None
    """Milliseconds from the beginning of the sound; None without a time."""
    text: str


@dataclass(frozen=True, slots=True)
class Remarks:
    """The notes of an answer."""

    notes: tuple[Remark, ...]
    beyond: tuple[str, ...]
    """Times that were written and are none of this sound; their words are among the notes."""


def read_remarks(text: str, length_ms: int | None, speaker: str = "") -> Remarks:
    """The notes in *text*, the words of an answer without quotes and signature.

    Args:
        text: lines of words.
        length_ms: length of the sound in milliseconds; None if times mean nothing in it, as in a whole record.
        speaker: whose words they are; their name alone, below their words, is a signature.

    Raises:
        Misused: ``answer.long``; the text or one remark is longer than is kept, or it holds too many remarks.
    """
    if len(text) > LONGEST_TEXT:
        raise Misused("answer.long", f"the answer has {len(text):,} characters; at most {LONGEST_TEXT:,} are read")
    notes, beyond = list[Remark](), list[str]()
    for words in _sentences(text, speaker):
        remark, refused = _timed(words, length_ms)
        beyond += refused
        if remark.text and not _VERDICT.fullmatch(words):
            notes.append(remark)
    kept = tuple(dict.fromkeys(notes))
    if len(kept) > MOST_NOTES:
        raise Misused("answer.long", f"the answer holds {len(kept)} notes; at most {MOST_NOTES} are kept from one")
    long = next((one for one in kept if len(one.text) > LONGEST_REMARK), None)
    if long is not None:
        raise Misused(
            "answer.long",
            f"a note of the answer has {len(long.text):,} characters; at most {LONGEST_REMARK:,} are kept",
            next="put an empty line between the notes",
        )  # fmt: skip
    return Remarks(kept, tuple(dict.fromkeys(beyond)))


def _sentences(text: str, speaker: str) -> Iterator[str]:
    """Yield the words of each note: a line with a time or a bullet is one, other lines are joined to paragraphs."""
    paragraph: list[str] = []
    for line in [*_without_name(_without_courtesies(text.splitlines()), speaker), ""]:
        words = _BULLET.sub("", line).strip()
        own = bool(_CLOCK.search(words)) or words != line.strip()
        if (own or not words) and paragraph:
            yield " ".join(paragraph)
            paragraph = []
        if own:
            yield from filter(None, (piece.strip() for piece in _SEPARATOR.split(words)))
        elif words:
            paragraph.append(words)


def _without_courtesies(lines: list[str]) -> list[str]:
    """*lines* without a greeting at the beginning, and without a closing formula and the name below it."""
    filled = [line.strip() for line in lines]
    while filled and not filled[0]:
        filled.pop(0)
    if filled and _GREETING.match(filled[0]):
        filled.pop(0)
    for index, line in enumerate(filled):
        below = [one for one in filled[index + 1 :] if one]
        if index and _CLOSING.match(line) and len(below) <= MOST_CLOSING and not any(map(_says_something, below)):
            return filled[:index]
    return filled


def _without_name(lines: list[str], speaker: str) -> list[str]:
    """*lines* without the last one if it is the name of *speaker*, or its first word, below other words."""
    filled = list(lines)
    while filled and not filled[-1]:
        filled.pop()
    names = {speaker.casefold(), *speaker.casefold().split()[:1]}
    return filled[:-1] if len(filled) > 1 and filled[-1].strip(_EDGES).casefold() in names else lines


def _says_something(line: str) -> bool:
    """True if a line below a closing formula is more than a name."""
    return bool(_CLOCK.search(line)) or len(line) > LONGEST_NAME


def _timed(words: str, length_ms: int | None) -> tuple[Remark, list[str]]:
    """The note of *words*, and the times in it that are none of the sound."""
    for found in _CLOCK.finditer(words):
        if not _is_clock(words, found):
            continue
        start, end = _millis(found.groups()[1:5]), _millis(found.groups()[5:9])
        late = [one for one in (start, end) if one is not None and (length_ms is None or one > length_ms)]
        if start is None or late or (end is not None and end <= start):
            return Remark(None, words.strip()), [found[0].strip()]
        rest = words[: found.start()] + " " + words[found.end() :]
        leads = not words[: found.start()].strip(_EDGES + "([")
        text = words[found.end() :].strip(_EDGES) if leads else words.strip()
        until = f" (until {end // 60_000}:{end // 1000 % 60:02d})" if end is not None and leads else ""
        return Remark(start, f"{text}{until}" if rest.strip(_EDGES + "([") else words.strip()), []
    return Remark(None, words.strip()), []


def _is_clock(words: str, found: re.Match[str]) -> bool:
    """True if *found* is meant as a time: minutes with a point need a word before them, or to begin the line."""
    begins = not words[: found.start()].strip(_EDGES + "([")
    return ":" in found[0] or bool(found["lead"]) or begins


def _millis(groups: tuple[str | None, ...]) -> int | None:
    """Milliseconds of hours, minutes, seconds and a fraction; None without them, or where no clock shows them."""
    hours, minutes, seconds, fraction = groups
    if minutes is None or seconds is None or int(seconds) >= SIXTY or (hours and int(minutes) >= SIXTY):
        return None
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))
