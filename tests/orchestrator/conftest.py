import shutil
from pathlib import Path

import pytest

from tests.orchestrator.label import Label, open_label


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of a label with one song of four parts, to be copied."""
    folder = tmp_path_factory.mktemp("opened")
    open_label(folder, "Drums", "Bass", "Guitar", "Lead Vocal")
    return folder


@pytest.fixture
def label(opened: Path, tmp_path: Path) -> Label:
    """A label with one song of four parts, in a folder whose name is a trap."""
    store = tmp_path / "a label's störe"
    shutil.copytree(opened, store)
    return Label(store)
