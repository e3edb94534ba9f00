"""Stems: with any processing on shared buses, they sum to the mix before the master bus."""

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.core.refusal import Misused
from domain.recipe import MasterBus, MixRecipe, parse_mix
from dsp.audio import Unsound
from dsp.mix.console import render_mix
from tests.dsp.mix.console_cases import mix, noise, read
from tests.dsp.mix.recipe_author import Author
from tests.dsp.mix.recipe_trial import Inputs, material

pytestmark = pytest.mark.slow

NULL_DB = -120
"""Largest residual in dB of full scale, or of the loudest print if that is louder."""
SONG = {
    "guitar": {"di": noise(1, 1, level=0.2)},
    "keys": {"l-r": noise(2, 2, level=0.1)},
    "voice": {"mic": noise(3, 1, 60_000, level=0.3)},
}
DESK = """
prints = ["stems"]
[strips.guitar]
sends = {{ wet = -3, deep = -6 }}
compressor = {{ threshold_db = -30, lookahead_ms = 2 }}
[strips.keys]
sends = {{ wet = -6 }}
automation = [{{ at_s = 0.2, gain_db = -20 }}, {{ at_s = 1.0, gain_db = 0 }}]
[strips.voice]
group = "voices"
[groups.voices]
sends = {{ deep = {{ gain_db = -3, pre_fader = true }} }}
[buses.wet]
{bus}
sends = {{ deep = -6 }}
[buses.deep]
{bus}
chorus = {{ depth = 0.5 }}
reverb = {{ size = 0.3 }}
"""


def null_db(heard: dict[str, np.ndarray]) -> float:
    """Level of the difference between main and the sum of stems, relative to the loudest print or full scale."""
    stems = np.sum([audio.astype(np.float64) for name, audio in heard.items() if name != "main"], axis=0)
    loudest = max(1.0, *(np.abs(audio).max() for audio in heard.values()))
    return float(20 * np.log10(np.abs(stems - heard["main"]).max() / loudest + 1e-30))


@pytest.mark.parametrize(
    "bus",
    [
        "compressor = { threshold_db = -30, ratio = 8, attack_ms = 1, release_ms = 30, makeup_db = 6 }",
        "compressor = { threshold_db = -30, ratio = 8, lookahead_ms = 2, mix = 0.7, side_chain_high_pass_hz = 90 }",
        'compressor = { threshold_db = -30, ratio = 8, side_chain = "keys" }',
        "gate = { threshold_db = -14, ratio = 10, range_db = 40 }",
        "deesser = { hz = 5000, threshold_db = -40, range_db = 20 }",
        "multiband = { crossovers_hz = [900], bands = [{ gain_db = 2 }, { compressor = { threshold_db = -40 } }] }",
        "saturation = { drive_db = 18 }",
        'saturation = { kind = "soft", drive_db = 24, mix = 0.7, oversampling = 8 }\nstereo = { width = 1.5 }',
    ],
)
def test_stems_that_share_a_bus_sum_to_the_mix_whatever_moves_on_it(tmp_path: Path, bus: str) -> None:
    heard = mix(tmp_path, DESK.format(bus=bus), SONG)
    assert list(heard) == ["main", "stem-guitar", "stem-keys", "stem-voices"]
    assert null_db(heard) <= NULL_DB


def test_a_stem_is_turned_down_by_what_another_sends_to_their_bus(tmp_path: Path) -> None:
    squash = "compressor = { threshold_db = -40, ratio = 100, knee_db = 0, attack_ms = 0.05, release_ms = 20 }"
    loud = np.zeros((1, 96_000), np.float32)
    loud[:, 48_000:] = noise(5, 1, 48_000, 0.5)
    quiet = noise(6, 1, 96_000, 0.001)
    recipe = f"""
prints = ["stems"]
[strips.quiet]
gain_db = -144
sends = {{ squashed = {{ pre_fader = true }} }}
[strips.loud]
gain_db = -144
sends = {{ squashed = {{ pre_fader = true }} }}
[buses.squashed]
{squash}
"""
    stem = mix(tmp_path, recipe, {"quiet": {"di": quiet}, "loud": {"di": loud}})["stem-quiet"]
    before, after = (np.sqrt(np.mean(np.square(stem[0, at : at + 40_000]))) for at in (4000, 52_000))
    assert before == pytest.approx(0.001 * 2**-0.5, rel=0.05)
    assert after < 0.1 * before


def test_a_stem_alone_on_its_buses_is_the_very_sound_of_the_mix(tmp_path: Path) -> None:
    recipe = 'prints = ["stems"]\n[strips.keys]\nsends = { wet = 0 }\n[buses.wet]\nsaturation = { drive_db = 6 }\n'
    heard = mix(tmp_path, recipe + "compressor = { threshold_db = -30 }", SONG)
    assert np.array_equal(heard["stem-keys"], heard["main"])


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    return material(tmp_path_factory.mktemp("song"))


def with_stems(number: int) -> MixRecipe:
    """Random recipe *number*, with stems and without a master bus."""
    try:
        recipe = parse_mix(Author(random.Random(number)).recipe())  # noqa: S311 - dice, not secrets
    except Misused:
        assume(False)
        raise
    return recipe.model_copy(update={"prints": ("stems",), "versions": {}, "master": MasterBus()})


@settings(max_examples=40, deadline=None)
@given(number=st.integers(0, 2**32))
def test_the_stems_of_any_recipe_sum_to_its_mix_before_the_master_bus(inputs: Inputs, number: int) -> None:
    recipe = with_stems(number)
    with TemporaryDirectory() as out:
        try:
            printed = render_mix(recipe, inputs, Path(out))
        except Unsound:
            assume(False)
            raise
        heard = {one.name: read(one.path) for one in printed}
    assume(len(heard) > 1)
    assert null_db(heard) <= NULL_DB
