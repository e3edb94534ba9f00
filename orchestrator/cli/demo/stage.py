"""The demo's output: prints a command as a user would type it, runs it in this process, and prints its output."""

import io
import shlex
import shutil
import sys
import textwrap
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Final, TextIO

from orchestrator.cli.printing.styles import is_coloured, painted
from orchestrator.cli.printing.table import safe

WIDEST, NARROWEST = 100, 30
"""Largest and smallest width of the commentary, in columns."""
INTERRUPTED: Final = 130


class Stopped(Exception):
    """A command ended with an unexpected exit code; *code* is the exit code to leave with."""

    def __init__(self, line: str, code: int, expected: int) -> None:
        super().__init__(f"stopped here: `{line}` left with {code}, {expected} was expected")
        self.code = code or 1


class Shortened(io.TextIOBase):
    """A stream that passes on the first lines written to it, and at the end the last line.

    Args:
        out: the underlying stream.
        most: number of lines shown at once.
    """

    def __init__(self, out: TextIO | io.TextIOBase, most: int) -> None:
        self._out, self._left, self._rest = out, most, ""
        self._held: list[str] = []

    def write(self, text: str) -> int:
        """Pass on or hold back the lines that *text* completes."""
        *lines, self._rest = (self._rest + text).split("\n")
        shown, held = lines[: self._left], lines[self._left :]
        self._left -= len(shown)
        self._out.writelines(f"{line}\n" for line in shown)
        self._held += held
        return len(text)

    def end(self, *, whole: bool) -> None:
        """Pass on the number of omitted lines and the last line; with *whole*, all lines held back."""
        if not whole and (left_out := len(self._held) - 1) > 0:
            self._held = [f"  ... ({left_out} line{'s' * (left_out > 1)} left out)", self._held[-1]]
        self._out.writelines(f"{line}\n" for line in self._held)


class Stage:
    """Prints the demo and runs its commands.

    Args:
        out: stream for the commentary, the commands and their output.
        plain: without colours.
    """

    def __init__(self, out: TextIO | io.TextIOBase, *, plain: bool = False) -> None:
        self._out = out
        self._plain = not is_coloured(out, plain=plain)

    def scene(self, title: str) -> None:
        """Print the title of a scene."""
        self.show(f"\n{self._in('scene', title)}")

    def talk(self, text: str) -> None:
        """Print a commentary on the next command, wrapped to the terminal."""
        width = max(NARROWEST, min(WIDEST, shutil.get_terminal_size().columns)) - len("# ")
        lines = textwrap.wrap(text, width, break_on_hyphens=False)
        self.show("", *(self._in("comment", f"# {line}") for line in lines))

    def show(self, *lines: str) -> None:
        """Print *lines* as they are."""
        for line in lines:
            self._out.write(f"{line}\n")
        self._out.flush()

    def type(self, line: str, *, expect: int = 0, most: int | None = None) -> None:
        """Run the command *line*, which may end in ``> FILE``, as a shell would.

        Args:
            line: the command as a user would type it, beginning with ``takesheet``.
            expect: the expected exit code.
            most: number of lines of its output that are shown before the last one; None shows all.

        Raises:
            Stopped: the command ended with another exit code.
            KeyboardInterrupt: the user interrupted it.
        """
        self.show(self._in("command", f"$ {safe(line)}"))
        code = self._run(line, expect, most)
        if code != expect and code == INTERRUPTED:
            raise KeyboardInterrupt
        if code != expect:
            raise Stopped(line, code, expect)
        if code:
            self.show(f"  (exit {code})")

    def _run(self, line: str, expect: int, most: int | None) -> int:
        if most is None:
            return _run(line, self._out)
        short = Shortened(self._out, most)
        code = _run(line, short)
        short.end(whole=code != expect)
        return code

    def _in(self, style: str, text: str) -> str:
        return text if self._plain else painted(text, style)


def _run(line: str, out: TextIO | io.TextIOBase) -> int:
    """Run *line* with its stdout and stderr in *out*, in order; return the exit code."""
    from orchestrator.cli.main import run

    words = shlex.split(line)[1:]
    with redirect_stderr(out):
        if words[-2:-1] != [">"]:
            with redirect_stdout(out):
                return run(words)
        made = io.StringIO()
        with redirect_stdout(made):
            code = run(words[:-2])
        if code == 0:  # no file that is empty or half-written
            Path(words[-1]).write_text(made.getvalue(), encoding="utf-8")
        return code


def in_order(out: TextIO) -> TextIO:
    """Return *out* in line-buffered mode, which keeps stdout and stderr of a command in order in a pipe too."""
    if isinstance(out, io.TextIOWrapper):
        out.reconfigure(line_buffering=True)
    return out


def stage(*, as_json: bool, plain: bool) -> Stage:
    """Return a stage on stdout, or on stderr if stdout is for JSON."""
    return Stage(in_order(sys.stderr if as_json else sys.stdout), plain=plain)
