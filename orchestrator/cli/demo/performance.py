"""A complete run of the demo: folder, environment, story, and a summary at the end."""

import os
import shlex
import time
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from typing import Final

from orchestrator.cli.demo.place import Place
from orchestrator.cli.demo.stage import Stage, stage
from orchestrator.cli.demo.story import play

ELSEWHERE: Final = "TAKESHEET_STORE"
"""Environment variable that would direct the commands to another store."""
COLOURLESS: Final = "NO_COLOR"


def perform(place: Place, *, as_json: bool, plain: bool) -> dict[str, object]:
    """Run the demo in an empty folder at *place*; return the folder, the exported files and the duration in seconds.

    Raises:
        Refusal: the folder is not the demo's, or another process uses it.
        Stopped: a command ended with an unexpected exit code.
    """
    began = time.monotonic()
    shown = stage(as_json=as_json, plain=plain)
    place.take()
    with place.held():
        place.clear()
        with _own_environment(plain=plain), chdir(place.folder):
            _prologue(shown, place)
            play(shown)
    seconds = round(time.monotonic() - began, 1)
    _epilogue(shown, place, seconds)
    return {"folder": str(place.folder), "files": [str(file) for file in place.files], "seconds": seconds}


@contextmanager
def _own_environment(*, plain: bool) -> Iterator[None]:
    before = {name: os.environ.pop(name) for name in (ELSEWHERE, COLOURLESS) if name in os.environ}
    if plain or COLOURLESS in before:
        os.environ[COLOURLESS] = "1"
    try:
        yield
    finally:
        os.environ.pop(COLOURLESS, None)
        os.environ.update(before)


def _prologue(shown: Stage, place: Place) -> None:
    shown.talk(f"A song is made, in about a minute, by the commands you would type. All of it stays in {place.folder}.")


def _epilogue(shown: Stage, place: Place, seconds: float) -> None:
    shown.scene("What was made")
    shown.show(
        f"A song, two mixes and a master in {seconds:.0f} s; nothing is left running. They lie in", "",
        *(f"  {file}" for file in place.files), "", "Go on from here:", "",
        *([f"  unset {ELSEWHERE}"] if ELSEWHERE in os.environ else []),
        f"  cd {shlex.quote(str(place.folder))}",
        "  takesheet play @master1",
        "  takesheet take reject lead-vocal/3; takesheet record show night-bus   # mix and master change",
        "  takesheet undo; takesheet record show night-bus                       # and stand again, unrendered",
        "  takesheet log show night-bus",
    )  # fmt: skip
