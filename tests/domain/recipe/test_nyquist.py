"""A filter too high for the rate of its song is refused with line, field and number."""

import pytest

from domain.core.refusal import Misused
from domain.label.catalog import SongClockSet
from domain.masters.masters import Masters, plan
from domain.recipe import parse_mix, refuse_too_high
from tests.domain.paper import ROOF
from tests.domain.production import FERRY, finished


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("strips.bass.low_pass_hz", "low_pass_hz = {hz}"),
        ("strips.bass.high_pass_hz", "high_pass_hz = {hz}"),
        ("strips.bass.eq.1.hz", "eq = [{{ hz = 60, gain_db = 3 }}, {{ hz = {hz}, gain_db = -2 }}]"),
        ("strips.bass.tilt.pivot_hz", "tilt = {{ gain_db = 1, pivot_hz = {hz} }}"),
        ("strips.bass.deesser.hz", "deesser = {{ threshold_db = -20, hz = {hz} }}"),
        (
            "strips.bass.compressor.side_chain_high_pass_hz",
            "compressor = {{ threshold_db = -20, side_chain_high_pass_hz = {hz} }}",
        ),
        (
            "strips.bass.multiband.crossovers_hz.1",
            "multiband = {{ crossovers_hz = [90, {hz}], bands = [{{}}, {{}}, {{}}] }}",
        ),
        ("strips.bass.stereo.mono_below_hz", "stereo = {{ mono_below_hz = {hz} }}"),
        ("strips.bass.stereo.side_eq.0.hz", "stereo = {{ side_eq = [{{ hz = {hz}, gain_db = 1 }}] }}"),
    ],
)
def test_every_filter_of_a_tone_is_held_against_half_the_rate(field: str, line: str) -> None:
    def asked(hz: str) -> None:
        text = "# a mix\n[strips.bass]\n" + line.format(hz=hz)
        refuse_too_high(parse_mix(text), text, "recipe.mix", rate=32_000, whose=ROOF)

    asked("15999.9")
    for hz in ("16000", "19000"):
        with pytest.raises(Misused) as caught:
            asked(hz)
        told = f"line 3, {field}: {ROOF} has 32000 Hz, so a filter lies below 16000 Hz, not at {hz}"
        assert caught.value.detail == told


def test_a_mix_is_asked_when_its_song_s_rate_is_known_and_the_latest_again_is_not() -> None:
    paper, _ = finished()
    text = "[strips.drums]\nlow_pass_hz = 30000\n"
    paper.revise(text)
    paper.say(SongClockSet(song=ROOF, rate=44_100, bits=24))
    assert paper.revise(text) == []
    with pytest.raises(
        Misused, match=r"recipe\.mix: line 2, strips\.drums\.low_pass_hz: .* below 22050 Hz, not at 30000"
    ):
        paper.revise(text + "# louder\n")


def test_a_master_is_asked_for_each_of_its_songs() -> None:
    recipe = "[chain]\neq = [{ hz = 23000, gain_db = 1 }]\n[targets.cd]\n"
    asked = {"record": "night-bus", "songs": [ROOF, FERRY], "approved": {ROOF: 1, FERRY: 1}, "recipe": recipe}
    assert plan(Masters(), **asked, rates={ROOF: 48_000, FERRY: 96_000})
    with pytest.raises(Misused, match=rf"line 2, chain\.eq\.0\.hz: {FERRY} has 44100 Hz") as refusal:
        plan(Masters(), **asked, rates={ROOF: 48_000, FERRY: 44_100})
    assert refusal.value.rule == "recipe.master"


def test_an_echo_s_filters_and_a_phaser_have_room_at_any_rate() -> None:
    text = "[strips.bass]\n[buses.wet]\ndelay = { time_ms = 9, low_pass_hz = 30000 }\nphaser = { centre_hz = 9000 }"
    refuse_too_high(parse_mix(text), text, "recipe.mix", rate=8000, whose=ROOF)
