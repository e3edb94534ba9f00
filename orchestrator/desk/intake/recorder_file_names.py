"""Guess part, track and take number from file names as recorders and DAWs write them.

Seen in the field: ``Kick In_03.wav``, ``Audio 1_01.L.wav`` (Pro Tools), ``01 - bass_01.wav``,
``03-Lead Vox-240101_1423.wav`` (REAPER), ``Snare Top#02.wav`` (Logic), ``Gtr take 3.wav``.

Tests: ``tests/orchestrator/desk/intake/test_folder_import.py``.
"""

import re
from dataclasses import dataclass
from typing import Final

_SIDE = re.compile(r"[ ._-]+(l|r|left|right)$", re.IGNORECASE)
_STAMP = re.compile(r"[ _-]+\d{6,8}[_-]\d{4,6}$")
_NUMBER = re.compile(r"(?:[ _-]+(?:take|t|pass|tk)?[ _-]*|#)0*(\d{1,4})$", re.IGNORECASE)
_INDEX = re.compile(r"^\d{1,3}\s*[-_.]\s*(?=\D)|^\d{2,3}\s+(?=\D)")

DRUMS: Final = (
    "kick", "bd", "snare", "sn", "sd", "tom", "floor", "rack", "hat", "hihat", "hh", "overhead", "oh", "ride",
    "crash", "cymbal", "cym", "room", "kit", "drum", "drums",
)  # fmt: skip
VIA: Final = (
    "di",
    "amp",
    "mic",
    "line",
    "close",
    "far",
    "top",
    "bottom",
    "in",
    "out",
    "l",
    "r",
    "left",
    "right",
    "57",
    "421",
)
"""Words for how a source was picked up, not for the part."""


@dataclass(frozen=True, slots=True)
class NameGuess:
    """Part, track and take number guessed from a file name."""

    part: str
    track: str
    number: int | None


def guess(stem: str) -> NameGuess:
    """Guess part, track and take number from *stem*, a file name without its suffix; no number is None."""
    name, side, number = stem.strip(), "", None
    if found := _SIDE.search(name):
        side, name = found[1][0].upper(), name[: found.start()]
    name = _STAMP.sub("", name)
    if found := _NUMBER.search(name):
        number, name = int(found[1]) or None, name[: found.start()]
    name = " ".join(_INDEX.sub("", name).replace("_", " ").split()) or stem
    part, track = _part(name)
    return NameGuess(part, f"{track} {side}".strip(), number)


def _part(name: str) -> tuple[str, str]:
    words = name.lower().replace("-", " ").split()
    if any(word in DRUMS or word.rstrip("s0123456789") in DRUMS for word in words) and "bass" not in words[:1]:
        return "Drums", name
    told = [word for word in name.split() if word.lower() not in VIA]
    via = [word for word in name.split() if word.lower() in VIA]
    return (" ".join(told) or name).title() if name.islower() else (" ".join(told) or name), " ".join(via) or "main"
