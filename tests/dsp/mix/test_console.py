from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from domain.core.refusal import Misused
from domain.recipe import parse_mix
from dsp.audio import Audio, Source, Unsound
from dsp.mix.console import render_mix
from tests.dsp.mix.console_cases import RATE, mix, noise, read, write_song

LSB_24 = 2.0**-23


def far(heard: NDArray[Any], expected: NDArray[Any]) -> float:
    """Largest difference of two signals."""
    return float(np.abs(heard - expected).max())


def test_a_stereo_track_through_neutral_strips_comes_out_to_the_bit(tmp_path: Path) -> None:
    keys = noise(1, 2, 150_001)
    heard = mix(tmp_path, "[strips.keys]", {"keys": {"di": keys}})
    assert np.array_equal(heard["main"], keys)


def test_unity_gains_give_the_sum_to_one_step_of_24_bits(tmp_path: Path) -> None:
    song = {f"part-{n}": {"l-r": noise(n, 2, level=0.03)} for n in range(24)}
    heard = mix(tmp_path, "".join(f"[strips.{part}]\n" for part in song), song)
    expected = sum(tracks["l-r"].astype(np.float64) for tracks in song.values())
    assert far(heard["main"], expected) <= LSB_24


@pytest.mark.parametrize("pan", [-1.0, -0.5, 0.0, 0.25, 1.0])
def test_a_mono_strip_is_panned_at_constant_power(tmp_path: Path, pan: float) -> None:
    bass = noise(2)
    heard = mix(tmp_path, f"[strips.bass]\npan={pan}", {"bass": {"di": bass}})["main"]
    angle = (pan + 1) * np.pi / 4
    assert far(heard[0], bass[0] * np.cos(angle)) < 1e-6
    assert far(heard[1], bass[0] * np.sin(angle)) < 1e-6


@pytest.mark.parametrize(("pan", "left", "right"), [(-1, 1, 0), (-0.5, 1, np.sqrt(2) * np.sin(np.pi / 8)), (1, 0, 1)])
def test_a_stereo_strip_is_balanced_and_its_nearer_side_stays(
    tmp_path: Path, pan: float, left: float, right: float
) -> None:
    keys = noise(3, 2)
    heard = mix(tmp_path, f"[strips.keys]\npan={pan}", {"keys": {"di": keys}})["main"]
    assert far(heard[0], keys[0] * left) < 1e-6
    assert far(heard[1], keys[1] * right) < 1e-6


KIT = {"drums": {"kick": noise(4), "snare": noise(5)}}
CENTRE = np.sqrt(0.5)


def test_a_part_hears_its_track_strips_and_its_other_tracks_as_they_are(tmp_path: Path) -> None:
    heard = mix(tmp_path, '[strips.drums]\ngain_db=-6\n[strips."drums.kick"]\npan=-1\ngain_db=-20', KIT)["main"]
    part = 10 ** (-6 / 20)
    assert far(heard[1], KIT["drums"]["snare"][0] * CENTRE * part) < 1e-6
    assert far(heard[0], heard[1] + KIT["drums"]["kick"][0] * 0.1 * part) < 1e-6


def test_without_a_strip_of_the_part_its_track_strips_feed_the_master_and_its_other_tracks_are_not_heard(
    tmp_path: Path,
) -> None:
    heard = mix(tmp_path, '[strips."drums.kick"]\npan=1', KIT)["main"]
    assert np.array_equal(heard[1], KIT["drums"]["kick"][0])
    assert not heard[0].any()


def test_polarity_and_delay_repair_a_track_that_arrived_early_and_upside_down(tmp_path: Path) -> None:
    top = noise(6, 2, 70_000)
    under = np.zeros((2, 70_000), np.float32)
    under[:, :-96] = -top[:, 96:]
    recipe = '[strips."snare.top"]\n[strips."snare.under"]\ninvert=true\ndelay_ms=2\n'
    heard = mix(tmp_path, recipe, {"snare": {"top": top, "under": under}})["main"]
    assert heard.shape[1] == 70_000 + 96
    assert np.array_equal(heard[:, 96:70_000], 2 * top[:, 96:])


