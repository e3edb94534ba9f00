"""FILE: the true peak at sixteen times the rate through soxr VHQ."""

import math
import sys
from pathlib import Path

import numpy as np

from dsp.audio import Source
from dsp.files.resample import resample
from dsp.files.sound import SoundReader
from tests.benchmarks.contestants.stopwatch import timed


def read() -> dict[str, float]:
    with SoundReader(Source(Path(sys.argv[1]))) as reader:
        blocks = resample(reader.blocks(), reader.frames, 1, 16)
        return {"dbtp": 20 * math.log10(max(float(np.abs(block).max(initial=0)) for block in blocks))}


timed(read)
