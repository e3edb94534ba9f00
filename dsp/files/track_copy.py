"""Copy of one track of a file of several: a WAV with its channels alone, every sample as it was stored."""

from pathlib import Path
from typing import Final

import numpy as np

from dsp.audio import Source, grid
from dsp.files.open_sound_file import FLOATS, opened
from dsp.files.write_errors import close_for_good, file_system_errors, open_for_writing

LONGEST_WAV_BYTES: Final = 2**32 - 2**20
"""Sample bytes above which the copy is an RF64 (EBU Tech 3306), with room for chunks of metadata below 4 GiB."""
BYTES: Final = {"PCM_16": 2, "PCM_24": 3, "PCM_32": 4}


def is_part_of_file(source: Source) -> bool:
    """True if the file of *source* has more channels than *source* names.  Raises: Unsound; it cannot be read."""
    with opened(source.path) as file:
        return source.channels is not None and source.channels < int(file.sound.channels)


def copy_track(source: Source, path: Path, *, length: int | None = None) -> None:
    """Write the channels of *source* alone into the new file *path*, with the sample format they are stored in.

    Integers become a WAV; floats become an RF64, whose bytes depend on the samples alone.

    Args:
        source: channels of a file.
        path: path of the new file.
        length: frames of the copy, which ends in silence if the source is shorter and is cut if it is longer; None for
            those of the source.

    Raises:
        Unsound: the file cannot be read.
        OSError: the file system refuses the write.
    """
    with opened(source.path) as file:
        sound, first = file.sound, source.first_channel
        channels = source.channels or sound.channels
        subtype = "PCM_U8" if sound.subtype == "PCM_S8" else sound.subtype
        is_float = subtype in FLOATS
        length = sound.frames if length is None else length
        size = length * channels * BYTES.get(subtype, 1)
        form = "RF64" if is_float or size > LONGEST_WAV_BYTES else "WAV"
        shape = {"samplerate": sound.samplerate, "channels": channels, "format": form, "subtype": subtype}
        descriptor, out = open_for_writing(path, shape)
        try:
            for _, frames in grid(length):
                block = sound.read(frames, dtype="float64" if is_float else "int32", always_2d=True)
                missing = frames - len(block)
                with file_system_errors(descriptor):
                    out.write(np.pad(block[:, first : first + channels], ((0, missing), (0, 0))))
        finally:
            close_for_good(descriptor, out)
