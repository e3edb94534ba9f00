import tomllib
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from domain.recipe import parse_mix
from dsp import synthetic_band as band
from dsp.audio import Audio, Source
from dsp.draft.recipe import DraftTrack, draft_mix
from dsp.draft.roles import role_of
from dsp.meter.loudness import measure
from dsp.mix.console import render_mix
from dsp.mix.rehearsal import rehearse
from tests.dsp.mix.console_cases import RATE, Song, noise, read, write_song

pytestmark = pytest.mark.slow

BAND: Song = {
    "drums": {"kick-in": noise(1, level=0.2), "snare-top": noise(2, level=0.05), "oh": noise(3, 2, level=0.02)},
    "bass": {"bass-01": noise(4, level=0.3)},
    "guitar": {"take": noise(5, level=0.01)},
    "guitar-2": {"take": noise(6, level=0.1)},
    "lead-vocal": {"vox": noise(7, level=0.003)},
}


def tracks(folder: Path, song: Song) -> list[DraftTrack]:
    return [
        DraftTrack(part, track, part, source, len(sources))
        for part, sources in write_song(folder, song).items()
        for track, source in sources.items()
    ]


def rendered(folder: Path, text: str, song: Song) -> Audio:
    return read(render_mix(parse_mix(text), write_song(folder, song), folder)[0].path)


def test_a_draft_is_a_recipe_that_renders_with_headroom_whatever_the_levels_it_was_recorded_at(tmp_path: Path) -> None:
    text = draft_mix(tracks(tmp_path, BAND))
    heard = rendered(tmp_path, text, BAND)
    assert -16 < 20 * np.log10(np.abs(heard).max()) <= -6
    strips = parse_mix(text).strips
    assert set(strips) == {
        "bass", "drums", "drums.kick-in", "drums.oh", "drums.snare-top", "guitar", "guitar-2", "lead-vocal"
    }  # fmt: skip
    assert strips["guitar"].pan == -strips["guitar-2"].pan != 0
    assert strips["guitar"].gain_db - strips["guitar-2"].gain_db == pytest.approx(20, abs=0.3)
    assert strips["lead-vocal"].compressor
    assert strips["lead-vocal"].sends
    assert strips["drums.kick-in"].high_pass_hz == 30


def test_a_draft_of_a_band_is_as_loud_as_a_rough_mix_and_its_peaks_have_room(tmp_path: Path) -> None:
    kit = {name: line / 50 for name, line in band.drum_kit(bars=3, seed=1).items()}  # recorded far too soft
    song: Song = {
        "drums": kit,
        "bass": {"di": band.bass(bars=3)},
        "lead-vocal": {"vox": band.lead_voice(bars=3)},
    }
    rendered(tmp_path, draft_mix(tracks(tmp_path, song)), song)
    heard = measure(Source(tmp_path / "main.wav"))
    assert -18.1 < (heard.integrated_lufs or 0) < -16.9
    assert (heard.sample_peak_dbfs or 0) < -0.9


def test_what_allows_it_peaks_at_six_below_full_scale_at_most(tmp_path: Path) -> None:
    song: Song = {"keys": {"pad": noise(20, level=0.9)}}
    heard = 20 * np.log10(np.abs(rendered(tmp_path, draft_mix(tracks(tmp_path, song)), song)).max())
    assert -9 < heard <= -5.9


def test_the_master_bus_is_set_by_playing_the_mix_and_no_file_comes_of_it(tmp_path: Path) -> None:
    text = draft_mix(tracks(tmp_path, BAND))
    assert not list(tmp_path.glob("main*"))
    assert parse_mix(text).master.gain_db
    played = rehearse(parse_mix(text), write_song(tmp_path, BAND))
    rendered(tmp_path, text, BAND)
    assert played.integrated_lufs == measure(Source(tmp_path / "main.wav")).integrated_lufs


