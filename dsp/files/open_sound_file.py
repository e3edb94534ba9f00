"""Opening a lossless sound file, or refusing it with a one-sentence reason."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import soundfile

from dsp.audio import MAX_CHANNELS, MAX_RATE_HZ, MIN_RATE_HZ, Unsound
from dsp.files.extent import extent_of
from dsp.files.variants import variant_of

FORMATS = {"WAV", "WAVEX", "RF64", "W64", "AIFF", "FLAC", "CAF"}
INTEGERS = {"PCM_S8": 8, "PCM_U8": 8, "PCM_16": 16, "PCM_24": 24, "PCM_32": 32}
FLOATS = {"FLOAT": 32, "DOUBLE": 64}
BITS = INTEGERS | FLOATS
WIDE = {"PCM_32", "DOUBLE"}
"""Subtypes whose samples float32 cannot hold exactly."""

WRITING = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
"""Flags for opening a render; symbolic links are not followed."""

LOSSY_FORMATS = {"MP3", "OGG"}
LOSSY_SUBTYPES = {"ALAW", "ULAW", "IMA_ADPCM", "MS_ADPCM", "G721_32", "GSM610", "MPEG_LAYER_III", "VORBIS", "OPUS"}
"""Subtypes that libsndfile decodes, and that leave out some of what the microphone gave."""
LOSSY_HEADS = {b"ID3": "MP3", b"\xff\xfb": "MP3", b"\xff\xf3": "MP3", b"\xff\xfa": "MP3", b"OggS": "Ogg"}
ADTS = {b"\xff\xf1", b"\xff\xf9", b"\xff\xf0", b"\xff\xf8"}
"""First bytes of a frame of a bare AAC stream (ISO/IEC 13818-7, 6.2)."""
WELCOME = "WAV, RF64, W64, AIFF, FLAC or CAF"

REASONS = {
    errno.ENOENT: "there is no such file",
    errno.ENOTDIR: "there is no such file",
    errno.ELOOP: "its symbolic link leads to itself",
    errno.EACCES: "this user may not read it",
    errno.EPERM: "this user may not read it",
    errno.ENAMETOOLONG: "its name is too long for this file system",
}


class NotLossy(Unsound):
    """Error: a file that was to be decoded holds its samples as they are."""


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A regular file: its descriptor, and libsndfile's handle on it (``soundfile.SoundFile``)."""

    descriptor: int
    sound: Any


@contextmanager
def opened(path: Path) -> Iterator[OpenFile]:
    """Open a lossless sound file for reading; pipes, devices and folders are never opened.

    Raises:
        Unsound: the file is no lossless sound file, cannot be read by this user, or has absurd values in its header.
    """
    descriptor = regular_file(path)
    try:
        with _sound(descriptor) as sound:
            _refuse_absurd(sound, descriptor)
            yield OpenFile(descriptor, sound)
    finally:
        os.close(descriptor)


@contextmanager
def opened_lossy(path: Path) -> Iterator[OpenFile]:
    """Open a lossy sound file for decoding.

    Raises:
        Unsound: the file cannot be read or decoded, has absurd values in its header, or is not lossy.
    """
    descriptor = regular_file(path)
    try:
        with _sound(descriptor) as sound:
            if sound.format not in LOSSY_FORMATS and sound.subtype not in LOSSY_SUBTYPES:
                raise NotLossy("it is not lossy")
            _refuse_size(sound, descriptor)
            yield OpenFile(descriptor, sound)
    finally:
        os.close(descriptor)


def codec_of(sound: Any) -> str:  # noqa: ANN401 - soundfile ships no types
    """Name of a lossy codec for people, such as ``MP3`` or ``OGG VORBIS``."""
    return str(sound.format) if sound.format == "MP3" else f"{sound.format} {sound.subtype}"


