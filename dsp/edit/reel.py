"""Reels: short clips one after the other in one file, equally loud, each crossfaded into the next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dsp.audio import STEREO, Audio, Source, Unsound
from dsp.files.resample import convert
from dsp.files.sound import SoundReader
from dsp.files.write_errors import close_for_good, file_system_errors, open_for_writing
from dsp.meter.loudness import measure

CLIP_LUFS: Final = -20.0
"""Integrated loudness to which each clip is brought (ITU-R BS.1770)."""
HIGHEST_DBTP: Final = -4.1
"""True peak of a clip at most: two of them at the middle of an equal-power crossfade stay below -1 dBTP."""
MOST_GAIN_DB: Final = 24.0
"""Gain of a quiet clip at most: noise is not made into a moment."""
FADE_S: Final = 0.4
"""Length of a crossfade, and of the fades at both ends, in seconds; half a clip at most."""


@dataclass(frozen=True, slots=True)
class WrittenReel:
    """A written reel."""

    rate: int
    """Hz."""
    frames: int
    places: tuple[int, ...]
    """Frame at which each clip begins."""


def write_reel(clips: Sequence[Source], path: Path, *, scratch: Path) -> WrittenReel:
    """Write *clips* in their order as one 24-bit stereo WAV at the rate of the first.

    Args:
        clips: at least one, mono or stereo, each short enough for memory.
        path: path of the new file.
        scratch: folder for clips at another rate.

    Raises:
        Unsound: a clip cannot be read, or there is none.
    """
    if not clips:
        raise Unsound("there is no clip")
    rate = _rate(clips[0])
    places, at, tail = list[int](), 0, np.zeros((STEREO, 0), np.float32)
    shape = {"channels": STEREO, "format": "WAV", "subtype": "PCM_24", "samplerate": rate}
    descriptor, file = open_for_writing(path, shape)
    try:
        for clip, following in _with_following(clips, rate, scratch):
            places.append(at)
            out = clip.shape[1] - min(_fade_frames(clip, rate), _fade_frames(following, rate))
            clip[:, : tail.shape[1]] += tail
            with file_system_errors(descriptor):
                file.write(clip[:, :out].T)
            tail, at = clip[:, out:], at + out
        with file_system_errors(descriptor):
            file.write(tail.T)
    finally:
        close_for_good(descriptor, file)
    return WrittenReel(rate, at + tail.shape[1], tuple(places))


def _with_following(clips: Sequence[Source], rate: int, scratch: Path) -> Iterator[tuple[Audio, Audio]]:
    """Each clip, faded at both ends as its neighbours allow, with the one after it; empty after the last."""
    nothing: Audio = np.zeros((STEREO, 0), np.float32)
    before, own = nothing, _loaded(clips[0], rate, scratch / "clip0.wav")
    for number in range(1, len(clips) + 1):
        following = _loaded(clips[number], rate, scratch / f"clip{number}.wav") if number < len(clips) else nothing
        first, last = _overlap(before, own, rate), _overlap(own, following, rate)
        faded = own.copy()
        faded[:, :first] *= _rise(first)
        faded[:, faded.shape[1] - last :] *= _rise(last)[::-1]
        yield faded, following
        before, own = own, following


def _overlap(clip: Audio, other: Audio, rate: int) -> int:
    """Frames of the fade between two neighbours; beside no other clip, a fade of its own."""
    own = _fade_frames(clip, rate) if clip.shape[1] else _fade_frames(other, rate)
    return min(own, _fade_frames(other, rate)) if other.shape[1] else own


def _fade_frames(clip: Audio, rate: int) -> int:
    frames: int = clip.shape[1]
    return min(round(FADE_S * rate), frames // 2)


def _rise(frames: int) -> NDArray[np.float32]:
    """A quarter of a sine: with its mirror image, constant power."""
    return np.asarray(np.sin((np.arange(frames) + 0.5) / max(frames, 1) * np.pi / 2), np.float32)


def _rate(source: Source) -> int:
    with SoundReader(source) as reader:
        rate: int = reader.rate
        return rate


def _loaded(source: Source, rate: int, converted: Path) -> Audio:
    """The whole clip in stereo at *rate*, as loud as all others."""
    if _rate(source) != rate:
        source = Source(convert(source, rate, converted).path)
    with SoundReader(source) as reader:
        own = reader.read(0, reader.frames)
    stereo = own[:STEREO] if own.shape[0] >= STEREO else np.repeat(own, STEREO, axis=0)
    return np.asarray(stereo * np.float32(_gain(source)), np.float32)


def _gain(source: Source) -> float:
    """Linear gain that brings a clip to :data:`CLIP_LUFS`, as far as its peak and :data:`MOST_GAIN_DB` allow."""
    loudness = measure(source)
    if loudness.true_peak_dbtp is None:
        return 1.0
    wanted = MOST_GAIN_DB if loudness.integrated_lufs is None else CLIP_LUFS - loudness.integrated_lufs
    return float(10 ** (min(wanted, HIGHEST_DBTP - loudness.true_peak_dbtp, MOST_GAIN_DB) / 20))
