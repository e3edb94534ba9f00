"""Guess part, track and take from file names as recorders and DAWs write them.

Each maker's scheme is one pattern below, as its manual describes it.  A number that no scheme marks as a take's, as in
``Tom 2``, may be part of the name: :mod:`orchestrator.desk.intake.take_groups` decides by the files beside it.
"""

import os
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Final

_SIDE: Final = re.compile(
    r"(?:[ ._-]+(?P<side>l|r|left|right)|\.(?P<surround>c|ls|rs|cs|lss|rss|lsr|rsr|lfe))$", re.IGNORECASE
)
"""Pro Tools: one file a channel, ``.L`` and ``.R``; a blank or a hyphen is what people write."""
_INDEX: Final = re.compile(r"^\d{1,3}\s*[-_.]\s*(?=\D)|^\d{2,3}\s+(?=\D)")
"""Number of the DAW's track: Cubase and Nuendo ``01 - bass``, REAPER ``01-Kick``, Ableton Live ``1-Kick``."""
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

_MOMENTS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # Ableton Live: 1-Kick 0001 [2026-01-05 142301]
        r"(?P<name>.+?)(?: (?P<take>\d{1,5}))? \[(?P<moment>\d{4}-\d\d-\d\d \d{6})\](?P<again>-\d+)?",
        # REAPER: 01-Kick In-260105_1423, and -01 behind it for the next in the same minute
        r"(?P<name>.+?)[ _-]+(?P<moment>\d{6,8}[_-]\d{4,6})(?P<again>-\d{2,3})?",
    )
)
_CHANNELS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # Tascam DA-6400: T001_20150901-112313_001_01, the third number being that of a file cut by its size
        r"T(?P<take>\d{3})_(?P<moment>\d{8}-\d{6})(?P<again>_\d{3})_(?P<channel>\d{2})",
        # Zoom: 260105_001_Tr1, Scene001-T001_Tr1_2 (stereo), ZOOM0001_TrLR, and _D or _BU for the safety recording
        r"(?P<scene>.*?)[_-]?T?(?P<take>\d{3,4})_Tr(?P<channel>\d{1,2}(?:[_-]\d{1,2})?|LR|L|R|Mic\d*)(?P<safety>_D|_BU)?",
        # Zoom H8, in a folder a recording: Tr1, Tr1_01, TrLR
        r"Tr(?P<channel>\d{1,2}|LR|[AB])(?:_(?P<take>\d{2}))?",
        # Sound Devices: SCENE12A-T01_2, S01T01_A; poly files without the channel
        r"(?P<scene>.*?[\d_ -])-?T(?P<take>\d{2,5})(?:_(?P<channel>\d{1,2}|[A-Z]))?",
        # Tascam Portacapture and DR: TASCAM_0001_1, TASCAM_0001_1-2, TASCAM_0001S12
        r"(?P<scene>[^ ]{6,9})_(?P<take>\d{4})(?:_|S)(?P<channel>\d{1,2}(?:-\d{1,2})?)",
    )
)
_TAKES: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # Studio One: Lead Vox(2)
        r"(?P<name>.+?) ?\((?P<take>\d{1,4})\)",
        # Logic: Snare Top#02
        r"(?P<name>.+?)#(?P<take>\d{1,4})",
        # Gtr take 3
        r"(?P<name>.+?)[ _-]+(?:take|tk|t|pass)[ _-]*(?P<take>\d{1,4})",
        # Pro Tools: Kick In_03, Vox_01-02 (a clip of it), Vox.01_02 (a playlist), OH_01.01
        r"(?P<name>.+?)(?P<moment>\.\d{2})?_(?P<take>\d{2,4})(?P<again>\.\d{2})?(?P<clip>-\d{2,3})?",
        r"(?P<name>.+?)[ _-]+(?P<take>0\d{1,3})",
    )
)
_UNSURE: Final = re.compile(r"(?P<name>.+?)[ _-]+0*(?P<take>\d{1,4})")

DRUMS: Final = (
    "kick", "kik", "bd", "snare", "snr", "sn", "sd", "tom", "floor", "rack", "hat", "hihat", "hh", "overhead", "oh",
    "ovh", "ride", "crash", "cymbal", "cym", "room", "kit", "drum", "drums",
)  # fmt: skip
VIA: Final = (
    "di", "amp", "mic", "line", "close", "far", "top", "bottom", "in", "out", "l", "r", "left", "right", "57", "421",
)  # fmt: skip
"""Words for how a source was picked up, not for the part."""
MAIN: Final = "main"


