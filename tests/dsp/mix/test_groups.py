"""Groups, sends and modulation on a console of a few strips, with the expected output."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.dsp.mix.console_cases import RATE, mix, noise

LSB_24 = 2.0**-23
SONG = {"kick": {"in": noise(1, 2)}, "snare": {"top": noise(2, 2)}, "pad": {"l-r": noise(3, 2)}}
KICK, SNARE, PAD = SONG["kick"]["in"], SONG["snare"]["top"], SONG["pad"]["l-r"]
HALF = 10 ** (-6 / 20)


def far(heard: NDArray[Any], expected: NDArray[Any]) -> float:
    return float(np.abs(heard - expected).max())


def test_a_group_is_the_sum_of_its_strips_and_groups_behind_one_fader(tmp_path: Path) -> None:
    recipe = """
[strips.kick]
group = "drums"
[strips.snare]
group = "drums"
[strips.pad]
group = "band"
[groups.drums]
group = "band"
gain_db = -6
[groups.band]
gain_db = -6
"""
    heard = mix(tmp_path, recipe, SONG)["main"]
    assert far(heard, HALF * (HALF * (KICK + SNARE) + PAD)) < 1e-6


def test_groups_at_unity_give_the_sum_of_the_inputs_to_one_step_of_24_bits(tmp_path: Path) -> None:
    strips = "".join(f'[strips.{name}]\ngroup = "band"\n' for name in SONG)
    heard = mix(tmp_path, f"{strips}[groups.band]", SONG)["main"]
    assert far(heard, KICK.astype(np.float64) + SNARE + PAD) <= LSB_24


def test_one_compressor_of_a_group_turns_all_of_it_down(tmp_path: Path) -> None:
    squash = "compressor = { threshold_db = -40, ratio = 100, attack_ms = 0.05, knee_db = 0 }"
    recipe = f'[strips.kick]\ngroup = "drums"\n[strips.snare]\ngroup = "drums"\n[strips.pad]\n[groups.drums]\n{squash}'
    drums = mix(tmp_path, recipe, SONG)["main"] - PAD
    assert np.abs(drums[:, 20_000:]).max() < 0.2 * np.abs(KICK + SNARE).max()


def test_muting_a_group_or_leaving_it_out_silences_all_that_feeds_it_with_its_sends(tmp_path: Path) -> None:
    strips = '[strips.kick]\ngroup = "drums"\nsends = { wet = 0 }\n[strips.snare]\ngroup = "drums"\n[strips.pad]\n'
    muted = mix(tmp_path, f"{strips}[groups.drums]\nmute = true\n[buses.wet]", SONG)["main"]
    assert np.array_equal(muted, PAD)
    versions = '[versions.pad]\nwithout = ["drums"]\n[versions.kit]\nonly = ["drums"]'
    heard = mix(tmp_path, f"{strips}[groups.drums]\n[buses.wet]\n{versions}", SONG)
    assert np.array_equal(heard["pad"], PAD)
    assert far(heard["kit"], KICK.astype(np.float64) + KICK + SNARE) <= LSB_24


def test_a_track_strip_may_leave_its_part_for_a_group(tmp_path: Path) -> None:
    song = {"drums": {"kick": KICK, "snare": SNARE}}
    recipe = '[strips.drums]\ngain_db = -144\n[strips."drums.kick"]\ngroup = "low"\n[groups.low]'
    assert np.array_equal(mix(tmp_path, recipe, song)["main"], KICK)


@pytest.mark.parametrize("fader_db", [-144, -20, 0])
def test_a_send_before_the_fader_does_not_follow_it(tmp_path: Path, fader_db: float) -> None:
    sends = "sends = { wet = { gain_db = -6, pre_fader = true } }"
    heard = mix(tmp_path, f"[strips.pad]\npan = 1\ngain_db = {fader_db}\n{sends}\n[buses.wet]", SONG)["main"]
    assert far(heard[0], HALF * PAD[0]) < 1e-6


def test_a_send_is_automated_on_top_of_its_gain(tmp_path: Path) -> None:
    points = "[{ at_s = 0.5, gain_db = -20 }, { at_s = 1.5, gain_db = 0 }]"
    recipe = f"[strips.pad]\nsends = {{ wet = {{ gain_db = -6, automation = {points} }} }}\n[buses.wet]"
    level = np.full((2, 2 * RATE), 0.25, np.float32)
    heard = mix(tmp_path, recipe, {"pad": {"l-r": level}})["main"][0]
    db = np.interp(np.arange(2 * RATE) / RATE, [0.5, 1.5], [-20, 0]) - 6
    assert far(heard, 0.25 + 0.25 * 10 ** (db / 20)) < 1e-6


@pytest.mark.parametrize("channel", ["strips.pad", "groups.all", "buses.wet", "master"])
def test_gain_and_pan_move_in_straight_lines_on_every_channel(tmp_path: Path, channel: str) -> None:
    moves = "automation = [{ at_s = 0, gain_db = 0 }, { at_s = 2, gain_db = -12 }]\n"
    moves += "pan_automation = [{ at_s = 0.5, pan = -1 }, { at_s = 1.5, pan = 1 }]\n"
    into = {"strips.pad": "", "groups.all": 'group = "all"\n', "master": ""}
    dry = "gain_db = 0\nsends = { wet = { pre_fader = true } }\nautomation = [{ at_s = 0, gain_db = -144 }]\n"
    recipe = f"[strips.pad]\n{into.get(channel, dry)}"
    recipe += moves if channel == "strips.pad" else f"[{channel}]\n{moves}"
    level = np.full((2, 2 * RATE), 0.5, np.float32)
    heard = mix(tmp_path, recipe, {"pad": {"l-r": level}})["main"]
    seconds = np.arange(2 * RATE) / RATE
    gain = 0.5 * 10 ** (np.interp(seconds, [0, 2], [0, -12]) / 20)
    angle = (np.interp(seconds, [0.5, 1.5], [-1, 1]) + 1) * np.pi / 4
    sides = np.minimum(1, np.sqrt(2) * np.array([np.cos(angle), np.sin(angle)]))
    assert far(heard, gain * sides) < 1e-6
    steps = np.abs(np.diff(heard)).max()
    assert steps < 1e-4, "no zipper"


def test_a_mono_strip_that_moves_keeps_its_power(tmp_path: Path) -> None:
    level = np.full((1, 2 * RATE), 0.5, np.float32)
    recipe = "[strips.pad]\npan_automation = [{ at_s = 0, pan = -1 }, { at_s = 2, pan = 1 }]"
    left, right = mix(tmp_path, recipe, {"pad": {"di": level}})["main"]
    assert far(left**2 + right**2, np.full(2 * RATE, 0.25)) < 1e-6
    assert right[0] == 0.0
    assert left[-1] < 1e-4
