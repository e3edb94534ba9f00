"""FOLDER: the same mix in DawDreamer's own processors; for lack of a bell filter, shelves replace the three bands."""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import dawdreamer
import numpy as np
import soundfile

from tests.benchmarks.contestants.stopwatch import timed

RATE, BLOCK = 48_000, 512
folder = Path(sys.argv[1])
tracks = json.loads((folder / "desk.json").read_text())


def mix(path: Path) -> None:
    engine = dawdreamer.RenderEngine(RATE, BLOCK)
    graph, groups, frames = [], {}, 0
    for number, one in enumerate(tracks):
        line, _ = soundfile.read(one["file"], dtype="float32")
        frames = len(line)
        chain = [engine.make_playback_processor(f"play{number}", np.stack([line, line]))]
        chain.append(engine.make_filter_processor(f"high{number}", "high", one["high_pass_hz"], 0.7071, 1.0))
        for band, (hz, gain) in enumerate(one["bands"]):
            name = f"band{number}-{band}"
            chain.append(engine.make_filter_processor(name, "high_shelf", hz, 0.7071, 10 ** (gain / 20)))
        times = one["attack_ms"], one["release_ms"]
        chain.append(engine.make_compressor_processor(f"comp{number}", one["threshold_db"], one["ratio"], *times))
        chain.append(engine.make_panner_processor(f"pan{number}", "sin3dB", one["pan"]))
        for at, node in enumerate(chain):
            graph.append((node, [chain[at - 1].get_name()] if at else []))
        groups.setdefault(one["group"], []).append(chain[-1].get_name())
    heard = []
    for group, names in groups.items():
        gains = [10 ** (tracks[0]["gain_db"] / 20)] * len(names)
        graph.append((engine.make_add_processor(f"sum{group}", gains), names))
        graph.append((engine.make_compressor_processor(f"glue{group}", -18, 2, 20, 150), [f"sum{group}"]))
        heard.append(f"glue{group}")
    everyone = [name for names in groups.values() for name in names]
    send = 10 ** ((tracks[0]["gain_db"] + tracks[0]["send_db"]) / 20)
    graph.append((engine.make_add_processor("sends", [send] * len(everyone)), everyone))
    graph.append((engine.make_reverb_processor("room", 0.5, 0.5, 1.0, 0.0, 1.0), ["sends"]))
    graph.append((engine.make_delay_processor("echo", "linear", 350.0, 1.0), ["sends"]))
    heard += ["room", "echo"]
    graph.append((engine.make_add_processor("sum", [1.0] * len(heard)), heard))
    graph.append((engine.make_compressor_processor("bus", -18, 2, 20, 150), ["sum"]))
    engine.load_graph(graph)
    engine.render(frames / RATE)
    soundfile.write(path, engine.get_audio().T, RATE, subtype="FLOAT")


with TemporaryDirectory(dir=folder) as out:
    timed(lambda: mix(Path(out) / "mix.wav"))
