"""The command of session that leads a studio day: one key a moment, recorded as it is pressed."""

import os
import select
import sys
import termios
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from domain.core.refusal import Misused, suggest
from orchestrator.cli.commands.session.session_options import NumberArgument, SessionArgument, named
from orchestrator.cli.shell.frame import Call, NeedsInput, command

if TYPE_CHECKING:
    from orchestrator.cli.commands.session.run_keys import KeyConsole

VIEWS = ("producer", "room")
FOLLOWS_S = 1.0
"""Seconds between two looks at the log of a room view in lines."""


def add_run(app: typer.Typer) -> None:
    """Add the command to the noun."""
    command(app)(run)


def run(
    call: Call,
    record: SessionArgument,
    name: NumberArgument = None,
    view: Annotated[
        str,
        typer.Option(
            metavar="producer|room", help="producer: lead it; room: song, part, take, what is next and the goal."
        ),
    ] = "producer",
) -> None:
    """Lead a session: one key rolls or stops, marks a take or a moment, or goes on to the next part.

    Each key is recorded at once, before any file exists; started again, it goes on where it was. A mark is no verdict:
    review asks for those. Press ? for the keys, c for the curtain, $ for money and overtime.
    """
    from orchestrator.cli.commands.session.run_keys import KeyConsole
    from orchestrator.desk.session.session_day import SessionKeys

    if view not in VIEWS:
        raise Misused(
            "session.view", f"there is no view {view[:60]!r}; there are {' and '.join(VIEWS)}",
            next=suggest("session run", "S1", view="room"),
        )  # fmt: skip
    with call.studio() as studio:
        found, full = named(studio, record, name)
        console = KeyConsole(studio, SessionKeys(studio, found, full))
        if call.json:
            call.done({**asdict(console.view().room)})
            return
        follows = view == "room"
        if call.no_input and not follows:
            raise NeedsInput("input.needed", "keys lead a session, and none are read here", next="session run")
        if not follows:
            console.keys.start()
        if _is_screen(call):
            from orchestrator.cli.commands.session.run_screen import SessionScreen

            SessionScreen(console, follows=follows).run()
        elif follows:
            _follow(call, console)
        else:
            _by_lines(call, console)


def _is_screen(call: Call) -> bool:
    """True if a full screen can be shown here."""
    is_dumb = os.environ.get("TERM", "dumb") in {"", "dumb"}
    return not (call.plain or is_dumb) and sys.stdin.isatty() and sys.stdout.isatty()


def _follow(call: Call, console: "KeyConsole") -> None:
    """Print the room view each time it changes; once, where nobody can stop it by a key."""
    from orchestrator.cli.commands.session.run_lines import room_lines

    last: list[str] = []
    while True:
        lines = room_lines(console.view().room)
        if lines != last:
            call.done(None, *lines, "")
            sys.stdout.flush()
            last = lines
        if call.no_input or not sys.stdin.isatty():
            return
        if select.select([sys.stdin], [], [], FOLLOWS_S)[0] and sys.stdin.readline().strip() in {"", "q"}:
            return


def _by_lines(call: Call, console: "KeyConsole") -> None:
    """Read one key a line, with words behind the keys that need them, until ``q`` or the end of the input."""
    from orchestrator.cli.commands.session.run_keys import PROMPT
    from orchestrator.cli.commands.session.run_lines import after_key, producer_lines

    call.say(*producer_lines(console))
    if sys.stdin.isatty():
        with suppress(termios.error):
            termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
    call.say(PROMPT)
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        key = " " if line.strip(" ") == "\n" and line != "\n" else word
        if key == "q":
            return
        was = console.is_curtained
        console.carry_out(key, rest)
        if key:
            call.say(*after_key(console, key, is_drawn=console.is_curtained and not was))
