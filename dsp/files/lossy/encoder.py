"""Encoder of files for listeners: AAC (m4a), MP3, FLAC and WAV with tags.

Equal samples and tags give equal bytes with one build of FFmpeg: no time stamp and no name of an encoder is written.
Without FFmpeg, or an encoder of it, FLAC and WAV are written by libsndfile.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import soundfile

from dsp.audio import STEREO, Audio, Unsound
from dsp.files.resample import resample, resampled_frames

ListenerFormat = Literal["m4a", "mp3", "flac", "wav"]


@dataclass(frozen=True, slots=True)
class Encoding:
    """How FFmpeg writes a format."""

    codec: str
    container: str
    rates: tuple[int, ...] = ()
    """Hz that are written as they are, ascending; empty for all.  Others become the highest one that divides well."""
    bits_per_second: int | None = None


ENCODINGS: Final[Mapping[ListenerFormat, Encoding]] = {
    "m4a": Encoding("aac", "ipod", (44_100, 48_000), 256_000),
    "mp3": Encoding("libmp3lame", "mp3", (44_100, 48_000), 320_000),
    "flac": Encoding("flac", "flac"),
    "wav": Encoding("pcm_s24le", "wav"),
}
LOSSLESS: Final[frozenset[ListenerFormat]] = frozenset({"flac", "wav"})
FULL_SCALE: Final = 1 << 23
"""Of 24 bits."""


@dataclass(frozen=True, slots=True)
class EncodedFile:
    """A file for listeners as it was written."""

    rate: int
    """Hz."""
    frames: int
    channels: int


def can_encode(format: ListenerFormat) -> bool:  # noqa: A002 - the word of the command
    """True if this machine writes *format*."""
    return format in LOSSLESS or _has_codec(ENCODINGS[format].codec)


def _has_codec(name: str) -> bool:
    if find_spec("av") is None:
        return False
    import av

    try:
        av.Codec(name, "w")
    except (av.FFmpegError, ValueError):
        return False
    return True


def listener_rate(format: ListenerFormat, rate: int) -> int:  # noqa: A002 - the word of the command
    """Rate in Hz at which a sound of *rate* is written: its own if the format has it, else 44.1 or 48 kHz."""
    rates = ENCODINGS[format].rates
    if not rates or rate in rates:
        return rate
    return 44_100 if rate % 11_025 == 0 else 48_000


def encode(
    blocks: Iterable[Audio], path: Path, *, format: ListenerFormat, rate: int, frames: int, channels: int,  # noqa: A002 - the word of the command
    tags: Mapping[str, str],
) -> EncodedFile:  # fmt: skip
    """Write the signal in *blocks* to *path*.

    Args:
        blocks: shape (channels, frames) each, *frames* in total.
        path: a new file.
        format: one that :func:`can_encode` says is written.
        rate: Hz of the blocks.
        frames: total number of frames.
        channels: 1 or 2.
        tags: title, artist, album, date and comment.

    Raises:
        Unsound: it has more than two channels, or no frames.
    """
    if not 0 < channels <= STEREO or not frames:
        raise Unsound(f"a file for listeners has one or two channels and some length, not {channels} and {frames}")
    to_rate = listener_rate(format, rate)
    heard = resample(blocks, frames, rate, to_rate)
    encoding = ENCODINGS[format]
    if _has_codec(encoding.codec):
        _with_ffmpeg(heard, path, encoding, rate=to_rate, channels=channels, tags=tags, lossless=format in LOSSLESS)
    else:
        _with_libsndfile(heard, path, format.upper(), rate=to_rate, channels=channels, tags=tags)
    return EncodedFile(to_rate, resampled_frames(frames, rate, to_rate), channels)


def _with_ffmpeg(
    blocks: Iterable[Audio], path: Path, encoding: Encoding, *, rate: int, channels: int, tags: Mapping[str, str],
    lossless: bool,
) -> None:  # fmt: skip
    import av
    from av.codec.context import Flags

    layout = "stereo" if channels == STEREO else "mono"
    with av.open(str(path), "w", format=encoding.container, options={"fflags": "+bitexact"}) as container:
        container.metadata.update(tags)
        stream: Any = container.add_stream(encoding.codec, rate=rate)
        stream.layout = layout
        stream.codec_context.flags |= Flags.bitexact.value
        if encoding.bits_per_second:
            stream.bit_rate = encoding.bits_per_second * channels // STEREO
        if lossless:
            stream.format = "s32"
        for frame in _frames(blocks, rate, layout, lossless=lossless):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _frames(blocks: Iterable[Audio], rate: int, layout: str, *, lossless: bool) -> Iterator[Any]:
    import av

    position = 0
    for block in blocks:
        if not block.shape[1]:
            continue
        if lossless:
            packed = np.ascontiguousarray((_quantised(block) << 8).T).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(packed, format="s32", layout=layout)
        else:
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), format="fltp", layout=layout)
        frame.sample_rate, frame.pts = rate, position
        position += block.shape[1]
        yield frame


def _quantised(block: Audio) -> np.ndarray[Any, np.dtype[np.int32]]:
    """*block* in 24 bits, rounded to the nearest; what exceeds full scale is clipped."""
    return np.clip(np.rint(block.astype(np.float64) * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype(np.int32)


def _with_libsndfile(
    blocks: Iterable[Audio], path: Path, container: str, *, rate: int, channels: int, tags: Mapping[str, str]
) -> None:
    with soundfile.SoundFile(path, "w", rate, channels, "PCM_24", format=container) as file:
        for name, value in tags.items():
            setattr(file, name, value)
        for block in blocks:
            file.write((_quantised(block) << 8).T)
