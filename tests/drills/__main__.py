"""Drills: counts that take too long for a test.  ``python -m tests.drills --scale ci|full``.

Every module of this folder may name drills in ``DRILLS``: a name, a function of the number of rounds that raises if
something is wrong, the rounds of a full drill, and the rounds of the short one.
"""

import argparse
import os
import pkgutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.interrupts import restore_interrupts

Drill = tuple[str, Callable[[int], None], int, int]


def drills() -> Iterator[Drill]:
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name != "__main__":
            yield from getattr(import_module(f"tests.drills.{module.name}"), "DRILLS", [])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.drills", description="Kill and race drills.")
    parser.add_argument("--scale", choices=["ci", "full"], default="full")
    parser.add_argument("--only", default="", metavar="WORD", help="drills whose name holds WORD")
    asked = parser.parse_args()
    restore_interrupts()
    with TemporaryDirectory(prefix="takesheet-drills-") as folder:
        os.environ["XDG_CONFIG_HOME"] = os.environ["XDG_STATE_HOME"] = folder  # drills touch nothing of the user's own
        _run(asked.scale, asked.only)


def _run(scale: str, word: str) -> None:
    for name, run, full, ci in drills():
        if word in name:
            rounds = full if scale == "full" else ci
            began = time.monotonic()
            run(rounds)  # a failure ends the drill with its traceback and a nonzero exit code
            print(
                f"{datetime.now(UTC):%Y-%m-%d}  {name}: {rounds} rounds in {time.monotonic() - began:.1f} s", flush=True
            )


if __name__ == "__main__":
    main()
