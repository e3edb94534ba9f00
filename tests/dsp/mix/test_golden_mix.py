"""The mix epoch is raised in the commit that moves this hash, and only then: of main, of its stems and of a version."""

import json
from pathlib import Path

import numpy as np

from domain.recipe import parse_mix
from domain.render.jobs import EPOCHS, manifest
from dsp.audio import Audio
from dsp.mix.console import render_mix
from tests.dsp.mix.console_cases import write_song
from tests.paths import GOLDEN

FROZEN = GOLDEN / "mix.json"

RECIPE = """
prints = ["stems", "instrumental"]
lead_vocals = ["keys"]
[strips.drums]
compressor = { threshold_db = -30, ratio = 4, attack_ms = 3, knee_db = 8, makeup_db = 2 }
[strips."drums.kick"]
high_pass_hz = 35
pan = -0.3
eq = [{ hz = 60, gain_db = 3 }, { type = "high_shelf", hz = 7000, gain_db = -4.5 }]
sends = { echo = -12, room = { gain_db = -9, pre_fader = true } }
group = "rhythm"
[groups.rhythm]
pan_automation = [{ at_s = 0.1, pan = -0.4 }, { at_s = 1.4, pan = 0.3 }]
[strips.keys]
gain_db = -2.7
pan = 0.4
invert = true
delay_ms = 1.7
automation = [{ at_s = 0.2, gain_db = -20 }, { at_s = 1.3, gain_db = 1.5 }, { at_s = 1.9, gain_db = -144 }]
[buses.echo]
high_pass_hz = 180
delay = { time_ms = 310, feedback = 0.4 }
chorus = { depth = 0.4 }
phaser = { feedback = 0.3 }
[buses.room]
reverb = { size = 0.6, pre_delay_ms = 11 }
compressor = { threshold_db = -40, ratio = 3 }
[master]
eq = [{ type = "low_shelf", hz = 120, gain_db = 1.5 }]
compressor = { threshold_db = -18, ratio = 2 }
gain_db = -1
"""


def dying(seed: int, channels: int) -> Audio:
    """Two seconds of noise that falls by 6 dB each tenth; made of integers, so that it is equal everywhere."""
    frame = np.arange(96_000, dtype=np.int64)
    rows = [(frame * frame * 48_271 + frame * 69_621 + seed + channel) % 65_521 for channel in range(channels)]
    return np.asarray((np.array(rows) / 65_521 - 0.5) * 0.5 ** (frame // 4800), dtype=np.float32)


def test_the_mix_epoch_and_the_mix_hash_move_together(tmp_path: Path) -> None:
    inputs = write_song(tmp_path, {"drums": {"kick": dying(1, 1), "oh": dying(2, 2)}, "keys": {"l-r": dying(4, 2)}})
    prints = render_mix(parse_mix(RECIPE), inputs, tmp_path)
    epochs = json.loads(FROZEN.read_text())
    sound = manifest((one.name, one.pcm) for one in prints)
    assert sound == epochs[-1], "the sound moved: raise EPOCHS['mix'] and add its hash to mix.json"
    assert len(epochs) == EPOCHS["mix"], "an epoch is raised with the sound, and only with it"
    assert len(set(epochs)) == len(epochs)
