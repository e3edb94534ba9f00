"""Drill: every key of ``session run`` in a real terminal, in tmux at 80 and at 200 columns, and kills between keys.

What each key did is shown and is in the log, no row is broken, a burst typed before the first screen decides nothing,
behind the curtain stands what the room may see alone, and at the end the terminal is as it was.  Killed right after a
key, the program has recorded it whole or not at all.
"""

import random
import shutil
import signal
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from orchestrator.cli.commands.session.run_keys import KEYS, PROMPT
from orchestrator.desk.session.session_day import read_day
from orchestrator.studio import Studio
from tests.orchestrator.drawn_screen import DrawnScreen
from tests.orchestrator.studio_day import DAY, SESSION, StudioDay, open_day
from tests.orchestrator.terminal import PATIENCE_S
from tests.orchestrator.tmux_pane import TmuxPane

WIDTHS: Final = (80, 200)
BURST: Final = "> k h f u\r>>.mk s g n \r"
STEPS: Final = (
    (">", "Tin Roof · Drums · take 1"), (" ", "rolling"), ("k", "keeper · rolling"), ("h", "hold · rolling"),
    ("r", "not this one · rolling"), ("f", "false start"),
    ("m", "moment kept; in words"), ("laugh\r", "with its words"),
    ("n", "note:"), ("the click drags\r", "noted, for you alone"),
    ("g", "goal:"), ("four keepers\r", "goal: four keepers"),
    ("k", "keeper"), ("u", "taken back"), ("p", "parked: Drums"), ("s", "parts:"), ("drums\r", "Drums · take 2"),
    ("$", "booked 600.00 EUR"), ("$", "next up: Bass"), ("?", KEYS["q"]), ("?", "next up: Bass"),
)  # fmt: skip
"""Keys of the producer's view and what each shows; the curtain and the way out come after them."""
RECORDED: Final = [
    "parts-started", "roll-started", *["slate-marked"] * 4, "roll-stopped", *["moment-marked"] * 2, "note-added",
    "session-goal-set", "slate-marked", "decision-undone", "part-parked", "parts-started", "parts-started",
    "part-resumed",
]  # fmt: skip
ROOM: Final = {"Tin Roof", "Drums", "take 2", "next up: Bass", "four keepers"}
SCREEN: Final = {"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1"}


def recorded(day: StudioDay, after: int) -> list[str]:
    """Kinds of the events after the position *after*."""
    with Studio.at(str(day.label.folder)) as studio:
        return [one.event.kind for one in studio.read_all() if one.position > after]


def press_every_key(folder: Path, columns: int) -> None:
    """Press each key once in a pane of *columns*; see what it shows and records."""
    day = open_day(folder, "Drums", "Bass")
    before = day.label.head
    with TmuxPane(folder, columns) as pane:
        pane.start("session", "run", SESSION, program=day.label.command)
        pane.press(BURST)
        pane.sees("(k)eeper")
        assert recorded(day, before) == [], "what was typed before the first screen"
        for minute, (keys, words) in enumerate(STEPS):
            day.clock.set(f"{DAY}T10:{minute:02}")  # each key at a time of its own, by which it is taken back
            pane.press(keys)
            pane.sees(words)
            assert max(len(row) for row in pane.seen.splitlines()) <= columns
        assert PROMPT in [row.rstrip() for row in pane.seen.splitlines()], "the usual keys are in one row"
        assert sorted(recorded(day, before)) == sorted(RECORDED)
        pane.press("$")
        pane.sees("EUR")
        pane.press("c")
        until = time.monotonic() + PATIENCE_S
        while {row.strip() for row in pane.seen.splitlines()} - {""} != ROOM:
            assert time.monotonic() < until, f"the room sees more: {pane.seen}"
        pane.press("cq")
        assert pane.ends() == 0
    pressed = {keys[0] for keys, _ in STEPS} | {"c", "q"}
    assert pressed >= {" " if key == "space" else key for key in KEYS}


def kill_between_keys(folder: Path, chance: random.Random) -> None:
    """Kill the program at once after each of some keys; each is recorded whole or not at all, and the day goes on."""
    day = open_day(folder, "Drums", "Bass")
    for keys, whole in ((">", ["parts-started"]), (" ", ["roll-started"]), ("f", ["slate-marked", "roll-stopped"])):
        before, done = day.label.head, list[str]()
        while not done:
            screen = DrawnScreen(day.label, "session", "run", SESSION, env=SCREEN)
            screen.shows("(k)eeper")
            screen.press(keys)
            time.sleep(chance.uniform(0.0, 0.1))
            screen.process.kill()
            assert screen.ends() == -signal.SIGKILL
            done = recorded(day, before)
            assert done in ([], whole), "whole or not at all"
    with Studio.at(str(day.label.folder)) as studio:
        slates = read_day(studio, "night-bus", SESSION).slates
    assert [(slate.pass_number, slate.mark, slate.stopped is None) for slate in slates.values()] == [
        (1, "false-start", False)
    ]


def drill(rounds: int) -> None:
    """Press every key at both widths, and kill between keys.

    Raises:
        FileNotFoundError: tmux is not installed.
        AssertionError: a key, a row, the log or the terminal is not as it should be.
    """
    if shutil.which("tmux") is None:
        raise FileNotFoundError("tmux is not installed; this drill has no terminal without it")
    for number in range(rounds):
        with TemporaryDirectory(prefix="takesheet-session-") as folder:
            for columns in WIDTHS:
                press_every_key(Path(folder) / str(columns), columns)
            kill_between_keys(Path(folder) / "killed", random.Random(number))  # noqa: S311 - a game


DRILLS = [("session keys", drill, 3, 1)]
