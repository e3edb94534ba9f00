"""FOLDER: compute the gain, then render and verify one song of 240 s."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.recipe import parse_master
from dsp.audio import Source
from dsp.kernels import warm
from dsp.master.mastering import find_gain, render_master
from tests.benchmarks.contestants.stopwatch import timed

RECIPE = parse_master("""
[chain]
high_pass_hz = 25
eq = [{ type = "high_shelf", hz = 8000, gain_db = 1.5 }]
compressor = { threshold_db = -18, ratio = 1.5 }
[targets.streaming]
integrated_lufs = -14
""")


def master(out: Path) -> dict[str, float]:
    mix = Source(Path(sys.argv[1]) / "mix.wav")
    gain = find_gain(RECIPE, "streaming", [mix], out).gain_db
    made = render_master(RECIPE, "streaming", mix, gain, out, alone=True)
    return {"lufs": float(made.measures["integrated_lufs"] or 0)}


warm()
with TemporaryDirectory(dir=sys.argv[1]) as folder:
    timed(lambda: master(Path(folder)))
