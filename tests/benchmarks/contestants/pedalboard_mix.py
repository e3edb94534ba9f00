"""FOLDER: the same mix in pedalboard, whole files in one process, as its documentation shows it.

Its high-pass has 6 dB per octave where ours has 12, and its effects work in single precision: both in its favour.
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soundfile
from pedalboard import Compressor, Delay, Gain, HighpassFilter, PeakFilter, Pedalboard, Reverb

from tests.benchmarks.contestants.stopwatch import timed

RATE = 48_000
folder = Path(sys.argv[1])
tracks = json.loads((folder / "desk.json").read_text())


def glue() -> Compressor:
    return Compressor(-18, 2, 20, 150)


def mix(path: Path) -> None:
    groups, sends = {}, None
    for one in tracks:
        line, _ = soundfile.read(one["file"], dtype="float32")
        bands = [PeakFilter(hz, gain, 1.0) for hz, gain in one["bands"]]
        dynamics = Compressor(one["threshold_db"], one["ratio"], one["attack_ms"], one["release_ms"])
        line = Pedalboard([HighpassFilter(one["high_pass_hz"]), *bands, dynamics, Gain(one["gain_db"])])(line, RATE)
        angle = (one["pan"] + 1) * np.pi / 4
        both = np.stack([line * np.float32(np.cos(angle)), line * np.float32(np.sin(angle))])
        groups[one["group"]] = groups[one["group"]] + both if one["group"] in groups else both
        sent = both * np.float32(10 ** (one["send_db"] / 20))
        sends = sent if sends is None else sends + sent
    total = sum(Pedalboard([glue()])(group, RATE) for group in groups.values())
    total += Pedalboard([Reverb(0.5, 0.5, wet_level=1, dry_level=0)])(sends, RATE)
    total += Pedalboard([Delay(0.35, 0.3, 1.0)])(sends, RATE)
    soundfile.write(path, Pedalboard([glue()])(total, RATE).T, RATE, subtype="FLOAT")


with TemporaryDirectory(dir=folder) as out:
    timed(lambda: mix(Path(out) / "mix.wav"))
