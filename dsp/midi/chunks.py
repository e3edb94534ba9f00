"""Chunks of a MIDI file: also inside a RIFF (RMID, RP-029); those of other programs are skipped (RP-001)."""

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

HEAD: Final = b"MThd"
TRACK: Final = b"MTrk"
RMID_HEAD_BYTES: Final = 12


class MidiChunk(NamedTuple):
    """A chunk of a MIDI file."""

    name: bytes
    whole: bytes
    """All of its bytes, with name and size."""
    complete: bool


def is_rmid(head: bytes) -> bool:
    """True if a file that begins with *head* is a RIFF that holds a MIDI file."""
    return head[:4] == b"RIFF" and head[8:12] == b"RMID"


def standard(data: bytes) -> bytes:
    """*data* as a standard MIDI file of ``MThd`` and ``MTrk`` chunks alone; unchanged where nothing else is found."""
    if is_rmid(data[:RMID_HEAD_BYTES]):
        data = _inside(data)
    found = list(_chunks(data))
    if not found or found[0].name != HEAD or all(chunk.name == TRACK for chunk in found[1:]):
        return data
    known = [chunk for chunk in found if chunk.name in {HEAD, TRACK}]
    if not all(chunk.complete for chunk in known):
        return data
    return b"".join(chunk.whole for chunk in known)


def _inside(data: bytes) -> bytes:
    """The content of the ``data`` chunk of a RIFF."""
    at = RMID_HEAD_BYTES
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        if name == b"data":
            return data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    return data


def _chunks(data: bytes) -> Iterator[MidiChunk]:
    at = 0
    while at + 8 <= len(data):
        name, size = struct.unpack_from(">4sI", data, at)
        whole = data[at : at + 8 + size]
        yield MidiChunk(name, whole, complete=len(whole) == 8 + size)
        at += 8 + size
