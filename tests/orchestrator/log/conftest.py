from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from orchestrator.log.database.url import Place
from orchestrator.log.store import Log
from tests.orchestrator.log.databases import Databases, Files, Schemas, postgres
from tests.orchestrator.log.given import KINDS

# Each example makes a real store on a real disk, so there are fewer of them and none is timed.
settings.register_profile("stores", deadline=None, max_examples=20)
settings.load_profile("stores")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL database that tests share."""
    with postgres() as url:
        yield url


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Both databases, one after the other: every test that uses the fixture runs on each."""
    if request.param == "sqlite":
        yield Files(tmp_path_factory.mktemp("logs"))
        return
    schemas = Schemas(request.getfixturevalue("server"))
    try:
        yield schemas
    finally:
        schemas.close()


@pytest.fixture
def place(databases: Databases) -> Place:
    """An empty place for a log, on each database."""
    return databases.place()


@pytest.fixture
def log(place: Place) -> Iterator[Log]:
    """An empty log, on each database."""
    with Log.create(place, kinds=KINDS) as log:
        yield log


@pytest.fixture
def sqlite_log(tmp_path: Path) -> Iterator[Log]:
    """An empty log in a SQLite file."""
    with Log.create(tmp_path / "log.sqlite", kinds=KINDS) as log:
        yield log


@pytest.fixture
def postgres_log(server: str) -> Iterator[Log]:
    """An empty log in a PostgreSQL database."""
    schemas = Schemas(server)
    try:
        with Log.create(schemas.place(), kinds=KINDS) as log:
            yield log
    finally:
        schemas.close()
