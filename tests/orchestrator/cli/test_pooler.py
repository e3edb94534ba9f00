"""A store whose log is reached through a connection pooler: it is read and decided in, and nobody drives there."""

from collections.abc import Iterator

import pytest

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.log.databases import postgres
from tests.orchestrator.log.poolers import PROGRAM, pooler
from tests.orchestrator.log.roles import SharedDatabase, shared_database

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="this machine has no pgbouncer")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture
def database(server: str) -> Iterator[SharedDatabase]:
    with shared_database(server) as database:
        yield database


@pytest.fixture
def pooled(label: Label, server: str, database: SharedDatabase) -> Iterator[Label]:
    """A label that was moved there; a connection is lent to it for one transaction."""
    with pooler(server) as port:
        address = f"postgresql+psycopg://postgres@127.0.0.1:{port}/{database.name}"
        label.does("store", "move", f"{address}?options=-csearch_path%3Dlabel")
        yield label


@pytest.mark.parametrize("words", [("render",), ("nightly",), ("up",)], ids=" ".join)
def test_nobody_drives_through_a_pooler_and_the_rest_works(pooled: Label, words: tuple[str, ...]) -> None:
    said = pooled.refuses(3, *words)
    assert said.rule == "store.pooled"
    assert "next: let log in config.toml name the server itself" in said.err
    pooled.does("note", SONG, "softer")
    assert pooled.data("board")
    pooled.does("log", "verify", "--views")
