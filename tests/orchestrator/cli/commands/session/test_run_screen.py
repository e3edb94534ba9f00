"""The full screen of a session, in a terminal: keys, curtain, two views, and a kill at any key."""

import fcntl
import os
import signal
import struct
import termios
from pathlib import Path

import pytest

from orchestrator.cli.commands.session.run_keys import KEYS, PROMPT
from tests.orchestrator.drawn_screen import DrawnScreen
from tests.orchestrator.label import Label, open_label

S1 = "night-bus/S1"
SCREEN = {"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1"}
ROOM = ["Tin Roof", "Drums", "take 1", "next up: Bass"]
PLANTED = ("123.45", "pounds of doubt", "not this one", "parts left", "booked")
"""Words of money, notes, rejections and of the producer's own view, none of which the room sees."""

pytestmark = pytest.mark.waits


@pytest.fixture
def label(tmp_path: Path) -> Label:
    label = open_label(tmp_path, "Drums", "Bass")
    label.does("user", "add", "pat", "--role", "producer")
    label.does("resource", "add", "room-a", "--rate", "123.45/day")
    label.does("session", "book", "night-bus", "--room", "room-a", "--on", "2127-12-07", "--hours", "10-20")
    return label


def led(label: Label, *, columns: int = 80) -> DrawnScreen:
    screen = DrawnScreen(label, "session", "run", S1, "--as", "pat", columns=columns, env=SCREEN)
    screen.shows("(k)eeper")
    return screen


def kinds(label: Label, after: int = 0) -> list[str]:
    return [row["kind"] for row in label.data("log", "show", "--limit", "200") if row["position"] > after]


def test_keys_decide_at_once_and_q_leaves_the_screen_as_it_was(label: Label) -> None:
    screen = led(label)
    before = label.head
    screen.press(">")
    screen.shows("take 1")
    screen.press(" ")
    screen.shows("rolling")
    screen.press("k")
    screen.shows("keeper · rolling")
    screen.press("q")
    assert screen.ends() == 0
    assert kinds(label, before) == ["parts-started", "roll-started", "slate-marked"]


def test_what_was_typed_before_the_first_screen_decides_nothing(label: Label) -> None:
    screen = DrawnScreen(label, "session", "run", S1, "--as", "pat", env=SCREEN)
    screen.press("> k k f u\r\n>>>kkk   ")
    screen.shows("(k)eeper")
    screen.press("q")
    assert screen.ends() == 0
    assert {"parts-started", "slate-marked", "roll-started", "decision-undone"}.isdisjoint(kinds(label))


def test_enter_unknown_keys_and_arrows_decide_nothing(label: Label) -> None:
    screen = led(label)
    before = label.head
    screen.press("\r\n\x1b[A\x1b[Bzxy1\t")
    screen.press("\x1b[200~kkk\x1b[201~")  # pasted
    screen.press("?")
    for meaning in KEYS.values():
        screen.shows(meaning)
    screen.press("?$")
    screen.shows("123.45 EUR")
    screen.press("q")
    assert screen.ends() == 0
    assert kinds(label, before) == []


def test_the_curtain_leaves_nothing_of_the_producers_view_and_keys_go_on(label: Label) -> None:
    screen = led(label)
    for keys, words in ((">", "take 1"), (" ", "rolling"), ("$", "123.45"), ("r", "not this one")):
        screen.press(keys)
        screen.shows(words)
    screen.press("n")
    screen.shows("note:")
    screen.press("pounds of doubt\r")
    screen.shows("noted")
    screen.press("c")
    screen.waits_until(lambda: screen.lines == ROOM, "the view of the room")
    shown, before = len(screen.seen), label.head
    screen.press("$r?npounds of doubtk")
    screen.waits_until(lambda: kinds(label, before)[-1:] == ["slate-marked"], "the keeper")
    assert screen.lines == ROOM
    assert not [word for word in PLANTED if word in screen.seen[shown:]]
    screen.press("c")
    screen.shows("parts left")
    assert not [line for line in screen.lines if "pounds" in line or "note" in line.split("(")[0]]
    screen.press("q")
    assert screen.ends() == 0


def test_a_kill_at_any_key_loses_nothing_and_the_day_goes_on(label: Label) -> None:
    screen = led(label)
    screen.press(">")
    screen.shows("take 1")
    screen.process.kill()
    screen.process.wait()
    for number in range(1, 3):
        screen = led(label)
        screen.press(" ")
        screen.shows("rolling")
        screen.press("h")
        screen.shows("hold · rolling")
        os.kill(screen.process.pid, signal.SIGKILL)
        screen.process.wait()
        screen = led(label)
        screen.shows(f"take {number}")
        screen.shows("hold · rolling")
        screen.press(" ")
        screen.waits_until(lambda: kinds(label).count("roll-stopped") == number, "the stop")  # noqa: B023
        screen.press("q")
        assert screen.ends() == 0
    assert (kinds(label).count("session-started"), kinds(label).count("slate-marked")) == (1, 2)


