"""Songs and renders for the tests of the console; generated, never stored."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from domain.recipe import parse_mix
from dsp.audio import Audio, Source
from dsp.files.sound import SoundReader, SoundWriter
from dsp.mix.console import render_mix

RATE = 48_000
Song = Mapping[str, Mapping[str, Audio]]


def noise(seed: int, channels: int = 1, frames: int = 100_000, level: float = 0.1) -> Audio:
    return np.random.default_rng(seed).normal(0, level, (channels, frames)).astype(np.float32)


def write_song(folder: Path, song: Song, rate: int = RATE) -> dict[str, dict[str, Source]]:
    inputs: dict[str, dict[str, Source]] = {}
    for part, tracks in song.items():
        for track, audio in tracks.items():
            path = folder / f"{part}.{track}.wav"
            with SoundWriter(path, rate, len(audio)) as file:
                file.write(audio)
            inputs.setdefault(part, {})[track] = Source(path)
    return inputs


def mix(folder: Path, recipe: str, song: Song, *, threads: int = 1) -> dict[str, Audio]:
    """The audio of each version."""
    out = folder / "out"
    out.mkdir(exist_ok=True)
    printed = render_mix(parse_mix(recipe), write_song(folder, song), out, threads=threads)
    return {one.name: read(one.path) for one in printed}


def read(path: Path) -> Audio:
    with SoundReader(Source(path)) as reader:
        return reader.read(0, reader.frames)
