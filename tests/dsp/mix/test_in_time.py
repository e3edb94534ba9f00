"""All channels of a mix are aligned whatever their latency, and the mix begins where the song begins."""

from pathlib import Path

import numpy as np
import pytest

from dsp.audio import Audio
from tests.dsp.mix.console_cases import RATE, mix, noise

LOOKS_AHEAD = "compressor = { threshold_db = 0, ratio = 2, lookahead_ms = 7, knee_db = 0 }\n"
"""Never reaches its threshold: neutral, and 336 frames late."""
SONG = {"kick": {"in": noise(1, 2)}, "pad": {"l-r": noise(2, 2)}, "vox": {"lead": noise(3, 1)}}
DESK = """
[strips.kick]
{kick}group = "band"
sends = {{ wet = -6 }}
[strips.pad]
{pad}group = "band"
sends = {{ wet = {{ gain_db = -6, pre_fader = true }} }}
[strips.vox]
{vox}pan = 0.3
automation = [{{ at_s = 0.3, gain_db = -20 }}, {{ at_s = 1.1, gain_db = 0 }}]
sends = {{ wet = {{ gain_db = -9, automation = [{{ at_s = 0, gain_db = 0 }}, {{ at_s = 2, gain_db = -30 }}] }} }}
[groups.band]
{band}pan_automation = [{{ at_s = 0.2, pan = -1 }}, {{ at_s = 1.9, pan = 1 }}]
[buses.wet]
{wet}delay = {{ time_ms = 90 }}
[master]
{master}automation = [{{ at_s = 0.1, gain_db = -3 }}, {{ at_s = 1.2, gain_db = 0 }}]
[versions.other]
without = ["kick"]
"""
PLACES = ("kick", "pad", "vox", "band", "wet", "master")


def desk(*late: str) -> str:
    return DESK.format(**{place: LOOKS_AHEAD if place in late else "" for place in PLACES})


def decibels(x: Audio) -> float:
    return float(20 * np.log10(np.abs(x).max() + 1e-30))


@pytest.mark.parametrize(
    "late", [("kick",), ("vox",), ("band",), ("wet",), ("master",), ("kick", "band", "wet", "master"), PLACES]
)
def test_a_mix_with_a_late_but_neutral_processor_nulls_against_the_one_without(
    tmp_path: Path, late: tuple[str, ...]
) -> None:
    plain, shifted = mix(tmp_path, desk(), SONG), mix(tmp_path, desk(*late), SONG)
    assert list(plain) == list(shifted)
    for name in plain:
        assert plain[name].shape == shifted[name].shape
        assert decibels(plain[name] - shifted[name]) < -120


@pytest.mark.parametrize("late", [(), ("kick",), ("band", "wet"), PLACES])
def test_an_impulse_stays_at_its_frame(tmp_path: Path, late: tuple[str, ...]) -> None:
    click = np.zeros((2, 70_000), np.float32)
    click[:, [0, 65_535, 65_536, 69_999]] = 0.1
    song = {name: {track: click[: len(audio)] for track, audio in tracks.items()} for name, tracks in SONG.items()}
    heard = mix(tmp_path, desk(*late), song)["main"]
    places = np.flatnonzero(np.abs(heard[0]) > 1e-4)
    assert set(places) >= {0, 65_535, 65_536, 69_999}
    echoes = {place + n * 90 * RATE // 1000 for place in (0, 65_535, 65_536, 69_999) for n in range(40)}
    assert set(places) <= echoes


@pytest.mark.parametrize("strip", ["tanh", "soft"])
def test_the_last_samples_come_through_oversampling(tmp_path: Path, strip: str) -> None:
    warm = f'saturation = {{ drive_db = 0.01, kind = "{strip}" }}\n'
    burst = noise(4, 2, 65_540, 0.01)
    heard = mix(tmp_path, f"[strips.a]\n{warm}[strips.b]\n[master]\n{warm}", {"a": {"x": burst}, "b": {"x": burst}})
    assert decibels(heard["main"][:, :65_540] - 2 * burst) < decibels(burst) - 40


KEYED = 'compressor = { threshold_db = -40, ratio = 10, attack_ms = 0.05, knee_db = 0, side_chain = "kick" }\n'


def test_a_side_chain_ducks_by_another_strip_also_where_that_is_muted_or_left_out(tmp_path: Path) -> None:
    kick = np.zeros((2, 100_000), np.float32)
    kick[:, 50_000:60_000] = 0.5
    pad = np.full((2, 100_000), 0.1, np.float32)
    song = {"kick": {"in": kick}, "pad": {"l-r": pad}}
    for kick_strip, version in (("mute = true", "main"), ('group = "low"\n[groups.low]', "music")):
        recipe = f'[strips.kick]\n{kick_strip}\n[strips.pad]\n{KEYED}[versions.music]\nwithout = ["kick"]'
        heard = mix(tmp_path, recipe, song)[version][0]
        assert np.array_equal(heard[:50_000], pad[0, :50_000])
        assert heard[55_000] < 0.03


@pytest.mark.parametrize(
    ("kick", "pad"), [(LOOKS_AHEAD, ""), ("", "lookahead_ms = 3"), (LOOKS_AHEAD, "lookahead_ms = 3")]
)
def test_a_side_chain_hears_the_same_moment_however_late_it_is(tmp_path: Path, kick: str, pad: str) -> None:
    ducked = KEYED.replace(" }", f", {pad} }}") if pad else KEYED
    recipe = "[strips.kick]\n{}[strips.pad]\n{}[strips.vox]"
    plain = mix(tmp_path, recipe.format("", ducked), SONG)["main"]
    late = mix(tmp_path, recipe.format(kick, ducked), SONG)["main"]
    assert plain.shape == late.shape
    assert decibels(plain - late) < -120
