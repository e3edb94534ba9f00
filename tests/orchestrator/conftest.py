import shutil
from pathlib import Path

import pytest

from tests.orchestrator.label import Label, open_label, release


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of a label with one song of four parts, to be copied."""
    folder = tmp_path_factory.mktemp("opened")
    open_label(folder, "Drums", "Bass", "Guitar", "Lead Vocal")
    return folder


@pytest.fixture
def label(opened: Path, tmp_path: Path) -> Label:
    """A label with one song of four parts, in a folder whose name has a space, an apostrophe and an umlaut."""
    store = tmp_path / "a label's störe"
    shutil.copytree(opened, store)
    return Label(store)


@pytest.fixture(scope="session")
def shipped(opened: Path, tmp_path_factory: pytest.TempPathFactory) -> Label:
    """A label whose record is mastered and approved.  A test that changes it takes a copy: see :func:`released`."""
    folder = tmp_path_factory.mktemp("shipped") / "store"
    shutil.copytree(opened, folder)
    label = Label(folder)
    release(label)
    return label


@pytest.fixture
def released(shipped: Label, tmp_path: Path) -> Label:
    """A copy of a label whose record is mastered and approved."""
    store = tmp_path / "released"
    shutil.copytree(shipped.folder, store)
    return Label(store)
