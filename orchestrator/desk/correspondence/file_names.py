"""Names of files that leave the house: safe on every file system, whatever an artist or a song is called."""

import unicodedata
from typing import Final

LONGEST_WORD: Final = 60
"""Bytes of UTF-8 of each name in it: the whole name then stays below the 255 that file systems take."""
LONGEST_WHOLE: Final = 240
"""Bytes of a whole name without its suffix."""
DASH: Final = "\N{EN DASH}"
NOT_FINAL: Final = "not final"
_FORBIDDEN: Final = frozenset('<>:"/\\|?*')
"""Characters that no name on Windows or exFAT may have; the slash also ends a name everywhere else."""


def safe_word(text: str, otherwise: str, longest: int = LONGEST_WORD) -> str:
    """*text* as a part of a file name: composed, without control or forbidden characters; *otherwise* if none is left.

    It has at most *longest* bytes of UTF-8.  Characters that turn the direction of writing are control characters too,
    so that no name hides its suffix.
    """
    plain = "".join(" " if _is_unsafe(char) else char for char in unicodedata.normalize("NFC", text))
    words = " ".join(plain.split()).strip(f" .-~{DASH}")
    cut = words.encode()[:longest].decode(errors="ignore").rstrip(f" .-{DASH}")
    return cut or otherwise


def _is_unsafe(char: str) -> bool:
    return char in _FORBIDDEN or unicodedata.category(char)[0] in "CZ"


def listener_file_name(artist: str, song: str, what: str, date: str, suffix: str, *, is_final: bool) -> str:
    """Artist, song, sound and date with dashes between, such as ``... mix 3 - 2026-11-30 (not final).m4a``.

    Args:
        artist: as the record states it.
        song: title of the song or the record.
        what: such as ``mix 3``.
        date: ISO 8601.
        suffix: without a point.
        is_final: leave out that it is not final.
    """
    words = [safe_word(artist, "artist"), safe_word(song, "song"), safe_word(what, "sound"), date]
    mark = "" if is_final else f" ({NOT_FINAL})"
    return f"{f' {DASH} '.join(words)}{mark}.{suffix}"
