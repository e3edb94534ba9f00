"""Sound files: accepted and refused files with their reasons, reading and writing."""

import os
import struct
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import soundfile

from dsp.audio import BLOCK_FRAMES, Audio, Source, Unsound
from dsp.files.sound import SoundReader, SoundWriter, inspect

RATE = 48_000


def noise(channels: int, frames: int, seed: int = 1) -> Audio:
    return np.random.default_rng(seed).uniform(-0.9, 0.9, (channels, frames)).astype(np.float32)


def write(path: Path, block: Audio, subtype: str = "FLOAT", container: str | None = None) -> Path:
    soundfile.write(path, block.T, RATE, subtype=subtype, format=container)
    return path


def test_a_file_is_described_by_its_samples(tmp_path: Path) -> None:
    facts = inspect(write(tmp_path / "take.wav", noise(2, 1000), "PCM_24"))
    assert (facts.rate, facts.bits, facts.channels, facts.frames) == (RATE, 24, 2, 1000)
    assert [(cut.first_channel, cut.channels, cut.pcm) for cut in facts.tracks] == [(0, 2, facts.pcm)]


def test_each_channel_of_a_poly_file_is_a_track_with_the_hash_it_has_as_a_mono_file(tmp_path: Path) -> None:
    poly = noise(16, 1000)
    facts = inspect(write(tmp_path / "poly.wav", poly))
    alone = [inspect(write(tmp_path / f"{n}.wav", poly[n : n + 1])).pcm for n in range(16)]
    assert [cut.pcm for cut in facts.tracks] == alone


def truncated_wav(path: Path) -> None:
    write(path, noise(2, 5000))
    path.write_bytes(path.read_bytes()[:-4000])


def truncated_flac(path: Path) -> None:
    write(path, noise(2, 50_000), "PCM_16", "FLAC")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 20])


def truncated_rf64(path: Path) -> None:
    write(path, noise(2, 5000), "FLOAT", "RF64")
    path.write_bytes(path.read_bytes()[:-4])


def truncated_aiff(path: Path) -> None:
    write(path, noise(2, 5000), "PCM_24", "AIFF")
    path.write_bytes(path.read_bytes()[:-600])


def never_closed(path: Path) -> None:
    write(path, noise(1, 100), "PCM_16")
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"data") + 4 : raw.index(b"data") + 8] = b"\xff\xff\xff\xff"
    path.write_bytes(raw)


def not_a_number(path: Path) -> None:
    block = noise(2, BLOCK_FRAMES + 48_000)
    block[1, 48_000] = np.nan
    write(path, block)


def infinite(path: Path) -> None:
    write(path, np.array([[0, np.inf, 0]], np.float32))


def absurd_rate(path: Path) -> None:
    soundfile.write(path, np.zeros(10), 7_000)


def too_many_channels(path: Path) -> None:
    write(path, np.zeros((65, 10), np.float32))


def a_loop(path: Path) -> None:
    path.symlink_to(path)


def a_lossy_file(path: Path) -> None:
    write(path, noise(2, 4000), "VORBIS", "OGG")


def a_law(path: Path) -> None:
    write(path, noise(1, 4000), "ULAW", "WAV")


HOSTILE: list[tuple[Callable[[Path], object], str]] = [
    (lambda path: path.write_bytes(b""), "empty"),
    (lambda path: path.write_text("this is not audio\n"), "text"),
    (lambda path: path.write_bytes(bytes(range(256)) * 9), "not sound that can be read"),
    (lambda path: path.write_bytes(b"RIFF\xff\xff\xff\xffWAVEfmt "), "not sound that can be read"),
    (lambda path: path.write_bytes(b"MThd" + bytes(10)), "MIDI"),
    (lambda path: write(path, np.zeros((1, 0), np.float32)), "length is zero"),
    (lambda path: path.mkdir(), "folder"),
    (os.mkfifo, "pipe"),
    (lambda _path: None, "no such file"),
    (a_loop, "leads to itself"),
    (truncated_wav, "truncated"),
    (truncated_flac, "truncated"),
    (truncated_rf64, "truncated"),
    (truncated_aiff, "truncated"),
    (never_closed, "never closed: 200 bytes of sound"),
    (not_a_number, r"NaN or infinity at 1\.000 s"),
    (infinite, "NaN or infinity"),
    (absurd_rate, "7000 Hz"),
    (too_many_channels, "65 channels"),
    (a_lossy_file, "lossy"),
    (a_law, "lossy"),
    (lambda path: write(path, noise(2, 4000), "ALAC_16", "CAF"), "Apple Lossless"),
]


