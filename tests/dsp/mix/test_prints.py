"""The prints of one revision: the content of each, and their alignment to the sample."""

from pathlib import Path

import numpy as np
import pytest

from dsp.audio import Audio, Unsound
from tests.dsp.mix.console_cases import RATE, mix, noise

SONG = {
    "drums": {"kick": noise(1, 1), "oh": noise(2, 2)},
    "bass": {"di": noise(3, 1)},
    "lead": {"mic": noise(4, 1)},
    "choir": {"l-r": noise(5, 2)},
}
DESK = """
prints = [{prints}]
lead_vocals = ["lead"]
backing_vocals = ["choir"]
[strips.drums]
compressor = {{ threshold_db = -30, ratio = 4, lookahead_ms = 3 }}
sends = {{ room = -9 }}
[strips."drums.kick"]
gain_db = -3
[strips.bass]
pan = -0.2
compressor = {{ threshold_db = -30, ratio = 4, side_chain = "drums" }}
[strips.lead]
group = "voices"
sends = {{ room = -12, echo = -15 }}
[strips.choir]
group = "voices"
[groups.voices]
gain_db = -2
sends = {{ room = {{ gain_db = -20, pre_fader = true }} }}
[buses.room]
high_pass_hz = 200
reverb = {{ size = 0.4 }}
[buses.echo]
delay = {{ time_ms = 120 }}
sends = {{ room = -10 }}
{master}
"""


def prints(tmp_path: Path, *kinds: str, master: str = "") -> dict[str, Audio]:
    return mix(tmp_path, DESK.format(prints=", ".join(f'"{kind}"' for kind in kinds), master=master), SONG)


def null_db(one: Audio, other: Audio) -> float:
    return float(20 * np.log10(np.abs(one.astype(np.float64) - other).max() + 1e-30))


def test_the_stems_sum_to_the_mix_before_the_master_bus(tmp_path: Path) -> None:
    master = "[master]\ngain_db = -6\ncompressor = { threshold_db = -30, lookahead_ms = 5 }"
    heard = prints(tmp_path, "stems", master=master)
    assert list(heard) == ["main", "stem-bass", "stem-drums", "stem-voices"]
    before = prints(tmp_path)["main"]
    stems = sum(audio.astype(np.float64) for name, audio in heard.items() if name != "main")
    assert null_db(stems, before) <= -120


def test_a_stem_has_the_returns_of_its_own_sends(tmp_path: Path) -> None:
    heard = prints(tmp_path, "stems")
    end = 100_000
    assert np.abs(heard["stem-drums"][:, end:]).max() > 1e-3
    assert np.abs(heard["stem-voices"][:, end:]).max() > 1e-3
    assert not heard["stem-bass"][:, end:].any()


def test_instrumental_and_a_cappella_are_the_mix_and_tv_lacks_the_lead_alone(tmp_path: Path) -> None:
    heard = prints(tmp_path, "instrumental", "a-cappella", "tv")
    assert list(heard) == ["main", "a-cappella", "instrumental", "tv"]
    assert len({audio.shape for audio in heard.values()}) == 1
    assert null_db(heard["instrumental"].astype(np.float64) + heard["a-cappella"], heard["main"]) <= -120
    stems = prints(tmp_path, "stems")
    assert null_db(heard["a-cappella"], stems["stem-voices"]) <= -120
    assert null_db(heard["tv"], heard["instrumental"]) > -40
    assert null_db(heard["tv"], heard["main"]) > -40


def test_a_clean_print_silences_the_words_and_their_sends_and_nothing_else(tmp_path: Path) -> None:
    recipe = 'prints = ["clean"]\nexplicit = [{ strip = "lead", from_s = 0.5, to_s = 0.75 }]\n'
    recipe += "[strips.lead]\n[strips.drums]\ngain_db = -144"
    heard = mix(tmp_path, recipe, SONG)
    main, clean = heard["main"], heard["clean"]
    at, until, fade = RATE // 2, RATE * 3 // 4, RATE // 200
    assert not clean[:, at + fade : until - fade].any()
    assert np.array_equal(clean[:, :at], main[:, :at])
    assert np.array_equal(clean[:, until:], main[:, until:])
    ratio = np.abs(clean[0, at : at + fade]) / np.abs(main[0, at : at + fade])
    assert np.all(np.diff(ratio[ratio > 0]) <= 1e-6)


def test_the_print_for_ears_is_main_held_under_its_ceiling_and_main_stays_unlimited(tmp_path: Path) -> None:
    recipe = 'prints = ["listen"]\nlisten = { gain_db = 12, ceiling_dbtp = -1 }\n[strips.pad]\n'
    loud = np.tile(np.sin(np.arange(2 * RATE) * 0.05), (2, 1)).astype(np.float32) * 0.1
    loud[:, RATE // 2 : RATE] *= 9
    heard = mix(tmp_path, recipe, {"pad": {"l-r": loud}})
    assert np.array_equal(heard["main"], loud)
    assert heard["listen"].shape == loud.shape
    assert np.abs(heard["listen"]).max() <= 10 ** (-1 / 20)
    quiet = slice(0, RATE // 4)
    assert np.abs(heard["listen"][:, quiet] - loud[:, quiet] * 10 ** (12 / 20)).max() < 1e-6


def test_two_prints_cannot_have_one_name(tmp_path: Path) -> None:
    recipe = 'prints = ["stems"]\n[strips.drums]\n[versions.stem-drums]\nonly = ["drums"]'
    with pytest.raises(Unsound, match="Two prints would be called stem-drums"):
        mix(tmp_path, recipe, SONG)
