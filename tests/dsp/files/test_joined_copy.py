"""Joined copies: the samples of all pieces, in RIFF sizes that hold them, with memory that does not grow."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from dsp.audio import Unsound
from dsp.files.joined_copy import joined_copy
from dsp.files.sound import inspect
from tests.orchestrator.chunked_files import bext, chunk, fmt, pcm, riff


def piece(path: Path, *, frames: int = 4800, bits: int = 16, said: int | None = None) -> Path:
    content = pcm(220, frames) if bits == 16 else bytes(frames * bits // 8)
    path.write_bytes(riff(bext(reference=7), fmt(bits=bits), chunk(b"data", content, size=said)))
    return path


def test_the_copy_holds_the_samples_in_order_and_the_stamp_of_the_first(tmp_path: Path) -> None:
    parts = [piece(tmp_path / f"{number}.wav", frames=1001, bits=24) for number in (1, 2, 3)]
    (tmp_path / "all.wav").write_bytes(b"".join(joined_copy(parts)))
    facts = inspect(tmp_path / "all.wav")
    assert (facts.frames, facts.subtype, facts.stamp.time_reference) == (3003, "PCM_24", 7)
    assert b"".join(joined_copy(parts)) == (tmp_path / "all.wav").read_bytes()


def test_beyond_four_gibibytes_it_is_an_rf64_and_no_piece_of_it_is_large(tmp_path: Path) -> None:
    size = 3 << 30
    parts = [piece(tmp_path / f"{number}.wav", frames=0, said=size) for number in (1, 2)]
    for part in parts:
        with part.open("r+b") as file:
            file.truncate(part.stat().st_size + size)  # a hole: it takes no space on the disk
    written: Iterator[bytes] = joined_copy(parts)
    first = list(islice(written, 12))
    head = b"".join(first[:2])
    assert head[:4] == b"RF64"
    assert int.from_bytes(head[28:36], "little") == 2 * size
    assert head.endswith(b"data\xff\xff\xff\xff")
    assert max(map(len, first)) <= 1 << 20


def test_pieces_of_other_formats_and_unclosed_ones_are_refused(tmp_path: Path) -> None:
    first = piece(tmp_path / "1.wav")
    with pytest.raises(Unsound, match="another sample format"):
        b"".join(joined_copy([first, piece(tmp_path / "2.wav", bits=24)]))
    with pytest.raises(Unsound, match="never closed"):
        b"".join(joined_copy([first, piece(tmp_path / "3.wav", said=0)]))


def test_an_odd_number_of_bytes_has_its_pad_byte_and_another_subformat_is_refused(tmp_path: Path) -> None:
    parts = [piece(tmp_path / f"{number}.wav", frames=number, bits=24) for number in (1, 2, 4)]
    whole = b"".join(joined_copy(parts))
    assert int.from_bytes(whole[4:8], "little") + 8 == len(whole)
    assert whole[-1] == 0
    paths = [tmp_path / "pcm.wav", tmp_path / "float.wav"]
    for path, guid in zip(paths, (1, 3), strict=True):
        subformat = bytes([guid]) + bytes.fromhex("000000000010008000 00aa00389b71")
        path.write_bytes(riff(fmt(bits=32, guid=subformat), chunk(b"data", bytes(400))))
    with pytest.raises(Unsound, match="another sample format"):
        b"".join(joined_copy(paths))
