"""A record of three songs with a master that waits for its verdict."""

import shutil
from pathlib import Path

import pytest

from tests.orchestrator.key_sessions import make_album
from tests.orchestrator.label import Label


@pytest.fixture(scope="session")
def mastered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store to be copied: three songs, each with an approved mix, and a rendered master without a verdict."""
    folder = tmp_path_factory.mktemp("mastered")
    make_album(folder)
    return folder


@pytest.fixture
def album(mastered: Path, tmp_path: Path) -> Label:
    """A copy of a label with a record of three songs, whose master waits for its verdict."""
    shutil.copytree(mastered, tmp_path / "album")
    return Label(tmp_path / "album")
