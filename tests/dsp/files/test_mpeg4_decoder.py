"""The decoder of MPEG-4 sound opens nothing but its input, in bounded memory, and takes no shortened file for whole."""

import os
import random
import resource
import struct
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import soundfile

from dsp.audio import Unsound
from dsp.files.lossy import mpeg4_decoder
from dsp.files.lossy.lossy_files import inspect_lossy
from dsp.files.lossy.mpeg4 import DECODER, opened_mpeg4
from dsp.files.lossy.mpeg4_decoder import MOST_BYTES, MOST_SECONDS, REFUSED
from tests.orchestrator.mpeg4_files import mpeg4


def decoded(path: Path, *flags: str) -> "subprocess.CompletedProcess[bytes]":
    """The decoder's own process, as it is run for *path*."""
    with path.open("rb") as file:
        return subprocess.run([sys.executable, *flags, str(DECODER)], stdin=file, capture_output=True, check=False)


def outcome(path: Path) -> tuple[int, str]:
    """Frames of *path*, and why it is refused: one of them is zero or empty."""
    try:
        return inspect_lossy(path)[0].frames, ""
    except Unsound as error:
        return 0, error.reason


def patched(path: Path, box: bytes, content: bytes, *, at: int) -> Path:
    """*path* with *content* over the bytes that lie *at* bytes behind the name of its first *box*."""
    data = bytearray(path.read_bytes())
    place = data.index(box) + len(box) + at
    data[place : place + len(content)] = content
    path.write_bytes(data)
    return path


def test_no_other_codec_or_container_is_decoded(tmp_path: Path) -> None:
    said = decoded(mpeg4(tmp_path / "a.m4a", codec="alac"))
    assert (said.returncode, said.stdout) == (REFUSED, b"")
    soundfile.write(tmp_path / "a.wav", np.zeros(4800), 48_000)
    said = decoded(tmp_path / "a.wav")
    assert (said.returncode, said.stdout) == (REFUSED, b"")


def test_the_options_name_what_may_be_opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opened: list[dict[str, object]] = []
    monkeypatch.setattr("av.open", lambda *_, **how: opened.append(how) or pytest.fail.Exception)
    with (tmp_path / "x").open("w+b") as file, pytest.raises(Exception):  # noqa: B017, PT011 - the stub ends it
        mpeg4_decoder.decode(file, file)
    options = opened[0]["options"]
    assert isinstance(options, dict)
    assert options["protocol_whitelist"] == ""
    assert (options["enable_drefs"], options["use_absolute_path"]) == ("0", "0")
    assert set(options["codec_whitelist"].split(",")) == {"aac", "aac_fixed", "mp3", "mp3float"}
    assert set(options["format_whitelist"].split(",")) <= {"mov", "mp4", "m4a", "3gp", "3g2", "mj2", "aac"}


def test_a_file_that_refers_to_another_gets_nothing_of_it(tmp_path: Path) -> None:
    """The data reference of the track names the file beside it (ISO/IEC 14496-12, 8.7.2), and says so by its flags."""
    other = mpeg4(tmp_path / "secret.m4a")
    sound = other.read_bytes()
    link = bytearray(mpeg4(tmp_path / "memo.m4a").read_bytes())
    place = link.index(b"url ")
    link[place + 7] = 0  # no longer "in this file"
    start = link.index(b"mdat") + 4
    size = struct.unpack(">I", link[start - 8 : start - 4])[0] - 8
    link[start : start + size] = bytes(size)
    (tmp_path / "memo.m4a").write_bytes(link)
    heard = 0.0
    with suppress(Unsound), opened_mpeg4(tmp_path / "memo.m4a") as found:
        heard = max(float(np.abs(block).max(initial=0)) for block in found.blocks)
    assert heard < 0.01
    assert other.read_bytes() == sound


def test_memory_and_processor_time_of_the_decoder_are_bounded() -> None:
    code = (
        f"import runpy, resource; m = runpy.run_path({str(DECODER)!r}); m['_bound']();"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CPU)[0])"
    )
    said = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    space, seconds = map(int, said.stdout.split())
    assert seconds <= MOST_SECONDS
    assert space <= MOST_BYTES or sys.platform == "darwin"
    assert resource.getrlimit(resource.RLIMIT_CPU)[0] != MOST_SECONDS, "of the decoder's process alone"


def test_the_decoder_bounds_itself_before_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    monkeypatch.setattr(mpeg4_decoder, "_bound", lambda: order.append("bound"))
    monkeypatch.setattr(mpeg4_decoder, "decode", lambda *_: order.append("decode"))
    mpeg4_decoder.main()
    assert order == ["bound", "decode"]


def test_sizes_that_no_memory_holds_are_refused_in_one_line(tmp_path: Path) -> None:
    for number, box in enumerate((b"stts", b"stsz", b"stsc", b"stco", b"mdhd", b"moov", b"mdat", b"trak")):
        for content in (b"\xff" * 8, b"\x7f\xff\xff\xff" * 2):
            file = patched(mpeg4(tmp_path / f"{number}.m4a"), box, content, at=4)
            frames, reason = outcome(file)
            assert 47_000 <= frames <= 50_000 or reason.startswith("it is MPEG-4 sound that is not decoded: it ")
            assert "\n" not in reason


def test_forty_damaged_files_end_in_sound_or_a_reason(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - nothing secret
    whole = [mpeg4(tmp_path / "a.m4a").read_bytes(), mpeg4(tmp_path / "a.aac", form="adts").read_bytes()]
    for number in range(40):
        data = bytearray(whole[number % 2])
        for _ in range(chance.choice((1, 4, 30))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        file = tmp_path / "damaged"
        file.write_bytes(data)
        frames, reason = outcome(file)
        assert (frames > 0) != bool(reason)


def test_a_file_that_holds_less_than_it_says_is_not_taken_for_whole(tmp_path: Path) -> None:
    """The table of sample sizes is cut, as in a file of which only the beginning was copied to its end."""
    file = mpeg4(tmp_path / "memo.m4a")
    patched(file, b"stsz", struct.pack(">I", 20), at=8)
    with pytest.raises(Unsound, match=r"it ends after 0\.4 s of the 1\.0 s that it says"):
        inspect_lossy(file)


def test_a_decoder_that_is_ended_is_told_and_leaves_no_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = mpeg4(tmp_path / "memo.m4a")
    ended = tmp_path / "ended.py"
    ended.write_text(
        "import os, signal, sys\n"
        'sys.stdout.write(\'{"rate": 48000, "channels": 1, "codec": "AAC"}\\n\' + \'x\' * 4000)\n'
        "sys.stdout.flush()\nos.kill(os.getpid(), signal.SIGXCPU)\n"
    )
    monkeypatch.setattr("dsp.files.lossy.mpeg4.DECODER", ended)
    with pytest.raises(Unsound, match="the decoder was ended by signal 24"):
        inspect_lossy(file)
    ended.write_text('print(\'{"rate": 5, "channels": 1, "codec": "AAC"}\', flush=True)\n')
    with pytest.raises(Unsound, match="5 Hz and 1 channels, which cannot be worked with"):
        inspect_lossy(file)
    ended.write_text(
        'import os, sys, time\nprint(\'{"rate": 48000, "channels": 1, "codec": "%d"}\' % os.getpid(), flush=True)\n'
        "while True: sys.stdout.write('x' * 4096)\n"
    )
    with opened_mpeg4(file) as sound:
        process = int(sound.codec)
        next(sound.blocks)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
