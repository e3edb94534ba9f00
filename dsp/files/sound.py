"""Sound files: inspection, random access reading, and writing of renders."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias

import numpy as np
import soundfile
from numpy.typing import NDArray

from dsp.audio import BLOCK_FRAMES, STEREO, Audio, Printed, Source, Unsound, grid
from dsp.files.extent import extent_of
from dsp.files.metadata.bext import Stamp, read_stamp
from dsp.files.open_sound_file import BITS, WIDE, opened
from dsp.files.pcm import PcmHash
from dsp.files.pcm_reader import PlainSamples
from dsp.files.write_errors import close_for_good, file_system_errors, open_for_writing


@dataclass(frozen=True, slots=True)
class SoundRange:
    """One track of a file: a mono or stereo file is one track; each channel of a larger file is one."""

    first_channel: int
    channels: int
    pcm: str


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Properties of a sound file, after reading every sample."""

    format: str
    """Name in libsndfile: WAV, WAVEX, RF64, W64, AIFF, FLAC or CAF."""
    subtype: str
    """Name in libsndfile, such as PCM_24 or FLOAT."""
    rate: int
    bits: int
    channels: int
    frames: int
    pcm: str
    """pcm hash of all channels together."""
    tracks: tuple[SoundRange, ...]
    stamp: Stamp
    """Recorder metadata; empty if the file has none."""

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.frames / self.rate


Listener: TypeAlias = Callable[[Audio], None]
"""Takes the next block of a file, shape (channels, frames) on the fixed grid."""


def inspect(path: Path, listen: Callable[[int, int, int], Listener] | None = None) -> FileFacts:
    """Read every sample of a file once and return its properties; memory does not grow with its length.

    Args:
        path: of the file.
        listen: called before reading with rate in Hz, channels and frames; returns a function that is called with every
            block, so that a measurement needs no second reading.

    Raises:
        Unsound: the file is missing, empty, truncated or lossy, has an absurd header, or holds NaN or infinity; the
            reason is one sentence without the file's name.
    """
    with opened(path) as file:
        position = os.lseek(file.descriptor, 0, os.SEEK_CUR)  # libsndfile continues reading from there
        with os.fdopen(file.descriptor, "rb", closefd=False) as raw:
            if extent := extent_of(raw):
                extent.refuse()
            stamp = read_stamp(raw)
        os.lseek(file.descriptor, position, os.SEEK_SET)
        sound = file.sound
        heard = listen(sound.samplerate, sound.channels, sound.frames) if listen else None
        pcm, tracks = _hashes(sound, heard)
        facts = {"rate": sound.samplerate, "channels": sound.channels, "frames": sound.frames}
        return FileFacts(
            sound.format, sound.subtype, **facts, bits=BITS[sound.subtype], pcm=pcm, tracks=tracks, stamp=stamp
        )


def track_channels(channels: int) -> list[tuple[int, int]]:
    """The first channel and the number of channels of each track of a file: see :class:`SoundRange`."""
    return [(0, channels)] if channels <= STEREO else [(channel, 1) for channel in range(channels)]


def _hashes(  # soundfile ships no types
    sound: Any,  # noqa: ANN401
    heard: Listener | None,
) -> tuple[str, tuple[SoundRange, ...]]:
    """The pcm hash of the whole file, and of each of its tracks."""
    rate, channels, frames, wide = sound.samplerate, sound.channels, sound.frames, sound.subtype in WIDE
    whole = PcmHash(rate, channels, frames, wide=wide)
    each = [PcmHash(rate, 1, frames, wide=wide) for _ in range(channels)] if channels > STEREO else []
    for start, length in grid(frames):
        block = _read(sound, length, "float64" if wide else "float32")
        _refuse_no_number(block, start, rate)
        whole.add(block)
        for channel, track in enumerate(each):
            track.add(block[:, channel])
        if heard:
            heard(np.ascontiguousarray(block.T, dtype=np.float32))
    pcm = whole.hexdigest()
    cuts = tuple(SoundRange(channel, 1, track.hexdigest()) for channel, track in enumerate(each))
    return pcm, cuts or (SoundRange(0, channels, pcm),)


def _read(sound: Any, frames: int, dtype: str) -> NDArray[Any]:  # noqa: ANN401 - soundfile ships no types
    """The next *frames*, shape (frames, channels)."""
    try:
        block: NDArray[Any] = sound.read(frames, dtype=dtype, always_2d=True)
    except soundfile.LibsndfileError as error:
        raise Unsound(
            f"it is truncated or damaged: {error.error_string.removeprefix('Error : ').rstrip('.')}"
        ) from error
    if len(block) < frames:
        raise Unsound(f"it is truncated: the header promises {sound.frames} frames and the sound ends before")
    return block


