"""One track of a file of several is copied alone, in its own sample format and to the bit."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from dsp.audio import Source
from dsp.files.sound import inspect
from dsp.files.track_copy import copy_track, is_part_of_file

RATE = 48_000


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_each_channel_sounds_as_it_did_and_keeps_its_format(tmp_path: Path, subtype: str) -> None:
    poly = tmp_path / "poly.wav"
    samples = np.random.default_rng(1).uniform(-1.0, 1.0, (70_000, 4))
    samples[:2] = ((1.0,) * 4, (-1.0,) * 4)
    soundfile.write(poly, samples, RATE, subtype=subtype)
    for track in inspect(poly).tracks:
        copy = tmp_path / f"{track.first_channel}.wav"
        source = Source(poly, track.first_channel, track.channels)
        assert is_part_of_file(source)
        copy_track(source, copy)
        facts = inspect(copy)
        assert (facts.pcm, facts.subtype, facts.channels) == (track.pcm, subtype, 1)
        assert not is_part_of_file(Source(copy, 0, 1))
        again = tmp_path / "again.wav"
        again.unlink(missing_ok=True)
        copy_track(source, again)
        assert again.read_bytes() == copy.read_bytes()
