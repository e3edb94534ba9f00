"""Takes of noise, one-line recipes and renders as arrays, for tests of edits."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from domain.recipe import EditRecipe, Span
from dsp.audio import Audio, Source
from dsp.edit.cut import render_edit
from dsp.files.sound import inspect

RATE = 48_000
Takes = Mapping[int, Mapping[str, Source]]


def noise(seed: int, frames: int, channels: int = 1) -> Audio:
    return np.random.default_rng(seed).uniform(-0.9, 0.9, (channels, frames)).astype(np.float32)


def file(path: Path, block: Audio, rate: int = RATE) -> Source:
    soundfile.write(path, block.T, rate, subtype="FLOAT")
    return Source(path)


def recipe(length: int, *layers: list[tuple[int, int, int]], crossfade: int = 480, **starts: int) -> EditRecipe:
    """Layers of (start, end, take); starts as ``take3=4800``, 0 where a take is not named."""
    rows = tuple(tuple(Span(start=start, end=end, take=take) for start, end, take in layer) for layer in layers)
    used = {span.take for row in rows for span in row}
    begins = {take: starts.get(f"take{take}", 0) for take in used}
    return EditRecipe(rate=RATE, length=length, crossfade_frames=crossfade, starts=begins, layers=rows)


def render(cut: EditRecipe, takes: Takes, out: Path) -> dict[str, Audio]:
    out.mkdir(exist_ok=True)
    printed = render_edit(cut, takes, out).printed
    for one in printed:
        assert (one.frames, one.rate, one.pcm) == (cut.result_frames, RATE, inspect(one.path).pcm)
    return {one.name: soundfile.read(one.path, dtype="float32", always_2d=True)[0].T for one in printed}


def step(frames: int) -> NDArray[np.float64]:
    t = (np.arange(frames) + 0.5) / frames
    return t * t * (3 - 2 * t)