def regular_file(path: Path) -> int:
    """Descriptor of a regular file, opened for reading.  Raises: Unsound; it is none, or this user may not read it."""
    if "\0" in str(path):
        raise Unsound(REASONS[errno.ENOENT])
    try:
        _refuse_irregular(path.stat().st_mode)
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        reason = REASONS.get(error.errno or 0, f"it cannot be opened ({error.strerror})")
        raise Unsound(reason) from error
    try:
        _refuse_irregular(os.fstat(descriptor).st_mode)  # the path may have been replaced since
    except Unsound:
        os.close(descriptor)
        raise
    return descriptor


def _refuse_irregular(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise Unsound("it is a folder")
    if not stat.S_ISREG(mode):
        raise Unsound("it is a pipe, a socket or a device, not a file")


def _sound(descriptor: int) -> Any:  # noqa: ANN401 - soundfile ships no types
    try:
        return soundfile.SoundFile(descriptor, closefd=False)
    except soundfile.LibsndfileError as error:
        raise Unsound(_what_else(descriptor)) from error


def _what_else(descriptor: int) -> str:
    """The reason for refusing a file that libsndfile cannot open."""
    if os.fstat(descriptor).st_size == 0:
        return "it is empty"
    head = os.pread(descriptor, 512, 0)
    if head.startswith(b"MThd") or (head[:4], head[8:12]) == (b"RIFF", b"RMID"):
        return "it is MIDI: notes, not sound; named by itself to `take ingest` it is a take of its own"
    if head.startswith(tuple(LOSSY_HEADS)):
        return "it is MP3 or Ogg that cannot be decoded, with --lossy neither: it is damaged, or not what its name says"
    if is_mpeg4(head):
        return _lossy("MPEG-4 sound, such as AAC")
    if head.isascii() and not any(byte < ord("\t") for byte in head):
        return "it is text, not sound"
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        return variant_of(file) or f"it is not sound that can be read: give {WELCOME}"


def is_mpeg4(head: bytes) -> bool:
    """True if a file that begins with *head* is MPEG-4 (ISO/IEC 14496-12, ``ftyp``), or a bare AAC stream (ADTS)."""
    return head[4:8] == b"ftyp" or head[:2] in ADTS


def _refuse_unclosed(descriptor: int) -> None:
    """Raises: Unsound; sound lies behind a header that says that there is none."""
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        if extent := extent_of(file):
            extent.refuse()


def _lossy(what: str) -> str:
    return (
        f"it is lossy ({what}): a tape library takes what the microphone gave, so give {WELCOME}; "
        "--lossy takes it all the same, and keeps the file"
    )


def _refuse_absurd(sound: Any, descriptor: int) -> None:  # noqa: ANN401 - soundfile ships no types
    if sound.subtype.startswith("ALAC"):  # libsndfile 1.2.2 does not decode loud 24-bit noise correctly
        raise Unsound("it is Apple Lossless, which cannot be read reliably here; convert it to FLAC or WAV")
    if sound.format in LOSSY_FORMATS or sound.subtype not in BITS:
        raise Unsound(_lossy(codec_of(sound)))
    if sound.format not in FORMATS:
        raise Unsound(f"{sound.format} is not a format this library takes: give {WELCOME}")
    _refuse_size(sound, descriptor)


def _refuse_size(sound: Any, descriptor: int) -> None:  # noqa: ANN401 - soundfile ships no types
    if not MIN_RATE_HZ <= sound.samplerate <= MAX_RATE_HZ:
        raise Unsound(f"its header says {sound.samplerate} Hz; {MIN_RATE_HZ} to {MAX_RATE_HZ} Hz can be worked with")
    if not 1 <= sound.channels <= MAX_CHANNELS:
        raise Unsound(f"its header says {sound.channels} channels; up to {MAX_CHANNELS} can be worked with")
    if sound.frames <= 0:
        _refuse_unclosed(descriptor)
        raise Unsound("it holds no sound: its length is zero")
