"""Ten thousand broken MIDI files: each is refused in a sentence, or played whole; none crashes, hangs or is cut."""

import pytest

from dsp.audio import Unsound
from dsp.midi.file import MOST_BYTES, parse
from tests.dsp.midi.fuzz import try_files
from tests.dsp.midi.performances import raw


def largest(rounds: int) -> None:
    """A file with as many notes as fit into it, none of them released, is refused."""
    strokes = b"\x00\x90\x3c\x01" + b"\x00\x3c\x01" * ((MOST_BYTES - 200) // 3)
    for _ in range(rounds):
        with pytest.raises(Unsound, match="more than 200000 notes"):
            parse(raw(strokes))


def fuzz(rounds: int) -> None:
    found = try_files(rounds, seed=20)
    assert sum(found.values()) == rounds
    assert min(found.values()) > rounds // 20


DRILLS = [("midi fuzz", fuzz, 10_000, 500), ("midi, the largest file", largest, 1, 1)]