def test_automation_draws_straight_lines_in_db_and_holds_its_ends(tmp_path: Path) -> None:
    points = "automation=[{at_s=1,gain_db=-10},{at_s=2,gain_db=0},{at_s=3,gain_db=-144}]"
    level = np.full((2, 4 * RATE), 0.5, np.float32)
    heard = mix(tmp_path, f"[strips.pad]\n{points}", {"pad": {"l-r": level}})["main"][0]
    seconds = np.arange(4 * RATE) / RATE
    expected = 0.5 * 10 ** (np.interp(seconds, [1, 2, 3], [-10, 0, -144]) / 20)
    assert far(heard[: 3 * RATE] / expected[: 3 * RATE], np.ones(3 * RATE)) < 1e-6
    assert heard[2 * RATE] == 0.5
    assert not heard[3 * RATE :].any()


def test_sends_leave_behind_the_fader_and_the_pan(tmp_path: Path) -> None:
    recipe = "[strips.gtr]\npan=1\ngain_db=-6\nsends={plain=-6}\n[buses.plain]\ngain_db=-3"
    gtr = noise(7)
    heard = mix(tmp_path, recipe, {"gtr": {"di": gtr}})["main"]
    fader = 10 ** (-6 / 20)
    assert far(heard[1], gtr[0] * fader * (1 + fader * 10 ** (-3 / 20))) < 1e-6
    assert not heard[0].any()


def test_an_echo_comes_back_in_its_time_and_its_last_repeat_is_not_cut(tmp_path: Path) -> None:
    click = np.zeros((2, 1000), np.float32)
    click[:, 0] = 1.0
    recipe = "[strips.click]\nsends={echo=0}\n[buses.echo.delay]\ntime_ms=250\nfeedback=0.5"
    heard = mix(tmp_path, recipe, {"click": {"l-r": click}})["main"]
    places = np.flatnonzero(heard[0])
    assert list(places[:4]) == [0, 12_000, 24_000, 36_000]
    assert list(heard[0, places[:4]]) == [1, 1, 0.5, 0.25]
    assert 20 * np.log10(heard[0, places[-1]]) <= -84
    assert heard.shape[1] == 16 * 12_000 + 1000


def test_the_tail_of_a_room_has_died_away_before_the_mix_ends(tmp_path: Path) -> None:
    burst = noise(8, 2, 2000, level=0.3)
    recipe = "[strips.burst]\nsends={room=0}\n[buses.room.reverb]\nsize=0.7\npre_delay_ms=40"
    heard = mix(tmp_path, recipe, {"burst": {"l-r": burst}})["main"]
    tail = heard[:, 2000:]
    assert not tail[:, : 40 * 48 - 2000 + 1000].any()
    assert np.abs(tail[:, 4000:8000]).max() > 1e-3
    assert np.abs(tail[:, -2000:]).max() < 1e-4 * np.abs(tail).max()


BAND = {
    "drums": {"kick": noise(9, 2), "snare": noise(10, 2)},
    "vox": {"lead": noise(11, 2)},
    "pad": {"l-r": noise(12, 2)},
}
BAND_RECIPE = """
[strips.drums]
[strips."drums.kick"]
[strips.vox]
sends={plain=0}
[strips.pad]
[buses.plain]
[versions.instrumental]
without=["vox"]
[versions.kickless]
without=["drums.kick"]
[versions.a-cappella]
only=["vox"]
[versions.kick]
only=["drums.kick"]
[versions.none]
without=["drums", "vox", "pad"]
"""


def test_versions_leave_strips_out_with_all_they_send_and_are_equally_long(tmp_path: Path) -> None:
    heard = mix(tmp_path, BAND_RECIPE, BAND)
    kick, snare = BAND["drums"]["kick"], BAND["drums"]["snare"]
    vox, pad = BAND["vox"]["lead"], BAND["pad"]["l-r"]

    def sounds(version: str, *layers: Audio) -> None:
        total = sum((layer.astype(np.float64) for layer in layers), np.zeros((2, 100_000)))
        assert far(heard[version], total) <= LSB_24, version

    assert list(heard) == ["main", "a-cappella", "instrumental", "kick", "kickless", "none"]
    sounds("main", kick, snare, vox, vox, pad)
    sounds("a-cappella", vox, vox)
    sounds("instrumental", kick, snare, pad)
    sounds("kick", kick)
    sounds("kickless", snare, vox, vox, pad)
    sounds("none")


