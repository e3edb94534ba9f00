"""Decoder of MPEG-4 sound (AAC, as ``.m4a`` voice memos hold it), run as a process of its own.

The file comes as standard input, whatever its name: nothing else is ever opened, and no network.  Standard output gets
a line of JSON (rate in Hz, channels, codec), then interleaved 32-bit floats.  A file that is refused, or that breaks
the decoder, ends this process alone; its memory, time and length are bounded.  It imports nothing of the project.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

MOST_BYTES: Final = 2 << 30
MOST_SECONDS: Final = 600
LONGEST_S: Final = 24 * 3600
CODECS: Final = {"aac": "AAC", "mp3": "MP3", "mp3float": "MP3"}
"""Names of FFmpeg for the codecs that are decoded, and names for people."""
OPTIONS: Final = {
    "codec_whitelist": ",".join((*CODECS, "aac_fixed")),
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,aac",
    "protocol_whitelist": "",
    "enable_drefs": "0",
    "use_absolute_path": "0",
}
"""No other codec, no other file: an MPEG-4 file may refer to others (ISO/IEC 14496-12, data references)."""
REFUSED: Final = 3
SHORT_BY_S: Final = 0.25
"""Seconds by which a file may be shorter than it says, besides a hundredth: the priming and the last frame."""


class NotDecoded(Exception):
    """Error: the file is not decoded; the reason is one sentence without its name."""


def decode(file: BinaryIO, out: BinaryIO) -> None:
    """Decode *file* to *out*.  Raises: NotDecoded."""
    import av

    head = file.read(12)
    file.seek(0)
    try:
        form = "mov" if head[4:8] == b"ftyp" else "aac"
        with av.open(file, format=form, options=OPTIONS, metadata_errors="ignore") as container:
            seconds = 0.0
            for piece, seconds in _pieces(_frames(container)):  # noqa: B007 - the last one counts
                out.write(piece)
            _refuse_short(container, seconds)
    except (av.FFmpegError, ValueError, MemoryError) as error:
        raise NotDecoded(f"it is damaged ({type(error).__name__})") from error


def _frames(container: Any) -> Iterator[Any]:  # noqa: ANN401 - imported on demand
    """Name of the codec of the first sound stream, then its decoded frames."""
    if not container.streams.audio:
        raise NotDecoded("it holds no sound")
    stream = container.streams.audio[0]
    name = stream.codec_context.name if stream.codec_context else "of an unknown codec"
    if name == "alac":
        raise NotDecoded("it is Apple Lossless: `ffmpeg -i FILE FILE.wav` makes a WAV of it, without any loss")
    if name not in CODECS:
        raise NotDecoded(f"its sound is {name}, not AAC: `ffmpeg -i FILE FILE.wav` makes a WAV of it")
    stream.thread_count = 1
    yield CODECS[name]
    yield from container.decode(stream)


def _refuse_short(container: Any, seconds: float) -> None:  # noqa: ANN401 - imported on demand
    """Raises: NotDecoded; the file says that it is longer than the *seconds* that were decoded."""
    if not isinstance(container.duration, int) or container.format.name == "aac":
        return  # a file in fragments need not say it, and of a bare stream it is guessed
    said = container.duration / 1_000_000
    if seconds < 0.99 * said - SHORT_BY_S:
        raise NotDecoded(f"it ends after {seconds:.1f} s of the {said:.1f} s that it says: it was not copied whole")


def _pieces(frames: Iterator[Any]) -> Iterator[tuple[bytes, float]]:
    """The line that describes the sound, then its samples; each with the seconds of sound up to its end."""
    import av

    codec, first = next(frames), next(frames, None)
    if first is None:
        raise NotDecoded("it holds no sound: its length is zero")
    rate, layout = first.sample_rate, first.layout
    channels = len(layout.channels)
    yield json.dumps({"rate": rate, "channels": channels, "codec": codec}).encode() + b"\n", 0.0
    resampler = av.AudioResampler(format="flt", layout=layout, rate=rate)
    total, frame = 0, first
    while frame is not None:
        if (frame.sample_rate, len(frame.layout.channels)) != (rate, channels):
            raise NotDecoded("its rate or its channels change on the way")
        total += frame.samples
        if total > LONGEST_S * rate:
            raise NotDecoded(f"it is longer than {LONGEST_S // 3600} hours")
        for packed in resampler.resample(frame):
            yield bytes(packed.planes[0])[: packed.samples * channels * 4], total / rate
        frame = next(frames, None)


def _bound() -> None:
    """Bound the memory and the processor time of this process, where the system can."""
    import resource

    for limit, most in ((resource.RLIMIT_AS, MOST_BYTES), (resource.RLIMIT_CPU, MOST_SECONDS)):
        _, hard = resource.getrlimit(limit)
        known = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(limit, (known, hard))
        except (ValueError, OSError):
            continue  # macOS has no bound of address space


def main() -> int:
    """Decode standard input; the reason of a refusal is the last line of standard error."""
    _bound()
    try:
        decode(sys.stdin.buffer, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except ImportError:
        print("the package `av`, which decodes it, is not installed", file=sys.stderr)  # noqa: T201
        return REFUSED
    except NotDecoded as error:
        print(error, file=sys.stderr)  # noqa: T201
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
