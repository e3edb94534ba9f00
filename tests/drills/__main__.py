"""Drills: counts that take too long for a test.  ``python -m tests.drills --scale ci|full``.

Every module of this folder may name drills in ``DRILLS``: a name, a function of the number of rounds that raises if
something is wrong, the rounds of a full drill, and the rounds of the short one.  If one fails, the others still run,
and the exit code is 1.
"""

import argparse
import os
import pkgutil
import sys
import time
import traceback
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
    """Run every drill whose name holds *word*; one that fails does not keep the others from being run."""
    ran, failed = 0, []
    for name, run, full, ci in drills():
        if word in name:
            rounds, began = full if scale == "full" else ci, time.monotonic()
            ran += 1
            try:
                run(rounds)
            except Exception:  # noqa: BLE001 - whatever a drill raises is its failure
                traceback.print_exc()
                failed.append(name)
            end = "failed" if name in failed[-1:] else "done"
            seconds = time.monotonic() - began
            print(f"{datetime.now(UTC):%Y-%m-%d}  {name}: {rounds} rounds {end} in {seconds:.1f} s", flush=True)
    if failed or not ran:
        sys.exit(f"failed: {'; '.join(failed)}" if failed else f"no drill's name holds {word!r}")


if __name__ == "__main__":
    main()