def test_a_muted_part_is_silent_with_its_tracks(tmp_path: Path) -> None:
    recipe = '[strips.drums]\nmute=true\n[strips."drums.kick"]\nsends={plain=0}\n[strips.pad]\n[buses.plain]'
    assert np.array_equal(mix(tmp_path, recipe, BAND)["main"], BAND["pad"]["l-r"])


def test_an_absent_part_is_silent_and_an_absent_track_is_named(tmp_path: Path) -> None:
    recipe = '[strips.drums]\n[strips.tuba]\n[strips."tuba.bell"]'
    song = {"drums": {"kick": noise(9, 2)}}
    assert np.array_equal(mix(tmp_path, recipe, song)["main"], song["drums"]["kick"])
    with pytest.raises(Unsound, match=r"a strip drums\.cowbell, but drums has no track cowbell: kick"):
        mix(tmp_path, '[strips."drums.cowbell"]', song)
    with pytest.raises(Unsound, match="nothing to mix"):
        mix(tmp_path, "[strips.tuba]", song)


def test_tracks_of_two_rates_or_of_six_channels_are_refused(tmp_path: Path) -> None:
    inputs = write_song(tmp_path, {"a": {"x": noise(1)}}) | write_song(tmp_path, {"b": {"x": noise(2)}}, rate=44_100)
    with pytest.raises(Unsound, match=r"b\.x has 44100 Hz, a\.x has 48000 Hz"):
        render_mix(parse_mix("[strips.a]\n[strips.b]"), inputs, tmp_path)
    with pytest.raises(Unsound, match=r"c\.x has 6 channels"):
        mix(tmp_path, "[strips.c]", {"c": {"x": noise(3, 6, 100)}})


def test_only_the_channels_meant_are_heard(tmp_path: Path) -> None:
    poly = noise(13, 4)
    path = write_song(tmp_path, {"poly": {"all": poly}})["poly"]["all"].path
    (tmp_path / "out").mkdir()
    inputs = {"keys": {"l-r": Source(path, first_channel=2, channels=2)}}
    printed = render_mix(parse_mix("[strips.keys]"), inputs, tmp_path / "out")
    assert np.array_equal(read(printed[0].path), poly[2:])


def test_a_version_cannot_leave_the_folder(tmp_path: Path) -> None:
    with pytest.raises(Misused, match=r"recipe\.mix: line 2, versions\.\.\./x"):
        mix(tmp_path, '[strips.keys]\n[versions."../x"]', {"keys": {"di": noise(1)}})


def test_progress_rises_to_one(tmp_path: Path) -> None:
    told: list[float] = []
    inputs = write_song(tmp_path, {"keys": {"di": noise(1, 2, 200_000)}})
    render_mix(parse_mix("[strips.keys]"), inputs, tmp_path, progress=told.append)
    assert len(told) == 4
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        (
            "[strips.a]\ndeesser = { threshold_db = -20, hz = 20000 }",
            "^a: A filter at 20000 Hz cannot be had at 8000",
        ),
        ("[strips.a]\nsends = { hall = 0 }\n[buses.hall]\nlow_pass_hz = 4000", "^bus hall: A filter at 4000 Hz"),
        ("[strips.a]\n[master]\ntilt = { gain_db = 1, pivot_hz = 5000 }", "^master: A filter at 5000 Hz"),
    ],
)
def test_a_filter_that_cannot_be_had_is_said_to_be_whose(tmp_path: Path, recipe: str, said: str) -> None:
    inputs = write_song(tmp_path, {"a": {"x": noise(1)}}, 8000)
    with pytest.raises(Unsound, match=said):
        render_mix(parse_mix(recipe), inputs, tmp_path)