@pytest.mark.parametrize(("make", "sentence"), HOSTILE, ids=[f"{n}-{what}" for n, (_, what) in enumerate(HOSTILE)])
def test_what_is_not_sound_is_refused_in_one_sentence(
    tmp_path: Path, make: Callable[[Path], object], sentence: str
) -> None:
    path = tmp_path / "take.wav"
    make(path)
    with pytest.raises(Unsound, match=sentence) as refusal:
        inspect(path)
    assert "\n" not in refusal.value.reason
    assert str(tmp_path) not in refusal.value.reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_this_user_may_not_read_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "take.wav", noise(1, 10))
    path.chmod(0)
    with pytest.raises(Unsound, match="may not read"):
        inspect(path)


@pytest.mark.parametrize("cut", [0.02, 0.3, 0.7, 0.99])
def test_a_flac_cut_anywhere_is_truncated(tmp_path: Path, cut: float) -> None:
    path = write(tmp_path / "take.flac", noise(2, 60_000), "PCM_24")
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * cut)])
    with pytest.raises(Unsound, match=r"truncated|not sound"):
        inspect(path)


def test_reading_gives_the_exact_samples_wherever_one_begins_and_silence_outside(tmp_path: Path) -> None:
    there = noise(3, 3000)
    path = write(tmp_path / "take.wav", there)
    with SoundReader(Source(path)) as whole, SoundReader(Source(path, 1, 2)) as pair:
        np.testing.assert_array_equal(whole.read(500, 100), there[:, 500:600])
        np.testing.assert_array_equal(pair.read(20, 30), there[1:, 20:50])
        np.testing.assert_array_equal(whole.read(-5, 10), np.pad(there[:, :5], ((0, 0), (5, 0))))
        np.testing.assert_array_equal(whole.read(2995, 10), np.pad(there[:, 2995:], ((0, 0), (0, 5))))
        assert not whole.read(9000, 4).any()
        assert whole.read(0, 8).flags.c_contiguous


def test_a_source_that_means_channels_the_file_lacks_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "take.wav", noise(2, 10))
    for source in (Source(path, 2), Source(path, 1, 2), Source(path, -1)):
        with pytest.raises(Unsound, match="channels"):
            SoundReader(source)


def test_a_written_file_holds_the_samples_and_its_hash_is_what_reading_finds(tmp_path: Path) -> None:
    block = noise(2, BLOCK_FRAMES + 7)
    with SoundWriter(tmp_path / "a.wav", RATE, 2, block.shape[1]) as known:
        known.write(block[:, :100])
        known.write(block[:, 100:])
    with SoundWriter(tmp_path / "b.wav", RATE, 2, name="main") as unknown:
        unknown.write(block)
    facts = inspect(tmp_path / "a.wav")
    assert (facts.format, facts.subtype, facts.pcm) == ("RF64", "FLOAT", known.printed.pcm)
    assert unknown.printed.pcm == known.printed.pcm
    assert (known.printed.name, unknown.printed.name) == ("a", "main")
    np.testing.assert_array_equal(soundfile.read(tmp_path / "a.wav", dtype="float32")[0].T, block)


def test_the_same_samples_give_the_same_bytes_whenever_they_are_written(tmp_path: Path) -> None:
    block = noise(2, 1000)
    digests = set()
    for name in ("a.wav", "b.wav"):
        with SoundWriter(tmp_path / name, RATE, 2, 1000) as writer:
            writer.write(block)
        os.utime(tmp_path / name, (0, 0))
        digests.add(sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1
    assert b"PEAK" not in (tmp_path / "a.wav").read_bytes()[:200]  # libsndfile stamps that chunk with the time


def test_a_render_that_holds_no_number_is_stopped_where_it_was_written(tmp_path: Path) -> None:
    with pytest.raises(Unsound, match="NaN"), SoundWriter(tmp_path / "a.wav", RATE, 1, 2) as writer:
        writer.write(np.array([[0, np.nan]], np.float32))


def test_another_length_than_promised_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="promised"), SoundWriter(tmp_path / "a.wav", RATE, 1, 3) as writer:
        writer.write(noise(1, 2))


def test_a_header_of_64_bits_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "long.rf64"
    with SoundWriter(path, RATE, 1, 1000) as writer:
        writer.write(noise(1, 1000))
    raw = path.read_bytes()
    assert raw[:4] == b"RF64"
    riff, data, frames = struct.unpack_from("<QQQ", raw, 20)
    assert (riff, data, frames) == (len(raw) - 8, 4000, 1000)
    assert inspect(path).frames == 1000
