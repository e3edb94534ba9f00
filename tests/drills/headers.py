"""Sound files with false headers: every case is refused in a sentence, or read as the very audio that is there.

A process of its own reads them, so that a crash or a hang of a decoder is seen, and the case is named.
"""

import random
import struct
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soundfile

from dsp.audio import Source, Unsound
from dsp.files.pcm import PcmHash
from dsp.files.sound import SoundReader, inspect
from tests.paths import ROOT

FORMATS = (
    ("WAV", "PCM_24"), ("WAV", "FLOAT"), ("RF64", "PCM_16"), ("AIFF", "PCM_24"), ("FLAC", "PCM_16"), ("CAF", "PCM_24"),
    ("W64", "PCM_16"), ("WAVEX", "PCM_16"),
)  # fmt: skip
PATIENCE_S = 60.0
"""Seconds for a batch, beyond a hundredth of a second a case."""
LIES = (0, 1, 2, 7, 8, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1 << 62)
XML = (
    b"<BWFXML><TAKE>3</TAKE></BWFXML>", b"<BWFXML>" * 3000, b"<!DOCTYPE x [<!ENTITY a 'ha'>]><BWFXML>&a;</BWFXML>",
    b'<?xml version="1.0" encoding="UTF-16"?><a/>', b"\xff\xfe<\0", b"", b"\0" * 40, b"<BWFXML><NOTE>&lol;</NOTE>",
)  # fmt: skip


def honest(form: str, subtype: str) -> bytes:
    """Return a short, valid file of stereo noise."""
    signal = 0.3 * np.random.default_rng(len(form)).standard_normal((600, 2)).clip(-3, 3)
    raw = BytesIO()
    soundfile.write(raw, signal, 48_000, format=form, subtype=subtype)
    return raw.getvalue()


BASES = [honest(*one) for one in FORMATS]


def lie(chance: random.Random) -> bytes:
    """Return a valid file with a falsified header, cut short, or with inserted chunks."""
    raw = bytearray(chance.choice(BASES))
    if chance.random() < 0.3:
        raw += chunk(chance)
    for _ in range(chance.randint(0, 4)):
        at = chance.randrange(min(len(raw), 120))
        match chance.randrange(4):
            case 0:
                raw[at] ^= 1 << chance.randrange(8)
            case 1:
                layout = chance.choice("<>") + chance.choice("HIQ")
                size = struct.calcsize(layout)
                raw[at : at + size] = struct.pack(layout, chance.choice(LIES) & (256**size - 1))
            case 2:
                raw[at:at] = chunk(chance)
            case _:
                del raw[at : at + chance.randint(1, 12)]
    return bytes(raw[: chance.randrange(len(raw) + 1)] if chance.random() < 0.25 else raw)


def chunk(chance: random.Random) -> bytes:
    """Return a chunk of metadata, whose size field is right or wrong."""
    content = chance.choice([chance.choice(XML), chance.randbytes(chance.randint(0, 700))])
    size = len(content) if chance.random() < 0.6 else chance.choice(LIES) & 0xFFFF_FFFF
    name = chance.choice([b"bext", b"iXML", b"data", b"fmt ", b"ds64", b"LIST", b"SSND", b"COMM", b"junk"])
    return name + struct.pack(chance.choice("<>") + "I", size) + content


def read(file: Path) -> bool:
    """Read *file* as ingest does; return True if it was accepted.  Raises if other audio was read than is there."""
    try:
        facts = inspect(file)
    except Unsound as refusal:
        if not refusal.reason or "\n" in refusal.reason:
            raise AssertionError(f"{refusal.reason!r} is no sentence") from refusal
        return False
    with SoundReader(Source(file)) as reader:
        assert (reader.rate, reader.frames, reader.channels) == (facts.rate, facts.frames, facts.channels)
        if facts.subtype not in {"PCM_32", "DOUBLE"}:
            again = PcmHash(facts.rate, facts.channels, facts.frames)
            for block in reader.blocks():
                again.add(np.ascontiguousarray(block.T))
            assert again.hexdigest() == facts.pcm
    return True


def work(folder: Path, first: int, count: int) -> None:
    """Read the cases from *first* on, printing each number before its case."""
    taken = 0
    for case in range(first, first + count):
        file = folder / "case"
        file.write_bytes(lie(random.Random(case)))  # noqa: S311 - dice, not secrets
        (folder / "at").write_text(str(case))
        began = time.process_time()
        taken += read(file)
        assert time.process_time() - began < 2, f"case {case} took {time.process_time() - began:.1f} s"
    print(f"{taken} of {count} were sound")


def drill(rounds: int, first: int = 0) -> None:
    """Raise AssertionError with the case at which the reader crashed, hung or was wrong."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.drills.headers", folder, str(first), str(rounds)]
        try:
            done = subprocess.run(
                command, cwd=ROOT, capture_output=True, text=True, check=False,
                timeout=PATIENCE_S + rounds / 20,
            )  # fmt: skip
            said, code = done.stdout + done.stderr, done.returncode
        except subprocess.TimeoutExpired:
            said, code = "it hangs", -1
        at = (Path(folder) / "at").read_text() if (Path(folder) / "at").exists() else "none"
        assert code == 0, f"case {at}: {said}"
        assert not said.startswith("0 of"), "some must be sound, or nothing was tried"


DRILLS = [("headers", drill, 10_000, 1_000)]

if __name__ == "__main__":
    work(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
