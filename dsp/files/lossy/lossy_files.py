"""Lossy files (MP3, Ogg, AAC, A-law and the like): what they hold, and their decoding into a lossless file."""

from pathlib import Path

import numpy as np

from dsp.audio import BLOCK_FRAMES, STEREO, Printed, Unsound
from dsp.files.lossy.mpeg4 import is_mpeg4_file, opened_mpeg4
from dsp.files.metadata.bext import Stamp
from dsp.files.open_sound_file import codec_of, opened_lossy
from dsp.files.sound import FileFacts, SoundRange, SoundWriter

DECODED_BITS = 32
"""Bit depth of what a decoder gives."""


def inspect_lossy(path: Path) -> tuple[FileFacts, str]:
    """Decode a file to its end: its facts, without hashes, and the name of its codec.

    Raises:
        Unsound: it is not lossy, cannot be decoded, or has more than two channels.
    """
    if is_mpeg4_file(path):
        return _inspect_mpeg4(path)
    with opened_lossy(path) as file:
        sound, frames = file.sound, 0
        if sound.channels > STEREO:
            raise Unsound(f"it is a lossy file of {sound.channels} channels; up to {STEREO} are taken")
        while read := len(sound.read(BLOCK_FRAMES, dtype="float32", always_2d=True)):
            frames += read
        if not frames:
            raise Unsound("it holds no sound: its length is zero")
        facts = FileFacts(
            sound.format, sound.subtype, sound.samplerate, DECODED_BITS, sound.channels, frames, pcm="",
            tracks=(SoundRange(0, sound.channels, ""),), stamp=Stamp(),
        )  # fmt: skip
        return facts, codec_of(sound)


def _inspect_mpeg4(path: Path) -> tuple[FileFacts, str]:
    with opened_mpeg4(path) as sound:
        if sound.channels > STEREO:
            raise Unsound(f"it is a lossy file of {sound.channels} channels; up to {STEREO} are taken")
        frames = sum(len(block) for block in sound.blocks)
        facts = FileFacts(
            "MPEG-4", sound.codec, sound.rate, DECODED_BITS, sound.channels, frames, pcm="",
            tracks=(SoundRange(0, sound.channels, ""),), stamp=Stamp(),
        )  # fmt: skip
        return facts, sound.codec


def decode(path: Path, copy: Path) -> Printed:
    """Write the sound of a lossy file to *copy*, RF64 of 32-bit float.

    Raises:
        Unsound: as :func:`inspect_lossy`; also a sample that is no number.
    """
    facts, _ = inspect_lossy(path)
    if is_mpeg4_file(path):
        with opened_mpeg4(path) as sound, SoundWriter(copy, facts.rate, facts.channels, facts.frames) as writer:
            for samples in sound.blocks:
                writer.write(np.ascontiguousarray(samples.T))
        return writer.printed
    with opened_lossy(path) as file, SoundWriter(copy, facts.rate, facts.channels, facts.frames) as writer:
        while len(block := file.sound.read(BLOCK_FRAMES, dtype="float32", always_2d=True)):
            writer.write(np.ascontiguousarray(block.T))
    return writer.printed
