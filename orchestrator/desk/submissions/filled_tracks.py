"""Tracks that come back as long as a handoff gave them: filled up with silence to the length of the longest part.

Tests: ``tests/orchestrator/cli/commands/sound/test_handoff.py``.
"""

from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import numpy as np

from dsp.audio import BLOCK_FRAMES, Source
from dsp.files.sound import SoundReader
from dsp.files.track_copy import copy_track

LOUDEST: Final = 2.0**-15
"""Linear peak up to which the end of a track is silence: dither of 16 bits is not louder."""


def cut_to_length(path: Path, frames: int, folder: Path) -> Path:
    """A copy in *folder* of the first *frames* of the file at *path*, if all that follows them is silence.

    A file that is not longer, or sounds behind them, is returned as it is.

    Raises:
        Unsound: the file cannot be read.
    """
    with SoundReader(Source(path)) as reader:
        starts = range(frames, reader.frames, BLOCK_FRAMES)
        if not starts or any(float(np.abs(reader.read(start)).max(initial=0.0)) > LOUDEST for start in starts):
            return path
    copy = Path(mkdtemp(dir=folder)) / path.name
    copy_track(Source(path), copy, length=frames)
    return copy
