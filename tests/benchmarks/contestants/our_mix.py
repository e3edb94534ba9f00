"""FOLDER THREADS [SECONDS]: our mixer on the 24 tracks, or on long ones of SECONDS."""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.recipe import parse_mix
from dsp.audio import Source
from dsp.kernels import warm
from dsp.mix.console import render_mix
from tests.benchmarks.contestants.stopwatch import timed

GROUP = "compressor = { threshold_db = -18, ratio = 2, attack_ms = 20, release_ms = 150 }"
REST = f"""
[buses.room]
reverb = {{ size = 0.5, damping = 0.5 }}
[buses.echo]
delay = {{ time_ms = 350, feedback = 0.3 }}
[master]
{GROUP}
"""


def strip(name: str, one: dict) -> str:
    bands = ", ".join(f"{{ hz = {hz}, gain_db = {gain}, q = 1 }}" for hz, gain in one["bands"])
    times = f"attack_ms = {one['attack_ms']}, release_ms = {one['release_ms']}"
    return f"""
[strips."{name}"]
gain_db = {one["gain_db"]}
pan = {one["pan"]}
high_pass_hz = {one["high_pass_hz"]}
eq = [{bands}]
compressor = {{ threshold_db = {one["threshold_db"]}, ratio = {one["ratio"]}, {times} }}
sends = {{ room = {one["send_db"]}, echo = {one["send_db"]} }}
"""


folder, threads = Path(sys.argv[1]), int(sys.argv[2])
tracks = json.loads((folder / "desk.json").read_text())
if len(sys.argv) > 3:
    files = sorted(folder.glob(f"long-{sys.argv[3]}-*.wav"))
    tracks = [{**one, "file": str(file)} for one, file in zip(tracks, files, strict=False)]
inputs: dict[str, dict[str, Source]] = {}
for number, one in enumerate(tracks):
    inputs.setdefault(f"group-{one['group']}", {})[f"{number}"] = Source(Path(one["file"]))
text = "".join(f"[strips.{group}]\n{GROUP}\n" for group in inputs)
text += "".join(strip(f"group-{one['group']}.{number}", one) for number, one in enumerate(tracks)) + REST
warm()
with TemporaryDirectory(dir=folder) as out:
    timed(lambda: render_mix(parse_mix(text), inputs, Path(out), threads=threads) and None)
