"""Waiting for a writer that was stopped in its turn: reported after 5 s, given up after 60 s, nothing recorded."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from orchestrator.log.database.url import DatabaseUrl
from tests.orchestrator.label import Label
from tests.orchestrator.log.databases import Schemas, postgres
from tests.orchestrator.written import house
from tests.paths import ROOT

HOLDERS = {
    "in its turn": "from orchestrator.log.sqlite.turnstile import Turnstile; Turnstile(Path(sys.argv[1])).__enter__()",
    "in a transaction, without a turn": (
        "import sqlite3; held = sqlite3.connect(sys.argv[1], isolation_level=None); held.execute('BEGIN IMMEDIATE')"
    ),
}


@contextmanager
def stopped(log: Path, program: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the log and was stopped."""
    wait = "print('held', flush=True); time.sleep(600)"
    command = [sys.executable, "-c", f"import sys, time; from pathlib import Path; {program}; {wait}", str(log)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=env, text=True, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        os.kill(process.pid, signal.SIGSTOP)
        try:
            yield process
        finally:
            os.kill(process.pid, signal.SIGKILL)


@pytest.mark.parametrize("program", HOLDERS.values(), ids=HOLDERS)
def test_who_waits_says_behind_whom_and_gives_up_after_a_minute(tmp_path: Path, program: str) -> None:
    label: Label = house(tmp_path)
    log = label.folder / ".takesheet" / "log.db"
    with stopped(log, program) as holder:
        before, began = label.head, time.monotonic()
        said = label.apart("record", "new", "Night Bus", "--artist", "The Ferrymen")
        took = time.monotonic() - began
        assert label.run("log", "show").code == 0, "readers do not wait"
    assert (said.code, said.out, said.rule) == (5, "", "store.busy"), said
    assert label.head == before
    assert f"waiting for process {holder.pid} (" in said.err
    assert ", stopped)" in said.err
    assert "nothing was recorded" in said.err
    assert 55 < took < 100
    label.does("record", "new", "Night Bus", "--artist", "The Ferrymen")


def test_who_waits_goes_on_as_soon_as_the_other_does(tmp_path: Path) -> None:
    label: Label = house(tmp_path)
    log = label.folder / ".takesheet" / "log.db"
    with stopped(log, HOLDERS["in its turn"]) as holder:
        waiting = label.begin("record", "new", "Night Bus", "--artist", "The Ferrymen")
        assert waiting.stderr is not None
        assert waiting.stderr.readline().startswith(f"waiting for process {holder.pid} (")
        os.kill(holder.pid, signal.SIGKILL)
        assert waiting.wait(timeout=60) == 0
        waiting.communicate()


def test_who_waits_for_a_connection_that_holds_the_head_under_postgresql_says_so(tmp_path: Path) -> None:
    label: Label = house(tmp_path)
    with postgres() as server, closing(Schemas(server)) as schemas:
        place: DatabaseUrl = schemas.place()
        label.does("store", "move", place.whole)
        with closing(psycopg.connect(place.conninfo)) as holder:
            holder.execute("SELECT position FROM log_head FOR UPDATE")
            waiting = label.begin("record", "new", "Night Bus", "--artist", "The Ferrymen")
            assert waiting.stderr is not None
            assert waiting.stderr.readline().startswith("waiting for another connection: it has kept ")
            holder.rollback()
            assert waiting.wait(timeout=60) == 0
            waiting.communicate()
