from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from orchestrator.log.store import Log
from tests.orchestrator.log.given import KINDS

# Each example makes a real store on a real disk, so there are fewer of them and none is timed.
settings.register_profile("stores", deadline=None, max_examples=20)
settings.load_profile("stores")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with Log.create(tmp_path / "log.sqlite", kinds=KINDS) as log:
        yield log
