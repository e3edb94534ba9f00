"""Briefs: written, shown above what is judged, and erased like any other words."""

from pathlib import Path

import pytest

from domain.core.refusal import Misused
from domain.label.briefs import brief_after, write_brief
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import note
from tests.orchestrator.terminal import Terminal

INTENT, AUDIENCE = "the last bus home, told by its driver", "people who work at night"


@pytest.fixture
def label(tmp_path: Path) -> Label:
    return open_label(tmp_path, "Drums")


def test_a_brief_is_written_in_pieces_and_shown_with_the_record(label: Label) -> None:
    assert label.data("brief", "night-bus") == {"record": "night-bus", "intent": "", "audience": "", "by": ""}
    label.does("brief", "night-bus", "--intent", INTENT)
    label.does("brief", "night-bus", "--audience", AUDIENCE)
    facts = label.data("brief", "night-bus")
    assert (facts["intent"], facts["audience"]) == (INTENT, AUDIENCE)
    before = label.head
    label.does("brief", "night-bus", "--intent", INTENT)
    assert label.head == before
    said = label.run("record", "show", "night-bus")
    assert f"intent: {INTENT}\naudience: {AUDIENCE}" in said.err
    label.does("brief", "night-bus", "--audience", "")
    assert label.data("brief", "night-bus")["audience"] == ""
    assert label.data("brief", "night-bus", "--as-of", str(before))["audience"] == AUDIENCE


def test_the_brief_and_the_facts_of_the_song_stand_above_what_is_judged(label: Label) -> None:
    label.does("brief", "night-bus", "--intent", INTENT)
    label.does("song", "describe", SONG, "--key", "Am")
    file = note(label.folder / "drums.wav", 80, seconds=1.0)
    label.does("take", "ingest", f"{SONG}/drums", file)
    label.does("take", "ingest", f"{SONG}/drums", note(label.folder / "drums2.wav", 90, seconds=1.0))
    terminal = Terminal(label, "review")
    terminal.sees("(q)uit ?")
    terminal.press("q")
    assert terminal.ends() == 0
    shown = terminal.seen
    assert shown.index(f"intent: {INTENT}") < shown.index("Tin Roof: A minor") < shown.index("[1/2]")
    assert shown.count(INTENT) == 1


def test_an_erased_brief_is_nowhere(label: Label) -> None:
    label.does("user", "add", "pat", "--role", "producer")
    label.does("brief", "night-bus", "--intent", INTENT, "--as", "pat")
    label.does("user", "erase", "pat", "--words", "--yes")
    assert label.data("brief", "night-bus")["intent"] == "[erased]"
    assert INTENT not in (label.folder / ".takesheet" / "log.db").read_bytes().decode("latin-1")
    label.does("log", "verify", "--views")


def test_a_brief_says_something() -> None:
    with pytest.raises(Misused, match=r"brief\.empty"):
        write_brief(None, record="night-bus", by="pat")
    assert write_brief(None, record="night-bus", by="pat", intent=" ") == []
    assert brief_after([]) is None
