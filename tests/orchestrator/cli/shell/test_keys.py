"""Keys as terminals send them: one at a time however fast they come, and every prompt on a line of its own."""

import os
import pty
import signal
import sys
import termios
from collections.abc import Iterator
from contextlib import suppress

import pytest

from orchestrator.cli.commands.listen.playback import PROMPT as PLAYBACK_PROMPT
from orchestrator.cli.commands.listen.player_keys import PROMPT
from orchestrator.cli.shell.keys import Keyboard, quiet_terminal
from tests.orchestrator.key_sessions import check_lines
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.recording_player import RecordingPlayer
from tests.orchestrator.sounds import note
from tests.orchestrator.terminal import Terminal, answer_lines

SENT = {
    "an arrow": ["\x1b[A"], "an arrow in application mode": ["\x1bOB"], "page down": ["\x1b[6~"],
    "control and an arrow": ["\x1b[1;5C"], "a function key": ["\x1b[15~"], "the console's F1": ["\x1b[[A"],
    "alt and a letter": ["\x1ba"], "alt and an arrow": ["\x1b\x1b[D"], "a letter of two bytes": ["é"],
    "a sign of four bytes": ["😀"], "letters": ["a", "a", "q"],
    "twelve arrows": ["\x1b[C"] * 12, "many kinds": ["a", "\x1b[5~", "é", "\x1b[B", "q"],
}  # fmt: skip
"""Keys by what they are, in the characters that a terminal sends for each."""


@pytest.fixture
def keys_sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The other side of the terminal that is stdin meanwhile."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield ours
    os.close(ours)


@pytest.mark.parametrize("kind", SENT)
def test_keys_that_come_at_once_are_read_one_by_one(keys_sent: int, kind: str) -> None:
    with Keyboard("? ") as keyboard:
        os.write(keys_sent, "".join(SENT[kind]).encode())
        assert [keyboard.typed(timeout_s=5.0) for _ in SENT[kind]] == SENT[kind]
        assert keyboard.typed(timeout_s=0.0) is None


def test_escape_alone_is_a_key(keys_sent: int) -> None:
    with Keyboard("? ") as keyboard:
        os.write(keys_sent, b"\x1b")
        assert keyboard.typed(timeout_s=5.0) == "\x1b"
        os.write(keys_sent, b"\xff")
        assert keyboard.typed(timeout_s=5.0) == "\N{REPLACEMENT CHARACTER}"


def test_the_modes_come_back_after_keyboards_in_one_another(keys_sent: int) -> None:
    before, handler = termios.tcgetattr(sys.stdin), signal.getsignal(signal.SIGTSTP)
    with quiet_terminal(has_keys=True):
        held = termios.tcgetattr(sys.stdin)
        assert not held[3] & termios.ECHO
        with Keyboard("? "):
            os.write(keys_sent, b"words\n")
            assert Keyboard.line("note: ") == "words\n"
        assert termios.tcgetattr(sys.stdin) == held
    assert termios.tcgetattr(sys.stdin) == before
    assert signal.getsignal(signal.SIGTSTP) == handler


@pytest.mark.usefixtures("keys_sent")
def test_what_follows_a_prompt_begins_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with Keyboard("? ") as keyboard:
        keyboard.ask()
        keyboard.ask()
        keyboard.end_line()
        keyboard.end_line()
        keyboard.ask()
    assert capsys.readouterr().err == "? \n? \n? \n"
    with Keyboard("? ") as keyboard, suppress(KeyboardInterrupt):  # what catches it here ends the line afterwards
        keyboard.ask()
        raise KeyboardInterrupt
    assert capsys.readouterr().err == "? \n"


@pytest.mark.parametrize(("prompt", "words"), [
    (PROMPT, ("play", f"{SONG}/drums/1")), (PLAYBACK_PROMPT, ("playback", "night-bus")),
])  # fmt: skip
def test_messages_of_keys_that_come_at_once_stand_on_lines_of_their_own(
    released: Label, prompt: str, words: tuple[str, ...]
) -> None:
    RecordingPlayer.of(released)
    terminal = Terminal(released, *words)
    terminal.sees(prompt)
    terminal.press("ll?l\x1b[5~z")
    terminal.sees("there is no such key", times=2)
    terminal.sees(prompt, times=7)
    terminal.interrupt()
    terminal.sees("  stopped")
    terminal.sees(prompt, times=8)
    terminal.interrupt()
    terminal.sees("interrupted")
    assert terminal.ends() == 130
    assert terminal.seen.splitlines()[-1] == "interrupted"
    check_lines(terminal.seen, 80)


def test_of_keys_that_come_at_once_review_takes_the_first(label: Label) -> None:
    files = [note(label.folder / f"{number}.wav", 100.0 * number) for number in (1, 2, 3)]
    label.does("take", "ingest", f"{SONG}/drums", *files)
    terminal = Terminal(label, "review")
    terminal.sees("(q)uit ?")
    terminal.press("kkkr\x1b[A")
    terminal.sees("[2/3]")
    terminal.sees("(q)uit ?", times=2)
    terminal.press("n")
    terminal.sees("note: ")
    terminal.press("\x04")
    terminal.sees("(q)uit ?", times=3)
    terminal.press("n")
    terminal.sees("note: ", times=2)
    terminal.press("more")
    terminal.sees("note: more")
    terminal.interrupt()
    terminal.sees("interrupted")
    assert terminal.ends() == 130
    lines = terminal.seen.splitlines()
    assert lines[-2:] == ["note: more", "interrupted"]
    check_lines(terminal.seen, 80)
    assert [row["verdict"] for row in label.data("take", "list", SONG)] == ["kept", "", ""]


def test_answers_in_lines_stand_each_behind_their_question(label: Label) -> None:
    label.does("take", "ingest", f"{SONG}/drums", note(label.folder / "1.wav", 100.0))
    said = answer_lines(label, "n\nmore snare\nq\n", "review")
    assert "\nnote:   noted\n" in said.err, "the line end that ends the answer is the terminal's echo"
