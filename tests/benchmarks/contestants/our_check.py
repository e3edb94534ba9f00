"""FILE: the take check of one track."""

import sys
from pathlib import Path

from dsp.audio import Source
from dsp.check.take import check
from dsp.files.sound import SoundReader
from tests.benchmarks.contestants.stopwatch import timed


def look() -> dict[str, float]:
    check({"track": Source(FILE)})
    with SoundReader(Source(FILE)) as reader:
        return {"audio_s": reader.frames / reader.rate}


FILE = Path(sys.argv[1])
look()  # load now what is loaded once
timed(look)
