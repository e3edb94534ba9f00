"""FILE WITH-TRUE-PEAK(0|1): our meter."""

import sys
from pathlib import Path

from dsp.audio import Source
from dsp.kernels import warm
from dsp.meter.loudness import measure
from tests.benchmarks.contestants.stopwatch import timed


def read() -> dict[str, float]:
    heard = measure(Source(Path(sys.argv[1])), true_peak=sys.argv[2] == "1")
    return {"lufs": heard.integrated_lufs or 0.0, "dbtp": heard.true_peak_dbtp or 0.0}


warm()
timed(read)
