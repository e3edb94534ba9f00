"""Words of a recorder in the description of a Broadcast Wave stamp: ``zSCENE=12A``, ``sTAKE=3``, a line each.

Zoom recorders begin each line with ``z``, those of Sound Devices with ``s``; both hold what iXML holds too.
"""

import re
from collections.abc import Mapping
from typing import Final

_LINE: Final = re.compile(r"^[zs]([A-Z]{3,12}\d{0,3})=(.*)$", re.ASCII)
_TRACK: Final = re.compile(r"TRK(\d{1,3})", re.ASCII)
_OWN: Final = {"SCENE", "TAKE", "TAPE", "NOTE", "CIRCLED", "SPEED", "UBITS", "PROJECT", "FILENAME"}


def recorder_words(description: str) -> tuple[dict[str, str], str]:
    """The recorder's words by name, and the lines of *description* that are none."""
    words: dict[str, str] = {}
    rest: list[str] = []
    for line in description.splitlines():
        if found := _LINE.match(line.strip("\0 ")):
            words[found[1]] = found[2].strip()
        else:
            rest.append(line)
    if not any(name in _OWN or _TRACK.fullmatch(name) for name in words):
        return {}, description
    return words, "\n".join(rest)


def track_words(words: Mapping[str, str]) -> dict[int, str]:
    """Names of the tracks by channel of the file, from 0: recorders list the tracks of a file in their order."""
    numbered = sorted((int(found[1]), text) for name, text in words.items() if (found := _TRACK.fullmatch(name)))
    return {channel: text for channel, (_, text) in enumerate(numbered) if text}
