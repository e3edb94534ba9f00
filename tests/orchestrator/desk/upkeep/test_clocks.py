"""One wrong clock affects no other time; an implausible clock is reported, and its events can be left out."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.label.notes import NoteAdded
from domain.status.events.event_types import KINDS
from orchestrator.log.append_condition import Draft
from orchestrator.log.store import Log
from tests.orchestrator.label import Label
from tests.orchestrator.terminal import Terminal
from tests.orchestrator.written import house

NOW = datetime.now(UTC)
FAR = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def label(tmp_path: Path) -> Label:
    label = house(tmp_path)
    label.does("record", "new", "Night Bus", "--artist", "The Ferrymen")
    return label


def noted(label: Label, text: str, clock: Callable[[], datetime]) -> int:
    """Record a note by a person whose clock is *clock*; return its position."""
    event = NoteAdded(record="night-bus", target="night-bus", text=text, by="pat")
    with Log.open(label.folder / ".takesheet" / "log.db", kinds=KINDS, clock=clock) as log:
        return log.append([Draft(event, "pat", "pat@desk")])[-1].position


def times(label: Label) -> list[str]:
    return [row["time"][:4] for row in label.data("log", "show")]


def test_a_clock_in_2099_dates_no_later_decision(label: Label) -> None:
    before = label.head
    wrong = noted(label, "from the future", lambda: FAR)
    label.does("note", "night-bus", "from today")
    assert times(label)[wrong - 1 :] == ["2099", str(NOW.year)]
    later = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    assert [row["position"] for row in label.data("log", "show", "--as-of", later)][-1] == before + 2
    earlier = (NOW - timedelta(hours=1)).isoformat()
    assert label.run("log", "show", "--as-of", earlier).out == ""


def test_a_clock_that_was_behind_dates_what_came_before_it_until_it_is_doubted(label: Label) -> None:
    before = label.head
    wrong = noted(label, "from 1999", lambda: datetime(1999, 1, 1, tzinfo=UTC))
    label.does("note", "night-bus", "from today")
    past = ("log", "show", "--as-of", "2000-01-01T00:00")
    assert len(label.data(*past)) == wrong == before + 1
    label.does("log", "doubt", wrong, wrong, "--why", "the laptop had lost its battery")
    assert label.run(*past).out == ""
    assert label.data("log", "show")[-1]["why"] == "the laptop had lost its battery"
    assert label.run("log", "verify").code == 0


def test_the_same_doubt_again_records_nothing(label: Label) -> None:
    label.does("log", "doubt", 1, 2, "--why", "wrong")
    head = label.head
    assert "already" in label.does("log", "doubt", 1, 2, "--why", "wrong")
    assert label.head == head


def test_a_range_that_is_none_is_refused(label: Label) -> None:
    assert label.refuses(2, "log", "doubt", 2, 1, "--why", "wrong").rule == "log.range"
    assert label.refuses(2, "log", "doubt", 0, 1, "--why", "wrong").rule == "log.range"
    assert label.refuses(4, "log", "doubt", 1, label.head + 1, "--why", "wrong").rule == "log.range"


@pytest.mark.parametrize(
    ("clock", "words"), [(FAR, "behind the last event"), (NOW - timedelta(days=800), "ahead of the last event")]
)
def test_a_decision_far_from_the_last_event_is_warned_of(label: Label, clock: datetime, words: str) -> None:
    noted(label, "by another clock", lambda: clock)
    assert label.run("doctor").code == 6
    assert words in label.run("doctor").err
    said = label.run("note", "night-bus", "here")
    assert said.code == 0
    assert words in said.err
    assert words not in label.run("note", "night-bus", "and again").err


def test_the_digest_of_a_night_warns_of_a_clock_far_from_the_last_event(label: Label) -> None:
    assert "clock" not in label.does("nightly")
    noted(label, "by another clock", lambda: FAR)
    assert "warning: the clock of this machine is" in label.does("nightly")
    assert "behind the last event" in label.data("nightly")["clock"]


def test_somebody_at_a_terminal_is_asked_once(label: Label) -> None:
    noted(label, "by another clock", lambda: FAR)
    head = label.head
    terminal = Terminal(label, "note", "night-bus", "here")
    terminal.sees("record with this clock?")
    terminal.press("n\r")
    terminal.sees("log.clock")
    assert terminal.ends() == 3
    assert label.head == head
