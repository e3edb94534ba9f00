"""One Prefect server for all tests of flows, and a vault for each."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from flows.run.progress import Progress
from flows.run.run_job import Outcome
from flows.vault.vault import Vault, vault_at
from orchestrator.engine.embedded import EmbeddedEngine, confined
from orchestrator.engine.prefect_server.api import Api
from tests.flows.running import run_songs


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A Prefect server; flows of this process run under it."""
    home = tmp_path_factory.mktemp("prefect")
    with EmbeddedEngine("nowhere", home, observe=lambda _: None, say=print) as engine:
        api = engine.api
        with confined(api, home):
            yield api


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return vault_at(str(tmp_path / "vault"))


@pytest.fixture
def room(tmp_path: Path) -> Path:
    folder = tmp_path / "room"
    folder.mkdir()
    return folder


Run = Callable[..., list[Outcome]]


@pytest.fixture
def messages() -> list[Progress]:
    """The progress messages to the observer."""
    return []


@pytest.fixture
def render(api: Api, vault: Vault, messages: list[Progress]) -> Run:
    """Run songs as a real flow and return its outcomes."""
    assert api

    def run(jobs: Sequence[Any], *, title: str = "night-bus", threads: int = 2) -> list[Outcome]:
        vault.forget_checks()
        return run_songs(title, jobs, vault, threads, messages.append)

    return run