def test_the_room_view_follows_in_a_terminal_of_its_own_and_decides_nothing(label: Label) -> None:
    room = DrawnScreen(label, "session", "run", S1, "--view", "room", env=SCREEN)
    producer = led(label)
    producer.press(">")
    room.shows("Tin Roof")
    room.shows("take 1")
    before = label.head
    room.press("k fhu>r")
    producer.press("$ r")
    producer.shows("not this one")
    producer.press(">")
    room.shows("next up: Drums")
    assert kinds(label, before) == ["roll-started", "slate-marked", "roll-stopped", "parts-started"]
    assert not [word for word in PLANTED if word in room.seen]
    room.press("q")
    producer.press("q")
    assert (room.ends(), producer.ends()) == (0, 0)


@pytest.mark.parametrize("columns", [80, 200])
def test_no_line_is_wider_than_the_terminal_and_a_resize_draws_it_anew(label: Label, columns: int) -> None:
    screen = led(label, columns=columns)
    screen.press(">")
    screen.shows("take 1")
    assert screen.lines[-1] == PROMPT
    assert max(len(line) for line in screen.lines) <= columns
    shown = len(screen.seen)
    fcntl.ioctl(screen.fileno, termios.TIOCSWINSZ, struct.pack("HHHH", 12, 40, 0, 0))
    os.kill(screen.process.pid, signal.SIGWINCH)
    screen.waits_until(
        lambda: len(screen.seen) > shown and screen.lines[-1:] == [PROMPT[:40].rstrip()], "a narrow prompt"
    )
    screen.press("q")
    assert screen.ends() == 0


def test_a_dumb_terminal_has_lines_and_no_escape_byte(label: Label) -> None:
    screen = DrawnScreen(label, "session", "run", S1, "--as", "pat", env={"TERM": "dumb", "NO_COLOR": "1"})
    screen.press(">\nk\n")  # before the first lines: decides nothing
    screen.shows("(k)eeper")
    screen.press(">\n")
    screen.shows("take 1")
    screen.press("q\n")
    assert screen.ends() == 0
    assert "\x1b" not in screen.seen
    assert "slate-marked" not in kinds(label)


def test_a_terminal_that_is_gone_ends_the_command(label: Label) -> None:
    screen = led(label)
    screen.hang_up()
    assert screen.process.wait(timeout=30) is not None


def moments(label: Label) -> list[str]:
    rows = label.data("log", "show", "--limit", "200")
    return [row["what"].removeprefix(f"{S1}: ") for row in rows if row["kind"] == "moment-marked"]


def test_a_moment_is_kept_at_once_and_its_words_may_follow_until_enter(label: Label) -> None:
    screen = led(label)
    screen.press(">")
    screen.shows("take 1")
    screen.press("m")
    screen.shows("moment kept; in words")
    assert moments(label) == ["moment"], "before any word"
    before = label.head
    screen.press("laugh, again")
    screen.shows("Enter: laugh, again")
    assert kinds(label, before) == [], "letters are no keys meanwhile"
    screen.press("\r")
    screen.shows("moment kept, with its words")
    screen.shows("moments: 1")
    screen.press("k")
    screen.shows("for passes without roll and stop: 1")
    screen.press("uu")
    screen.waits_until(lambda: kinds(label, before).count("decision-undone") == 2, "two keys taken back")
    screen.shows("moments: 1")
    screen.press("q")
    assert screen.ends() == 0
    assert kinds(label, before) == ["moment-marked", "slate-marked", "decision-undone", "decision-undone"]


def test_no_key_is_lost_behind_a_moment(label: Label) -> None:
    screen = led(label)
    screen.press(">")
    screen.shows("take 1")
    before = label.head
    screen.press("m")
    screen.shows("in words")
    screen.press(" ")
    screen.shows("rolling")  # a blank begins no words
    screen.press("m")
    screen.shows("in words")
    screen.press("k\r")
    screen.shows("keeper · rolling")  # a letter alone is the key that it is
    screen.press("m")
    screen.shows("in words")
    screen.press("h")
    screen.shows("hold · rolling")  # even without Enter, after a while
    screen.press("m")
    screen.shows("moments: 4")
    screen.press("\r")
    screen.press("q")
    assert screen.ends() == 0
    assert kinds(label, before) == [
        "moment-marked", "roll-started", "moment-marked", "slate-marked", "moment-marked", "slate-marked",
        "moment-marked",
    ]  # fmt: skip


def test_behind_the_curtain_a_moment_asks_for_no_words(label: Label) -> None:
    screen = led(label)
    screen.press(">")
    screen.shows("take 1")
    screen.press("c")
    screen.waits_until(lambda: "next up: Bass" in screen.lines, "the room")
    before = label.head
    screen.press("mk")
    screen.waits_until(lambda: kinds(label, before) == ["moment-marked", "slate-marked"], "two keys")
    assert not any("words" in line for line in screen.lines)
    screen.press("q")
    assert screen.ends() == 0
