"""A full screen as it looks: the lines that remain of what a command wrote to its terminal."""

import re
import time
from collections.abc import Callable

from tests.orchestrator.terminal import PATIENCE_S, ROWS, Terminal

SEQUENCE = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][A-Z0-9]|\x1b[=>78]")


class DrawnScreen(Terminal):
    """A command that draws a full screen on its terminal."""

    @property
    def lines(self) -> list[str]:
        """The lines that stand there now, without blanks at their ends; without empty ones."""
        return [line for line in (line.rstrip() for line in drawn(self.seen)) if line]

    def shows(self, words: str) -> None:
        """Wait until *words* stand in a line."""
        self.waits_until(lambda: any(words in line for line in self.lines), words)

    def waits_until(self, is_so: Callable[[], bool], words: str) -> None:
        """Read until *is_so*; *words* say what was waited for."""
        until = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < until, f"{words!r} never came: {self.lines}"
            assert self.reads() or is_so(), f"it ended before {words!r}: {self.lines}"


def drawn(written: str) -> list[str]:
    """The rows of a terminal on which *written* was written."""
    grid, at = _Grid(), 0
    while at < len(written):
        if found := SEQUENCE.match(written, at):
            at = found.end()
            grid.control(found[1] or "", found[2] or "")
        else:
            grid.write(written[at])
            at += 1
    return ["".join(row) for row in grid.rows]


class _Grid:
    """The cells of a screen and its cursor; knows the sequences that move the cursor and clear."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = [[] for _ in range(ROWS * 4)]
        self._row = self._column = 0

    def write(self, character: str) -> None:
        """Write one character, or follow a control character."""
        if character == "\r":
            self._column = 0
        elif character == "\n":
            self._row = min(self._row + 1, len(self.rows) - 1)
        elif character == "\b":
            self._column = max(0, self._column - 1)
        elif character.isprintable():
            row = self.rows[self._row]
            row += " " * (self._column + 1 - len(row))
            row[self._column] = character
            self._column += 1

    def control(self, words: str, verb: str) -> None:
        """Follow the control sequence of *verb* with the parameters *words*."""
        if words == "?1049" and verb == "h":
            self._clear(0, 0)
        if "?" in words:
            return
        numbers = [int(word or 0) for word in words.split(";")]
        step = max(1, numbers[0])
        if verb == "H":
            self._row, self._column = step - 1, max(1, *numbers[1:], 1) - 1
        elif verb in {"A", "B"}:
            self._row = max(0, self._row + (step if verb == "B" else -step))
        elif verb in {"C", "D"}:
            self._column = max(0, self._column + (step if verb == "C" else -step))
        elif verb == "K":
            del self.rows[self._row][self._column :]
        elif verb == "J":
            self._clear(*((0, 0) if numbers[0] else (self._row, self._column)))

    def _clear(self, row: int, column: int) -> None:
        """Clear all from a cell on to the end of the screen."""
        del self.rows[row][column:]
        self.rows[row + 1 :] = [[] for _ in self.rows[row + 1 :]]
