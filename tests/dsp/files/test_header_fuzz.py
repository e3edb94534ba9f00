"""A sample of the drill of malformed headers, and its earlier findings."""

import struct
from pathlib import Path

import pytest

from dsp.files.chunks import MOST_CHUNKS, W64_RIFF, chunks_of
from tests.drills.headers import drill

pytestmark = pytest.mark.slow


def test_a_header_that_lies_is_refused_or_harmless_and_never_a_crash() -> None:
    drill(150, first=50_000)


def test_a_chunk_that_lies_beyond_what_any_file_system_holds_ends_the_walk(tmp_path: Path) -> None:
    for size in (1 << 44, 1 << 61, 1 << 62, (1 << 63) - 200, (1 << 64) - 1):
        file = tmp_path / "lies.w64"
        file.write_bytes(W64_RIFF + bytes(24) + struct.pack("<16sQ", b"data", size))
        with file.open("rb") as raw:
            assert [chunk.name for chunk in chunks_of(raw)] == [b"data"]


def test_a_file_of_nothing_but_chunks_is_walked_to_a_bound(tmp_path: Path) -> None:
    file = tmp_path / "many.wav"
    file.write_bytes(b"RIFF\xff\xff\xff\xffWAVE" + b"junk\0\0\0\0" * (2 * MOST_CHUNKS))
    with file.open("rb") as raw:
        assert len(chunks_of(raw)) == MOST_CHUNKS
