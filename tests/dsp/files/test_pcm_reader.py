"""Raw bytes read as samples: equal to libsndfile's, or left to libsndfile."""

import os
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from dsp.audio import Source, Unsound
from dsp.files.open_sound_file import opened
from dsp.files.pcm_reader import MOST_FRAMES, PlainSamples
from dsp.files.sound import SoundReader

RATE = 48_000
FRAMES = MOST_FRAMES + 777


def written(path: Path, container: str, subtype: str, channels: int, endian: str = "FILE") -> Path:
    sound = np.random.default_rng(channels).uniform(-1, 1, (FRAMES, channels))
    sound[:4] = [[-1.0] * channels, [1.0] * channels, [0.0] * channels, [-(2.0**-23)] * channels]
    soundfile.write(path, sound, RATE, format=container, subtype=subtype, endian=endian)
    return path


def is_plain(path: Path) -> bool:
    with opened(path) as file:
        return PlainSamples.of(file) is not None


def reads_as_libsndfile_does(path: Path) -> None:
    expected = soundfile.read(path, dtype="float32", always_2d=True)[0].T
    with SoundReader(Source(path)) as whole, SoundReader(Source(path, len(expected) - 1, 1)) as last:
        np.testing.assert_array_equal(whole.read(0, expected.shape[1]), expected)
        for start, frames in ((0, 1), (1, 70), (MOST_FRAMES - 3, 9), (FRAMES - 5, 9), (-4, 9), (-9, FRAMES + 20)):
            there = np.pad(expected, ((0, 0), (max(0, -start), frames)))[:, max(0, start) :][:, :frames]
            np.testing.assert_array_equal(whole.read(start, frames), there)
            np.testing.assert_array_equal(last.read(start, frames), there[-1:])


@pytest.mark.parametrize("channels", [1, 2, 7])
@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
@pytest.mark.parametrize("container", ["WAV", "WAVEX", "RF64"])
def test_a_plain_file_gives_the_samples_that_libsndfile_gives(
    tmp_path: Path, container: str, subtype: str, channels: int
) -> None:
    path = written(tmp_path / "take.wav", container, subtype, channels)
    assert is_plain(path)
    reads_as_libsndfile_does(path)


OTHERS = [("WAV", "PCM_32"), ("WAV", "DOUBLE"), ("WAV", "PCM_U8"), ("AIFF", "PCM_24"), ("FLAC", "PCM_24"),
          ("CAF", "PCM_16"), ("W64", "PCM_24")]  # fmt: skip


@pytest.mark.parametrize(("container", "subtype"), OTHERS)
def test_any_other_file_is_left_to_libsndfile(tmp_path: Path, container: str, subtype: str) -> None:
    path = written(tmp_path / "take", container, subtype, 2)
    assert not is_plain(path)
    reads_as_libsndfile_does(path)


def test_a_big_endian_file_is_left_to_libsndfile(tmp_path: Path) -> None:
    path = written(tmp_path / "take.wav", "WAV", "PCM_24", 2, endian="BIG")
    assert path.read_bytes()[:4] == b"RIFX"
    assert not is_plain(path)
    reads_as_libsndfile_does(path)


def changed(path: Path, at: int, layout: str, value: int) -> None:
    raw = bytearray(path.read_bytes())
    struct.pack_into(layout, raw, at, value)
    path.write_bytes(raw)


def data_at(path: Path) -> int:
    return path.read_bytes().index(b"data")


ID3 = b"ID3\x04\0\0\0\0\0\x0a" + bytes(10)
HEADERS: list[tuple[str, Callable[[Path], None]]] = [
    ("it promises more than there is", lambda path: changed(path, data_at(path) + 4, "<I", 1 << 30)),
    ("it does not say how much there is", lambda path: changed(path, data_at(path) + 4, "<I", 0xFFFF_FFFF)),
    ("it says there is nothing", lambda path: changed(path, data_at(path) + 4, "<I", 0)),
    ("its frames have another size", lambda path: changed(path, 32, "<H", 8)),
    ("its sound comes twice", lambda path: path.write_bytes(path.read_bytes() + b"data" + bytes(8))),
    ("something stands before it", lambda path: path.write_bytes(ID3 + path.read_bytes())),
]  # fmt: skip


@pytest.mark.parametrize(("header", "make"), HEADERS, ids=[header for header, _ in HEADERS])
def test_where_the_header_is_odd_libsndfile_has_the_word(
    tmp_path: Path, header: str, make: Callable[[Path], None]
) -> None:
    path = written(tmp_path / "take.wav", "WAV", "PCM_24", 2)
    make(path)
    try:
        with opened(path) as file:
            frames = file.sound.frames
    except Unsound:
        return  # the file is refused on opening
    expected = soundfile.read(path, dtype="float32", always_2d=True)[0].T
    with SoundReader(Source(path)) as reader:
        assert reader.frames == frames, header
        np.testing.assert_array_equal(reader.read(0, expected.shape[1]), expected)


def test_a_file_that_shrinks_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "take.wav", "WAV", "PCM_24", 2)
    with SoundReader(Source(path)) as reader:
        reader.read(0, 10)
        os.truncate(path, 1000)
        with pytest.raises(Unsound, match="truncated"):
            reader.read(500, 10)
