"""A mono take beside a stereo one keeps the level that it has alone."""

from pathlib import Path

import numpy as np
import pytest

from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import FRAMES, RATE, Signal, band, written

KEYS = f"{SONG}/keys"
SPLICE, FADE = FRAMES // 2, RATE // 10

pytestmark = pytest.mark.slow


@pytest.fixture
def keys(tmp_path: Path) -> Label:
    """A part with a mono take, and a stereo take of the same sound as it stands in the centre of a mix."""
    label = open_label(tmp_path, "keys")
    label.does("take", "ingest", KEYS, written(tmp_path / "mono.wav", band(1), 1))
    label.does("take", "ingest", KEYS, written(tmp_path / "stereo.wav", band(1) * np.sqrt(0.5)))
    label.does("take", "approve", f"{KEYS}/1")
    label.does("mix", "revise", SONG, label.mix_recipe("keys"))
    return label


def mixed(label: Label, out: str) -> Signal:
    """The samples of the mix as they are exported."""
    import soundfile

    label.renders()
    label.does("mix", "approve", f"{SONG}@mix1")
    label.does("export", f"{SONG}@mix1", label.folder / out)
    (file,) = (label.folder / out).glob("*.wav")
    return np.asarray(soundfile.read(file)[0])


def test_a_mono_take_beside_a_stereo_one_is_as_loud_as_alone_and_passes_into_it_without_a_step(keys: Label) -> None:
    alone = mixed(keys, "alone")
    keys.does("take", "approve", f"{KEYS}/2", "--from", "0:02")
    beside = mixed(keys, "beside")
    assert np.abs(alone).max() > 0.05
    np.testing.assert_allclose(beside[: SPLICE - FADE], alone[: SPLICE - FADE], atol=1e-5)
    np.testing.assert_allclose(beside, alone, atol=1e-5)
