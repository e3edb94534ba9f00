"""Drills: counts that take too long for a test.  ``python -m tests.drills --scale ci|full``.

Every module of this folder may name drills in ``DRILLS``: a name, a function of the number of rounds that raises if
something is wrong, the rounds of a full drill, and the rounds of the short one.  If one fails, the others still run,
and the exit code is 1.  ``--jobs 2`` runs two at a time, each in a process of its own: most drills wait, for a server
or for the end of a pause.
"""

import argparse
import os
import pkgutil
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
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
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="drills that run at a time")
    asked = parser.parse_args()
    if asked.jobs > 1:
        names = [name for name, *_ in drills() if asked.only in name]
        failed = _run_apart(names, asked.scale, asked.jobs)
    else:
        restore_interrupts()
        with TemporaryDirectory(prefix="takesheet-drills-") as folder:
            os.environ["XDG_CONFIG_HOME"] = os.environ["XDG_STATE_HOME"] = (
                folder  # nothing of the user's own is touched
            )
            names, failed = _run(asked.scale, asked.only)
    if failed or not names:
        sys.exit(f"failed: {'; '.join(failed)}" if failed else f"no drill's name holds {asked.only!r}")


def _run(scale: str, word: str) -> tuple[list[str], list[str]]:
    """Run every drill whose name holds *word*, past failures; return the names of all that ran, and of those failed."""
    ran, failed = list[str](), list[str]()
    for name, run, full, ci in drills():
        if word in name:
            rounds, began = full if scale == "full" else ci, time.monotonic()
            ran.append(name)
            try:
                run(rounds)
            except Exception:  # noqa: BLE001 - whatever a drill raises is its failure
                traceback.print_exc()
                failed.append(name)
            end = "failed" if name in failed[-1:] else "done"
            seconds = time.monotonic() - began
            print(f"{datetime.now(UTC):%Y-%m-%d}  {name}: {rounds} rounds {end} in {seconds:.1f} s", flush=True)
    return ran, failed


def _run_apart(names: list[str], scale: str, jobs: int) -> list[str]:
    """Run the drills called *names*, *jobs* at a time, each in its own process; return the names of those failed."""

    def run(name: str) -> bool:
        words = [sys.executable, "-m", "tests.drills", "--scale", scale, "--only", name]
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        print(done.stdout, end="", flush=True)
        return done.returncode == 0

    with ThreadPoolExecutor(jobs) as pool:
        return [name for name, passed in zip(names, pool.map(run, names), strict=True) if not passed]


if __name__ == "__main__":
    main()
