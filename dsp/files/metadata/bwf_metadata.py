"""Metadata of delivered files as bytes: the Broadcast Wave stamp (EBU Tech 3285, version 2) and iXML (2.10).

The bytes contain no present time and no program version, so that equal metadata gives equal bytes.
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
"""Size without the coding history."""
UMID: Final = slice(348, 412)
_VERSION: Final = 2
_UNUSED: Final = 0x7FFF
"""Value of a loudness that was not measured (Tech 3285, section 2.4)."""
_MOST_HISTORY: Final = 1 << 16
_NO_XML: Final = re.compile("[^\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 forbids (section 2.2)."""
_MARKS: Final = {1: "mono", 2: "stereo"}


@dataclass(frozen=True, slots=True)
class BwfMetadata:
    """Metadata of one delivered file."""

    description: str
    reference: str
    """Originator's reference of the sound; at most 32 characters are written."""
    date: str
    """Date such as ``2026-12-07``."""
    time: str
    """Time such as ``10:21:09``."""
    time_reference: int
    """First frame, counted from midnight or from the zero of the song's timeline."""
    project: str
    scene: str
    take: str
    tape: str = ""
    note: str = ""
    circled: bool | None = None
    """True for a circled take; None if the file is no take."""
    tracks: Mapping[int, str] = field(default_factory=dict)
    """Names by channel of the file, from 0."""
    levels: Sequence[float | None] = (None,) * 5
    """Integrated LUFS, range LU, highest dBTP, highest momentary and short-term LUFS; None if not measured."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Format of a file for its coding history."""

    rate: int
    channels: int
    bits: int
    is_float: bool

    @property
    def line(self) -> str:
        """A line of the coding history (EBU R 98)."""
        marks = f"M={_MARKS[self.channels]}," if self.channels in _MARKS else ""
        kind = "; IEEE float" if self.is_float else ""
        return f"A=PCM,F={self.rate},W={self.bits},{marks}T={ORIGINATOR}{kind}"


def bext(slate: BwfMetadata, shape: Shape, before: bytes = b"") -> bytes:
    """The content of the bext chunk.

    Args:
        slate: metadata.
        shape: format of the file.
        before: content of the previous bext chunk; its UMID and its coding history are kept.
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
    """*text* in ASCII: letters lose their accents, all other characters become ``?``."""
    letters = "".join(letter for letter in normalize("NFKD", text) if not 0x300 <= ord(letter) < 0x370)  # noqa: PLR2004 - the block of combining marks
    return re.sub(rb"[^\x20-\x7e]", b"?", letters.encode("ascii", "replace"))


def _hundredths(level: float | None) -> int:
    return _UNUSED if level is None or abs(level) >= _UNUSED / 100 else round(100 * level)


def _history(before: bytes) -> list[bytes]:
    """The lines of an earlier coding history, without unprintable characters."""
    text = before[BEXT_BYTES : BEXT_BYTES + _MOST_HISTORY]
    lines = (re.sub(rb"[^\x20-\x7e]", b"", line).strip() for line in re.split(rb"[\r\n]+", text))
    return [line for line in lines if line]
