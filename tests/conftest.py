"""How properties are searched: the same examples in every run, no clock that is red on a busy machine; and Ctrl-C."""

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

os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp(prefix="takesheet-tests-")
"""The user's configuration of all tests and of what they start: they trust stores, and must not touch the real one."""
atexit.register(shutil.rmtree, os.environ["XDG_CONFIG_HOME"], ignore_errors=True)

WAITING = (
    "test_demo",
    "test_release",
    "test_nights",
    "test_engine",
    "test_readme",
    "test_proof",
    "test_server",
    "flows/",
    "test_same_bits",
)
"""Files that mostly wait for servers, renders and compilers; they are begun first, so that no core idles at the end."""


SLOW = (
    "postgresql", "test_postgres", "test_moving", "test_views", "test_same_bits", "test_cache", "test_masters_of_music",
    "test_mastering", "test_reference", "test_stems", "test_splice", "test_side_chain", "test_processors",
    "test_saturation", "draft/test_recipe", "test_voices", "test_convolution", "fuzz.py", "test_any_recipe",
    "dsp/mix/test_external",
)  # fmt: skip
"""What `make quick` leaves to `make test`: PostgreSQL, kernels compiled anew, what is fuzzed, plug-ins in
processes of their own, and the files whose tests render for a second and longer."""


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores: some test is always waiting for a server or for another process."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(word in item.nodeid for word in SLOW):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: not any(name in str(item.path) for name in WAITING))
