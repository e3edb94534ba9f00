"""Addresses of records, songs, parts, takes, tracks, spans, passes, mixes and masters; slugs and song times."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal, get_args

from domain.core.refusal import Misused, suggest

LONGEST_SLUG: Final = 120
"""Bytes of UTF-8."""

RevisionNoun = Literal["pass", "mix", "master"]
_REVISION = {noun: re.compile(rf"{noun}([1-9][0-9]{{0,5}})") for noun in get_args(RevisionNoun)}
_TAKE = re.compile(r"([1-9][0-9]{0,8})(?:\.(.+))?")
_CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,6})(?:\.(\d{1,9}))?", re.ASCII)
_NAME = re.compile(r"[^\W\d_]\w*(?:-\w+)*")
_WORD = re.compile(rf"(?!(?:pass|mix|master)\d*$)(?=.{{1,81}}$){_NAME.pattern}")
"""A place name of an address span: letters first, then letters, digits, _, single hyphens; no revision name."""
_LINE = re.compile(r"l[1-9]\d{0,4}", re.ASCII)
_FORBIDDEN = re.compile(r"[\s/@.:\\]+")


def slug(title: str, taken: Collection[str] = ()) -> str:
    """The slug of *title*: lower-case ASCII with hyphens; other scripts keep their letters if no ASCII remains.

    Raises:
        Misused: ``title.empty`` if the title has no letter or digit.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not base:
        kept = "".join(c if _is_letter(c) else " " for c in folded(title))
        base = "-".join(kept.split())
    if not any(c.isalnum() for c in base):
        raise Misused("title.empty", f"{title!r} has no letter or digit to be found by")
    base = _cut(base, LONGEST_SLUG)
    number, found = 1, base
    while found in taken:
        number += 1
        found = f"{_cut(base, LONGEST_SLUG - len(str(number)) - 1)}-{number}"
    return found


def _is_letter(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char).startswith("M")  # a combining vowel sign belongs to its letter


def folded(text: str) -> str:
    """Lower-cased NFKC text, for comparing names."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore").strip("-")


@dataclass(frozen=True, slots=True)
class Address:
    """A parsed address: the slugs in ``path``, then take, track, revision or span."""

    path: tuple[str, ...]
    take: int | None = None
    track: str | None = None
    revision: tuple[RevisionNoun, int] | None = None
    """The sort of revision, and its number."""
    span: tuple[str, str] | None = None
    """Start and end of the span as written: song times, sections or lyric lines.

    Both are the same word for a single place, and for words with hyphens: only the song knows which of them are
    names of sections (:func:`domain.song.span_words.ends_of`).
    """

    def __str__(self) -> str:
        text = "/".join(self.path)
        if self.take is not None:
            text += f"/{self.take}"
        if self.track:
            text += f".{self.track}"
        if self.revision:
            text += f"@{self.revision[0]}{self.revision[1]}"
        return text + (f"@{_spanned(*self.span)}" if self.span else "")


def _spanned(start: str, end: str) -> str:
    return start if start == end and not is_time(start) else f"{start}-{end}"


def parse_address(text: str) -> Address:
    """Parse an address or the tail of one.

    Raises:
        Misused: ``address``, with the text that does not parse.
    """
    place, at, after = text.partition("@")
    revision, span = _after_at(text, after) if at else (None, None)
    words = place.split("/") if place else []
    take = track = None
    if words and (found := _TAKE.fullmatch(words[-1])) and len(words) > 1:
        take, track, words = int(found[1]), found[2], words[:-1]
    elif words and "." in words[-1]:
        words[-1], _, track = words[-1].partition(".")
    named = [*words, track] if track is not None else words
    if not all(named) or any(_FORBIDDEN.search(word) for word in words) or (not words and not revision):
        raise Misused("address", f"{text!r} is not an address", next=suggest("record list"))
    return Address(tuple(folded(word) for word in words), take, track, revision, span)


def _after_at(text: str, after: str) -> tuple[tuple[RevisionNoun, int] | None, tuple[str, str] | None]:
    for noun, pattern in _REVISION.items():
        if found := pattern.fullmatch(after):
            return (noun, int(found[1])), None
    span = span_of(after)
    if span and not is_time(after):
        return None, span
    raise Misused(
        "address",
        f"{text!r}: after @ comes a span (0:48-1:20, chorus1, verse1-chorus1, L1-4), pass3, mix2 or master1, "
        f"not {after!r}",
    )


def span_of(text: str) -> tuple[str, str] | None:
    """Start and end of a span as written: ``0:48-1:20``, ``L1-4``, ``0:48-chorus1``; a single word is both of them.

    ``verse1-chorus1`` and ``pre-chorus`` also count as one word: names of sections may have hyphens, so the split is
    left to code that knows the names.  None if *text* is no span, such as ``pass3``, ``mix2`` and ``master1``.
    """
    word = folded(text)
    start, dash, end = word.partition("-")
    if dash and _LINE.fullmatch(start) and end.isascii() and end.isdigit():
        end = f"l{end}"
    if not dash or not (is_time(start) or _LINE.fullmatch(start)):
        start, _, end = word.rpartition("-")
        start, end = (start, end) if is_time(end) and not end.isdecimal() and start else (word, word)
    places = start, end
    return places if all(is_time(place) or _WORD.fullmatch(place) for place in places) else None


def is_name(text: str) -> bool:
    """True if *text* has the form of a section name: letters first, then letters, digits, _, and single hyphens.

    Neither its length nor reserved words are checked.
    """
    return bool(_NAME.fullmatch(text))


def is_time(text: str) -> bool:
    """True if *text* has the form of a song time."""
    return bool(_CLOCK.fullmatch(text))


def frames_of(text: str, rate: int) -> int:
    """Frames at *rate* Hz of a song time (``0:48``, ``1:02.5``, ``1:00:00``, ``75.25``), rounded to the nearest.

    Raises:
        Misused: ``time`` if it does not parse, or minutes or seconds exceed 59.
    """
    found = _CLOCK.fullmatch(text)
    hours, minutes, seconds = (int(group or 0) for group in found.groups()[:3]) if found else (0, 0, 0)
    over = found and found[2] and (seconds > 59 or (found[1] and minutes > 59))  # noqa: PLR2004 - limits of a clock
    if not found or over:
        raise Misused("time", f"{text!r} is not a song time; write it like 1:42.3")
    fraction = str(found[4] or 0)
    scale: int = 10 ** len(fraction)
    return ((hours * 3600 + minutes * 60 + seconds) * scale * rate + int(fraction) * rate + scale // 2) // scale


def clock(frames: int, rate: int) -> str:
    """Format *frames* at *rate* Hz as a song time, to the millisecond: ``0:48`` or ``1:02.5``."""
    millis = (frames * 1000 + rate // 2) // rate
    minutes, rest = divmod(millis, 60_000)
    return f"{minutes}:{rest // 1000:02d}.{rest % 1000:03d}".rstrip("0").rstrip(".")
