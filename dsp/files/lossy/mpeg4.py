"""MPEG-4 sound (AAC, as voice memos and phones write it), decoded by FFmpeg in a process of its own.

An edit list is followed: an encoder's priming is not heard, and the sound begins at its first sample.  A bare AAC
stream (ADTS) has no such list, and begins as late as its encoder did.  At the end a frame may be filled with silence.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from dsp.audio import BLOCK_FRAMES, MAX_CHANNELS, MAX_RATE_HZ, MIN_RATE_HZ, Unsound
from dsp.files.open_sound_file import is_mpeg4, regular_file

DECODER: Final = Path(__file__).with_name("mpeg4_decoder.py")
LONGEST_LINE: Final = 1000
LONGEST_WAIT_S: Final = 60
"""Seconds for the decoder to end once it has given its last sample."""
NOT_DECODED: Final = "it is MPEG-4 sound that is not decoded"


@dataclass(frozen=True, slots=True)
class Mpeg4Sound:
    """An MPEG-4 file that is being decoded."""

    rate: int
    """Hz."""
    channels: int
    codec: str
    """For people, such as ``AAC``."""
    blocks: Iterator[NDArray[np.float32]]
    """The sound, shape (frames, channels) each; raises Unsound where it ends before its end."""


def is_mpeg4_file(path: Path) -> bool:
    """True if *path* is MPEG-4 by its first bytes.  Raises: Unsound; it is no file that this user may read."""
    descriptor = regular_file(path)
    try:
        return is_mpeg4(os.pread(descriptor, 512, 0))
    finally:
        os.close(descriptor)


@contextmanager
def opened_mpeg4(path: Path) -> Iterator[Mpeg4Sound]:
    """Decode *path*; memory does not grow with its length.

    Raises:
        Unsound: it is damaged, of another codec, of more than 24 hours, or refused by the decoder.
    """
    descriptor = regular_file(path)
    try:
        decoder = subprocess.Popen(  # noqa: S603 - our own file, and the descriptor instead of a name
            [sys.executable, "-I", str(DECODER)],
            stdin=descriptor, stdout=subprocess.PIPE, stderr=subprocess.PIPE, close_fds=True,
        )  # fmt: skip
    finally:
        os.close(descriptor)
    with decoder:
        try:
            assert decoder.stdout is not None
            line = decoder.stdout.readline(LONGEST_LINE)
            if not line:
                raise _refusal(decoder)
            said: dict[str, Any] = json.loads(line)
            rate, channels = int(said["rate"]), int(said["channels"])
            _refuse_absurd(rate, channels)
            yield Mpeg4Sound(rate, channels, str(said["codec"]), _blocks(decoder, decoder.stdout, channels))
        finally:
            decoder.kill()


def _refuse_absurd(rate: int, channels: int) -> None:
    if not MIN_RATE_HZ <= rate <= MAX_RATE_HZ or not 1 <= channels <= MAX_CHANNELS:
        raise Unsound(f"it says {rate} Hz and {channels} channels, which cannot be worked with")


def _blocks(decoder: "subprocess.Popen[bytes]", sound: IO[bytes], channels: int) -> Iterator[NDArray[np.float32]]:
    while piece := sound.read(BLOCK_FRAMES * channels * 4):
        yield np.frombuffer(piece[: len(piece) // (4 * channels) * 4 * channels], "<f4").reshape(-1, channels)
    if decoder.wait(LONGEST_WAIT_S):
        raise _refusal(decoder)


def _refusal(decoder: "subprocess.Popen[bytes]") -> Unsound:
    """Reason of a decoder that ended with an error."""
    assert decoder.stderr is not None
    lines = decoder.stderr.read(1 << 16).decode("utf-8", "replace").strip().splitlines()
    code = decoder.wait(LONGEST_WAIT_S)
    reason = lines[-1][:300] if code > 0 and lines else f"the decoder was ended by signal {-code}"
    return Unsound(f"{NOT_DECODED}: {reason}")
