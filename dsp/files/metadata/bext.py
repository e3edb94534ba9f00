"""Recorder metadata: the Broadcast Wave stamp (EBU Tech 3285), iXML, and texts of FLAC and AIFF.

A FLAC has the chunks of the WAV it was made from, or Vorbis comments as ffmpeg writes them; an AIFF has text chunks
(AIFF 1.3).  Both fill fields that bext and iXML leave empty.

The metadata is untrusted: unreadable metadata is noted and skipped, and the sound is used all the same.  Document type
declarations in XML are refused, so that no entity is ever expanded.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, BinaryIO, Final

from wavinfo.wave_bext_reader import WavBextReader
from wavinfo.wave_ixml_reader import WavIXMLFormat

from dsp.files.chunks import chunks_of, read_chunk
from dsp.files.metadata.bext_words import recorder_words, track_words
from dsp.files.metadata.flac import COMMENTS, comments, flac_chunks

MOST_BYTES = 1 << 20
"""Bytes of metadata that are read; recorders write some kilobytes."""
MOST_TEXT = 4096
"""Characters of one text that are kept."""
LATEST_REFERENCE = 1 << 62
"""Larger time references are garbage, not samples since midnight."""


_XML_END: Final = b"</BWFXML>"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_SAYS_UTF_8: Final = re.compile(
    rb"\s*<(?!\?xml)|\s*<\?xml(?:(?!encoding)[^>])*(?:encoding=.utf-?8.[^>]*)?>", re.IGNORECASE
)
"""The beginning of XML that is in UTF-8, because it says so or says nothing."""
_DATE: Final = re.compile(r"\d{4}\D\d\d\D\d\d", re.ASCII)
_DIGITS: Final = re.compile(r"\d{1,19}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Metadata of a recording as its recorder wrote it; None or empty where it wrote nothing."""

    time_reference: int | None = None
    """Samples since midnight, or since the zero of the recorder's timeline."""
    originated: str | None = None
    """Local time of the recorder's clock, such as ``2026-12-07 10:21:09``."""
    originator: str | None = None
    description: str | None = None
    scene: str | None = None
    take: str | None = None
    tape: str | None = None
    note: str | None = None
    circled: bool | None = None
    track_names: Mapping[int, str] = field(default_factory=dict)
    """Names by channel of the file, from 0."""
    notes: tuple[str, ...] = ()
    """Parts that could not be read, one sentence each."""


def read_stamp(file: BinaryIO) -> Stamp:
    """The stamp in *file*, an open binary file; empty if there is none."""
    chunks = {chunk.name: chunk for chunk in reversed(chunks_of(file) or flac_chunks(file))}
    stamp = Stamp()
    for name, reader in READERS.items():
        if name in chunks:
            content = read_chunk(file, chunks[name], most=MOST_BYTES)
            stamp = _read(stamp, name.decode().strip(), reader, content)
    return stamp


def _read(stamp: Stamp, name: str, reader: Callable[[Stamp, bytes], Stamp], content: bytes) -> Stamp:
    try:
        return reader(stamp, content)
    except Exception as error:  # noqa: BLE001 - wavinfo and lxml raise any error for garbage; the sound is unharmed
        return replace(stamp, notes=(*stamp.notes, f"its {name} chunk cannot be read ({type(error).__name__})"))


def _bext(stamp: Stamp, content: bytes) -> Stamp:
    bext = WavBextReader(content, encoding="latin-1")  # EBU specifies ASCII; latin-1 accepts any byte a recorder writes
    reference: int = bext.time_reference
    words, rest = recorder_words(_decoded(str(bext.description).encode("latin-1"), 256))
    circled = words.get("CIRCLED")
    return replace(
        stamp,
        time_reference=reference if reference < LATEST_REFERENCE else None,
        originated=_line(f"{bext.originator_date} {bext.originator_time}"),
        originator=_line(_decoded(str(bext.originator).encode("latin-1"), 32)),
        description=_line(rest),
        scene=_line(words.get("SCENE", "")),
        take=_line(words.get("TAKE", "")),
        tape=_line(words.get("TAPE", "")),
        note=_line(words.get("NOTE", "")),
        circled=None if circled is None else circled.upper() == "TRUE",
        track_names=track_words(words),
    )


