"""The stage of a transcript: a folder with a store, commands on a terminal of 80 columns, and what they print.

What differs from run to run (hashes of the log, seconds taken) is shown as one constant.
"""

import re
import shlex
import shutil
import stat
from pathlib import Path
from typing import Final

from tests.orchestrator.file_clock import FileClock
from tests.orchestrator.label import Label
from tests.orchestrator.recording_player import RecordingPlayer
from tests.orchestrator.terminal import Terminal

COLUMNS: Final = 80
VARYING: Final = (
    (r"/[0-9a-f]{2}/[0-9a-f]{62}\b", "/5d/41402abc4b"),
    (r"\b([0-9a-f]{64}|[0-9a-f]{16}|[0-9a-f]{12})\b", "5d41402abc4b"),
    (r"^(done .*) \d+\.\d+$", r"\1 0.62"),
    (r"\bin \d+(\.\d+)? s\b", "in 0.6 s"),
    (r"\bpaused at 0:0\d", "paused at 0:02"),
    (r"\bfrom 0:0\d", "from 0:07"),
)
"""Patterns of text that differs from run to run, and the constant in its place."""
SHOWN: Final = {" ": "space"}
"""How a pressed key is shown whose character would not be seen."""
TYPED: Final = {"→": "\x1b[C", "←": "\x1b[D", "↑": "\x1b[A", "↓": "\x1b[B"}
"""Characters that an arrow sends."""


class Stage:
    """Runs commands and writes down what a person at the terminal sees."""

    def __init__(self, folder: Path, time: str) -> None:
        """A stage whose commands go by a clock that stands at *time*, such as ``2026-12-01T20:00`` in Berlin."""
        self.clock = FileClock(folder.parent / "clock")
        self.clock.set(time)
        self.label, self._lines = Label(folder, self.clock), list[str]()
        self._env = {"LOGNAME": "pat", "USER": "pat"}

    def tell(self, text: str) -> None:
        """Write a paragraph of prose."""
        self._lines += ["", text.strip()]

    def set_up(self) -> None:
        """Let the store play by a player that plays until it is stopped, and render one song after another."""
        RecordingPlayer.of(self.label)
        config = self.label.folder / ".takesheet" / "config.toml"
        config.write_text(config.read_text().replace("threads = 0", "threads = 1"))

    def let_the_editor_leave(self, *texts: str) -> None:
        """Let the editor leave each of *texts* in turn."""
        folder = self.label.folder / "editor"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for number, text in enumerate(texts, start=1):
            (folder / f"{number}.toml").write_text(text, encoding="utf-8")
        script, count = folder / "editor.sh", folder / "edits.txt"
        count.write_text("")
        left = f'"{folder}/$(($(wc -l < "{count}"))).toml"'
        script.write_text(f'#!/bin/sh\necho >> "{count}"\nfor file; do :; done\ncp {left} "$file"\n', encoding="utf-8")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        self._env |= {"EDITOR": f"'{script}'", "VISUAL": f"'{script}'"}

    def type(self, line: str, *answers: str, code: int = 0) -> None:
        """Type a command line; then answer each prompt.

        Args:
            line: words of the command line, without the name of the program.
            answers: the key, or the line with its line end, that answers each prompt in turn.
            code: expected exit code.
        """
        terminal = Terminal(self.label, *shlex.split(line), columns=COLUMNS, env=self._env)
        for answer in answers:
            terminal.sees_a_prompt()
            if answer.endswith("\n"):
                terminal.press(answer)
                terminal.sees(answer.rstrip("\n"), times=terminal.seen.count(answer.rstrip("\n")) + 1)
            else:
                terminal.seen += f"{SHOWN.get(answer, answer)}"
                terminal.press(TYPED.get(answer, answer))
        terminal.sees_the_end()
        ended = terminal.ends()
        if ended != code:
            print("CODE", ended, line)
        self._show(f"takesheet {line}", terminal.seen)

    def lead(self, line: str, *keys: tuple[str, str]) -> None:
        """Type a command line that reads keys line by line, and press each of *keys* at its time.

        Args:
            line: words of the command line, without the name of the program.
            keys: time of the clock, and the key with the words behind it.
        """
        terminal = Terminal(self.label, *shlex.split(line), columns=COLUMNS, env=self._env)
        terminal.sees(" ?")
        for time, key in keys:
            self.clock.set(time)
            terminal.press(f"{key}\n")
            terminal.settles()
        terminal.press("q\n")
        terminal.sees_the_end()
        terminal.ends()
        self._show(f"takesheet {line}", terminal.seen)

    def _show(self, line: str, seen: str) -> None:
        block = ["", "```console", f"$ {line}"] if self._lines[-1] != "```" else [*self._opened(), f"$ {line}"]
        self._lines += [*block, *(row.rstrip() for row in self._constant(seen).splitlines()), "```"]

    def _opened(self) -> list[str]:
        """Open the last block again, for commands that follow one another without prose."""
        self._lines.pop()
        return [""]

    def _constant(self, seen: str) -> str:
        text = seen.replace("\r\n", "\n").replace(str(self.label.folder), "~/harbour")
        for pattern, constant in VARYING:
            text = re.sub(pattern, constant, text, flags=re.MULTILINE)
        return text

    def text(self) -> str:
        """The whole transcript as Markdown."""
        return "\n".join(self._lines).strip() + "\n"
