"""Replies: the own words of a message, without what it quotes, its signature, and the lines that programs add."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

_QUOTED: Final = re.compile(r"^\s*>")
_ATTRIBUTION: Final = re.compile(
    r"^\s*(?:on|am|le|el|il|op|den)\b.{4,200}"
    r"\b(?:wrote|schrieb.{0,80}|a écrit|escribió|ha scritto|schreef|skrev)\s*:\s*$",
    re.IGNORECASE,
)
_FORWARDED: Final = re.compile(
    r"^\s*(?:-{2,}\s*(?:original message|ursprüngliche nachricht|forwarded message|weitergeleitete nachricht).{0,40}"
    r"|_{10,}\s*)$",
    re.IGNORECASE,
)
_HEADER: Final = re.compile(r"^\s*\*?(?:from|von|de)\*?:\*?\s.{1,300}$", re.IGNORECASE)
_NEXT_HEADER: Final = re.compile(
    r"^\s*\*?(?:sent|date|to|subject|gesendet|datum|an|betreff|envoyé|à|objet)\*?:", re.IGNORECASE
)
_SIGNATURE: Final = re.compile(r"^-- ?$")
_ADDED: Final = re.compile(
    r"^\s*(?:sent from my \w.{0,40}|sent from .{0,20}mail.{0,30}|get outlook for .{0,40}"
    r"|(?:von meinem|gesendet von) .{0,60}|diese nachricht wurde von .{0,60} gesendet\.?|envoyé de mon .{0,40})\s*$",
    re.IGNORECASE,
)
LONGEST_LINE: Final = 2_000
"""Characters of a line that is looked at as one that a program may have written."""


def own_words(text: str) -> str:
    """The words of a message that its writer wrote, line by line.

    Quoted lines are left out wherever they stand, since people answer below and between them; what follows a forwarded
    message's head, which quotes without marks, is left out to the end.
    """
    return "\n".join(_own(_joined(text.replace("\u2028", "\n").splitlines())))


def _joined(lines: Sequence[str]) -> list[str]:
    """*lines*, with an attribution that a mail program broke over two lines as one."""
    joined: list[str] = []
    for line in lines:
        before = joined[-1] if joined else ""
        both = f"{before.rstrip()} {line.strip()}"
        if len(both) < LONGEST_LINE and not _QUOTED.match(before) and before.strip() and _ATTRIBUTION.match(both):
            joined[-1] = both
        else:
            joined.append(line)
    return joined


def _own(lines: Sequence[str]) -> Iterator[str]:
    for index, line in enumerate(lines):
        if len(line) > LONGEST_LINE:
            yield line
            continue
        if _SIGNATURE.match(line) or _FORWARDED.match(line):
            return
        if _HEADER.match(line) and any(_NEXT_HEADER.match(one[:LONGEST_LINE]) for one in lines[index + 1 : index + 3]):
            return
        if not (_QUOTED.match(line) or _ATTRIBUTION.match(line) or _ADDED.match(line)):
            yield line
