"""Writing through libsndfile, with the file system's error in place of libsndfile's "System error."."""

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import soundfile

from dsp.files.open_sound_file import WRITING

PROBE_BYTES: Final = 1 << 16


def open_for_writing(path: Path, shape: Mapping[str, object]) -> tuple[int, Any]:
    """Create or empty the file at *path*; its descriptor, to be closed by the caller, and libsndfile's handle on it.

    Args:
        path: path of the file.
        shape: rate, channels and format, as ``soundfile.SoundFile`` takes them.

    Raises:
        OSError: the file system refuses.
    """
    descriptor = os.open(path, WRITING, 0o644)
    try:
        with file_system_errors(descriptor):
            return descriptor, soundfile.SoundFile(descriptor, "w", closefd=False, **shape)
    except BaseException:
        os.close(descriptor)
        raise


def close_for_good(descriptor: int, sound: Any) -> None:  # noqa: ANN401 - soundfile ships no types
    """Finish a file and sync it to disk.  Raises: OSError."""
    try:
        with file_system_errors(descriptor):
            sound.close()
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def file_system_errors(descriptor: int) -> Iterator[None]:
    """Raise the file system's own error if libsndfile fails to write to *descriptor*.

    Args:
        descriptor: descriptor of the unfinished file, unusable after a failure: zeros may be appended to it.

    Raises:
        OSError: ``ENOSPC``, ``EDQUOT`` or any other error of one more write; ``EIO`` if that write succeeds.
    """
    try:
        yield
    except (soundfile.LibsndfileError, AssertionError) as error:  # soundfile asserts that every frame was written
        _write_more(descriptor)
        raise OSError(errno.EIO, f"a sound file could not be written ({error})") from error


def _write_more(descriptor: int) -> None:
    end, left = os.fstat(descriptor).st_size, PROBE_BYTES
    while left:
        written = os.pwrite(descriptor, bytes(left), end)
        end, left = end + written, left - written
