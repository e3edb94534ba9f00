from pathlib import Path

import pytest

from tests.orchestrator.label import Label, open_label


@pytest.fixture
def label(tmp_path: Path) -> Label:
    """A label with one song of four parts."""
    store = tmp_path / "a label's störe"
    store.mkdir()
    return open_label(store, "Drums", "Bass", "Guitar", "Lead Vocal")
