"""The epochs of edits, gains and masters are raised in the commit that moves these results, and only then."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import soundfile

from domain.recipe import EditRecipe, Span, parse_master
from domain.render.jobs import EPOCHS, Kind
from dsp.audio import Audio, Source
from dsp.edit.cut import render_edit
from dsp.master.mastering import find_gain, render_master
from tests.paths import GOLDEN

FROZEN = GOLDEN / "edit_and_master.json"
RATE = 48_000

# The target has the rate of the mix: soxr's bits depend on its compiler, ours are equal on any architecture.
RECIPE = parse_master("""
[chain]
high_pass_hz = 25
eq = [{ type = "high_shelf", hz = 9000, gain_db = 2 }]
compressor = { threshold_db = -20, ratio = 1.8 }
[targets.streaming]
bits = 16
integrated_lufs = -11
seed = 5
""")


def wave(seed: int) -> Audio:
    """Two seconds of triangles and noise in stereo; made of integers, so that they are equal everywhere."""
    frame = np.arange(2 * RATE, dtype=np.int64)
    triangle = np.abs(frame * (2 + seed) % 960 - 480) / 480 - 0.5
    noise = (frame * frame * 48_271 + frame * 69_621 + seed) % 65_521 / 65_521 - 0.5
    sides = np.stack([triangle + noise * 0.5 ** (frame // 4800 % 5), 0.7 * triangle - noise / 8])
    return np.asarray(sides, np.float32) * np.float32(0.5)


def source(path: Path, block: Audio) -> Source:
    soundfile.write(path, block.T, RATE, subtype="FLOAT")
    return Source(path)


def results(folder: Path) -> Mapping[str, str]:
    one, two = (source(folder / f"{seed}.wav", wave(seed)) for seed in (1, 2))
    spans = (Span(start=0, end=70_000, take=1), Span(start=70_000, end=90_000, take=2))
    cut = EditRecipe(rate=RATE, length=95_000, crossfade_frames=481, starts={1: 0, 2: -100}, layers=(spans,))
    (edited,) = render_edit(cut, {1: {"lead": one}, 2: {"lead": two}}, folder).printed
    (searched,) = render_edit(
        cut.model_copy(update={"search_frames": 480}), {1: {"lead": one}, 2: {"lead": two}}, folder
    ).printed
    mono = source(folder / "mono.wav", wave(3)[:1])
    (widened,) = render_edit(cut, {1: {"lead": mono}, 2: {"lead": two}}, folder).printed
    found = find_gain(RECIPE, "streaming", [one, two], folder)
    mastered = render_master(RECIPE, "streaming", one, found.gain_db, folder)
    return {
        "edit": edited.pcm,
        "searched edit": searched.pcm,
        "edit of two widths": widened.pcm,
        "gain": str(found.gain_db),
        "master": mastered.printed.pcm,
    }


RENDERS: Mapping[str, Kind] = {
    "edit": "edit",
    "searched edit": "edit",
    "edit of two widths": "edit",
    "gain": "gain",
    "master": "master",
}


@pytest.mark.parametrize("name", RENDERS)
def test_the_epoch_and_the_result_move_together(tmp_path: Path, name: str) -> None:
    epochs, kind = json.loads(FROZEN.read_text())[name], RENDERS[name]
    assert results(tmp_path)[name] == epochs[-1], f"the sound moved: raise EPOCHS[{kind!r}] and add what it gives now"
    assert len(epochs) == EPOCHS[kind], "an epoch is raised with the sound, and only with it"


@pytest.mark.parametrize("kind", sorted(set(RENDERS.values())))
def test_with_every_epoch_a_result_of_its_kind_moved(kind: Kind) -> None:
    """An epoch leaves results that its change does not concern at the bits they had."""
    frozen = json.loads(FROZEN.read_text())
    histories = [frozen[name] for name, of in RENDERS.items() if of == kind]
    for older in range(EPOCHS[kind] - 1):
        assert any(history[older] != history[older + 1] for history in histories)
