"""How properties are searched: the same examples in every run, and no clock that is red on a busy machine."""

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
)
settings.load_profile("house")

WAITING = (
    "test_demo",
    "test_release",
    "test_nights",
    "test_engine",
    "test_readme",
    "test_proof",
    "test_server",
    "flows/",
)
"""Files that mostly wait for servers and renders; they are begun first, so that no core idles at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not any(name in str(item.path) for name in WAITING))
