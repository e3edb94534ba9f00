"""Files for listeners: as long, at the rate and with the tags that they were given, read by another reader."""

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from dsp.audio import Unsound
from dsp.files.lossy import encoder
from dsp.files.lossy.encoder import ENCODINGS, ListenerFormat, encode, listener_rate

TAGS = {
    "title": "Tin Roof (mix 3, not final)",
    "artist": "Thé F",
    "album": "Night Bus",
    "date": "2026-12-07",
    "comment": "c",
}


def tone(rate: int, frames: int, channels: int) -> Any:
    wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(frames) / rate)
    return np.tile(wave, (channels, 1)).astype(np.float32)


def probed(path: Path) -> tuple[int, int, float, dict[str, str]]:
    """Rate, channels, seconds and tags as FFmpeg's own reader finds them."""
    with av.open(str(path)) as container:
        stream: Any = container.streams.audio[0]
        tags = {key.lower(): value for key, value in {**container.metadata, **stream.metadata}.items()}
        seconds = float((container.duration or 0) / 1_000_000)
        return stream.rate, stream.codec_context.layout.nb_channels, seconds, tags


@pytest.mark.parametrize("format_", list(ENCODINGS))
@pytest.mark.parametrize(("rate", "channels"), [(44_100, 2), (48_000, 1), (96_000, 2), (88_200, 2)])
def test_a_file_is_as_long_as_the_sound_and_says_what_it_is(
    tmp_path: Path, format_: ListenerFormat, rate: int, channels: int
) -> None:
    frames, path = rate + 17, tmp_path / f"a.{format_}"
    sound = tone(rate, frames, channels)
    blocks = [sound[:, :30_000], sound[:, 30_000:]]
    made = encode(blocks, path, format=format_, rate=rate, frames=frames, channels=channels, tags=TAGS)
    found_rate, found_channels, seconds, tags = probed(path)
    assert (found_rate, found_channels) == (made.rate, channels) == (listener_rate(format_, rate), channels)
    assert seconds == pytest.approx(frames / rate, abs=1.5e-3)
    assert TAGS.items() <= tags.items()
    again = tmp_path / f"b.{format_}"
    encode(blocks, again, format=format_, rate=rate, frames=frames, channels=channels, tags=TAGS)
    assert path.read_bytes() == again.read_bytes()


@pytest.mark.parametrize("format_", ["flac", "wav"])
def test_without_ffmpeg_lossless_files_are_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: ListenerFormat
) -> None:
    monkeypatch.setattr(encoder, "find_spec", lambda _: None)
    assert not encoder.can_encode("m4a")
    assert encoder.can_encode(format_)
    path = tmp_path / f"a.{format_}"
    encode([tone(44_100, 4_410, 2)], path, format=format_, rate=44_100, frames=4_410, channels=2, tags=TAGS)
    rate, channels, seconds, tags = probed(path)
    assert (rate, channels) == (44_100, 2)
    assert seconds == pytest.approx(0.1, abs=1e-3)
    assert tags["artist"] == "Thé F"


def test_what_no_listener_plays_is_refused(tmp_path: Path) -> None:
    for channels, frames in ((3, 100), (2, 0)):
        with pytest.raises(Unsound):
            encode([], tmp_path / "a.wav", format="wav", rate=44_100, frames=frames, channels=channels, tags=TAGS)
