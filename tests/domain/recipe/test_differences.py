"""Differences between two recipes in words."""

import pytest

from domain.recipe import parse_mix
from domain.recipe.differences import differences

PLAIN = """
[strips.lead-vocal]
gain_db = -6.0
sends.room = -12
eq = [{ hz = 3000, gain_db = 2 }]
[strips.drums]
[buses.room]
reverb.size = 0.5
"""


def said(old: str, new: str) -> list[str]:
    return [str(change) for change in differences(parse_mix(old), parse_mix(new))]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("gain_db = -6.0", "gain_db = -5.0", "lead-vocal: gain -6.0 -> -5.0 dB"),
        ("sends.room = -12", "sends.room = -9", "lead-vocal: send room gain -12 -> -9 dB"),
        ("sends.room = -12\n", "", "lead-vocal: send room gone"),
        ("hz = 3000", "hz = 2500", "lead-vocal: eq 1 frequency 3000 -> 2500 Hz"),
        ("gain_db = 2 }", "gain_db = 2 }, { hz = 90, gain_db = -3 }",
         "lead-vocal: eq 2 new: frequency 90 Hz, gain -3 dB"),
        ("[strips.drums]", "[strips.drums]\nmute = true", "drums: mute off -> on"),
        ("[strips.drums]", "[strips.drums]\ncompressor.threshold_db = -20", "drums: compressor new: threshold -20 dB"),
        ("[strips.drums]", "", "drums: strip gone"),
        ("[strips.drums]", "[strips.drums]\n[strips.bass]\npan = -0.2", "bass: new strip: pan -0.2"),
        ("reverb.size = 0.5", "reverb.size = 0.7", "bus room: reverb size 0.5 -> 0.7"),
        ("[buses.room]", "[master]\ngain_db = 1\n[buses.room]", "master: gain 0 -> 1 dB"),
        ("[buses.room]", '[versions.tv]\nwithout = ["lead-vocal"]\n[buses.room]',
         "version tv: new version: without lead-vocal"),
    ],
)  # fmt: skip
def test_each_change_is_one_sentence_with_its_unit(old: str, new: str, words: str) -> None:
    assert said(PLAIN, PLAIN.replace(old, new)) == [words]


def test_the_same_sound_written_otherwise_is_no_change() -> None:
    other = "# a thought\n" + PLAIN.replace("-6.0", "-6").replace("[strips.drums]", "[strips.drums]\npan = 0.0")
    assert said(PLAIN, other) == []
    assert said(PLAIN, PLAIN) == []


def test_the_state_of_a_plug_in_is_told_by_its_beginning() -> None:
    plug_in = 'external = true\n[strips.keys]\n[[strips.keys.external]]\nplugin = "warmth"\n'
    old, new = parse_mix(plug_in), parse_mix(f'{plug_in}state = "{"aGkh" * 500}"\n')
    (change,) = differences(old, new)
    assert str(change) == f"keys: external 1 state none -> {'aGkh' * 15}... (2000 characters)"
    (turned,) = differences(old, parse_mix(f"{plug_in}parameters = {{ drive = 3 }}\n"))
    assert str(turned) == "keys: external 1 parameters drive none -> 3"
