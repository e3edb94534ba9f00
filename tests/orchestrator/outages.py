"""Outages of a store's log, vault or disk, and the conditions that hold after each."""

import re
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from domain.render.jobs import Rendered
from orchestrator.log.database.url import DatabaseUrl
from orchestrator.log.query import Query
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.log.databases import Schemas, Server
from tests.orchestrator.sounds import note

PATIENCE_S = 120.0
ENGINE = ("engine-paused", "engine-resumed")


def with_takes(label: Label, seconds: float = 1.0) -> Label:
    """*label* after ingesting two takes of the drums."""
    files = [note(label.folder / "sounds" / f"drums_{n}.wav", 60 * n, seconds=seconds) for n in (1, 2)]
    label.does("take", "ingest", f"{SONG}/drums", *files)
    return label


def keep_in(label: Label, vault: object) -> None:
    """Make *vault* the vault of *label*, and trust it."""
    config = label.folder / ".takesheet" / "config.toml"
    config.write_text(re.sub(r"(?m)^vault = .*$", f'vault = "{vault}"', config.read_text("utf-8")), "utf-8")
    label.does("trust", "--yes")


def events(label: Label, *kinds: str) -> list[dict[str, Any]]:
    return [row for row in label.data("log", "show") if row["kind"] in kinds]


def settle(label: Label) -> None:
    """Wait until no render is due."""
    until = time.monotonic() + PATIENCE_S
    while any(row["what"] == "render" for row in label.data("next")):
        assert time.monotonic() < until, "a render is still owed"
        time.sleep(0.3)


def one_pause(label: Label, cause: str) -> None:
    """Check that the log holds one pause with its end, no failed job, and each report once."""
    told = [(row["kind"], row["what"]) for row in events(label, *ENGINE)]
    assert [kind for kind, _ in told] == list(ENGINE), told
    assert cause in told[0][1], told
    assert events(label, "render-failed") == []
    recorded_once(label)


def recorded_once(label: Label) -> None:
    with Studio.at(str(label.folder)) as studio:
        found = (recorded.event for recorded in studio.log.read(Query.of(Rendered)))
        keys = Counter(event.report.key for event in found if isinstance(event, Rendered))
    assert keys, "something was rendered"
    assert max(keys.values()) == 1, keys


def on_postgres(folder: Path, schemas: Schemas) -> Label:
    """A label whose log lies on a PostgreSQL server."""
    folder.mkdir()
    label = with_takes(open_label(folder, "Drums"))
    label.does("store", "move", schemas.place().whole)
    return label


def terminate_drivers(server: Server) -> None:
    """End the connection that holds the driver's lock."""
    with closing(psycopg.connect(DatabaseUrl.parse(server.url).conninfo, autocommit=True)) as connection:
        ended = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'takesheet-driver'"
        ).fetchall()
    assert ended == [(True,)]
