import shutil
from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note


@pytest.fixture(scope="session")
def played(opened: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two passes of a band, one second each, to be copied."""
    folder = tmp_path_factory.mktemp("played")
    shutil.copytree(opened, folder, dirs_exist_ok=True)
    label = Label(folder)
    for number in (1, 2):
        for part, hz in (("drums", 60), ("bass", 80), ("guitar", 330), ("lead-vocal", 440)):
            file = note(folder / f"{part}_{number}.wav", hz + number, seconds=1.0)
            label.does("take", "ingest", f"{SONG}/{part}", file, "--pass", number)
    label.does("user", "add", "Pat", "--role", "producer")
    return folder


@pytest.fixture
def band(played: Path, tmp_path: Path) -> Label:
    """A label with two passes of a band."""
    shutil.copytree(played, tmp_path / "band")
    return Label(tmp_path / "band")
