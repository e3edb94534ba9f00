"""The slate of a file that leaves: the Broadcast Wave stamp (EBU Tech 3285, version 2) and iXML (2.10), as bytes.

Nothing in it comes from a clock or names a version of ours: the same slate is the same bytes at any time.
"""

import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final
from unicodedata import normalize

ORIGINATOR: Final = "takesheet"
BEXT_BYTES: Final = 602
"""Before the coding history."""
UMID: Final = slice(348, 412)
_VERSION: Final = 2
_UNUSED: Final = 0x7FFF
"""A loudness value that nobody measured (Tech 3285, section 2.4)."""
_MOST_HISTORY: Final = 1 << 16
_NO_XML: Final = re.compile("[^\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document may hold (section 2.2)."""
_MARKS: Final = {1: "mono", 2: "stereo"}


@dataclass(frozen=True, slots=True)
class BwfMetadata:
    """What a file says of itself."""

    description: str
    reference: str
    """Which sound it is, for its originator: at most 32 characters are written."""
    date: str
    """As ``2026-12-07``."""
    time: str
    """As ``10:21:09``."""
    time_reference: int
    """The frame on which it begins, since midnight or since the zero of the song's timeline."""
    project: str
    scene: str
    take: str
    tape: str = ""
    note: str = ""
    circled: bool | None = None
    """None for what is no take."""
    tracks: Mapping[int, str] = field(default_factory=dict)
    """By channel of the file, from 0."""
    levels: Sequence[float | None] = (None,) * 5
    """Integrated LUFS, range LU, highest dBTP, highest momentary and short-term LUFS; None where nobody measured."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a coding history tells of a file."""

    rate: int
    channels: int
    bits: int
    is_float: bool

    @property
    def line(self) -> str:
        """Of the coding history (EBU R 98)."""
        marks = f"M={_MARKS[self.channels]}," if self.channels in _MARKS else ""
        kind = "; IEEE float" if self.is_float else ""
        return f"A=PCM,F={self.rate},W={self.bits},{marks}T={ORIGINATOR}{kind}"


def bext(slate: BwfMetadata, shape: Shape, before: bytes = b"") -> bytes:
    """The content of the bext chunk.

    Args:
        slate: what to say.
        shape: of the file.
        before: the content of the bext chunk there was; its unique identifier and its coding history stay.
    """
    texts = ((slate.description, 256), (ORIGINATOR, 32), (slate.reference, 32), (slate.date, 10), (slate.time, 8))
    return b"".join(
        [
            *(_ascii(text)[:size].ljust(size, b"\0") for text, size in texts),
            struct.pack("<QH", slate.time_reference, _VERSION),
            before[UMID].ljust(64, b"\0"),
            struct.pack("<5h", *map(_hundredths, slate.levels)),
            bytes(180),
            *(line + b"\r\n" for line in (*_history(before), _ascii(shape.line))),
        ]
    )


def ixml(slate: BwfMetadata) -> bytes:
    """The content of the iXML chunk."""
    tracks = [
        f"<TRACK><CHANNEL_INDEX>{channel + 1}</CHANNEL_INDEX><INTERLEAVE_INDEX>{channel + 1}</INTERLEAVE_INDEX>"
        f"{_element('NAME', name)}</TRACK>"
        for channel, name in sorted(slate.tracks.items())
    ]
    told = {
        "IXML_VERSION": "2.10",
        "PROJECT": slate.project,
        "SCENE": slate.scene,
        "TAKE": slate.take,
        "TAPE": slate.tape,
        "CIRCLED": "" if slate.circled is None else str(slate.circled).upper(),
        "NOTE": slate.note,
    }
    lines = [_element(name, text) for name, text in told.items() if text]
    listed = f"<TRACK_LIST><TRACK_COUNT>{len(tracks)}</TRACK_COUNT>{''.join(tracks)}</TRACK_LIST>"
    body = "\n".join([*lines, *([listed] if tracks else [])])
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<BWFXML>\n{body}\n</BWFXML>\n'.encode()


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(_NO_XML.sub('', text), quote=False)}</{name}>"


def _ascii(text: str) -> bytes:
    """What an ASCII field can say of *text*: letters lose their accents, and whatever has no letter becomes ``?``."""
    letters = "".join(letter for letter in normalize("NFKD", text) if not 0x300 <= ord(letter) < 0x370)  # noqa: PLR2004 - the block of combining marks
    return re.sub(rb"[^\x20-\x7e]", b"?", letters.encode("ascii", "replace"))


def _hundredths(level: float | None) -> int:
    return _UNUSED if level is None or abs(level) >= _UNUSED / 100 else round(100 * level)


def _history(before: bytes) -> list[bytes]:
    """The lines of a coding history there was; what is no text is left out."""
    text = before[BEXT_BYTES : BEXT_BYTES + _MOST_HISTORY]
    lines = (re.sub(rb"[^\x20-\x7e]", b"", line).strip() for line in re.split(rb"[\r\n]+", text))
    return [line for line in lines if line]
