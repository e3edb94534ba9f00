"""A render on a full disk: the file system's own error, not libsndfile's."""

import errno
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dsp.blocks.scratch import Scratch
from dsp.files.deliverable import PcmWriter
from dsp.files.sound import SoundWriter
from tests.orchestrator.disks import mounted

FRAMES = 65_536
BLOCKS = 100


def a_render(folder: Path) -> None:
    with SoundWriter(folder / "print.wav", 44_100, 2) as writer:
        for _ in range(BLOCKS):
            writer.write(np.zeros((2, FRAMES), np.float32))


def a_deliverable(folder: Path) -> None:
    with PcmWriter(folder / "master.wav", 44_100, 2, 24, BLOCKS * FRAMES, name="main") as writer:
        for _ in range(BLOCKS):
            writer.write(np.zeros((2, FRAMES), np.int32))


def a_scratch_file(folder: Path) -> None:
    with Scratch(folder / "scratch", 2) as scratch:
        for _ in scratch.keep(np.zeros((2, FRAMES), np.float32) for _ in range(BLOCKS)):
            pass


@pytest.mark.parametrize("write", [a_render, a_deliverable, a_scratch_file])
@pytest.mark.parametrize("room", [0, 100_000])
def test_a_full_disk_is_told_as_such(tmp_path: Path, write: Callable[[Path], None], room: int) -> None:
    with mounted(tmp_path / "disk", 2) as small:
        if small is None:
            pytest.skip("this user may mount nothing")
        with small.full(but=room), pytest.raises(OSError, match="No space left") as full:
            write(small.folder)
        assert full.value.errno == errno.ENOSPC