def test_a_fader_makes_up_for_what_the_tone_of_its_role_takes(tmp_path: Path) -> None:
    song: Song = {"bass": {"di": noise(21, level=0.3)}, "sound": {"a": noise(22, level=0.3)}}
    text = draft_mix(tracks(tmp_path, song)).replace("[master]\n", "[master]\n# ")
    solo = {}
    for part in song:
        render_mix(parse_mix(text + f'\n[versions.solo]\nonly = ["{part}"]\n'), write_song(tmp_path, song), tmp_path)
        solo[part] = measure(Source(tmp_path / "solo.wav")).integrated_lufs or 0
    assert solo["bass"] - solo["sound"] == pytest.approx(-2 - -7, abs=0.5)


@pytest.mark.parametrize(
    "names", [("oh-l", "oh-r"), ("Overhead L_01", "Overhead R_01"), ("OHL", "OHR"), ("room.left", "room.right")]
)
def test_a_pair_of_a_recorder_stands_apart(tmp_path: Path, names: tuple[str, str]) -> None:
    song: Song = {"drums": {name: noise(23 + at) for at, name in enumerate(names)}}
    strips = parse_mix(draft_mix(tracks(tmp_path, song))).strips
    left, right = (strips[f"drums.{name}"] for name in names)
    assert left.pan <= Decimal("-0.7")
    assert right.pan == -left.pan
    assert abs(left.gain_db - right.gain_db) <= Decimal("0.2")


def test_a_draft_says_at_each_strip_what_was_heard(tmp_path: Path) -> None:
    tone = (0.1 * np.sin(2 * np.pi * 997 * np.arange(2 * RATE) / RATE)).astype(np.float32)  # reads -3.01 LU (BS.1770)
    text = draft_mix(tracks(tmp_path, {"bass": {"di": tone[np.newaxis]}}))
    assert "# bass: -23 LUFS, peaks at -20 dBFS\n[strips.bass]\n" in text


def test_the_same_sounds_give_the_same_text_in_any_order_and_on_any_number_of_threads(tmp_path: Path) -> None:
    band = tracks(tmp_path, BAND)
    texts = {draft_mix(band, threads=1), draft_mix(band, threads=4), draft_mix(band[::-1])}
    assert len(texts) == 1


def test_silence_and_what_is_too_short_to_measure_are_left_where_they_are(tmp_path: Path) -> None:
    song = {"keys": {"a": np.zeros((1, RATE), np.float32)}, "gong": {"hit": noise(8, frames=1000)}}
    text = draft_mix(tracks(tmp_path, song))
    assert "# keys: silent\n[strips.keys]\ngain_db = 0\n" in text
    assert "too short to have a loudness" in text
    assert "nan" not in text.lower().replace("instrumental", "")
    assert np.isfinite(rendered(tmp_path, text, song)).all()


def test_a_song_of_silence_alone_can_be_drafted(tmp_path: Path) -> None:
    text = draft_mix(tracks(tmp_path, {"keys": {"a": np.zeros((2, RATE), np.float32)}}))
    assert parse_mix(text).strips["keys"].gain_db == 0
    assert "buses" not in text


def test_names_that_toml_could_not_bear_bare_are_quoted(tmp_path: Path) -> None:
    song = {"ελλάδα": {"m": noise(9)}, "chœur-été": {"l": noise(10), "r": noise(11)}}
    text = draft_mix(tracks(tmp_path, song))
    assert set(tomllib.loads(text)["strips"]) == {"ελλάδα", "chœur-été", "chœur-été.l", "chœur-été.r"}
    strips = parse_mix(text).strips
    assert strips["chœur-été.l"].pan < 0 < strips["chœur-été.r"].pan


def test_at_a_low_rate_no_filter_is_drafted_that_could_not_be_had(tmp_path: Path) -> None:
    inputs = write_song(tmp_path, {"vocal": {"m": noise(12)}}, rate=16_000)
    text = draft_mix([DraftTrack("vocal", "m", "Vocal", inputs["vocal"]["m"], 1)])
    assert "10000" not in text
    assert render_mix(parse_mix(text), inputs, tmp_path)


