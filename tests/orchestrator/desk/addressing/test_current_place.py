"""The current address belongs to one user's terminal session."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from platformdirs import user_state_path

from tests.orchestrator.label import SONG, Label
from tests.paths import ROOT


def in_another_terminal(label: Label, *words: str) -> str:
    """Run a command in a terminal session of its own; return its stdout."""
    pid, master = pty.fork()
    if pid == 0:  # pragma: no cover - another process
        os.chdir(label.folder)
        os.environ["PYTHONPATH"] = str(ROOT)
        os.execv(sys.executable, [sys.executable, "-m", "orchestrator.cli.main", *words])  # noqa: S606 - ours
    told = b""
    try:
        while piece := os.read(master, 4096):
            told += piece
    except OSError:  # the other end is closed
        pass
    finally:
        os.close(master)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, told
    return told.decode().strip()


def test_another_terminal_has_its_own_place_and_moves_nothing_here(label: Label) -> None:
    label.does("at", SONG)
    assert in_another_terminal(label, "at") == "nowhere in particular"
    label.does("record", "new", "Low Tide", "--artist", "The Ferrymen")
    assert in_another_terminal(label, "at", "low-tide") == "low-tide"
    assert label.does("at") == SONG
    label.does("part", "show", "drums")


def test_scripts_of_one_terminal_share_its_place(label: Label) -> None:
    label.does("at", SONG)
    assert label.apart("at").out.strip() == SONG
    label.does("at", "-")
    assert label.apart("at").out.strip() == "nowhere in particular"


def test_the_environment_names_a_place_that_wins(label: Label, monkeypatch: pytest.MonkeyPatch) -> None:
    label.does("at", SONG)
    monkeypatch.setenv("TAKESHEET_AT", "night-bus")
    assert label.does("at") == "night-bus"
    monkeypatch.setenv("TAKESHEET_AT", "../etc passwd")
    assert label.refuses(2, "at").rule == "address"
    monkeypatch.setenv("TAKESHEET_AT", "")
    assert label.does("at") == "nowhere in particular"


def test_a_place_that_a_store_holds_is_not_obeyed(label: Label) -> None:
    (label.folder / ".takesheet" / "at").write_text(SONG)
    assert label.does("at") == "nowhere in particular"


def test_each_store_has_its_own_place(label: Label, released: Label) -> None:
    label.does("at", SONG)
    assert released.does("at") == "nowhere in particular"


def test_the_places_of_ended_sessions_are_removed(label: Label) -> None:
    folder = user_state_path("takesheet") / "at"
    label.does("at", SONG)
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    old, strange = folder / f"{'0' * 16}.{ended.pid}.12", folder / "a note of the user's own"
    for file in (old, strange):
        file.write_text(SONG)
    label.does("at", "night-bus")
    assert not old.exists()
    assert strange.exists()
    strange.unlink()


def test_a_remembered_place_that_is_no_text_is_one_line_of_error(label: Label) -> None:
    folder = user_state_path("takesheet") / "at"
    before = set(folder.iterdir()) if folder.exists() else set()
    label.does("at", SONG)
    (file,) = set(folder.iterdir()) - before
    file.write_bytes(b"\xff\xfe")
    assert label.refuses(2, "at").rule == "address"
    file.unlink()


def test_the_folder_of_places_is_the_users_alone(label: Label) -> None:
    label.does("at", SONG)
    assert Path(user_state_path("takesheet") / "at").stat().st_mode & 0o077 == 0
