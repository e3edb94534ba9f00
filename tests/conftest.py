"""Settings of all tests: properties use the same examples in every run, without deadlines; Ctrl-C ends a run."""

import atexit
import os
import shutil
import tempfile

import pytest
from hypothesis import HealthCheck, settings

from tests.interrupts import restore_interrupts

settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
)
settings.load_profile("house")
restore_interrupts()

os.environ["XDG_CONFIG_HOME"] = os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="takesheet-tests-")
"""The user's configuration and state of all tests and of what they start, which must not touch the real ones."""
os.environ.pop("TAKESHEET_AT", None)
atexit.register(shutil.rmtree, os.environ["XDG_CONFIG_HOME"], ignore_errors=True)


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores: some test is always waiting for a server or for another process."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that wait for servers and renders, so that no core idles at the end."""
    items.sort(key=lambda item: item.get_closest_marker("waits") is None)