@pytest.mark.parametrize(
    ("names", "role"),
    [
        (("lead-vocal",), "vocal"), (("choir", "Vocals"), "backing vocal"), (("bass-drum",), "kick"),
        (("drums",), "drums"), (("gtr-2",), "guitar"), (("acoustic-guitar",), "acoustic guitar"),
        (("bass-di",), "bass"), (("hi-hat",), "hi-hat"),
        (("01-take", "Rhodes"), "keys"), (("Overhead L",), "overhead"), (("Gesang",), "vocal"), (("xyz",), "sound"),
    ],
)  # fmt: skip
def test_a_role_is_guessed_from_names(names: tuple[str, ...], role: str) -> None:
    assert role_of(*names).name == role


CHOIR: Song = {
    "kick": {"in": noise(31)},
    "snare": {"top": noise(32)},
    "drum-bus": {"old": noise(33)},
    "lead-vocal": {"vox": noise(34)},
    "backing": {"bv": noise(35, 2)},
    "keys": {"l-r": noise(36, 2)},
}


def test_drums_and_voices_of_several_parts_have_a_bus_each_and_stand_in_their_rooms(tmp_path: Path) -> None:
    recipe = parse_mix(draft_mix(tracks(tmp_path, CHOIR)))
    groups = {name: strip.group for name, strip in recipe.strips.items()}
    drums = dict.fromkeys(("kick", "snare", "drum-bus"), "drum-bus-2")
    assert groups == {**drums, "lead-vocal": "vocal-bus", "backing": "vocal-bus", "keys": None}
    assert recipe.groups["drum-bus-2"].compressor
    assert set(recipe.strips["lead-vocal"].sends) == {"plate"}
    assert set(recipe.strips["keys"].sends) == {"room"}


def test_a_draft_knows_its_voices_so_that_every_print_it_offers_can_be_asked_for(tmp_path: Path) -> None:
    text = draft_mix(tracks(tmp_path, CHOIR)).replace("# prints", "prints")
    recipe = parse_mix(text)
    assert (recipe.lead_vocals, recipe.backing_vocals) == (("lead-vocal",), ("backing",))
    printed = {one.name for one in render_mix(recipe, write_song(tmp_path, CHOIR), tmp_path)}
    stems = {"stem-drum-bus-2", "stem-keys", "stem-vocal-bus"}
    assert printed == {"main", "listen", "instrumental", "a-cappella", "tv", *stems}


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("LeadVox", "vocal"), ("SNR", "snare"), ("CrashCymbal", "overhead"), ("ElectricBasspick", "bass"),
        ("BGV", "backing vocal"), ("BGVox_02", "backing vocal"), ("OHs", "overhead"), ("RhyGtr2", "guitar"),
        ("KickIn", "kick"), ("SnTop", "snare"), ("SynBass", "bass"), ("Kick Click", "kick"), ("Click_01", "cue"),
        ("Count-In", "cue"), ("CountIn", "cue"), ("TalkBack 1", "cue"), ("TB", "cue"), ("SMPTE", "cue"),
        ("Talkbox", "sound"), ("Custom", "sound"), ("HiHat.L", "hi-hat"), ("AcousticGuitar", "acoustic guitar"),
    ],
)  # fmt: skip
def test_names_are_read_as_programs_write_them(name: str, role: str) -> None:
    assert role_of(name).name == role


def test_a_click_is_never_mixed_and_moves_no_fader(tmp_path: Path) -> None:
    click: Song = {"click": {"main": noise(8, level=0.9)}, "drums": {**BAND["drums"], "talkback": noise(9, level=0.9)}}
    alone, beside = (parse_mix(draft_mix(tracks(tmp_path, song))) for song in (BAND, {**BAND, **click}))
    assert {name for name, strip in beside.strips.items() if strip.mute} == {"click", "drums.talkback"}
    for name, strip in alone.strips.items():
        assert beside.strips[name].gain_db == strip.gain_db
