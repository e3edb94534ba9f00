"""FOLDER: matchering, toward a reference of the same length."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import matchering

from tests.benchmarks.contestants.stopwatch import timed

source = Path(sys.argv[1])
with TemporaryDirectory(dir=source) as out:
    wanted = [matchering.pcm24(str(Path(out) / "master.wav"))]
    timed(lambda: matchering.process(str(source / "mix.wav"), str(source / "reference.wav"), wanted))