@dataclass(frozen=True, slots=True)
class NameGuess:
    """Part, track and take guessed from a file name."""

    part: str
    track: str
    number: int | None
    """Number of the take; None if the name has none."""
    unsure: bool = False
    """True if the number may be part of the name."""
    whole: str = ""
    """The name with its number, without index and side."""
    side: str = ""
    """``L``, ``R`` or another channel of a take in one file a channel; else empty."""
    moment: str = ""
    """Date and time, playlist or counter: files that differ in it are not of one take."""
    scene: str = ""
    """Scene, date or word before the take's number, on recorders."""
    channel: str = ""
    """Input of the recorder, if the name tells no instrument."""

    @property
    def as_name(self) -> "NameGuess":
        """The guess whose number is part of the name: ``Tom 2`` is a track, and ``BGV 2`` a part."""
        if self.number is None:
            return self
        part, track = part_and_track(self.whole)
        return replace(self, part=part, track=f"{track} {self.side}".strip(), number=None, unsure=False)


def guess(stem: str) -> NameGuess:
    """Guess part, track and take from *stem*, a file name without its suffix."""
    name = _CONTROL.sub(" ", stem).strip()
    for scheme in _CHANNELS:
        if found := scheme.fullmatch(name):
            return _of_recorder(stem, found.groupdict())
    moment, number, unsure = "", None, False
    name, side = _without_side(name)
    for scheme in _MOMENTS:
        if found := scheme.fullmatch(name):
            moment, name = f"{found['moment']}{found['again'] or ''}", found["name"]
            number = _number(found.groupdict().get("take"))
            break
    name, side = _without_side(name) if not side else (name, side)
    whole = name
    for scheme in _TAKES if number is None else ():
        if (found := scheme.fullmatch(name)) and not _is_index(found["name"]):
            words = found.groupdict()
            number, name = _number(words["take"]), words["name"]
            moment += "".join(words.get(key) or "" for key in ("moment", "again", "clip"))
            break
    if number is None and (found := _UNSURE.fullmatch(name)) and not _is_index(found["name"]):
        number, unsure, name = _number(found["take"]), True, found["name"]
    part, track = part_and_track(_clean(name) or stem)
    return NameGuess(part, f"{track} {side}".strip(), number, unsure, _clean(whole) or stem, side, moment)


def _without_side(name: str) -> tuple[str, str]:
    found = _SIDE.search(name)
    if not found:
        return name, ""
    side = found["side"]
    return name[: found.start()], side[0].upper() if side else found["surround"].title()


def _of_recorder(stem: str, words: dict[str, str | None]) -> NameGuess:
    """The guess from the name of a recorder's file, which tells channel and take, and no instrument."""
    channel, scene = words.get("channel") or "", (words.get("scene") or "").strip(" _-")
    part = f"Track {channel.lstrip('0').replace('_', '-')}" if channel else _clean(scene) or stem
    return NameGuess(
        part,
        "safety" if words.get("safety") else MAIN,
        _number(words.get("take")),
        whole=_clean(stem),
        moment=f"{words.get('moment') or ''}{words.get('again') or ''}",
        scene=scene,
        channel=channel,
    )


def _number(text: str | None) -> int | None:
    return int(text or 0) or None


def _is_index(name: str) -> bool:
    """True if *name* is only the number of a track."""
    return any(letter.isdigit() for letter in name) and not any(letter.isalpha() for letter in name)


def _clean(name: str) -> str:
    return " ".join(_CONTROL.sub(" ", _INDEX.sub("", name)).replace("_", " ").split())


def part_and_track(name: str) -> tuple[str, str]:
    """Part and track of a name: a kit is one part of many tracks, another source one part of its pickups."""
    words = _CAMEL.sub(" ", name).lower().replace("-", " ").split()
    if any(word in DRUMS or word.rstrip("s0123456789") in DRUMS for word in words) and "bass" not in words[:1]:
        return "Drums", name
    told = [word for word in name.split() if word.lower() not in VIA]
    via = [word for word in name.split() if word.lower() in VIA]
    return (" ".join(told) or name).title() if name.islower() else (" ".join(told) or name), " ".join(via) or MAIN


def spoken(name: str) -> str:
    """A file's name as text: in UTF-8, or else in Latin-1; letters and their accents as one (NFC)."""
    raw = os.fsencode(name)
    try:
        return unicodedata.normalize("NFC", raw.decode("utf-8"))
    except UnicodeDecodeError:
        return raw.decode("latin-1")
