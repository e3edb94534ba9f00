"""Sound files built chunk by chunk, also with the faults that a crash or an odd program leaves in them."""

import math
import struct
from collections.abc import Sequence
from typing import Final

RATE: Final = 48_000
FRAMES: Final = 4800
TONE: Final = tuple(0.3 * math.sin(2 * math.pi * 220 * frame / RATE) for frame in range(FRAMES))
PCM: Final = b"".join(struct.pack("<h", round(32767 * value)) for value in TONE)
BIG: Final = b"".join(struct.pack(">h", round(32767 * value)) for value in TONE)
AMBISONIC_GUID: Final = bytes.fromhex("0100000021078644ff28d311b5050000")
"""Subformat of ambisonic B-format as some programs write it: not the one that libsndfile knows."""


def pcm(hz: float, frames: int = FRAMES) -> bytes:
    """A tone of 16 bits."""
    return b"".join(
        struct.pack("<h", round(9000 * math.sin(2 * math.pi * hz * frame / RATE))) for frame in range(frames)
    )


def chunk(name: bytes, content: bytes, *, size: int | None = None, pad: bool = True) -> bytes:
    """A RIFF chunk, whose header may say another *size*, and which may lack its pad byte."""
    said = len(content) if size is None else size
    return name + struct.pack("<I", said) + content + bytes(len(content) % 2 if pad else 0)


def fmt(tag: int = 1, *, channels: int = 1, bits: int = 16, rate: int = RATE, guid: bytes = b"") -> bytes:
    """A format chunk; with *guid* an extensible one."""
    block = channels * bits // 8
    head = struct.pack("<HHIIHH", 0xFFFE if guid else tag, channels, rate, rate * block, block, bits)
    return chunk(b"fmt ", head + (struct.pack("<HHI", 22, bits, 0) + guid if guid else b""))


def riff(*chunks: bytes, size: int | None = None) -> bytes:
    """A WAV of *chunks*, whose header may say another *size*."""
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body) if size is None else size) + body


def bext(description: bytes = b"", *, reference: int = 0, when: bytes = b"14:23:12") -> bytes:
    """A Broadcast Wave stamp of the fifth of January (EBU Tech 3285)."""
    texts = ((description, 256), (b"recorder", 32), (b"", 32), (b"2026-01-05", 10), (when, 8))
    fields = b"".join(text.ljust(size, b"\0") for text, size in texts)
    return chunk(b"bext", fields + struct.pack("<QH", reference, 1) + bytes(254))


def ixml(scene: str, take: str, name: str, *, encoding: str = "utf-8") -> bytes:
    """An iXML chunk that names scene, take and the one track of a file."""
    track = f"<TRACK><CHANNEL_INDEX>1</CHANNEL_INDEX><INTERLEAVE_INDEX>1</INTERLEAVE_INDEX><NAME>{name}</NAME></TRACK>"
    inner = f"<SCENE>{scene}</SCENE><TAKE>{take}</TAKE><TRACK_LIST><TRACK_COUNT>1</TRACK_COUNT>{track}</TRACK_LIST>"
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<BWFXML>{inner}</BWFXML>'
    return chunk(b"iXML", text.encode(encoding))


def wave64(*, said: int | None = None) -> bytes:
    """A Wave64 file whose header may say another size of the sound, in bytes."""
    body = _guid("77617665f3acd3118cd100c04f8edb8a")
    body += _wave64_chunk("666d7420", struct.pack("<HHIIHH", 1, 1, RATE, 2 * RATE, 2, 16))
    body += _wave64_chunk("64617461", PCM, said)
    return _guid("726966662e91cf11a5d628db04c10000") + struct.pack("<Q", 0 if said == 0 else 24 + len(body)) + body


def _guid(text: str) -> bytes:
    return bytes.fromhex(text)


def _wave64_chunk(name: str, content: bytes, said: int | None = None) -> bytes:
    size = 24 + (len(content) if said is None else said)
    return _guid(name + "f3acd3118cd100c04f8edb8a") + struct.pack("<Q", size) + content + bytes(-len(content) % 8)


def caf(*, size: int | None = None) -> bytes:
    """A CAF whose data chunk may have another *size*, such as -1."""
    described = struct.pack(">d4sIIIII", float(RATE), b"lpcm", 2, 2, 1, 1, 16)
    content = struct.pack(">I", 0) + PCM
    return (
        b"caff\0\1\0\0" + b"desc" + struct.pack(">q", len(described)) + described
        + b"data" + struct.pack(">q", len(content) if size is None else size) + content
    )  # fmt: skip


def aiff(*, kind: bytes = b"", closed: bool = True) -> bytes:
    """An AIFF, or an AIFF-C of the compression type *kind*; if not *closed*, its sizes are 0."""
    rate = struct.pack(">HQ", 16398, RATE << 48)
    sound = PCM if kind else BIG
    common = struct.pack(">hIh", 1, FRAMES if closed else 0, 16) + rate + (kind + b"\0\0" if kind else b"")
    parts = [(b"COMM", common, len(common)), (b"SSND", bytes(8) + sound, 8 + len(sound) if closed else 0)]
    if kind:
        parts.insert(0, (b"FVER", struct.pack(">I", 0xA2805140), 4))
    body = (b"AIFC" if kind else b"AIFF") + b"".join(_big_chunk(*part) for part in parts)
    return b"FORM" + struct.pack(">I", len(body) if closed else 0) + body


def _big_chunk(name: bytes, content: bytes, size: int) -> bytes:
    return name + struct.pack(">I", size) + content


def floats(values: Sequence[float]) -> bytes:
    """Floats of 32 bits."""
    return struct.pack(f"<{len(values)}f", *values)
