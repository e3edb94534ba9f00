"""Stores that earlier releases made, as they are kept in ``tests/golden/stores``."""

import tarfile
from pathlib import Path
from typing import Final

from tests.orchestrator.label import Label
from tests.paths import GOLDEN

STORES: Final = GOLDEN / "stores"


def unpack_store(release: str, folder: Path) -> Label:
    """Unpack the store of *release*, such as ``0.1.0``, into *folder*."""
    with tarfile.open(STORES / f"{release}.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return Label(folder)