def _refuse_no_number(block: NDArray[Any], start: int, rate: int) -> None:
    if not np.isfinite(block).all():
        first = start + int(np.argmin(np.isfinite(block).all(axis=1)))
        raise Unsound(f"it holds NaN or infinity at {first / rate:.3f} s, which is no sound")


class SoundReader:
    """Random access to the channels of a source.  A context manager, for one thread at a time."""

    def __init__(self, source: Source) -> None:
        self.source = source
        with ExitStack() as opening:
            file = opening.enter_context(opened(source.path))
            self._sound, self._plain = file.sound, PlainSamples.of(file)
            self.rate: int = self._sound.samplerate
            self.frames: int = self._sound.frames
            self._wanted = _channels(source, self._sound.channels)
            self.channels = self._wanted.stop - self._wanted.start
            self._open = opening.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; closing again does nothing."""
        self._open.close()

    def read(self, start: int, frames: int = BLOCK_FRAMES) -> Audio:
        """*frames* samples from *start* on, shape (channels, frames), C-contiguous and owned by the caller.

        Frames before the first or after the last one are silent.

        Raises:
            Unsound: the file holds less than its header promises.
        """
        out: Audio = np.zeros((self.channels, frames), np.float32)
        first, last = max(0, start), min(self.frames, start + frames)
        if first < last and self._plain:
            self._plain.read_into(out, slice(first - start, last - start), first, channel=self._wanted.start)
        elif first < last:
            if self._sound.tell() != first:
                self._sound.seek(first)
            block = _read(self._sound, last - first, "float32")
            out[:, first - start : last - start] = block[:, self._wanted].T
        return out

    def blocks(self) -> Iterator[Audio]:
        """All frames on the fixed grid."""
        for start, frames in grid(self.frames):
            yield self.read(start, frames)


def _channels(source: Source, there: int) -> slice:
    last = there if source.channels is None else source.first_channel + source.channels
    if not 0 <= source.first_channel < last <= there:
        raise Unsound(f"{source.path}: channels {source.first_channel + 1} to {last} of a file that has {there}")
    return slice(source.first_channel, last)


class SoundWriter:
    """Writes a render as RF64 of 32-bit float; the bytes depend on the samples alone (no time stamp).

    A context manager: at its end the file is on the disk and :attr:`printed` describes it.  Temporary names and
    renaming are up to the caller.  If the block fails, the unfinished file is left as it is.

    Args:
        path: path of the new file, replaced if it exists.
        rate: Hz.
        channels: at least 1.
        frames: number of frames that will be written; None if unknown (the file is then read again for its hash).
        name: name of the print; by default the file's name without its suffix.
    """

    def __init__(
        self, path: Path, rate: int, channels: int, frames: int | None = None, *, name: str | None = None
    ) -> None:
        self.path, self.rate, self.channels, self.frames = path, rate, channels, frames
        self.name = path.stem if name is None else name
        self.written = 0
        self._printed: Printed | None = None
        self._hash = None if frames is None else PcmHash(rate, channels, frames)
        shape = {"samplerate": rate, "channels": channels, "format": "RF64", "subtype": "FLOAT"}
        self._descriptor, self._sound = open_for_writing(path, shape)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._release()

    def write(self, block: Audio) -> None:
        """Append a block, shape (channels, frames).

        Raises:
            Unsound: a sample is NaN or infinite; none of the block is written.
            OSError: the file system refuses the write, such as a full disk.
        """
        interleaved = np.ascontiguousarray(block.T, dtype=np.float32)
        _refuse_no_number(interleaved, self.written, self.rate)
        with file_system_errors(self._descriptor):
            self._sound.write(interleaved)
        if self._hash is not None:
            self._hash.add(interleaved)
        self.written += len(interleaved)

    def close(self) -> Printed:
        """Finish the file, sync it to disk and describe it; closing again does nothing.

        Raises:
            ValueError: the number of frames written differs from that announced.
        """
        if self._printed is None:
            self._release()
            if self.frames not in {None, self.written}:
                raise ValueError(f"{self.path}: {self.frames} frames were promised, {self.written} were written")
            pcm = inspect(self.path).pcm if self._hash is None else self._hash.hexdigest()
            self._printed = Printed(self.name, self.path, pcm, self.rate, self.written, self.channels)
        return self._printed

    @property
    def printed(self) -> Printed:
        """Description of the written file; available once closed."""
        assert self._printed is not None, "the file is still being written"
        return self._printed

    def _release(self) -> None:
        if not self._sound.closed:
            close_for_good(self._descriptor, self._sound)