def _ixml(stamp: Stamp, content: bytes) -> Stamp:
    if any(word in content.replace(b"\0", b"").upper() for word in (b"<!DOCTYPE", b"<!ENTITY")):
        raise ValueError("a document type in iXML")
    tree = WavIXMLFormat(_xml(content)).parsed
    circled = _text(tree, "CIRCLED")
    own = Stamp(
        scene=_text(tree, "SCENE"),
        take=_text(tree, "TAKE"),
        tape=_text(tree, "TAPE"),
        note=_text(tree, "NOTE"),
        circled=None if circled is None else circled.upper() == "TRUE",
        track_names=_track_names(tree) or stamp.track_names,
    )
    return _filled(own, stamp)


def _xml(content: bytes) -> bytes:
    """*content* without what follows its last element; in UTF-8 where it says so and is Latin-1."""
    end = content.find(_XML_END)
    content = content[: end + len(_XML_END)] if end >= 0 else content.rstrip(b"\0 \r\n\t")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        if not content.startswith(_UTF_16) and _SAYS_UTF_8.match(content):
            return content.decode("latin-1").encode("utf-8")
    return content


def _comments(stamp: Stamp, content: bytes) -> Stamp:
    said = comments(content)
    dated = _DATE.fullmatch(said.get("DATE", ""))
    own = Stamp(
        time_reference=_frames(said.get("TIME_REFERENCE", "")),
        originated=_line(f"{said['DATE']} {said.get('CREATION_TIME', '')}") if dated else None,
        originator=_line(said.get("ENCODED_BY", "")),
        description=_line(said.get("DESCRIPTION", "")),
        scene=_line(said.get("TITLE", "")),
        take=_line(said.get("TRACKNUMBER", "")),
        note=_line(said.get("COMMENT", "")),
    )
    return _filled(stamp, own)


def _frames(text: str) -> int | None:
    return int(text) if _DIGITS.fullmatch(text) and int(text) < LATEST_REFERENCE else None


def _title(stamp: Stamp, content: bytes) -> Stamp:
    return _filled(stamp, Stamp(scene=_line(_decoded(content))))


def _annotation(stamp: Stamp, content: bytes) -> Stamp:
    return _filled(stamp, Stamp(note=_line(_decoded(content))))


def _remarks(stamp: Stamp, content: bytes) -> Stamp:
    """*stamp* with the first comment of a COMT chunk as its note, whose length is in bytes 8 and 9 of the chunk."""
    size = int.from_bytes(content[8:10], "big")
    return _filled(stamp, Stamp(note=_line(_decoded(content[10 : 10 + size]))))


def _decoded(content: bytes, field_bytes: int = 0) -> str:
    """Text in UTF-8, or else in Latin-1; a text that fills its field of *field_bytes* may be cut within a letter."""
    for cut in range(4 if len(content) == field_bytes else 1):
        try:
            return content[: len(content) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _filled(stamp: Stamp, own: Stamp) -> Stamp:
    """*stamp* with its None fields filled from *own*."""
    known = {one.name: getattr(stamp, one.name) for one in fields(stamp)}
    return replace(own, **{name: value for name, value in known.items() if value is not None})


READERS: Mapping[bytes, Callable[[Stamp, bytes], Stamp]] = {
    b"bext": _bext,
    b"iXML": _ixml,
    COMMENTS: _comments,
    b"NAME": _title,
    b"ANNO": _annotation,
    b"COMT": _remarks,
}
"""Readers by chunk, in order of precedence: earlier values stay."""


def _track_names(tree: Any) -> dict[int, str]:  # noqa: ANN401 - lxml ships no types
    """Track names by channel: by the iXML interleave index, which counts from 1, else by the position in the list."""
    names: dict[int, str] = {}
    for order, track in enumerate(tree.findall("./TRACK_LIST/TRACK"), start=1):
        index, name = _text(track, "INTERLEAVE_INDEX") or str(order), _text(track, "NAME")
        if name is not None and index.isdecimal():
            names[int(index) - 1] = name
    return names


def _text(tree: Any, name: str) -> str | None:  # noqa: ANN401 - lxml ships no types
    return _line(tree.findtext(f"./{name}") or "")


def _line(text: str) -> str | None:
    """*text* on one line without control characters; None if nothing remains."""
    return re.sub(r"[\x00-\x20\x7f-\xa0]+", " ", text).strip()[:MOST_TEXT] or None
