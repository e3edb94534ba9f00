"""A restart of the server ends no waiting command: a review goes on, and the standing driver goes on rendering."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.log.databases import Server
from tests.orchestrator.sounds import note
from tests.orchestrator.terminal import Terminal

pytestmark = pytest.mark.waits


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def label(label: Label, tmp_path: Path, server: Server) -> Label:
    """A label on that server, with two takes without a verdict."""
    label.does("store", "move", server.url)
    label.does("user", "add", "pat", "--role", "producer")
    takes = [note(tmp_path / f"{number}.wav", 60 + number, seconds=1.0) for number in (1, 2)]
    label.does("take", "ingest", f"{SONG}/drums", *takes)
    return label


def restart(server: Server) -> None:
    server.kill()
    server.start()


def test_a_review_that_waits_goes_on_after_a_restart(label: Label, server: Server) -> None:
    terminal = Terminal(label, "review", "--as", "pat")
    terminal.sees("(q)uit ?")
    restart(server)
    terminal.press("k")
    terminal.sees("(q)uit ?", times=2)
    restart(server)
    terminal.press("k")
    assert terminal.ends() == 0
    verdicts = [row for row in label.data("log", "show") if row["kind"] == "take-judged"]
    assert len(verdicts) == 2
    label.does("log", "verify")


def test_the_standing_driver_renders_what_is_decided_after_a_restart(label: Label, server: Server) -> None:
    process = label.begin("up", "--plain")
    assert process.stderr is not None
    try:
        line = ""
        while not line.startswith("up "):
            line = process.stderr.readline()
            assert line, "it ended before it was up"
        restart(server)
        label.does("take", "approve", f"{SONG}/drums/1", "--as", "pat")
        until = time.monotonic() + 90
        while not (rendered := [row for row in label.data("log", "show") if row["kind"] == "rendered"]):
            assert process.poll() is None, "it ended with the connection"
            assert time.monotonic() < until, "it follows the log no more"
            time.sleep(0.5)
        assert len(rendered) == 1
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
